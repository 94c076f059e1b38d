import type { Bill, BillEffect } from '../../domain/billing/bills/index.ts';
import { type Money, sameMoney } from '../../domain/billing/index.ts';
import type { BillStore, BillWrite } from '../../services/ports/index.ts';
import { newestFirst } from './newest-first.ts';
import type { MemoryPayments } from './payments.ts';

/** Bills in memory. */
export class MemoryBills implements BillStore {
  readonly #bills = new Map<string, Bill>();
  readonly #payments: MemoryPayments;

  constructor(payments: MemoryPayments) {
    this.#payments = payments;
  }

  async keep(before: Bill | undefined, after: Bill, effects: readonly BillEffect[]): Promise<BillWrite> {
    if (this.#bills.get(after.id)?.state !== before?.state) return 'bill-changed';
    const write = this.#payments.keepNow(effects);
    if (write === 'kept') this.#bills.set(after.id, after);
    return write;
  }

  async find(id: string): Promise<Bill | undefined> {
    return this.#bills.get(id);
  }

  async findByPaymentReference(reference: string): Promise<Bill | undefined> {
    return this.#all().find((bill) => bill.paymentReference === reference);
  }

  async list({ memberId, state, before, limit }: Parameters<BillStore['list']>[0]): Promise<readonly Bill[]> {
    return newestFirst(this.#all(), before, limit, (bill) => {
      return (
        (memberId === undefined || bill.memberId === memberId) &&
        (state === undefined || bill.state === state)
      );
    });
  }

  async overdue(nowMs: number, limit: number): Promise<readonly Bill[]> {
    const isOver = ({ state, expiresAtMs = Number.POSITIVE_INFINITY }: Bill) =>
      state === 'open' && expiresAtMs <= nowMs;
    return this.#all().filter(isOver).slice(0, limit);
  }

  async openOf(amount: Money, limit: number): Promise<readonly Bill[]> {
    return this.#all()
      .filter((bill) => bill.state === 'open' && sameMoney(bill.amount, amount))
      .slice(0, limit);
  }

  #all(): Bill[] {
    return [...this.#bills.values()];
  }
}
