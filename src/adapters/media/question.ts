import type { Speech } from '../../domain/voice/index.ts';
import type { StopTimer, Timers } from '../../services/ports/index.ts';
import type { VoiceSession } from './voice-session.ts';

/** As far as a question uses a voice. */
export type AskingVoice = Pick<VoiceSession, 'play' | 'stop'>;

/** What every machine of a question is told, and what it wants done; beside these it has outcomes of its own. */
type Input =
  | { readonly kind: 'asked' }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'time-passed' };
type Effect =
  | { readonly kind: 'ask' }
  | { readonly kind: 'stop-speaking' }
  | { readonly kind: 'start-timer'; readonly afterMs: number }
  | { readonly kind: 'stop-timer' };

export type QuestionMachine<State, Outcome> = {
  start(): [State, (Effect | Outcome)[]];
  step(state: State, input: Input): [State, (Effect | Outcome)[]];
  /** What is spoken the first time, the second, and so on. */
  speech(time: number): Speech;
  onOutcome(outcome: Outcome): void;
};

/** A question that is being asked by a voice. Once there is an outcome, or it was ended, all this does nothing. */
export class Question<State, Outcome extends { readonly kind: string }> {
  readonly #voice: AskingVoice;
  readonly #timers: Timers;
  readonly #machine: QuestionMachine<State, Outcome>;
  #state: State;
  #asked = 0;
  #stopTimer: StopTimer = () => {};
  #isOver = false;

  constructor(voice: AskingVoice, timers: Timers, machine: QuestionMachine<State, Outcome>) {
    this.#voice = voice;
    this.#timers = timers;
    this.#machine = machine;
    const [state, effects] = machine.start();
    this.#state = state;
    this.#perform(effects);
  }

  /** The other side pressed a key. */
  key(digit: string): void {
    this.#take({ kind: 'key', key: digit });
  }

  /** The other side hung up, or nobody wants to know any more: there will be no outcome. */
  end(): void {
    this.#isOver = true;
    this.#stopTimer();
  }

  #take(input: Input): void {
    if (this.#isOver) return;
    const [state, effects] = this.#machine.step(this.#state, input);
    this.#state = state;
    this.#perform(effects);
  }

  #perform(effects: readonly (Effect | Outcome)[]): void {
    for (const effect of effects) {
      if (!isOfAll(effect)) {
        this.end();
        this.#machine.onOutcome(effect);
      } else if (effect.kind === 'ask') this.#ask();
      else if (effect.kind === 'stop-speaking') this.#voice.stop();
      else {
        this.#stopTimer();
        if (effect.kind === 'start-timer')
          this.#stopTimer = this.#timers.start(effect.afterMs, () => this.#take({ kind: 'time-passed' }));
      }
    }
  }

  /** Also where nobody listened: a side that holds is waited for as one that says nothing. */
  #ask(): void {
    this.#asked += 1;
    this.#voice.play(this.#machine.speech(this.#asked), () => this.#take({ kind: 'asked' }));
  }
}

function isOfAll(effect: Effect | { readonly kind: string }): effect is Effect {
  return ['ask', 'stop-speaking', 'start-timer', 'stop-timer'].includes(effect.kind);
}
