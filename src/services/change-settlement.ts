import type { Money } from '../domain/billing/index.ts';
import {
  type DisputedItem,
  type DisputeOutcome,
  dueMicros,
  MOST_DISPUTED_ITEMS,
  type SettlementInput,
  type StatedSettlement,
  stepSettlement,
} from '../domain/billing/settlement/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

type Ports = Pick<ServicePorts, 'clock' | 'settlements'>;

type Changing = { readonly actor: Actor; readonly settlementId: string };

/**
 * Both sides agree on the statement.
 * @returns refused with `settlement-state-refused`, `not-found`, or as `permit` does
 */
export async function confirmSettlement(ports: Ports, asked: Changing): Promise<Result<StatedSettlement>> {
  return change(ports, asked, () => ({ kind: 'confirmed' }));
}

export type DisputeSettlement = Changing & { readonly items: readonly Omit<DisputedItem, 'item'>[] };

/**
 * One side says that items are wrong. Items that are in dispute already stay there once.
 * @returns refused with `request-invalid` where there are none or far too many, `settlement-state-refused`,
 *   `not-found`, or as `permit` does
 */
export async function disputeSettlement(
  ports: Ports,
  { items, ...asked }: DisputeSettlement,
): Promise<Result<StatedSettlement>> {
  if (items.length === 0 || items.length > MOST_DISPUTED_ITEMS) {
    return refuse('request-invalid', `A dispute is about 1 to ${MOST_DISPUTED_ITEMS} items.`, '/items');
  }
  return change(ports, asked, () => ({ kind: 'disputed', items }));
}

export type ResolveDispute = Changing & { readonly outcomes: readonly DisputeOutcome[] };

/**
 * What both sides agreed on about each disputed item: it moves in the ledger, and the settlement is confirmed.
 * @returns refused with `settlement-outcomes-incomplete`, `settlement-state-refused`, `not-found`, or as `permit` does
 */
export async function resolveDispute(
  ports: Ports,
  { outcomes, ...asked }: ResolveDispute,
): Promise<Result<StatedSettlement>> {
  return change(ports, asked, () => ({ kind: 'resolved', outcomes }));
}

export type PaySettlement = Changing & {
  /** What really went or came, without a sign. */
  readonly amount: Money;
  /** Absent where it went the way that the statement says. */
  readonly direction?: 'to-partner' | 'from-partner';
  /** What the bank calls it. */
  readonly reference: string;
};

/**
 * Money went to the other network, or came from it. What was not paid is carried into the next settlement.
 * @returns refused with `amount-mismatch` in another currency, `settlement-state-refused` also where it was paid
 *   otherwise, `not-found`, or as `permit` does
 */
export async function paySettlement(
  ports: Ports,
  { amount, direction, reference, ...asked }: PaySettlement,
): Promise<Result<StatedSettlement>> {
  return change(ports, asked, (settlement, paidAtMs) => {
    if (amount.currency !== settlement.currency) {
      return refuse('amount-mismatch', `The settlement is in ${settlement.currency}.`, '/amount/currency');
    }
    const goes = direction ?? (dueMicros(settlement) < 0n ? 'from-partner' : 'to-partner');
    const micros = goes === 'to-partner' ? amount.micros : -amount.micros;
    return { kind: 'paid', payment: { micros, reference, paidAtMs } };
  });
}

type Input = SettlementInput extends infer Each
  ? Each extends unknown
    ? Omit<Each, 'nowMs'>
    : never
  : never;

async function change(
  { clock, settlements }: Ports,
  { actor, settlementId }: Changing,
  inputOf: (settlement: StatedSettlement, nowMs: number) => Input | Extract<Result<never>, { ok: false }>,
): Promise<Result<StatedSettlement>> {
  const permitted = permit(actor, 'settle');
  if (!permitted.ok) return permitted;
  const nowMs = clock.nowMs();
  const changed = await settlements.revise(settlementId, (settlement) => {
    const input = inputOf(settlement, nowMs);
    return 'ok' in input ? input : stepSettlement(settlement, { ...input, nowMs } as SettlementInput);
  });
  return changed ?? notFound();
}
