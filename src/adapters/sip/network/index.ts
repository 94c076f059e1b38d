export { type Flow, printFlow, sameFarEnd, type TransportName } from './flow.ts';
export { DEFAULT_LIMITS, type NetworkLimits } from './limits.ts';
export type { NetworkMetrics } from './metrics.ts';
export type { LocalAddress, Network, NetworkListener } from './network.ts';
export { type ListenAddress, type NetworkOptions, type OpenNetwork, openNetwork } from './open-network.ts';
export { CertificateUnusable, readTlsIdentity, type TlsIdentity } from './tls.ts';
