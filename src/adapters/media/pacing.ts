import type { Clock, StopTimer, Timers } from '../../services/ports/index.ts';

/** After a longer pause of the process than this, what was missed is left out instead of sent in one burst. */
const MOST_CAUGHT_UP = 5;

/**
 * Calls `tick` once every `intervalMs`, without drift: each due time is counted from the first, so that a timer
 * that fires late makes no later one late.
 * @param clock one that never jumps; `nowMs` may have fractions
 * @param tick `missed` says how many ticks were left out before this one
 */
export function pace(
  intervalMs: number,
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
  tick: (missed: number) => void,
): StopTimer {
  const startMs = clock.nowMs();
  let done = 0;
  let stopTimer: StopTimer = () => {};
  let isStopped = false;
  const arm = () => {
    const dueMs = startMs + (done + 1) * intervalMs;
    stopTimer = timers.start(Math.max(0, Math.ceil(dueMs - clock.nowMs())), wake);
  };
  const wake = () => {
    const due = Math.floor((clock.nowMs() - startMs) / intervalMs) - done;
    const missed = due > MOST_CAUGHT_UP ? due - 1 : 0;
    done += due;
    for (let left = due - missed; left > 0 && !isStopped; left -= 1) tick(left === due - missed ? missed : 0);
    if (!isStopped) arm();
  };
  arm();
  return () => {
    isStopped = true;
    stopTimer();
  };
}
