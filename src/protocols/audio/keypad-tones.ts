/** The tones of a keypad (ITU-T Q.23): each key is one of a low and one of a high group, at once. */
const LOW_HERTZ = [697, 770, 852, 941] as const;
const HIGH_HERTZ = [1209, 1336, 1477, 1633] as const;
const KEYS = ['123A', '456B', '789C', '*0#D'] as const;

const SAMPLE_RATE = 8_000;

/** 12.75 ms: the shortest valid tone of 40 ms (ITU-T Q.24) holds two whole blocks wherever it begins. */
const BLOCK_SAMPLES = 102;

/** A key is heard in its second block, and let go after as many blocks without it as a pause of 40 ms holds. */
const HITS_TO_HEAR = 2;
const MISSES_TO_RELEASE = 3;

/** How loud each tone has to be at least: about −32 dBm0, where Q.24 asks for −29. */
const SOFTEST = 560;

/** ITU-T Q.24, table A-1: the high tone at most 4 dB louder or 8 dB softer than the low; 1 dB for the block's edges. */
const HIGH_LOUDER = 10 ** (5 / 10);
const HIGH_SOFTER = 10 ** (9 / 10);

/** How much of all the power the two tones have together: speech hardly ever has it in two places alone. */
const LEAST_SHARE = 0.7;

/** A key fills its blocks: the softest quarter of one has at least half the power of the mean. */
const QUARTER_SAMPLES = 25;
const LEAST_OF_QUARTER = 0.5;

/** How much louder a tone is than the others of its group. */
const LEAST_LEAD = 10 ** (6 / 10);

/** What was heard so far of tones, as a value. */
export type HeardTones = {
  /** The beginning of the next block. */
  readonly rest: Int16Array;
  /** The key of the latest block, and for how many blocks. */
  readonly run: { readonly key: string; readonly blocks: number };
  /** The key that is held down; '' where none is. */
  readonly held: string;
  readonly misses: number;
};

export const NO_TONES: HeardTones = {
  rest: new Int16Array(0),
  run: { key: '', blocks: 0 },
  held: '',
  misses: 0,
};

/**
 * Listens for keys in sound (8 000 samples a second), as a telephone without RTP events sends them.
 * @returns the keys of `0123456789*#ABCD` that were pressed in it, each once however long it is held
 */
export function hearTones(state: HeardTones, samples: Int16Array): [HeardTones, string[]] {
  const all = new Int16Array(state.rest.length + samples.length);
  all.set(state.rest);
  all.set(samples, state.rest.length);
  const pressed: string[] = [];
  let next = state;
  let at = 0;
  for (; at + BLOCK_SAMPLES <= all.length; at += BLOCK_SAMPLES) {
    const before = next.held;
    next = takeBlock(next, keyIn(all.subarray(at, at + BLOCK_SAMPLES)));
    if (next.held !== before && next.held !== '') pressed.push(next.held);
  }
  return [{ ...next, rest: all.slice(at) }, pressed];
}

/** The sound of a pressed key. `loudness` of each of both tones is 0 to 0.5. */
export function keypadTone(key: string, durationMs: number, loudness = 0.2): Int16Array {
  const row = KEYS.findIndex((keys) => keys.includes(key));
  const low = LOW_HERTZ[row] ?? 0;
  const high = HIGH_HERTZ[KEYS[row]?.indexOf(key) ?? -1] ?? 0;
  const step = (2 * Math.PI) / SAMPLE_RATE;
  return Int16Array.from({ length: (durationMs * SAMPLE_RATE) / 1000 }, (_, at) =>
    Math.round(32_767 * loudness * (Math.sin(step * low * at) + Math.sin(step * high * at))),
  );
}

function takeBlock(state: HeardTones, key: string): HeardTones {
  const blocks = key !== '' && key === state.run.key ? state.run.blocks + 1 : Math.min(key.length, 1);
  const next = { ...state, run: { key, blocks } };
  if (key !== '' && key === state.held) return { ...next, misses: 0 };
  if (key !== '' && blocks >= HITS_TO_HEAR) return { ...next, held: key, misses: 0 };
  const misses = state.misses + 1;
  return misses < MISSES_TO_RELEASE ? { ...next, misses } : { ...next, held: '', misses: 0 };
}

/** The key whose tones fill a block; '' where none does. */
function keyIn(block: Int16Array): string {
  const low = loudestOf(block, LOW_HERTZ);
  const high = loudestOf(block, HIGH_HERTZ);
  const softest = ((SOFTEST * BLOCK_SAMPLES) / 2) ** 2;
  if (Math.min(low.power, high.power) < softest) return '';
  if (high.power > low.power * HIGH_LOUDER || low.power > high.power * HIGH_SOFTER) return '';
  if (low.power < low.next * LEAST_LEAD || high.power < high.next * LEAST_LEAD) return '';
  const energy = energyOf(block);
  if (!isSteady(block, energy)) return '';
  // A block that is nothing but tones has their power by half its length.
  const share = (low.power + high.power) / (energy * (BLOCK_SAMPLES / 2));
  return share < LEAST_SHARE ? '' : (KEYS[low.index]?.[high.index] ?? '');
}

/** Neither begins nor ends within: so that a tone of less than 23 ms never fills two blocks (ITU-T Q.24). */
function isSteady(block: Int16Array, energy: number): boolean {
  const least = (energy / BLOCK_SAMPLES) * QUARTER_SAMPLES * LEAST_OF_QUARTER;
  const first = energyOf(block.subarray(0, QUARTER_SAMPLES));
  const last = energyOf(block.subarray(BLOCK_SAMPLES - QUARTER_SAMPLES));
  return first >= least && last >= least;
}

function energyOf(samples: Int16Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return energy;
}

type Loudest = { readonly index: number; readonly power: number; readonly next: number };

function loudestOf(block: Int16Array, group: readonly number[]): Loudest {
  let loudest: Loudest = { index: 0, power: 0, next: 0 };
  for (const [index, hertz] of group.entries()) {
    const power = powerAt(block, hertz);
    if (power > loudest.power) loudest = { index, power, next: loudest.power };
    else if (power > loudest.next) loudest = { ...loudest, next: power };
  }
  return loudest;
}

/** The power of one frequency: the square of amplitude times half the length (Goertzel). */
function powerAt(block: Int16Array, hertz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / SAMPLE_RATE);
  let before = 0;
  let last = 0;
  for (const sample of block) {
    const now = sample + coefficient * last - before;
    before = last;
    last = now;
  }
  return last * last + before * before - coefficient * last * before;
}
