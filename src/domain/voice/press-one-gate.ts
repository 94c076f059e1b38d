/**
 * Asks a telephone of the PSTN that answered as somebody's terminal whether there is a person who takes the call (R18):
 * a mailbox presses no key. A value with a pure step:
 *
 *      asking --- the question was asked ---> waiting --- nothing for a while ---> asking again, or refused
 *         |                                      |
 *         +---------------- 1 -------------------+---> accepted
 *         +----- another key, or it hangs up ----+---> refused
 */
export type PressOneGate =
  | { readonly state: 'asking' | 'waiting'; readonly asked: number }
  | { readonly state: 'accepted' | 'refused' };

export type GateInput =
  | { readonly kind: 'asked' }
  | { readonly kind: 'key'; readonly key: string }
  /** The timer that was started last has fired. */
  | { readonly kind: 'time-passed' }
  | { readonly kind: 'hung-up' };

export type GateEffect =
  | { readonly kind: 'ask' }
  | { readonly kind: 'start-timer'; readonly afterMs: number }
  | { readonly kind: 'stop-timer' }
  | { readonly kind: 'accept' }
  | { readonly kind: 'refuse'; readonly reason: GateRefusal };

/** Why the telephone does not take the call; `no-key` is what a mailbox does. */
export type GateRefusal = 'other-key' | 'no-key' | 'hung-up';

export type GateSettings = {
  /** From the end of the question to the key. */
  readonly keyMs: number;
  /** How often the question is asked: a mailbox talks over the first one, a person may too. */
  readonly mostQuestions: number;
};

export const GATE_SETTINGS: GateSettings = { keyMs: 5_000, mostQuestions: 2 };

/** Begins with the question. */
export function startGate(): [PressOneGate, GateEffect[]] {
  return [{ state: 'asking', asked: 1 }, [{ kind: 'ask' }]];
}

export function stepGate(
  gate: PressOneGate,
  input: GateInput,
  settings: GateSettings = GATE_SETTINGS,
): [PressOneGate, GateEffect[]] {
  switch (gate.state) {
    case 'asking':
      if (input.kind === 'asked')
        return [{ ...gate, state: 'waiting' }, [{ kind: 'start-timer', afterMs: settings.keyMs }]];
      return decide(gate, input);
    case 'waiting':
      if (input.kind !== 'time-passed') return decide(gate, input);
      if (gate.asked < settings.mostQuestions)
        return [{ state: 'asking', asked: gate.asked + 1 }, [{ kind: 'ask' }]];
      return refuse('no-key');
    case 'accepted':
    case 'refused':
      return [gate, []];
  }
}

function decide(gate: PressOneGate, input: GateInput): [PressOneGate, GateEffect[]] {
  if (input.kind === 'hung-up') return refuse('hung-up');
  if (input.kind !== 'key') return [gate, []];
  if (input.key !== '1') return refuse('other-key');
  return [{ state: 'accepted' }, [{ kind: 'stop-timer' }, { kind: 'accept' }]];
}

function refuse(reason: GateRefusal): [PressOneGate, GateEffect[]] {
  return [{ state: 'refused' }, [{ kind: 'stop-timer' }, { kind: 'refuse', reason }]];
}
