import type { Bill, BillEffect } from '../../domain/billing/bills/index.ts';
import { type Currency, type Money, sameMoney } from '../../domain/billing/index.ts';
import type { BillStore, BillWrite, DocumentToIssue } from '../../services/ports/index.ts';
import { newestFirst } from './newest-first.ts';
import type { MemoryPayments } from './payments.ts';

/** Bills in memory. */
export class MemoryBills implements BillStore {
  readonly #bills = new Map<string, Bill>();
  readonly #payments: MemoryPayments;

  constructor(payments: MemoryPayments) {
    this.#payments = payments;
  }

  async keep(
    before: Bill | undefined,
    after: Bill,
    effects: readonly BillEffect[],
    documents: readonly DocumentToIssue[] = [],
  ): Promise<BillWrite> {
    if (this.isInTheWay(before, after)) return 'bill-changed';
    const write = this.#payments.keepNow(effects, documents);
    if (write === 'kept') this.set(after);
    return write;
  }

  /** Whether a bill is not as it was read, or the month of a new one has its invoice. */
  isInTheWay(before: Bill | undefined, after: Bill): boolean {
    if (this.#bills.get(after.id)?.state !== before?.state) return true;
    return before === undefined && this.#all().some((bill) => isInvoiceOfSameMonth(bill, after));
  }

  set(bill: Bill): void {
    this.#bills.set(bill.id, bill);
  }

  /** Gives up a bill that is open. */
  cancel(billId: string, endedAtMs: number): void {
    const bill = this.#bills.get(billId);
    if (bill?.state === 'open') this.set({ ...bill, state: 'cancelled', endedAtMs });
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

  async lastInvoice(memberId: string, currency: Currency): Promise<Bill | undefined> {
    const fromMs = ({ period }: Bill) => period?.fromMs ?? 0;
    return this.#all()
      .filter((bill) => bill.kind === 'invoice' && bill.period !== undefined)
      .filter((bill) => bill.memberId === memberId && bill.amount.currency === currency)
      .sort((one, other) => fromMs(other) - fromMs(one))[0];
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

function isInvoiceOfSameMonth(one: Bill, other: Bill): boolean {
  return (
    one.kind === 'invoice' &&
    other.kind === 'invoice' &&
    one.period !== undefined &&
    one.memberId === other.memberId &&
    one.amount.currency === other.amount.currency &&
    one.period.fromMs === other.period?.fromMs
  );
}
