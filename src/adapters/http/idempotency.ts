import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { answerOnce } from '../../services/answer-once.ts';
import type { IdempotentRequest, ServicePorts, StoredAnswer } from '../../services/ports/index.ts';
import { userIdOf } from './caller.ts';
import { accepted, problemOf, Refused, refused } from './problem.ts';
import { PROBLEM_MEDIA_TYPE } from './request-errors.ts';

const KEY_HEADER = 'idempotency-key';

/** The header of routes that must not be carried out twice. */
export const idempotencyHeaders = z.looseObject({
  [KEY_HEADER]: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'Send 1 to 255 letters, digits and signs, such as a UUID.')
    .optional()
    .describe('Names this request, so that it may be repeated: the same key and body get the same answer.'),
});

/** How one request is answered once. */
export type OnlyOnce = {
  readonly services: Pick<ServicePorts, 'clock' | 'idempotency'>;
  /** `required` where money is at stake: then a request without a key is refused. */
  readonly key: 'required' | 'optional';
  /** Of the answer where it is accepted. */
  readonly status: number;
};

/**
 * Answers a request that must not be carried out twice (draft-ietf-httpapi-idempotency-key-header): the first one
 * with a key is carried out, and the same again gets the same answer, refusals included.
 * @param run carries it out and returns the answer's body, which the route's schema prints
 */
export async function once<Body>(
  { services, key: need, status }: OnlyOnce,
  request: FastifyRequest,
  reply: FastifyReply,
  run: () => Promise<Body>,
): Promise<Body> {
  const key = request.headers[KEY_HEADER];
  if (typeof key !== 'string') {
    if (need === 'required') throw keyMissing();
    const body = await run();
    reply.code(status);
    return body;
  }
  const asked = idempotentRequest(request, key);
  const { answer, isRepeated } = accepted(
    await answerOnce(services, asked, async () => seal(await answerOf(status, request, reply, run), key)),
  );
  if (isRepeated) reply.header('idempotency-replayed', 'true');
  const mediaType = answer.status < 400 ? 'application/json; charset=utf-8' : PROBLEM_MEDIA_TYPE;
  // The answer is sent here, as text; for the framework's types the handler has returned the body.
  return reply
    .code(answer.status)
    .type(mediaType)
    .serializer((text: unknown) => String(text))
    .send(unseal(answer.body, key)) as Body;
}

function keyMissing(): Refused {
  return refused(
    'idempotency-key-missing',
    'Send the header Idempotency-Key with a new UUID, and the same one again if you repeat the request.',
  );
}

function idempotentRequest(request: FastifyRequest, key: string): IdempotentRequest {
  return {
    key: sha256(key),
    actorId: userIdOf(request.actor),
    route: `${request.method} ${request.url}`,
    bodyHash: sha256(JSON.stringify(request.body ?? null)),
  };
}

/** The answer as text; a refusal is an answer too, while a failure of ours is none. */
async function answerOf(
  status: number,
  request: FastifyRequest,
  reply: FastifyReply,
  run: () => Promise<unknown>,
): Promise<StoredAnswer> {
  try {
    const body = await run();
    return { status, body: String(reply.code(status).serialize(body)) };
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    const problem = problemOf(thrown.refusal, request.id);
    return { status: problem.status, body: JSON.stringify(problem) };
  }
}

/**
 * Answers may hold what is shown once only, such as a terminal's password. They are kept encrypted by the client's
 * own key, of which only a hash is stored: who reads the database cannot read them.
 */
function seal({ status, body }: StoredAnswer, key: string): StoredAnswer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(key), nonce);
  const sealed = Buffer.concat([nonce, cipher.update(body, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { status, body: sealed.toString('base64') };
}

function unseal(body: string, key: string): string {
  const sealed = Buffer.from(body, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(key), sealed.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return (
    decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
  );
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function sealingKey(key: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', 'omnidial idempotent answer', 32));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
