export { type Rhythm, regularly } from './regularly.ts';
export { systemClock } from './system-clock.ts';
export { TimerLists } from './timer-lists.ts';
