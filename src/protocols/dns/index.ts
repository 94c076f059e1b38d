/** What DNS records say of SIP (RFC 3263) and of telephone numbers (RFC 6116). */
export { enumName, enumSipUris } from './enum.ts';
export { type Naptr, type SipService, sipServices, srvNames } from './sip-services.ts';
