/** What time it is, in milliseconds since 1970. */
export type Clock = { nowMs(): number };

/** Takes back a timer that has not fired yet. */
export type StopTimer = () => void;

/** Runs something once after a while; `run` is never called before `start` has returned. */
export type Timers = { start(afterMs: number, run: () => void): StopTimer };
