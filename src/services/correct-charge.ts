import type { Charge } from '../domain/billing/charging/index.ts';
import type { Money } from '../domain/billing/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { KeptCharge, ServicePorts } from './ports/index.ts';

export type CorrectCharge = {
  readonly actor: Actor;
  readonly chargeId: string;
  /** What the leg costs from now on, with as many decimals as prices of calls have. */
  readonly amount: Money;
  readonly reason: string;
  /** The id of the call: money is moved by it. */
  readonly confirmation: string;
};

/**
 * Corrects what a leg of a call costs: another run is kept, what it changes is moved, and nothing is overwritten.
 * @returns the new run; refused with `confirmation-missing`, `reason-missing`, `amount-mismatch` in another currency,
 *   `charge-corrected-before` where there is a later run, `not-found`, or as `permit` does
 */
export async function correctCharge(
  { charges, clock }: Pick<ServicePorts, 'charges' | 'clock'>,
  { actor, chargeId, amount, reason, confirmation }: CorrectCharge,
): Promise<Result<KeptCharge>> {
  const permitted = permit(actor, 'correct-charges');
  if (!permitted.ok) return permitted;
  const known = await charges.find(chargeId);
  if (known === undefined) return notFound();
  if (confirmation !== known.callId) {
    return refuse(
      'confirmation-missing',
      `To correct it, confirm it by writing ${known.callId}.`,
      '/confirmation',
    );
  }
  if (reason.trim() === '') return refuse('reason-missing', 'Say why it is corrected.', '/reason');
  if (amount.currency !== known.currency) {
    return refuse('amount-mismatch', `The charge is in ${known.currency}.`, '/amount/currency');
  }
  const next = nextRun(known, amount.micros);
  const by = 'userId' in actor ? actor.userId : actor.role;
  const outcome = await charges.correct(next, { reason: reason.trim(), by, atMs: clock.nowMs() });
  const kept = await charges.find(next.id);
  if (outcome === 'kept' && kept !== undefined) return accept(kept);
  return refuse('charge-corrected-before', 'There is a later run of this charge: correct that one.');
}

function nextRun(known: KeptCharge, micros: bigint): Charge {
  const { line: _, correction: __, ...charge } = known;
  const run = known.run + 1;
  return { ...charge, id: `${known.callId}/${known.leg}/${run}`, run, micros };
}
