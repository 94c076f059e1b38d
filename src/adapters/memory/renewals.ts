import { QUARANTINE_MS } from '../../domain/market/index.ts';
import { firstTerm, nextMoveAtMs, stepTerm, type Term } from '../../domain/renewals/index.ts';
import type { RenewalStore, TermChange, TermWrite, WebhookStore } from '../../services/ports/index.ts';
import type { MemoryBills } from './bills.ts';
import type { MemoryOrders } from './orders.ts';
import type { MemoryPayments } from './payments.ts';

/** The years of numbers in memory: they begin and end with what the order store does. */
export class MemoryTerms {
  readonly #terms = new Map<string, Term>();
  /** When somebody who took a term has to be done with it. */
  readonly #takenUntilMs = new Map<string, number>();
  readonly #bills: MemoryBills;

  constructor(bills: MemoryBills) {
    this.#bills = bills;
  }

  begin(order: { readonly id: string; readonly memberId: string }, paidAtMs: number, paidUntilMs: number) {
    const { id: orderId, memberId } = order;
    this.set(firstTerm({ orderId, memberId, startedAtMs: paidAtMs }, paidUntilMs));
  }

  /** The number was given back: nothing is asked for it any more. */
  end(orderId: string, nowMs: number): void {
    const before = this.#terms.get(orderId);
    const stepped = before && stepTerm(before, { kind: 'given-back', nowMs }, QUARANTINE_MS);
    if (stepped?.ok !== true) return;
    const [after, effects] = stepped.value;
    this.set(after);
    for (const effect of effects) if (effect.kind === 'cancel-bill') this.#bills.cancel(effect.billId, nowMs);
  }

  set(term: Term): void {
    this.#terms.set(term.orderId, term);
    this.#takenUntilMs.delete(term.orderId);
  }

  get(orderId: string): Term | undefined {
    return this.#terms.get(orderId);
  }

  all(): readonly Term[] {
    return [...this.#terms.values()];
  }

  /** Terms of which something is to be done, and which nobody has taken; they are taken. */
  takeDue(nowMs: number, untilMs: number, limit: number): readonly Term[] {
    const atMs = (term: Term) => this.#takenUntilMs.get(term.orderId) ?? nextMoveAtMs(term);
    const due = this.all().filter((term) => (atMs(term) ?? Number.POSITIVE_INFINITY) <= nowMs);
    const taken = due.slice(0, limit);
    for (const { orderId } of taken) this.#takenUntilMs.set(orderId, untilMs);
    return taken;
  }
}

/** What stands beside the terms, and is kept with them. */
export type RenewalParts = {
  readonly terms: MemoryTerms;
  readonly orders: MemoryOrders;
  readonly bills: MemoryBills;
  readonly payments: MemoryPayments;
  readonly webhooks: Pick<WebhookStore, 'record'>;
};

/** For how long numbers are their members', in memory; nothing awaits between a check and what depends on it. */
export class MemoryRenewals implements RenewalStore {
  readonly #parts: RenewalParts;

  constructor(parts: RenewalParts) {
    this.#parts = parts;
  }

  async keep(before: Term, after: Term, change: TermChange, nowMs: number): Promise<TermWrite> {
    const { terms, orders, bills, payments, webhooks } = this.#parts;
    const { order, bill, money = [], documents = [], events = [] } = change;
    const obstacle = order && orders.obstacle(order.before, order.after, order.effects, nowMs);
    if (obstacle !== undefined) return obstacle;
    if (terms.get(before.orderId)?.revision !== before.revision) return 'term-changed';
    if (bill !== undefined && bills.isInTheWay(bill.before, bill.after)) return 'bill-changed';
    const write = payments.keepNow(money, documents);
    if (write !== 'kept') return write;
    if (order !== undefined) orders.set(order.after, order.effects);
    if (bill !== undefined) bills.set(bill.after);
    terms.set(after);
    await webhooks.record(events);
    return 'kept';
  }

  async find(orderId: string): Promise<Term | undefined> {
    return this.#parts.terms.get(orderId);
  }

  async ofMember(memberId: string): Promise<readonly Term[]> {
    const isHeld = ({ state }: Term) => state !== 'lapsed' && state !== 'ended';
    const held = this.#parts.terms.all().filter((term) => term.memberId === memberId && isHeld(term));
    return held.sort((one, other) => (one.orderId < other.orderId ? -1 : 1));
  }

  async ofOrders(orderIds: readonly string[]): Promise<readonly Term[]> {
    return this.#parts.terms.all().filter(({ orderId }) => orderIds.includes(orderId));
  }

  async takeDue(nowMs: number, untilMs: number, limit: number): Promise<readonly Term[]> {
    return this.#parts.terms.takeDue(nowMs, untilMs, limit);
  }
}
