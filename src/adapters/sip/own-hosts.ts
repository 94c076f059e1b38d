import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { ListenAddress } from './network/index.ts';

export type OwnHostsOptions = {
  readonly domain: string;
  readonly listen: readonly ListenAddress[];
  readonly nowMs: () => number;
  /** The literal addresses of this machine. */
  readonly machineAddresses?: () => readonly string[];
};

const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/** How long what the system said of its addresses is believed: they change when somebody plugs a cable. */
const BELIEVED_MS = 10_000;

/**
 * Whether a host, in lower case and without brackets, is a name or address of ours. Where we listen at any address,
 * every address of the machine is.
 */
export function createOwnHosts(options: OwnHostsOptions): (host: string) => boolean {
  const { domain, listen, nowMs, machineAddresses = systemAddresses } = options;
  const hosts = new Set([
    domain,
    'localhost',
    ...listen.flatMap(({ address, advertised = address }) => [address, advertised]),
  ]);
  if (!listen.some(({ address }) => ANY_ADDRESS.has(address))) return (host) => hosts.has(host);
  let known = new Set<string>();
  let knownAtMs = Number.NEGATIVE_INFINITY;
  return (host) => {
    if (hosts.has(host)) return true;
    if (isIP(host) === 0) return false;
    if (nowMs() - knownAtMs > BELIEVED_MS) {
      known = new Set(machineAddresses());
      knownAtMs = nowMs();
    }
    return known.has(host);
  };
}

function systemAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => address),
  );
}
