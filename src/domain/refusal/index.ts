export { REFUSAL_SUMMARIES, type RefusalCode } from './codes.ts';
export { accept, type Fault, type Refusal, type Result, refuse, refuseAll } from './refusal.ts';
