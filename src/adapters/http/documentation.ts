import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';

const TAGS = [
  { name: 'offer', description: 'What is sold, and for how much (R5).' },
  { name: 'sign-in', description: 'Accounts of persons: sign up, sign in, API keys.' },
  { name: 'numbers', description: 'Search, order and pay for numbers (R5–R9).' },
  {
    name: 'money',
    description: 'Bills, payments, bank statements, balances and the ledger (R8, R9, R23, R24).',
  },
  { name: 'documents', description: 'Receipts, invoices, credit notes and statements (R23, R24).' },
  { name: 'members', description: 'Who a member is, its branches and its terminals (R10, R11, R18).' },
  {
    name: 'network',
    description: 'Communication centres, trunks, other operators and carriers’ routes (R1, R14, R15).',
  },
  { name: 'tariffs', description: 'What calls cost, by prefix and version (R23).' },
  { name: 'charging', description: 'By which tariffs calls are charged, and what was agreed with whom.' },
  { name: 'settlements', description: 'What is owed between us and other networks, by period (R23).' },
  { name: 'calls', description: 'Calls made and received, and what the exchange decides (R12, R13).' },
  { name: 'webhooks', description: 'Where events are sent, and what became of each.' },
  { name: 'service', description: 'How the service stands.' },
];

const DESCRIPTION = `Omnidial sells globally uniform telephone numbers and connects whoever dials one.

Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`; \`GET /v1/errors\` lists the codes.
Lists give a cursor: pass \`next\` as \`after\`. What costs money needs an \`Idempotency-Key\`: the same key with the
same body gets the same answer, however often it is sent.`;

/** Describes every route in OpenAPI at /openapi.json, and shows it to people at /docs. */
export async function documentRoutes(server: FastifyInstance, version: string): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Omnidial', version, description: DESCRIPTION },
      tags: TAGS,
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `omni_…`.' },
          session: { type: 'apiKey', in: 'cookie', name: 'omnidial.session_token' },
        },
      },
      security: [{ apiKey: [] }, { session: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  server.addHook('onRoute', (route) => {
    if (route.url.startsWith('/docs')) route.config = { ...route.config, openToVisitors: true };
  });
  await server.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
}
