export { Baresip, type BaresipEvent, type BaresipOptions } from './baresip.ts';
export { heardSpeech } from './ears.ts';
export { describeWith } from './peers.ts';
export { type Speech, speechOf } from './speech.ts';
