import { z } from 'zod';
import type { Routes } from '../face.ts';
import { problems } from '../responses.ts';

/** The description of all routes for programs. */
export const openApiRoutes: Routes = (face) => {
  face.route({
    method: 'GET',
    url: '/openapi.json',
    config: { openToVisitors: true },
    schema: {
      summary: 'This description',
      tags: ['service'],
      security: [],
      response: {
        200: z.record(z.string(), z.unknown()).describe('An OpenAPI 3.1 document.'),
        ...problems(),
      },
    },
    handler: async () => face.swagger() as unknown as Record<string, unknown>,
  });
};
