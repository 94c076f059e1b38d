import type { Bill } from '../domain/billing/bills/index.ts';
import type { Payment } from '../domain/billing/payments/index.ts';
import { type Order, printNumberForSale } from '../domain/market/index.ts';
import { type Actor, permit } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { type Page, pageLimit, pageOf } from './page.ts';
import type { ServicePorts } from './ports/index.ts';

/** What money may be for: its amount fits. */
export type Suggestion = {
  readonly kind: 'order' | 'bill';
  readonly id: string;
  readonly memberId: string;
  /** As a person reads it. */
  readonly description: string;
  /** Whether the payer bears the member's name. */
  readonly isSameName: boolean;
};

export type UnallocatedPayment = { readonly payment: Payment; readonly suggestions: readonly Suggestion[] };

export type ListUnallocated = { readonly actor: Actor; readonly after?: string; readonly limit?: number };

const MOST_SUGGESTIONS = 5;

/**
 * The money that nobody knows a purpose for, newest first, with what it may be for. Amount and name only suggest:
 * many owe the same, and people pay for others.
 */
export async function listUnallocated(
  ports: Pick<ServicePorts, 'bills' | 'members' | 'orders' | 'payments'>,
  { actor, after, limit }: ListUnallocated,
): Promise<Result<Page<UnallocatedPayment>>> {
  const permitted = permit(actor, 'see-payments');
  if (!permitted.ok) return permitted;
  const size = pageLimit(limit);
  const before = after === undefined ? {} : { before: after };
  const payments = await ports.payments.list({ disposition: 'unallocated', limit: size + 1, ...before });
  const page = pageOf(payments, size, ({ id }) => id);
  const items: UnallocatedPayment[] = [];
  for (const payment of page.items) {
    items.push({ payment, suggestions: await suggestionsFor(ports, payment) });
  }
  return accept({ ...page, items });
}

async function suggestionsFor(
  ports: Pick<ServicePorts, 'bills' | 'members' | 'orders'>,
  { amount, payer }: Payment,
): Promise<readonly Suggestion[]> {
  const orders = await ports.orders.awaiting(amount, MOST_SUGGESTIONS);
  const bills = await ports.bills.openOf(amount, MOST_SUGGESTIONS);
  const all = [...orders.map(ofOrder), ...bills.map(ofBill)];
  const judged = await Promise.all(
    all.map(async (suggestion) => {
      const member = payer === undefined ? undefined : await ports.members.find(suggestion.memberId);
      return {
        ...suggestion,
        isSameName: member !== undefined && bare(member.identity.name) === bare(payer ?? ''),
      };
    }),
  );
  return judged.sort((one, other) => Number(other.isSameName) - Number(one.isSameName));
}

function ofOrder({ id, memberId, number }: Order) {
  return { kind: 'order' as const, id, memberId, description: printNumberForSale(number) };
}

function ofBill({ id, memberId, description }: Bill) {
  return { kind: 'bill' as const, id, memberId, description };
}

function bare(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
