/**
 * Asks a caller for a number and collects its keys (R18). A value with a pure step:
 *
 *      asking --- the question was asked ---> waiting --- nothing for a while ---> asking again, or given up
 *         |                                      |
 *         +------------- a key ------------------+
 *                          |
 *                          v
 *      collecting (each key begins the pause anew) --- ##, a pause, or the number is whole ---> collected
 *                          |
 *                          +--- longer than any number ---> given up
 */
export type DigitCollector =
  | { readonly state: 'asking' | 'waiting'; readonly asked: number }
  | { readonly state: 'collecting'; readonly asked: number; readonly keys: string }
  | { readonly state: 'done' };

export type CollectorInput =
  | { readonly kind: 'asked' }
  | { readonly kind: 'key'; readonly key: string }
  /** The timer that was started last has fired. */
  | { readonly kind: 'time-passed' };

export type CollectorEffect =
  | { readonly kind: 'ask' }
  | { readonly kind: 'stop-speaking' }
  /** In the place of one that runs. */
  | { readonly kind: 'start-timer'; readonly afterMs: number }
  | { readonly kind: 'stop-timer' }
  /** Digits with at most one `#` between them, to be read as any dialled number. */
  | { readonly kind: 'collected'; readonly number: string }
  | { readonly kind: 'gave-up'; readonly reason: 'nothing-dialled' | 'too-long' };

export type CollectorSettings = {
  /** From the end of the question to the first key. */
  readonly firstKeyMs: number;
  /** After the last key. */
  readonly pauseMs: number;
  readonly mostKeys: number;
  /** How often the question is asked. */
  readonly mostQuestions: number;
  /** Whether the keys so far are a number that cannot go on. */
  readonly isWhole?: (keys: string) => boolean;
};

/** As people dial who read a number from a card; 15 digits of E.164 with prefix and country code have room in 32. */
export const COLLECTOR_SETTINGS: CollectorSettings = {
  firstKeyMs: 8_000,
  pauseMs: 4_000,
  mostKeys: 32,
  mostQuestions: 2,
};

/** Begins with the question. */
export function startCollector(): [DigitCollector, CollectorEffect[]] {
  return [{ state: 'asking', asked: 1 }, [{ kind: 'ask' }]];
}

export function stepCollector(
  collector: DigitCollector,
  input: CollectorInput,
  settings: CollectorSettings = COLLECTOR_SETTINGS,
): [DigitCollector, CollectorEffect[]] {
  switch (collector.state) {
    case 'asking':
      if (input.kind === 'asked')
        return [{ ...collector, state: 'waiting' }, [{ kind: 'start-timer', afterMs: settings.firstKeyMs }]];
      return input.kind === 'key' ? takeKey(collector, '', input.key, settings) : [collector, []];
    case 'waiting':
      if (input.kind === 'key') return takeKey(collector, '', input.key, settings);
      return input.kind === 'time-passed' ? askAgain(collector, settings) : [collector, []];
    case 'collecting':
      if (input.kind === 'key') return takeKey(collector, collector.keys, input.key, settings);
      return input.kind === 'time-passed' ? end(collector, collector.keys, settings) : [collector, []];
    case 'done':
      return [collector, []];
  }
}

/** `*` stands for `#`, which some telephones keep for themselves; the letters A to D are in no number. */
function takeKey(
  collector: Exclude<DigitCollector, { state: 'done' }>,
  before: string,
  pressed: string,
  settings: CollectorSettings,
): [DigitCollector, CollectorEffect[]] {
  const key = pressed === '*' ? '#' : pressed;
  if (!/^[0-9#]$/.test(key)) return [collector, []];
  const keys = before + key;
  if (keys.endsWith('##')) return end(collector, keys, settings);
  if (keys.length > settings.mostKeys)
    return [{ state: 'done' }, [{ kind: 'stop-timer' }, { kind: 'gave-up', reason: 'too-long' }]];
  if (settings.isWhole?.(keys) === true) return end(collector, keys, settings);
  const effects: CollectorEffect[] = [{ kind: 'start-timer', afterMs: settings.pauseMs }];
  if (before === '') effects.unshift({ kind: 'stop-speaking' });
  return [{ state: 'collecting', asked: collector.asked, keys }, effects];
}

/** A `#` at the end is how many telephones end any number; where it stands alone, nothing was dialled. */
function end(
  collector: Exclude<DigitCollector, { state: 'done' }>,
  keys: string,
  settings: CollectorSettings,
): [DigitCollector, CollectorEffect[]] {
  const number = keys.replace(/#+$/, '');
  if (number === '') return askAgain(collector, settings);
  return [
    { state: 'done' },
    [{ kind: 'stop-speaking' }, { kind: 'stop-timer' }, { kind: 'collected', number }],
  ];
}

function askAgain(
  { asked }: Exclude<DigitCollector, { state: 'done' }>,
  { mostQuestions }: CollectorSettings,
): [DigitCollector, CollectorEffect[]] {
  if (asked < mostQuestions)
    return [{ state: 'asking', asked: asked + 1 }, [{ kind: 'stop-timer' }, { kind: 'ask' }]];
  return [{ state: 'done' }, [{ kind: 'stop-timer' }, { kind: 'gave-up', reason: 'nothing-dialled' }]];
}
