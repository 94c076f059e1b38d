import { randomUUID } from 'node:crypto';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { createSignIn, type SignInOptions } from '../accounts/index.ts';
import { recogniseCallers } from './caller.ts';
import { documentRoutes } from './documentation.ts';
import type { FacePorts } from './face.ts';
import {
  answerToBrokenRequest,
  answerUnknownAddresses,
  securityHeaders,
  sendSecurityHeaders,
} from './guards.ts';
import { refuseForeignOrigins, trustedOrigins } from './origins.ts';
import { answerError, answerErrorsAsProblems } from './request-errors.ts';
import { ROUTES } from './routes/index.ts';

export type HttpServerOptions = Omit<FacePorts, 'signIn'> & {
  readonly signIn: Omit<SignInOptions, 'trustedOrigins' | 'log' | 'newId'>;
  readonly log: Logger;
  /** Of the product, for the documentation. */
  readonly version: string;
  /** What browsers reach the service by where that is another address than it listens on: `https://numbers.example`. */
  readonly publicUrls?: readonly string[];
  /** Addresses of proxies whose `X-Forwarded-For` is believed; nobody's where absent. */
  readonly trustedProxies?: readonly string[];
  readonly timeouts?: Partial<Timeouts>;
};

/** What a client has for its headers and for a whole request, and a connection for being silent. */
export type Timeouts = {
  readonly headersMs: number;
  readonly requestMs: number;
  readonly idleMs: number;
  readonly keepAliveMs: number;
  /** How often connections are looked at. */
  readonly checkEveryMs: number;
};

/** What must never be read in a log, wherever somebody logs it. Requests are logged without headers and bodies anyway. */
const SECRETS = ['authorization', 'cookie', 'password', 'key', 'currentPassword', 'newPassword'].flatMap(
  (name) => [name, `*.${name}`, `*.*.${name}`],
);

/** Bodies are forms of a few fields; nothing of this service is larger. */
const LARGEST_BODY_BYTES = 100 * 1024;

const TIMEOUTS: Timeouts = {
  headersMs: 10_000,
  requestMs: 20_000,
  idleMs: 60_000,
  keepAliveMs: 30_000,
  checkEveryMs: 2_000,
};

const MOST_CONNECTIONS = 2_000;

/**
 * The HTTP face: `/v1`, its documentation at `/docs` and `/openapi.json`, and `/health`. Listens once
 * `listen({ host, port })` is called; `close()` lets requests under way finish.
 */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const server = frame(options);
  const trusted = () => trustedOrigins(server, options.publicUrls ?? []);
  const ports: FacePorts = {
    ...options,
    signIn: createSignIn({
      secureCookies: options.publicUrls?.some((url) => url.startsWith('https:')) ?? false,
      ...options.signIn,
      trustedOrigins: trusted,
      log: options.log,
      newId: () => options.services.identifiers.next(),
    }),
  };
  answerErrorsAsProblems(server);
  answerUnknownAddresses(server);
  sendSecurityHeaders(server);
  refuseForeignOrigins(server, trusted);
  recogniseCallers(server, ports);
  await documentRoutes(server, options.version);
  const face = server.withTypeProvider<ZodTypeProvider>();
  for (const routes of ROUTES) routes(face, ports);
  await server.ready();
  return server;
}

function frame(options: HttpServerOptions): FastifyInstance {
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const log: FastifyBaseLogger = options.log.child({ face: 'http' }, { redact: SECRETS });
  const server: FastifyInstance = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LARGEST_BODY_BYTES,
    genReqId: () => randomUUID(),
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
    requestTimeout: timeouts.requestMs,
    connectionTimeout: timeouts.idleMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    http: { headersTimeout: timeouts.headersMs, connectionsCheckingInterval: timeouts.checkEveryMs },
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 100 },
    frameworkErrors: (error, request, reply) => {
      // No hook runs for what the router could not read.
      answerError(error, request, reply.headers(securityHeaders(request)));
    },
    clientErrorHandler: (error, socket) => {
      if (socket.writable) socket.end(answerToBrokenRequest(error.code));
      else socket.destroy();
    },
  });
  server.server.maxConnections = MOST_CONNECTIONS;
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.removeContentTypeParser('text/plain');
  server.addHook('onResponse', async (request, reply) => {
    const route = `${request.method} ${request.routeOptions.url ?? '(none)'}`;
    request.log.debug({ route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered');
  });
  return server;
}
