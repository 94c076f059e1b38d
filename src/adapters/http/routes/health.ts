import { z } from 'zod';
import type { Routes } from '../face.ts';
import { refused } from '../problem.ts';
import { problems } from '../responses.ts';

const health = z.object({ status: z.literal('ok') }).describe('It does.');

/** For whoever watches the service: liveness asks only the process, readiness asks what it needs. */
export const healthRoutes: Routes = (face, { hindrances }) => {
  face.route({
    method: 'GET',
    url: '/health/live',
    config: { openToVisitors: true },
    schema: {
      summary: 'Whether the process answers',
      tags: ['service'],
      security: [],
      response: { 200: health, ...problems() },
    },
    handler: async () => ({ status: 'ok' as const }),
  });
  for (const url of ['/health', '/health/ready']) {
    face.route({
      method: 'GET',
      url,
      config: { openToVisitors: true },
      schema: {
        summary: 'Whether the service can work',
        tags: ['service'],
        security: [],
        response: { 200: health, ...problems(503) },
      },
      handler: async () => {
        const reasons = await hindrances();
        if (reasons.length > 0) throw refused('service-unavailable', reasons.join(' '));
        return { status: 'ok' as const };
      },
    });
  }
};
