import type { StopTimer, Timers } from '../../../services/ports/index.ts';

type TimerEffect =
  | { readonly kind: 'start-timer'; readonly timer: string; readonly afterMs: number }
  | { readonly kind: 'stop-timer'; readonly timer: string };

/** Everything a machine may ask for but its timers, which are done here. */
export type Deed<Effect> = Exclude<Effect, TimerEffect>;

/** A state machine of `protocols/sip` with its timers running: what goes in comes out as deeds, in order. */
export class TimedMachine<State, Input, Effect extends { readonly kind: string }> {
  readonly #step: (state: State, input: Input) => [State, Effect[]];
  readonly #timers: Timers;
  readonly #perform: (deed: Deed<Effect>) => void;
  #state: State | undefined;
  #running: { readonly timer: string; readonly stop: StopTimer }[] = [];

  /** @param perform may give the machine its next input at once */
  constructor(
    step: (state: State, input: Input) => [State, Effect[]],
    timers: Timers,
    perform: (deed: Deed<Effect>) => void,
  ) {
    this.#step = step;
    this.#timers = timers;
    this.#perform = perform;
  }

  /** Takes the first step; apart from the constructor, so that whoever performs already knows the machine. */
  begin([state, effects]: [State, Effect[]]): void {
    this.#state = state;
    this.#performAll(effects);
  }

  input(input: Input): void {
    if (this.#state === undefined) return;
    const [state, effects] = this.#step(this.#state, input);
    this.#state = state;
    this.#performAll(effects);
  }

  #performAll(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'start-timer')
        this.#start(effect as unknown as TimerEffect & { kind: 'start-timer' });
      else if (effect.kind === 'stop-timer') this.#stop((effect as unknown as TimerEffect).timer);
      else this.#perform(effect as Deed<Effect>);
    }
  }

  #start({ timer, afterMs }: { readonly timer: string; readonly afterMs: number }): void {
    this.#stop(timer);
    const stop = this.#timers.start(afterMs, () => {
      this.#stop(timer);
      this.input({ kind: 'timer', timer } as Input);
    });
    this.#running.push({ timer, stop });
  }

  #stop(timer: string): void {
    const at = this.#running.findIndex((running) => running.timer === timer);
    if (at === -1) return;
    this.#running[at]?.stop();
    this.#running.splice(at, 1);
  }
}
