export { REFUSAL_SUMMARIES, type RefusalCode } from './codes.ts';
export { accept, type Refusal, type Result, refuse } from './refusal.ts';
