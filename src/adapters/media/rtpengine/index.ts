/** Relays the sound of calls in rtpengine. */
export { RtpengineRelays, type RtpengineRelaysOptions } from './rtpengine-relays.ts';
