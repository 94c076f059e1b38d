export { type Sip, type SipMetrics, type SipOptions, startSip } from './start-sip.ts';
