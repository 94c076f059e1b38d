import type {
  ClientInput,
  ServerInput,
  TimerName,
  TransactionEffect,
} from '../../../protocols/sip/transaction/index.ts';
import type { StopTimer, Timers } from '../../../services/ports/index.ts';

/** Performs what a transaction cannot do itself; timers are done here. */
export type Performer = (effect: TransactionEffect) => void;

/** A transaction value with its timers running: what goes in comes out as effects, in order. */
export class TransactionRunner<State, Input extends ClientInput | ServerInput> {
  readonly #step: (state: State, input: Input) => [State, TransactionEffect[]];
  readonly #timers: Timers;
  readonly #perform: Performer;
  #state: State | undefined;
  #running: { readonly timer: TimerName; readonly stop: StopTimer }[] = [];

  constructor(
    step: (state: State, input: Input) => [State, TransactionEffect[]],
    timers: Timers,
    perform: Performer,
  ) {
    this.#step = step;
    this.#timers = timers;
    this.#perform = perform;
  }

  /** Takes the first step; apart from the constructor, so that whoever performs already knows the runner. */
  begin([state, effects]: [State, TransactionEffect[]]): void {
    this.#state = state;
    this.#performAll(effects);
  }

  input(input: Input): void {
    if (this.#state === undefined) return;
    const [state, effects] = this.#step(this.#state, input);
    this.#state = state;
    this.#performAll(effects);
  }

  #performAll(effects: readonly TransactionEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'start-timer') this.#start(effect.timer, effect.afterMs);
      else if (effect.kind === 'stop-timer') this.#stop(effect.timer);
      else this.#perform(effect);
    }
  }

  #start(timer: TimerName, afterMs: number): void {
    this.#stop(timer);
    const stop = this.#timers.start(afterMs, () => {
      this.#stop(timer);
      this.input({ kind: 'timer', timer } as Input);
    });
    this.#running.push({ timer, stop });
  }

  #stop(timer: TimerName): void {
    const at = this.#running.findIndex((running) => running.timer === timer);
    if (at === -1) return;
    this.#running[at]?.stop();
    this.#running.splice(at, 1);
  }
}
