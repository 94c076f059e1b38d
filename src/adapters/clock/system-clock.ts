import type { Clock } from '../../services/ports/index.ts';

/** The clock of the machine. */
export const systemClock: Clock = { nowMs: () => Date.now() };
