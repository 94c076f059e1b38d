export { parseRtp, printRtp, type RtpPacket } from './packet.ts';
export { Reception } from './reception.ts';
export { isRtcp, isRtp } from './recognise.ts';
export { EMPTY_REORDERING, flush, type Heard, type Reordering, reorder } from './reordering.ts';
export {
  isTelephoneDigit,
  parseTelephoneEvent,
  pressKey,
  printTelephoneEvent,
  type TelephoneEvent,
} from './telephone-event.ts';
