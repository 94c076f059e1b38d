import type { ComparedCall, OurCall, TheirCall } from './compared-call.ts';

/** How far two records of one call may be apart. */
export type Tolerances = { readonly startMs: number; readonly durationMs: number };

export type MatchedCalls = {
  readonly pairs: readonly (readonly [OurCall, TheirCall])[];
  readonly onlyOurs: readonly OurCall[];
  readonly onlyTheirs: readonly TheirCall[];
};

/** How many of the other side's calls around one are looked at in a round: more at one moment are much alike. */
const NEAREST = 16;

/** A round that finds fewer of those that are left has to do with calls that nothing tells apart. */
const LEAST_FOUND = 0.05;

const CALLS_AT_ONCE = 2_000;

const GROUPS_AT_ONCE = 200;

/**
 * Finds the calls of one side in the records of the other: those between the same numbers that began at about the same
 * time. Where several fit, those that fit best are taken first, and not those that come first (domain.md §5).
 * Yields now and then, since others want to go on meanwhile.
 */
export function* matchCalls(
  ours: readonly OurCall[],
  theirs: readonly TheirCall[],
  tolerances: Tolerances,
): Generator<undefined, MatchedCalls> {
  const pairs: (readonly [OurCall, TheirCall])[] = [];
  const onlyOurs: OurCall[] = [];
  const theirGroups = grouped(theirs);
  let seen = 0;
  for (const [called, group] of grouped(ours)) {
    seen += 1;
    if (seen % GROUPS_AT_ONCE === 0) yield;
    const other = theirGroups.get(called);
    if (other === undefined) {
      append(onlyOurs, group);
      continue;
    }
    const matching = new Matching(group, other, tolerances);
    while (yield* matching.round());
    matching.rest();
    append(pairs, matching.pairs);
    append(onlyOurs, matching.ours());
    theirGroups.set(called, matching.theirs());
  }
  return { pairs, onlyOurs, onlyTheirs: [...theirGroups.values()].flat() };
}

/** One number may have more calls than a function takes arguments. */
function append<Item>(items: Item[], more: readonly Item[]): void {
  for (const item of more) items.push(item);
}

function grouped<Call extends ComparedCall>(calls: readonly Call[]): Map<string, Call[]> {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const group = groups.get(call.called);
    if (group === undefined) groups.set(call.called, [call]);
    else group.push(call);
  }
  return groups;
}

type Fitting = { readonly ours: OurCall; readonly theirs: TheirCall; readonly distance: number };

/** The calls to one number. */
class Matching {
  readonly pairs: (readonly [OurCall, TheirCall])[] = [];
  readonly #tolerances: Tolerances;
  readonly #ours: Set<OurCall>;
  readonly #theirs: Set<TheirCall>;

  constructor(ours: readonly OurCall[], theirs: readonly TheirCall[], tolerances: Tolerances) {
    this.#tolerances = tolerances;
    this.#ours = new Set(ours.toSorted(byStart));
    this.#theirs = new Set(theirs.toSorted(byStart));
    this.#takeTwins();
  }

  ours(): OurCall[] {
    return [...this.#ours];
  }

  theirs(): TheirCall[] {
    return [...this.#theirs];
  }

  /** Gives those to each other that fit best. @returns whether another round is worth it */
  *round(): Generator<undefined, boolean> {
    const lists = new CallersLists([...this.#theirs]);
    const fitting: Fitting[] = [];
    let seen = 0;
    for (const ours of this.#ours) {
      seen += 1;
      if (seen % CALLS_AT_ONCE === 0) yield;
      for (const list of lists.for(ours)) {
        for (const theirs of nearest(list, ours.startedAtMs, this.#tolerances.startMs)) {
          fitting.push({ ours, theirs, distance: this.#distance(ours, theirs) });
        }
      }
    }
    fitting.sort((one, other) => one.distance - other.distance);
    const before = this.pairs.length;
    for (const { ours, theirs } of fitting) {
      if (this.#ours.has(ours) && this.#theirs.has(theirs)) this.#take(ours, theirs);
    }
    return this.pairs.length - before > this.#ours.size * LEAST_FOUND;
  }

  /** Gives those to each other that are left after all rounds, in the order of their beginning. */
  rest(): void {
    const lists = new CallersLists([...this.#theirs]);
    const places = new Map<readonly TheirCall[], number>();
    for (const ours of this.#ours) {
      const theirs = lists.for(ours).map((list) => this.#firstFree(list, ours, places));
      const first = theirs.find((each) => each !== undefined);
      if (first !== undefined) this.#take(ours, first);
    }
  }

  /** @param places where to go on in each list: what is before is taken, or began too early for all that come */
  #firstFree(
    list: readonly TheirCall[],
    { startedAtMs }: OurCall,
    places: Map<readonly TheirCall[], number>,
  ): TheirCall | undefined {
    const { startMs } = this.#tolerances;
    let at = places.get(list) ?? 0;
    const isPast = (call: TheirCall) => call.startedAtMs < startedAtMs - startMs || !this.#theirs.has(call);
    for (let call = list[at]; call !== undefined && isPast(call); call = list[at]) at += 1;
    places.set(list, at);
    const call = list[at];
    return call !== undefined && call.startedAtMs <= startedAtMs + startMs ? call : undefined;
  }

  #take(ours: OurCall, theirs: TheirCall): void {
    this.pairs.push([ours, theirs]);
    this.#ours.delete(ours);
    this.#theirs.delete(theirs);
  }

  /** Most calls are the same to the second on both sides: they need no comparing with others. */
  #takeTwins(): void {
    const twins = new Map<string, TheirCall[]>();
    for (const theirs of this.#theirs) {
      const key = keyOf(theirs);
      const list = twins.get(key);
      if (list === undefined) twins.set(key, [theirs]);
      else list.push(theirs);
    }
    for (const ours of this.#ours) {
      const theirs = twins.get(keyOf(ours))?.pop();
      if (theirs !== undefined) this.#take(ours, theirs);
    }
  }

  /** A duration that fits weighs more than a caller that both know, and that more than how far apart they began. */
  #distance(ours: OurCall, theirs: TheirCall): number {
    const durationMs = Math.abs(ours.durationMs - theirs.durationMs);
    const startMs = Math.abs(ours.startedAtMs - theirs.startedAtMs);
    const longer = durationMs > this.#tolerances.durationMs ? 1e12 : 0;
    return longer + (ours.caller === theirs.caller ? 0 : 1e10) + startMs + durationMs;
  }
}

/** Their calls by who called; a call that does not show it may be anybody's. */
class CallersLists {
  readonly #all: readonly TheirCall[];
  readonly #byCaller = new Map<string, TheirCall[]>();

  constructor(theirs: readonly TheirCall[]) {
    this.#all = theirs;
    for (const call of theirs) {
      const list = this.#byCaller.get(call.caller ?? '');
      if (list === undefined) this.#byCaller.set(call.caller ?? '', [call]);
      else list.push(call);
    }
  }

  for({ caller }: OurCall): readonly (readonly TheirCall[])[] {
    if (caller === undefined) return [this.#all];
    return [this.#byCaller.get(caller) ?? [], this.#byCaller.get('') ?? []];
  }
}

/** The calls of a list that began nearest to a moment, each within the tolerance. */
function* nearest(list: readonly TheirCall[], atMs: number, withinMs: number): Generator<TheirCall> {
  let after = firstFrom(list, atMs);
  let before = after - 1;
  for (let taken = 0; taken < NEAREST; taken += 1) {
    const [earlier, later] = [list[before], list[after]];
    const earlierMs = earlier === undefined ? Number.POSITIVE_INFINITY : atMs - earlier.startedAtMs;
    const laterMs = later === undefined ? Number.POSITIVE_INFINITY : later.startedAtMs - atMs;
    if (Math.min(earlierMs, laterMs) > withinMs) return;
    if (earlier !== undefined && earlierMs < laterMs) {
      yield earlier;
      before -= 1;
    } else if (later !== undefined) {
      yield later;
      after += 1;
    }
  }
}

/** The place of the first call that began at a moment or later. */
function firstFrom(list: readonly TheirCall[], atMs: number): number {
  let [from, until] = [0, list.length];
  while (from < until) {
    const middle = (from + until) >>> 1;
    if ((list[middle]?.startedAtMs ?? 0) < atMs) from = middle + 1;
    else until = middle;
  }
  return from;
}

function byStart(one: ComparedCall, other: ComparedCall): number {
  return one.startedAtMs - other.startedAtMs;
}

function keyOf({ caller = '', startedAtMs, durationMs }: ComparedCall): string {
  return `${caller}\0${Math.floor(startedAtMs / 1_000)}\0${Math.round(durationMs / 1_000)}`;
}
