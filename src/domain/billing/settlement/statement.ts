import type { ChargeKind } from '../charging/index.ts';

/** Which way calls went: out to the other network, in from it, or from it through us to a third one. */
export type CallDirection = 'outbound' | 'inbound' | 'transit';

/** Calls of one direction to one destination, paid by one side. */
export type UsageLine = {
  readonly direction: CallDirection;
  readonly paidBy: 'other' | 'us';
  readonly destination: string;
  readonly calls: number;
  /** From the answer to the end, in milliseconds. */
  readonly durationMs: number;
  readonly billedSeconds: number;
  readonly micros: bigint;
};

/** What a period comes to. It never changes: what turns out later is agreed in a dispute, or belongs to a later one. */
export type Statement = {
  readonly usage: readonly UsageLine[];
  readonly owedByUsMicros: bigint;
  readonly owedToUsMicros: bigint;
  /** What earlier settlements left: above zero where we owe it. */
  readonly carriedForwardMicros: bigint;
  /** Calls of earlier periods that became known after those were closed; they are among the usage. */
  readonly late: { readonly calls: number; readonly micros: bigint };
  /** By how much the ledger moved the trunk's account for these charges. */
  readonly ledgerMicros: bigint;
  /** Charges kept after this one belong to later periods. */
  readonly cutLine: number;
};

/** The direction of a charge on a trunk's account. */
export function directionOf(kind: ChargeKind): CallDirection {
  switch (kind) {
    case 'cost':
      return 'outbound';
    case 'inbound':
      return 'inbound';
    case 'sale':
      return 'transit';
  }
}

/** What a statement is made of besides what follows from its usage. */
export type StatementParts = Omit<Statement, 'owedByUsMicros' | 'owedToUsMicros'>;

/** Adds up the usage of a period. */
export function makeStatement(parts: StatementParts): Statement {
  return { ...parts, owedByUsMicros: owed(parts.usage, 'us'), owedToUsMicros: owed(parts.usage, 'other') };
}

/** By how much statement and ledger differ: anything but 0 is an error that somebody has to look into. */
export function differenceMicros({ owedByUsMicros, owedToUsMicros, ledgerMicros }: Statement): bigint {
  return owedByUsMicros - owedToUsMicros - ledgerMicros;
}

function owed(usage: readonly UsageLine[], by: 'us' | 'other'): bigint {
  return usage.reduce((sum, { paidBy, micros }) => (paidBy === by ? sum + micros : sum), 0n);
}
