import {
  COLLECTOR_SETTINGS,
  type CollectorEffect,
  type CollectorSettings,
  type DigitCollector,
  GATE_SETTINGS,
  type GateEffect,
  type GateSettings,
  type PressOneGate,
  type Speech,
  spokenCallOffer,
  startCollector,
  startGate,
  stepCollector,
  stepGate,
} from '../../domain/voice/index.ts';
import type { Timers } from '../../services/ports/index.ts';
import { type AskingVoice, Question } from './question.ts';

/** The number as dialled, digits and `#`, or why there is none. */
export type DialledNumber = Extract<CollectorEffect, { kind: 'collected' | 'gave-up' }>;

/** Whether a person takes the call, or why not. */
export type CallTaken = Extract<GateEffect, { kind: 'accept' | 'refuse' }>;

/** A caller is being asked for a number. */
export type NumberQuestion = Question<DigitCollector, DialledNumber>;

/** A called telephone is being asked whether a person takes the call. */
export type CallQuestion = Question<PressOneGate, CallTaken>;

/**
 * Asks a caller for the number wanted (R18).
 * @param done called once
 * @param how what is spoken the first time, where it is not a welcome and `dial-now`; how long it waits
 */
export function askForNumber(
  voice: AskingVoice,
  timers: Timers,
  done: (dialled: DialledNumber) => void,
  how: { readonly first?: Speech; readonly settings?: CollectorSettings } = {},
): NumberQuestion {
  const { first = ['welcome', 'pause', 'dial-now'], settings = COLLECTOR_SETTINGS } = how;
  return new Question(voice, timers, {
    start: startCollector,
    step: (state, input) => stepCollector(state, input, settings),
    speech: (time): Speech => (time === 1 ? first : ['dial-now']),
    onOutcome: done,
  });
}

/**
 * Asks a telephone of the PSTN that answered whether a person takes the call (R18). Where it hangs up, whoever asked
 * knows it from SIP, and ends the question.
 * @param from the number of the caller as it is to be spoken; undefined where it is withheld
 * @param done called once
 */
export function askToTakeCall(
  voice: AskingVoice,
  timers: Timers,
  from: string | undefined,
  done: (taken: CallTaken) => void,
  settings: GateSettings = GATE_SETTINGS,
): CallQuestion {
  return new Question(voice, timers, {
    start: startGate,
    step: (state, input) => stepGate(state, input, settings),
    speech: () => spokenCallOffer(from),
    onOutcome: done,
  });
}
