/** How a pressed key comes to us: in SIP (INFO), as an RTP event (RFC 4733), or as the tones themselves. */
export type KeyBearer = 'tones' | 'info' | 'events';

/** Whose keys count, as a value. */
export type KeyPresses = {
  readonly bearer?: KeyBearer;
  /** The first key that was heard. */
  readonly first?: { readonly digit: string; readonly atMs: number };
  readonly count: number;
};

export const NO_KEYS: KeyPresses = { count: 0 };

/** The surer the higher: events are exact, INFO comes late, tones are guessed from sound. */
const RANKS: Readonly<Record<KeyBearer, number>> = { tones: 0, info: 1, events: 2 };

/** How far apart the same key may arrive by two bearers. */
const SAME_KEY_MS = 1_000;

/**
 * Takes a key by one bearer, and tells whether it was pressed just now. Many gateways send a key twice: as an event,
 * and its first milliseconds as tones, or in INFO too. The surest bearer heard so far is believed, and the others no
 * longer; the key that a less sure one was heard with first is the same one when it comes again.
 */
export function hearKeyBy(
  state: KeyPresses,
  bearer: KeyBearer,
  digit: string,
  atMs: number,
): [KeyPresses, boolean] {
  const rank = state.bearer === undefined ? -1 : RANKS[state.bearer];
  if (RANKS[bearer] < rank) return [state, false];
  const next = { bearer, first: state.first ?? { digit, atMs }, count: state.count + 1 };
  if (RANKS[bearer] === rank || state.first === undefined) return [next, true];
  const isSame = state.count === 1 && state.first.digit === digit && atMs - state.first.atMs <= SAME_KEY_MS;
  return [isSame ? { ...next, count: state.count } : next, !isSame];
}
