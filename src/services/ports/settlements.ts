import type { Currency } from '../../domain/billing/index.ts';
import type { LedgerAccount } from '../../domain/billing/ledger/index.ts';
import type { Reconciliation, RecordFault } from '../../domain/billing/reconciliation/index.ts';
import type {
  Agreement,
  CallDirection,
  OpenSettlement,
  Period,
  Settlement,
  SettlementEffect,
  SettlementState,
  StatedSettlement,
  StatementParts,
} from '../../domain/billing/settlement/index.ts';
import type { Result } from '../../domain/refusal/index.ts';
import type { KeptCharge } from './charges.ts';

/** What was agreed with networks about money. */
export type Agreements = { list(): readonly Agreement[] };

/**
 * The charges of one settlement: those of calls that ended before `untilMs`, kept up to the line of the cut, without
 * those that the settlement before had. So a call that becomes known late belongs to the period in which it does.
 */
export type SettledSpan = {
  readonly account: LedgerAccount;
  readonly currency: Currency;
  readonly untilMs: number;
  readonly cutLine: number;
  readonly before?: { readonly untilMs: number; readonly cutLine: number };
};

/** A charge as a settlement counts it: of a correction only what it changes. */
export type SettledLeg = {
  readonly charge: KeptCharge;
  /** Whether its call belongs to an earlier period, and became known after that was closed. */
  readonly isLate: boolean;
  readonly micros: bigint;
  readonly billedSeconds: number;
  /** What the callee saw of the caller; absent where the call has no record. */
  readonly callerNumber?: string;
};

/** A settlement in a list: without its usage and its disputes. */
export type ListedSettlement = {
  readonly id: string;
  readonly trunk: string;
  readonly currency: Currency;
  readonly period: Period;
  readonly state: SettlementState;
  readonly owedByUsMicros: bigint;
  readonly owedToUsMicros: bigint;
  readonly dueMicros: bigint;
  /** By how much statement and ledger differ: anything but 0 has to be looked into. */
  readonly differenceMicros: bigint;
};

export type SettlementFilter = {
  readonly trunk?: string;
  readonly state?: SettlementState;
  /** Settlements made before the one with this id, newest first. */
  readonly before?: string;
  readonly limit: number;
};

/** What was settled with other networks (R23). */
export type SettlementStore = {
  find(id: string): Promise<StatedSettlement | undefined>;
  list(filter: SettlementFilter): Promise<readonly ListedSettlement[]>;
  /** The newest one with a trunk in a currency. */
  last(trunk: string, currency: Currency): Promise<StatedSettlement | undefined>;
  /** The one that was closed before it. */
  before(settlement: Settlement): Promise<StatedSettlement | undefined>;
  /** When the first call ended that was charged there in the currency; undefined where there is none. */
  firstEndMs(account: LedgerAccount, currency: Currency): Promise<number | undefined>;
  /** What a period would come to if it was closed now. */
  preview(settlement: OpenSettlement): Promise<StatementParts>;
  /**
   * Counts the charges of a period and keeps the settlement, with all charges that are being kept at this moment.
   * What earlier ones left is carried into it, once. Where the period is closed already, nothing is changed.
   * @param state makes the closed settlement of what was counted
   * @returns what is kept, or `busy` where charges were being kept for seconds and none could be told to wait
   */
  close(
    settlement: OpenSettlement,
    state: (parts: StatementParts) => StatedSettlement,
  ): Promise<StatedSettlement | 'busy'>;
  /** Keeps the next state of a settlement and what the ledger is told along with it; one step after the other. */
  revise(
    id: string,
    step: (settlement: StatedSettlement) => Result<[Settlement, readonly SettlementEffect[]]>,
  ): Promise<Result<StatedSettlement> | undefined>;
  /** The line up to which charges are there for good; `busy` where charges were being kept for seconds. */
  cut(): Promise<number | 'busy'>;
  /** The charges of a settlement, one by one in pages, in an order that stays: late calls first. */
  legs(span: SettledSpan): AsyncIterable<readonly SettledLeg[]>;
};

/** The charges that a settlement is about. @param before the one that was closed before it */
export function spanOf(
  { trunk, currency, period }: Pick<Settlement, 'trunk' | 'currency' | 'period'>,
  cutLine: number,
  before: StatedSettlement | undefined,
): SettledSpan {
  return {
    account: `trunk/${trunk}`,
    currency,
    untilMs: period.untilMs,
    cutLine,
    ...(before === undefined
      ? {}
      : { before: { untilMs: before.period.untilMs, cutLine: before.statement.cutLine } }),
  };
}

/** What came of comparing a settlement's charges with the other network's records. */
export type KeptReconciliation = {
  /** A UUID, version 7. */
  readonly id: string;
  readonly settlementId: string;
  readonly madeAtMs: number;
  /** Which calls were compared. */
  readonly direction: CallDirection;
  /** Who pays for them. */
  readonly paidBy: 'other' | 'us';
  /** With the differences about the most money, in that order. */
  readonly outcome: Reconciliation;
  /** How many differences there are besides those. */
  readonly moreDifferences: number;
  /** What of their file could not be read. */
  readonly faults: readonly RecordFault[];
  readonly faulty: number;
  readonly unanswered: number;
};

/** Reconciliations, so that what they found can be disputed. */
export type ReconciliationStore = {
  keep(reconciliation: KeptReconciliation): Promise<void>;
  find(id: string): Promise<KeptReconciliation | undefined>;
};
