import type { Bill, BillEffect, BillState } from '../../domain/billing/bills/index.ts';
import type { Currency, Money } from '../../domain/billing/index.ts';
import type {
  MoneyEffect,
  Payment,
  PaymentDisposition,
  PaymentSubject,
} from '../../domain/billing/payments/index.ts';
import type { DocumentToIssue } from './documents.ts';

export type PaymentFilter = {
  readonly subject?: PaymentSubject;
  readonly disposition?: PaymentDisposition;
  /** Payments before the one with this id, newest first. */
  readonly before?: string;
  readonly limit: number;
};

/** What came of money that was to be recorded or moved, all of it or nothing. */
export type MoneyWrite =
  | 'kept'
  /** The bank's or processor's reference has been recorded before. */
  | 'notice-known'
  /** The payment is no longer as it was read. */
  | 'payment-changed'
  /** A member's credit would fall below its floor. */
  | 'credit-exceeded';

/** Money that arrived, and what became of it (R9). */
export type PaymentStore = {
  /** Records and changes payments, posts the lines and issues the documents that belong to it, in one transaction. */
  keep(effects: readonly MoneyEffect[], documents?: readonly DocumentToIssue[]): Promise<MoneyWrite>;
  find(id: string): Promise<Payment | undefined>;
  findByNotice(noticeId: string): Promise<Payment | undefined>;
  /** Which of these notices were recorded before. */
  knownNotices(noticeIds: readonly string[]): Promise<readonly string[]>;
  /** Newest first. */
  list(filter: PaymentFilter): Promise<readonly Payment[]>;
};

export type BillFilter = {
  readonly memberId?: string;
  readonly state?: BillState;
  /** Bills before the one with this id, newest first. */
  readonly before?: string;
  readonly limit: number;
};

/** What came of an attempt to keep a bill's new state. */
export type BillWrite =
  | MoneyWrite
  /** The bill is no longer as it was read; nothing was kept. */
  | 'bill-changed';

/** What members are asked to pay besides number orders. */
export type BillStore = {
  /**
   * Keeps the bill's new state and performs the effects, all or nothing, in one transaction.
   * @param before the bill as it was read; undefined for a new one, which is not kept where the month has its invoice
   */
  keep(
    before: Bill | undefined,
    after: Bill,
    effects: readonly BillEffect[],
    documents?: readonly DocumentToIssue[],
  ): Promise<BillWrite>;
  find(id: string): Promise<Bill | undefined>;
  findByPaymentReference(reference: string): Promise<Bill | undefined>;
  /** Newest first. */
  list(filter: BillFilter): Promise<readonly Bill[]>;
  /** Open bills that can no longer be paid, at most `limit`. */
  overdue(nowMs: number, limit: number): Promise<readonly Bill[]>;
  /** The last month that a member was sent an invoice for, whatever became of that. */
  lastInvoice(memberId: string, currency: Currency): Promise<Bill | undefined>;
  /** Open bills of this amount, oldest first: what money without a reference may be for. */
  openOf(amount: Money, limit: number): Promise<readonly Bill[]>;
};
