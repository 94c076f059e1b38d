import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { IdempotentRequest, ServicePorts } from '../../services/ports/index.ts';
import { userIdOf } from './caller.ts';
import { refused } from './problem.ts';
import { PROBLEM_MEDIA_TYPE } from './request-errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The claim this request has on its Idempotency-Key, while it is being carried out. */
    claimed?: IdempotentRequest;
  }
}

const KEY_HEADER = 'idempotency-key';

/** An unfinished request counts as abandoned after this: no request may take so long. */
const LEASE_MS = 60_000;

/** So long a repetition gets the first answer. */
const KEPT_MS = 24 * 3_600_000;

/** The header of routes that must not be carried out twice. */
export const idempotencyHeaders = z.looseObject({
  [KEY_HEADER]: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'Send 1 to 255 letters, digits and signs, such as a UUID.')
    .optional()
    .describe('Names this request, so that it may be repeated: the same key and body get the same answer.'),
});

type Ports = Pick<ServicePorts, 'clock' | 'idempotency'>;

/**
 * Hooks that make a route safe against repetition (draft-ietf-httpapi-idempotency-key-header): the first request
 * with a key is carried out, the same again gets the same answer, another body is refused.
 * @param need `required` where money is at stake: then a request without a key is refused
 */
export function onlyOnce(ports: Ports, need: 'required' | 'optional') {
  return {
    preHandler: (request: FastifyRequest, reply: FastifyReply) => claim(ports, need, request, reply),
    onSend: async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
      await settle(ports, request, reply.statusCode, payload);
      return payload;
    },
  };
}

async function claim(
  ports: Ports,
  need: 'required' | 'optional',
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const key = request.headers[KEY_HEADER];
  if (typeof key !== 'string') {
    if (need === 'optional') return;
    throw refused(
      'idempotency-key-missing',
      'Send the header Idempotency-Key with a new UUID, and the same one again if you repeat the request.',
    );
  }
  const asked: IdempotentRequest = {
    key: createHash('sha256').update(key).digest('hex'),
    actorId: userIdOf(request.actor),
    route: `${request.method} ${request.url}`,
    bodyHash: createHash('sha256')
      .update(JSON.stringify(request.body ?? null))
      .digest('hex'),
  };
  const nowMs = ports.clock.nowMs();
  const claimed = await ports.idempotency.claim(asked, nowMs, nowMs + LEASE_MS, nowMs + KEPT_MS);
  switch (claimed.kind) {
    case 'first':
      request.claimed = asked;
      return;
    case 'in-flight':
      throw refused(
        'idempotency-in-flight',
        'The first request with this Idempotency-Key is not done yet; ask again in a second.',
      );
    case 'reused':
      throw refused(
        'idempotency-key-reused',
        'This Idempotency-Key came with another request before; take a new one.',
      );
    case 'answered':
      reply.header('idempotency-replayed', 'true');
      reply
        .code(claimed.answer.status)
        .type(claimed.answer.status < 400 ? 'application/json; charset=utf-8' : PROBLEM_MEDIA_TYPE);
      await reply.serializer((text: unknown) => String(text)).send(unseal(claimed.answer.body, key));
  }
}

/** Keeps the answer for repetitions; after a failure of ours nothing is kept, so that it may be tried again. */
async function settle(
  { idempotency }: Ports,
  request: FastifyRequest,
  status: number,
  payload: unknown,
): Promise<void> {
  const { claimed } = request;
  if (claimed === undefined) return;
  delete request.claimed;
  if (status >= 500) return idempotency.abandon(claimed);
  const key = String(request.headers[KEY_HEADER]);
  await idempotency.finish(claimed, { status, body: seal(typeof payload === 'string' ? payload : '', key) });
}

/**
 * Answers may hold what is shown once only, such as a terminal's password. They are kept encrypted by the client's
 * own key, of which only a hash is stored: who reads the database cannot read them.
 */
function seal(text: string, key: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(key), nonce);
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return sealed.toString('base64');
}

function unseal(body: string, key: string): string {
  const sealed = Buffer.from(body, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(key), sealed.subarray(0, 12));
  decipher.setAuthTag(sealed.subarray(-16));
  return decipher.update(sealed.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8');
}

function sealingKey(key: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', 'omnidial idempotent answer', 32));
}
