import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Clock } from '../../services/ports/index.ts';
import { Remembering } from '../dns/index.ts';

/** The addresses of a name, none where the DNS has none or does not answer; `reason` is its own word for why. */
export type Addresses = { readonly addresses: readonly string[]; readonly reason?: string };

const LOCAL = ['127.0.0.1', '::1'];

/**
 * Looks names up in the DNS and remembers for half a minute what it said; a literal address is its own.
 * @param servers name servers as `address:port`; empty: those of the system
 */
export function createAddresses(
  clock: Clock,
  servers: readonly string[],
): (host: string) => Promise<Addresses> {
  // Not the system's own look-up, which keeps one of four threads busy as long as it waits.
  const resolver = new Resolver({ timeout: 2_500, tries: 2 });
  if (servers.length > 0) resolver.setServers([...servers]);
  const known = new Remembering<Addresses>(clock, ({ addresses }) => addresses.length === 0);
  return async (host) => {
    if (isIP(host) !== 0) return { addresses: [host] };
    // The DNS is not asked for it (RFC 6761 §6.3).
    if (host === 'localhost') return { addresses: LOCAL };
    return known.get(host, () => ask(resolver, host));
  };
}

async function ask(resolver: Resolver, host: string): Promise<Addresses> {
  const asked = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const addresses = asked.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  const [failed] = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  if (addresses.length > 0 || failed === undefined) return { addresses };
  return { addresses, reason: (failed as NodeJS.ErrnoException).code ?? String(failed) };
}
