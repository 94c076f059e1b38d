export { IncomingCall } from './incoming-call.ts';
export { OutgoingCall } from './outgoing-call.ts';
export { RawPhone, type RawPhoneOptions } from './raw-phone.ts';
export { field, fields, type RawMessage } from './reading.ts';
export { silence } from './silence.ts';
export { openWire, type Wire, type WireOptions } from './wire.ts';
