import type { DocumentParty, Taxation } from '../../domain/billing/documents/index.ts';
import type { Money } from '../../domain/billing/index.ts';
import type {
  NumberForSale,
  NumberKind,
  NumberRange,
  Order,
  OrderEffect,
  OrderState,
} from '../../domain/market/index.ts';
import type { CountryCode } from '../../domain/numbering/index.ts';
import type { DocumentToIssue } from './documents.ts';
import type { MoneyWrite } from './payments.ts';
import type { WebhookTargets } from './webhooks.ts';

/** The number ranges on sale (R5). */
export type CatalogueStore = {
  /**
   * Adds a range unless one that is on sale already has a number of it.
   * @returns the range in the way, or undefined where it was added
   */
  add(range: NumberRange): Promise<NumberRange | undefined>;
  /** Stops the sale of a range. @returns the range as it is then, or undefined where there is none */
  withdraw(id: string, withdrawnAtMs: number): Promise<NumberRange | undefined>;
  /** The ranges on sale, ordered by kind, country and prefix. */
  onSale(): Promise<readonly NumberRange[]>;
  /** The range a number is of: the one on sale, else the one that was withdrawn last. */
  rangeOf(number: NumberForSale): Promise<NumberRange | undefined>;
};

/** What a number is to the market right now. Holds and quarantines past their time are free. */
export type NumberClaim = {
  readonly orderId: string;
  readonly memberId: string;
  readonly state: 'held' | 'assigned' | 'quarantine';
  /** When a hold or a quarantine ends. */
  readonly untilMs?: number;
};

export type OrderFilter = {
  readonly memberId?: string;
  readonly state?: OrderState;
  /** Orders made before the one with this id, newest first. */
  readonly before?: string;
  readonly limit: number;
};

/** What came of an attempt to keep an order's new state. */
export type OrderWrite =
  | MoneyWrite
  /** Somebody else has a claim on the number; nothing was kept. */
  | 'number-claimed'
  /** The order is no longer as it was read; nothing was kept. */
  | 'order-changed';

/** Orders and the claims they have on numbers. */
export type OrderStore = {
  /**
   * Keeps the order's new state and performs the effects, all or nothing, in one transaction: the payment and its
   * lines of the ledger among them, the documents about it, and the years of the number, which begin when it is
   * assigned and end when it is given back.
   * @param before the order as it was read; undefined for a new one
   * @param nowMs decides which other claims are past their time
   */
  keep(
    before: Order | undefined,
    after: Order,
    effects: readonly OrderEffect[],
    nowMs: number,
    documents?: readonly DocumentToIssue[],
  ): Promise<OrderWrite>;
  find(id: string): Promise<Order | undefined>;
  findByPaymentReference(reference: string): Promise<Order | undefined>;
  /** Newest first. */
  list(filter: OrderFilter): Promise<readonly Order[]>;
  /** Orders that hold a number past its time, at most `limit`. */
  overdue(nowMs: number, limit: number): Promise<readonly Order[]>;
  /** Makes quarantined numbers free whose time is over. @returns how many */
  endQuarantines(nowMs: number): Promise<number>;
  /** How many orders of the member are open: approved or awaiting payment, and not overdue. */
  countOpen(memberId: string, nowMs: number): Promise<number>;
  claim(number: NumberForSale, nowMs: number): Promise<NumberClaim | undefined>;
  /** Which of these numbers, all of one kind and country, nobody has a claim on; in the same order. */
  free(
    kind: NumberKind,
    countryCode: CountryCode | undefined,
    subscribers: readonly string[],
    nowMs: number,
  ): Promise<readonly string[]>;
  /**
   * The blocks of a thousand numbers (the digits without the last three) that are sold out, beginning with
   * `prefix` and not before `from`, in order, at most `limit`. May lag behind; never names one with a free number
   * that was never sold.
   */
  soldOutBlocks(
    kind: NumberKind,
    countryCode: CountryCode | undefined,
    prefix: string,
    from: string,
    limit: number,
  ): Promise<readonly string[]>;
  /** Orders that await a payment of this amount, oldest first: what money without a reference may be for. */
  awaiting(amount: Money, limit: number): Promise<readonly Order[]>;
  /** The numbers a member holds, in the order of purchase. */
  numbersOf(memberId: string): Promise<readonly NumberForSale[]>;
};

/** An account at a bank that buyers transfer to. */
export type DepositAccount = {
  readonly bank: string;
  readonly account: string;
  readonly holder: string;
};

/** What the operator of the service has set for its sale of numbers and its terminals. */
export type ServiceSettings = {
  /** The realm of digest authentication: part of every terminal's hashed password. */
  readonly sipRealm: string;
  /** By currency. */
  readonly depositAccounts: Readonly<Record<string, DepositAccount>>;
  /** Who sells, as documents name it; absent: none are issued. */
  readonly seller?: DocumentParty;
  /** How tax is charged; absent: not at all. */
  readonly taxation?: Taxation;
  /** In which years, months and days of documents are counted: of the IANA database. Absent: UTC. */
  readonly sellerTimeZone?: string;
  /** Whether this service itself answers there: no trunk may lead to it. Absent: nobody knows. */
  readonly isOurselves?: (host: string, port: number) => boolean;
  /** Where events may be sent. Absent: over https: only, and nothing more is known. */
  readonly webhookTargets?: WebhookTargets;
};
