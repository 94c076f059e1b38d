export { CertificateUnusable, readTlsIdentity } from './network/index.ts';
export { createOwnHosts } from './own-hosts.ts';
export { type Sip, type SipMetrics, type SipOptions, startSip } from './start-sip.ts';
