export { systemClock } from './system-clock.ts';
export { TimerLists } from './timer-lists.ts';
