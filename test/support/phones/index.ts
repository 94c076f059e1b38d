export { Baresip, type BaresipOptions } from './baresip.ts';
export { heardSpeech } from './ears.ts';
export { type FleetWish, startPhones } from './fleet.ts';
export { Linphone, type LinphoneOptions } from './linphone.ts';
export { describeWith } from './peers.ts';
export type { Phone, PhoneEvent, PhoneEventType } from './phone.ts';
export { type Speech, speechOf } from './speech.ts';
