import type { Rate } from '../rate.ts';
import { longestDurationMs, priceMicros } from '../rating.ts';

/*
 * The credit of one call (R23): a slice of talking time is kept back before anybody rings, another before it is used
 * up, and the call is cut where there is no more.
 *
 *     begin: reserve the first slice
 *        |
 *   +---------+  exceeded: reserve what the credit lasts for; not even that, or no answer:
 *   | asking  |------------------------------------------------------------> refused
 *   +---------+
 *        | reserved: the phone may ring
 *   +---------+
 *   |  ready  |  ended before an answer: free what is reserved
 *   +---------+
 *        | answered, and costs the same however long: post it
 *        | answered: extension due 20 s before the end of what is reserved, cut at it
 *   +---------+
 *   |         |  extension due: reserve the next slice
 *   | running |  reserved: post what is talked away; later the next extension
 *   |         |  exceeded: reserve what the credit lasts for; if nothing: once more 10 s before the end
 *   |         |  exceeded again: warn
 *   +---------+  cut due: cut
 *        | ended: what is left is settled along with the call's record
 *   +---------+
 *   |  over   |  reserved after all: free it
 *   +---------+
 */

/** Talking time that is paid for by one pending transfer. */
export type Slice = { readonly id: string; readonly micros: bigint; readonly untilMs: number };

export type Meter = {
  readonly phase: 'asking' | 'ready' | 'running' | 'over';
  readonly rate: Rate;
  /** What the ids of its slices begin with. */
  readonly name: string;
  /** Reserved and not posted, the oldest first. */
  readonly slices: readonly Slice[];
  /** What is reserved and posted so far, and how much talking it pays for. */
  readonly paidMicros: bigint;
  readonly paidUntilMs: number;
  /** How many slices were asked for. */
  readonly asked: number;
  /** The one that is asked for. */
  readonly asking?: Slice;
  readonly answeredAtMs?: number;
  /** How often more was asked for in vain since the last slice, and why it was refused. */
  readonly refusals: number;
  readonly refusedFor?: MeterRefusal;
};

/** Why there is no more. */
export type MeterRefusal = 'credit' | 'day-limit' | 'unanswered';

export type MeterInput =
  | { readonly kind: 'reserved' }
  | { readonly kind: 'exceeded'; readonly availableMicros: bigint; readonly why: MeterRefusal }
  /** Nobody knows whether there is credit. */
  | { readonly kind: 'unanswered' }
  /** Talking began then. */
  | { readonly kind: 'answered'; readonly atMs: number }
  | { readonly kind: 'extension-due' }
  | { readonly kind: 'cut-due' }
  | { readonly kind: 'ended' };

export type MeterEffect =
  | { readonly kind: 'reserve'; readonly slice: Slice; readonly expiresInMs: number }
  | { readonly kind: 'post'; readonly slice: Slice }
  | { readonly kind: 'free'; readonly sliceId: string }
  | { readonly kind: 'let-ring' }
  | { readonly kind: 'refuse'; readonly why: MeterRefusal }
  | { readonly kind: 'warn' }
  | { readonly kind: 'cut'; readonly why: MeterRefusal }
  | { readonly kind: 'start-extension-timer' | 'start-cut-timer'; readonly inMs: number }
  | { readonly kind: 'stop-timers' };

type Step = [Meter, MeterEffect[]];

/** The first slice, in milliseconds of talking that is not free; later ones are as long as the talk before them. */
const FIRST_SLICE_MS = 60_000;
const LONGEST_SLICE_MS = 300_000;

/** How long before the end of what is paid for more is asked for, the first and the second time. */
const EXTENSION_LEAD_MS = 20_000;
const WARNING_LEAD_MS = 10_000;

/** A cut comes a little before the end of a paid second, so that a late timer costs nobody the next one. */
const CUT_LEAD_MS = 250;

/** How long a slice may wait for its end beyond the talk that it pays for: ringing, and a database that is away. */
const SLICE_GRACE_MS = 15 * 60_000;

/** Platforms have no timers for months: what is further away is looked at again once a day. */
const LONGEST_TIMER_MS = 24 * 3_600_000;

/** Whether a rate ever costs anything: what does not needs no meter. */
export function needsMeter(rate: Rate): boolean {
  return longestDurationMs(rate, 0n) !== undefined;
}

/**
 * Asks for the first slice, unless the increment that was begun elsewhere lasts for a while.
 * @param name unique to the charge: its slices are named by it
 * @param talkedMs how long is talked already, and paid for elsewhere
 */
export function startMeter(rate: Rate, name: string, talkedMs = 0): Step {
  const paidMicros = talkedMs === 0 ? 0n : priceMicros(rate, talkedMs);
  const paidUntilMs = talkedMs === 0 ? 0 : lastsUntilMs(rate, paidMicros);
  const begun = { rate, name, slices: [], paidMicros, paidUntilMs, asked: 0, refusals: 0 };
  if (paidUntilMs > talkedMs + EXTENSION_LEAD_MS)
    return [{ ...begun, phase: 'ready' }, [{ kind: 'let-ring' }]];
  return ask({ ...begun, phase: 'asking' }, Math.max(paidUntilMs, rate.freeSeconds * 1_000) + FIRST_SLICE_MS);
}

/** The next state and what is to be done. An input that means nothing in a state changes nothing. */
export function stepMeter(meter: Meter, input: MeterInput, nowMs: number): Step {
  switch (meter.phase) {
    case 'asking':
      return whileAsking(meter, input);
    case 'ready':
      return whileReady(meter, input, nowMs);
    case 'running':
      return whileRunning(meter, input, nowMs);
    case 'over':
      return meter.asking !== undefined && input.kind === 'reserved'
        ? [withoutAsking(meter), [{ kind: 'free', sliceId: meter.asking.id }]]
        : [meter, []];
  }
}

function whileAsking(meter: Meter, input: MeterInput): Step {
  switch (input.kind) {
    case 'reserved':
      return [{ ...taken(meter), phase: 'ready' }, [{ kind: 'let-ring' }]];
    case 'exceeded':
      return askForRest(meter, input.availableMicros) ?? refuse(meter, input.why);
    case 'unanswered':
      return refuse(meter, 'unanswered');
    case 'ended':
      return [{ ...meter, phase: 'over' }, []];
    case 'answered':
    case 'extension-due':
    case 'cut-due':
      return [meter, []];
  }
}

function refuse(meter: Meter, why: MeterRefusal): Step {
  return [{ ...meter, phase: 'over' }, [{ kind: 'refuse', why }]];
}

function whileReady(meter: Meter, input: MeterInput, nowMs: number): Step {
  if (input.kind === 'answered') {
    const running: Meter = { ...meter, phase: 'running', answeredAtMs: input.atMs };
    if (!isPaidForGood(meter)) return [running, timersOf(running, nowMs)];
    // All that the call will ever cost is due with the answer, unless it ends within what is free of it.
    return [{ ...running, slices: [] }, meter.slices.map((slice): MeterEffect => ({ kind: 'post', slice }))];
  }
  if (input.kind !== 'ended') return [meter, []];
  return [
    { ...meter, phase: 'over', slices: [] },
    meter.slices.map(({ id }): MeterEffect => ({ kind: 'free', sliceId: id })),
  ];
}

function whileRunning(meter: Meter, input: MeterInput, nowMs: number): Step {
  switch (input.kind) {
    case 'extension-due':
      return meter.asking === undefined && !isPaidForGood(meter) ? askForMore(meter) : [meter, []];
    case 'reserved': {
      const [posted, posts] = postTalked(taken(meter), nowMs);
      return [posted, [...posts, { kind: 'stop-timers' }, ...timersOf(posted, nowMs)]];
    }
    case 'exceeded':
      return askForRest(meter, input.availableMicros) ?? inVain(meter, input.why, nowMs);
    case 'unanswered':
      return inVain(meter, 'unanswered', nowMs);
    case 'cut-due':
      return leftMs(meter, nowMs) > CUT_LEAD_MS
        ? [meter, [{ kind: 'stop-timers' }, ...timersOf(meter, nowMs)]]
        : [meter, [{ kind: 'cut', why: meter.refusedFor ?? 'unanswered' }]];
    case 'ended':
      return [{ ...meter, phase: 'over' }, [{ kind: 'stop-timers' }]];
    case 'answered':
      return [meter, []];
  }
}

function askForMore(meter: Meter): Step {
  const lengthMs = Math.min(Math.max(meter.paidUntilMs, FIRST_SLICE_MS), LONGEST_SLICE_MS);
  return ask(meter, meter.paidUntilMs + lengthMs);
}

/** Asks for what pays for talking until then. */
function ask(meter: Meter, untilMs: number): Step {
  const micros = priceMicros(meter.rate, untilMs) - meter.paidMicros;
  const paidUntilMs = lastsUntilMs(meter.rate, meter.paidMicros + micros);
  const slice = { id: `${meter.name}#${meter.asked + 1}`, micros, untilMs: paidUntilMs };
  // One that is used up is posted when the next one is, nearly, which may be as long.
  const lengthMs = paidUntilMs === Number.POSITIVE_INFINITY ? 0 : paidUntilMs - meter.paidUntilMs;
  const expiresInMs = 2 * Math.min(lengthMs, LONGEST_TIMER_MS) + LONGEST_SLICE_MS + SLICE_GRACE_MS;
  return [{ ...meter, asked: meter.asked + 1, asking: slice }, [{ kind: 'reserve', slice, expiresInMs }]];
}

/** The increment that is begun is paid for as a whole; where only the connection costs something, all that follows. */
function lastsUntilMs(rate: Rate, micros: bigint): number {
  return longestDurationMs(rate, micros) ?? Number.POSITIVE_INFINITY;
}

function isPaidForGood({ paidUntilMs }: Meter): boolean {
  return paidUntilMs === Number.POSITIVE_INFINITY;
}

/** Asks for as much as the credit lasts for, where that is more than nothing. */
function askForRest(meter: Meter, availableMicros: bigint): Step | undefined {
  if (availableMicros <= 0n) return undefined;
  const lastsMs = longestDurationMs(meter.rate, meter.paidMicros + availableMicros);
  if (lastsMs === undefined || lastsMs <= meter.paidUntilMs) return undefined;
  return priceMicros(meter.rate, lastsMs) > meter.paidMicros ? ask(meter, lastsMs) : undefined;
}

/** The second time the caller is warned: what is paid for is nearly over. */
function inVain(meter: Meter, why: MeterRefusal, nowMs: number): Step {
  const refused = { ...withoutAsking(meter), refusals: meter.refusals + 1, refusedFor: why };
  if (meter.refusals > 0) return [refused, [{ kind: 'warn' }]];
  const inMs = Math.max(0, leftMs(meter, nowMs) - WARNING_LEAD_MS);
  return [refused, [{ kind: 'start-extension-timer', inMs }]];
}

function taken(meter: Meter): Meter {
  const { asking } = meter;
  if (asking === undefined) return meter;
  return {
    ...withoutAsking(meter),
    slices: [...meter.slices, asking],
    paidMicros: meter.paidMicros + asking.micros,
    paidUntilMs: asking.untilMs,
    refusals: 0,
  };
}

function withoutAsking(meter: Meter): Meter {
  const { asking: _, ...rest } = meter;
  return rest;
}

/** What is talked away is certain, whatever becomes of the call. */
function postTalked(meter: Meter, nowMs: number): Step {
  const talked = talkedMs(meter, nowMs);
  return [
    { ...meter, slices: meter.slices.filter(({ untilMs }) => untilMs > talked) },
    meter.slices
      .filter(({ untilMs }) => untilMs <= talked)
      .map((slice): MeterEffect => ({ kind: 'post', slice })),
  ];
}

function timersOf(meter: Meter, nowMs: number): MeterEffect[] {
  const left = leftMs(meter, nowMs);
  return [
    { kind: 'start-extension-timer', inMs: inTime(left - EXTENSION_LEAD_MS) },
    { kind: 'start-cut-timer', inMs: inTime(left - CUT_LEAD_MS) },
  ];
}

function inTime(inMs: number): number {
  return Math.min(Math.max(0, inMs), LONGEST_TIMER_MS);
}

/** How long may still be talked for what is paid. */
function leftMs(meter: Meter, nowMs: number): number {
  return meter.paidUntilMs - talkedMs(meter, nowMs);
}

function talkedMs({ answeredAtMs }: Meter, nowMs: number): number {
  return answeredAtMs === undefined ? 0 : nowMs - answeredAtMs;
}
