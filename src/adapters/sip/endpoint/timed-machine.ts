import type { StopTimer, Timers } from '../../../services/ports/index.ts';

type TimerEffect =
  | { readonly kind: 'start-timer'; readonly timer: string; readonly afterMs: number }
  | { readonly kind: 'stop-timer'; readonly timer: string };

/** Everything a machine may ask for but its timers, which are done here. */
export type Deed<Effect> = Exclude<Effect, TimerEffect>;

type Step<State, Input, Effect> = (state: State, input: Input) => [State, Effect[]];

type RunningTimer = { readonly timer: string; readonly stop: StopTimer };

/** Shared by the machines that have none running. */
const NO_TIMERS: readonly RunningTimer[] = [];

/**
 * A state machine of `protocols/sip` with its timers running: what goes in comes out as deeds, in order. Whatever
 * lives as long as its machine extends this: transactions linger by the ten thousand, and each is one object so.
 */
export abstract class TimedSteps<State, Input, Effect extends { readonly kind: string }> {
  readonly #step: Step<State, Input, Effect>;
  readonly #timers: Timers;
  #state: State | undefined;
  #running = NO_TIMERS;

  constructor(step: Step<State, Input, Effect>, timers: Timers) {
    this.#step = step;
    this.#timers = timers;
  }

  /** Does what the machine asks for; it may give the machine its next input at once. */
  protected abstract perform(deed: Deed<Effect>): void;

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
      else this.perform(effect as Deed<Effect>);
    }
  }

  #start({ timer, afterMs }: { readonly timer: string; readonly afterMs: number }): void {
    this.#stop(timer);
    const stop = this.#timers.start(afterMs, () => {
      this.#stop(timer);
      this.input({ kind: 'timer', timer } as Input);
    });
    // A spread would leave room for sixteen more, for as long as the machine lives.
    this.#running = this.#running.concat({ timer, stop });
  }

  #stop(timer: string): void {
    const running = this.#running.find((each) => each.timer === timer);
    if (running === undefined) return;
    running.stop();
    this.#running = this.#running.length === 1 ? NO_TIMERS : this.#running.filter((each) => each !== running);
  }
}

/** A machine whose deeds are performed by somebody else. */
export class TimedMachine<State, Input, Effect extends { readonly kind: string }> extends TimedSteps<
  State,
  Input,
  Effect
> {
  readonly #perform: (deed: Deed<Effect>) => void;

  constructor(step: Step<State, Input, Effect>, timers: Timers, perform: (deed: Deed<Effect>) => void) {
    super(step, timers);
    this.#perform = perform;
  }

  protected override perform(deed: Deed<Effect>): void {
    this.#perform(deed);
  }
}
