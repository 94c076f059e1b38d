import type { OurCall, TheirCall } from './compared-call.ts';
import { type MatchedCalls, matchCalls, type Tolerances } from './match-calls.ts';

/** What differs in records of one call. */
export const DIFFERENCE_KINDS = ['only-ours', 'only-theirs', 'duration', 'price'] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** Something that the two sides have otherwise. */
export type CallDifference = {
  /** A call that differs in its duration mostly differs in its price too, and counts as the former. */
  readonly kind: DifferenceKind;
  readonly ours?: OurCall;
  readonly theirs?: TheirCall;
  /** By how much their price is more than ours, or less where below zero; absent where they name none. */
  readonly micros?: bigint;
};

export type CallTotals = { readonly calls: number; readonly durationMs: number; readonly micros: bigint };

/** Differences of one kind, and the money that they are about, whichever way it goes. */
export type DifferenceTotals = { readonly calls: number; readonly micros: bigint };

export type Reconciliation = {
  readonly ours: CallTotals;
  readonly theirs: CallTotals;
  /** Calls that both have alike. */
  readonly alike: number;
  readonly differences: readonly CallDifference[];
  readonly totals: Readonly<Record<DifferenceKind, DifferenceTotals>>;
  /** The money that all differences are about. */
  readonly atStakeMicros: bigint;
};

/** Compares charges with the other network's records (R23). Yields now and then, since others want to go on. */
export function* reconcile(
  ours: readonly OurCall[],
  theirs: readonly TheirCall[],
  tolerances: Tolerances,
): Generator<undefined, Reconciliation> {
  const matched = yield* matchCalls(ours, theirs, tolerances);
  const differences = differencesOf(matched, tolerances).sort(byMoney);
  const totals = totalsOf(differences);
  return {
    ours: sumOf(ours, ({ micros }) => micros),
    theirs: sumOf(theirs, ({ price }) => price?.micros ?? 0n),
    alike: matched.pairs.length - totals.duration.calls - totals.price.calls,
    differences,
    totals,
    atStakeMicros: DIFFERENCE_KINDS.reduce((sum, kind) => sum + totals[kind].micros, 0n),
  };
}

function differencesOf(
  { pairs, onlyOurs, onlyTheirs }: MatchedCalls,
  tolerances: Tolerances,
): CallDifference[] {
  return [
    ...pairs.flatMap(([ours, theirs]) => differenceOf(ours, theirs, tolerances) ?? []),
    ...onlyOurs.map((ours): CallDifference => ({ kind: 'only-ours', ours, micros: -ours.micros })),
    ...onlyTheirs.map(
      (theirs): CallDifference => ({
        kind: 'only-theirs',
        theirs,
        ...(theirs.price === undefined ? {} : { micros: theirs.price.micros }),
      }),
    ),
  ];
}

function differenceOf(ours: OurCall, theirs: TheirCall, tolerances: Tolerances): CallDifference | undefined {
  const { price } = theirs;
  const micros = price === undefined ? undefined : price.micros - ours.micros;
  const both = { ours, theirs, ...(micros === undefined ? {} : { micros }) };
  if (Math.abs(ours.durationMs - theirs.durationMs) > tolerances.durationMs)
    return { kind: 'duration', ...both };
  const isDearer = price !== undefined && size(micros ?? 0n) > price.roundedByMicros;
  return isDearer ? { kind: 'price', ...both } : undefined;
}

function totalsOf(differences: readonly CallDifference[]): Record<DifferenceKind, DifferenceTotals> {
  const none = { calls: 0, micros: 0n };
  const totals = { 'only-ours': none, 'only-theirs': none, duration: none, price: none };
  for (const { kind, micros = 0n } of differences) {
    const { calls, micros: sum } = totals[kind];
    totals[kind] = { calls: calls + 1, micros: sum + size(micros) };
  }
  return totals;
}

function sumOf<Call extends OurCall | TheirCall>(
  calls: readonly Call[],
  microsOf: (call: Call) => bigint,
): CallTotals {
  let [durationMs, micros] = [0, 0n];
  for (const call of calls) {
    durationMs += call.durationMs;
    micros += microsOf(call);
  }
  return { calls: calls.length, durationMs, micros };
}

/** What is about the most money comes first. */
function byMoney(one: CallDifference, other: CallDifference): number {
  const difference = size(other.micros ?? 0n) - size(one.micros ?? 0n);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function size(micros: bigint): bigint {
  return micros < 0n ? -micros : micros;
}
