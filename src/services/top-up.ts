import type { Bill } from '../domain/billing/bills/index.ts';
import { type Money, printMoney } from '../domain/billing/index.ts';
import { type Actor, memberIdOf, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { askForPayment } from './ask-for-payment.ts';
import type { ServicePorts } from './ports/index.ts';

export type TopUp = {
  readonly actor: Actor;
  /** Whose credit; the actor's own member where absent. */
  readonly memberId?: string;
  readonly amount: Money;
};

/** How long a top-up waits for its money: bank transfers over holidays arrive in time. */
export const TOP_UP_TERM_MS = 14 * 24 * 3_600_000;

/** So many may wait at once, lest asking be a way to fill the tables. */
const MOST_OPEN = 20;

/**
 * Asks for credit: the answer says what to pay, and with which reference. It is credit once the money is there.
 * @returns refused with `amount-malformed`, `too-many-open-orders`, `not-found`, or as `permit` does
 */
export async function topUp(
  ports: Pick<ServicePorts, 'bills' | 'clock' | 'identifiers' | 'members' | 'randomness'>,
  { actor, memberId = memberIdOf(actor), amount }: TopUp,
): Promise<Result<Bill>> {
  const permitted = permit(actor, 'top-up', memberId);
  if (!permitted.ok) return permitted;
  if (memberId === undefined || (await ports.members.find(memberId)) === undefined) return notFound();
  if (amount.micros <= 0n) return refuse('amount-malformed', 'Ask for more than nothing.', '/amount/amount');
  const open = await ports.bills.list({ memberId, state: 'open', limit: MOST_OPEN });
  if (open.filter(({ kind }) => kind === 'top-up').length >= MOST_OPEN) {
    return refuse('too-many-open-orders', `${MOST_OPEN} top-ups wait for their money: pay or cancel one.`);
  }
  const endsAtMs = ports.clock.nowMs() + TOP_UP_TERM_MS;
  const description = `Credit of ${printMoney(amount)}`;
  const terms = { kind: 'top-up', dueAtMs: endsAtMs, expiresAtMs: endsAtMs } as const;
  return accept(await askForPayment(ports, { memberId, amount, description, ...terms }));
}
