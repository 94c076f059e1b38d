import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { IdempotentRequest, ServicePorts, StoredAnswer } from './ports/index.ts';

/** How long an answer is remembered. */
const REMEMBERED_MS = 24 * 3_600_000;

/** A request that takes longer has died with its process, and may be carried out again. */
const LEASE_MS = 60_000;

/** What the client gets, and whether it is the answer to an earlier request. */
export type OnceAnswer = { readonly answer: StoredAnswer; readonly isRepeated: boolean };

/**
 * Carries a request out unless it was carried out before (`Idempotency-Key`): then it answers the same again.
 * Where `run` throws, nothing is remembered; where its process dies, the request may come again after a minute,
 * which is safe, since every use case may be repeated.
 * @param run makes the answer that is stored and given
 * @returns refused with `idempotency-key-reused` for another body, or `idempotency-in-flight`
 */
export async function answerOnce(
  ports: Pick<ServicePorts, 'clock' | 'idempotency'>,
  request: IdempotentRequest,
  run: () => Promise<StoredAnswer>,
): Promise<Result<OnceAnswer, 'idempotency-key-reused' | 'idempotency-in-flight'>> {
  const nowMs = ports.clock.nowMs();
  const claim = await ports.idempotency.claim(request, nowMs, nowMs + LEASE_MS, nowMs + REMEMBERED_MS);
  switch (claim.kind) {
    case 'answered':
      return accept({ answer: claim.answer, isRepeated: true });
    case 'in-flight':
      return refuse('idempotency-in-flight', 'This request is being carried out: ask again in a moment.');
    case 'reused':
      return refuse(
        'idempotency-key-reused',
        'This Idempotency-Key belongs to another request: use a new one.',
      );
    case 'first':
      return accept({ answer: await runOnce(ports, request, run), isRepeated: false });
  }
}

async function runOnce(
  { idempotency }: Pick<ServicePorts, 'idempotency'>,
  request: IdempotentRequest,
  run: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  let answer: StoredAnswer;
  try {
    answer = await run();
  } catch (thrown) {
    await idempotency.abandon(request);
    throw thrown;
  }
  await idempotency.finish(request, answer);
  return answer;
}
