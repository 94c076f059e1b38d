import type { Timers } from '../../services/ports/index.ts';

export type Rhythm = {
  readonly timers: Timers;
  readonly everyMs: number;
  readonly onFailure: (error: unknown) => void;
};

/** Does something again and again, one time after the other has ended. @returns what ends it, once it is done */
export function regularly(
  { timers, everyMs, onFailure }: Rhythm,
  perform: () => Promise<unknown>,
): () => Promise<void> {
  let stop = () => {};
  let running = Promise.resolve();
  const once = async () => {
    try {
      await perform();
    } catch (error) {
      onFailure(error);
    }
    schedule();
  };
  const schedule = () => {
    stop = timers.start(everyMs, () => {
      running = once();
    });
  };
  schedule();
  return async () => {
    await running;
    stop();
  };
}
