import type { Bill } from '../../domain/billing/bills/index.ts';
import type { MoneyEffect } from '../../domain/billing/payments/index.ts';
import type { Order, OrderEffect } from '../../domain/market/index.ts';
import type { Term } from '../../domain/renewals/index.ts';
import type { WebhookEvent } from '../../domain/webhooks/index.ts';
import type { DocumentToIssue } from './documents.ts';
import type { MoneyWrite } from './payments.ts';

/** What is kept in one transaction with a term's new state. */
export type TermChange = {
  /** The bill for the next year; `before` is undefined of a new one. */
  readonly bill?: { readonly before: Bill | undefined; readonly after: Bill };
  /** The order, where its number is taken out of service or given again. */
  readonly order?: {
    readonly before: Order;
    readonly after: Order;
    readonly effects: readonly OrderEffect[];
  };
  readonly money?: readonly MoneyEffect[];
  readonly events?: readonly WebhookEvent[];
  readonly documents?: readonly DocumentToIssue[];
};

/** What came of an attempt to keep a term's new state: all of it or nothing. */
export type TermWrite =
  | MoneyWrite
  /** The term, the bill or the order is no longer as it was read. */
  | 'term-changed'
  | 'bill-changed'
  | 'order-changed'
  /** The number rests no longer, or is somebody else's. */
  | 'number-claimed';

/** For how long numbers are their members' (R24). A term begins and ends with the assignment, in the order store. */
export type RenewalStore = {
  /** @param nowMs decides which claims are past their time */
  keep(before: Term, after: Term, change: TermChange, nowMs: number): Promise<TermWrite>;
  find(orderId: string): Promise<Term | undefined>;
  /** Terms of numbers that a member holds, in the order of purchase. */
  ofMember(memberId: string): Promise<readonly Term[]>;
  /** The terms of these orders; those that have none are left out. */
  ofOrders(orderIds: readonly string[]): Promise<readonly Term[]>;
  /**
   * Takes terms of which something is to be done, so that nobody else does it meanwhile.
   * @param untilMs when they are there for others again, unless they were kept anew
   */
  takeDue(nowMs: number, untilMs: number, limit: number): Promise<readonly Term[]>;
};
