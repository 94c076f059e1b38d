import { z } from 'zod';
import { REFUSAL_SUMMARIES, type RefusalCode } from '../../../domain/refusal/index.ts';
import type { Routes } from '../face.ts';
import { notFound, STATUS_OF_REFUSAL } from '../problem.ts';
import { problems } from '../responses.ts';

const errorDescription = z
  .object({
    code: z.string(),
    summary: z.string().describe('What was refused.'),
    status: z.int().describe('The HTTP status it is answered with.'),
  })
  .meta({ id: 'ErrorDescription' });

/** What the codes of problem documents mean: each document's `type` leads here. */
export const errorRoutes: Routes = (face) => {
  face.route({
    method: 'GET',
    url: '/v1/errors',
    config: { openToVisitors: true },
    schema: {
      summary: 'All codes of problem documents',
      tags: ['service'],
      security: [],
      response: { 200: z.object({ items: z.array(errorDescription) }), ...problems() },
    },
    handler: async () => ({ items: (Object.keys(REFUSAL_SUMMARIES) as RefusalCode[]).map(describe) }),
  });
  face.route({
    method: 'GET',
    url: '/v1/errors/:code',
    config: { openToVisitors: true },
    schema: {
      summary: 'What a code means',
      tags: ['service'],
      security: [],
      params: z.object({ code: z.string() }),
      response: { 200: errorDescription, ...problems(404) },
    },
    handler: async ({ params: { code } }) => {
      if (!isCode(code)) throw notFound('code');
      return describe(code);
    },
  });
};

function isCode(text: string): text is RefusalCode {
  return Object.hasOwn(REFUSAL_SUMMARIES, text);
}

function describe(code: RefusalCode) {
  return { code, summary: REFUSAL_SUMMARIES[code], status: STATUS_OF_REFUSAL[code] };
}
