import type { RtpPacket } from './packet.ts';

/**
 * A jitter buffer as a value: it puts packets back in order by their timestamps, drops duplicates, and where
 * packets are lost says how long the silence is. It is driven by the packets alone and holds back a few of them.
 */
export type Reordering = {
  readonly ssrc: number | undefined;
  /** The timestamp that continues what was let out. */
  readonly expected: number;
  /** In order, none of them before `expected`. */
  readonly waiting: readonly RtpPacket[];
};

export type Heard =
  | { readonly kind: 'audio'; readonly payload: Uint8Array }
  | { readonly kind: 'silence'; readonly samples: number };

export const EMPTY_REORDERING: Reordering = { ssrc: undefined, expected: 0, waiting: [] };

/** How many packets may wait for a missing one before it is given up: 100 ms of 20 ms frames. */
const MOST_WAITING = 5;

/** A jump farther than this is a new beginning of the sender's clock, no silence. 10 s at 8 000 a second. */
const LONGEST_SILENCE_SAMPLES = 80_000;

/** Takes a packet of audio with one sample a byte; returns what can be heard now, in order. */
export function reorder(state: Reordering, packet: RtpPacket): [Reordering, Heard[]] {
  if (packet.ssrc !== state.ssrc) {
    const [, rest] = flush(state);
    return letOut({ ssrc: packet.ssrc, expected: packet.timestamp, waiting: [packet] }, MOST_WAITING, rest);
  }
  const ahead = distance(state.expected, packet.timestamp);
  if (Math.abs(ahead) > LONGEST_SILENCE_SAMPLES) {
    const [, rest] = flush(state);
    return letOut({ ...state, expected: packet.timestamp, waiting: [packet] }, MOST_WAITING, rest);
  }
  const at = state.waiting.findIndex((other) => distance(other.timestamp, packet.timestamp) <= 0);
  const isRepeated = at !== -1 && state.waiting[at]?.timestamp === packet.timestamp;
  if (ahead < 0 || isRepeated) return [state, []];
  return letOut(
    { ...state, waiting: state.waiting.toSpliced(at === -1 ? state.waiting.length : at, 0, packet) },
    MOST_WAITING,
    [],
  );
}

/** Lets out all that waits, at the end of the call. */
export function flush(state: Reordering): [Reordering, Heard[]] {
  return letOut(state, 0, []);
}

function letOut(state: Reordering, mayWait: number, heard: Heard[]): [Reordering, Heard[]] {
  let { expected } = state;
  let spent = 0;
  for (const { timestamp, payload } of state.waiting) {
    const missing = distance(expected, timestamp);
    if (missing > 0 && state.waiting.length - spent <= mayWait) break;
    if (missing > 0) heard.push({ kind: 'silence', samples: missing });
    heard.push({ kind: 'audio', payload });
    expected = (timestamp + payload.length) >>> 0;
    spent += 1;
  }
  return [{ ...state, expected, waiting: state.waiting.slice(spent) }, heard];
}

/** From one timestamp to another, the short way round the circle of 32 bits. */
function distance(from: number, to: number): number {
  return (to - from) | 0;
}
