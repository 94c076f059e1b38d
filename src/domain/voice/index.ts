/** What callers hear from the exchange itself, and what their keys mean to it (R16, R18). */
export {
  ANNOUNCEMENTS,
  type AnnouncementId,
  DIGIT_SOUNDS,
  SOUNDS,
  type SoundId,
  type Speech,
} from './announcement.ts';
export {
  type AnnouncementListener,
  type AnnouncementWish,
  announcementFor,
  type Refused,
} from './announcement-for.ts';
export {
  COLLECTOR_SETTINGS,
  type CollectorEffect,
  type CollectorInput,
  type CollectorSettings,
  type DigitCollector,
  startCollector,
  stepCollector,
} from './digit-collector.ts';
export { languageFor } from './language-for.ts';
export {
  GATE_SETTINGS,
  type GateEffect,
  type GateInput,
  type GateRefusal,
  type GateSettings,
  type PressOneGate,
  startGate,
  stepGate,
} from './press-one-gate.ts';
export { spokenCallOffer, spokenCode, spokenNumber } from './speech.ts';
export { type PriceOfCall, spokenPrice } from './spoken-price.ts';
