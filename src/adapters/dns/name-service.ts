import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { inOrder } from '../../domain/centres/index.ts';
import { accept, type Result, refuse } from '../../domain/refusal/index.ts';
import { enumName, enumSipUris, type SipService, sipServices, srvNames } from '../../protocols/dns/index.ts';
import type { Clock, DomainRecords, EnumLookups, SipHop, SipServers } from '../../services/ports/index.ts';
import { isPublicAddress } from './public-address.ts';
import { Remembering } from './remembering.ts';

export type NameServiceOptions = {
  readonly clock: Clock;
  /** Name servers as `address:port`; empty: those of the system. */
  readonly servers: readonly string[];
  /** Whether names may lead to addresses that are not public: for networks of one's own, and for tests. */
  readonly allowsPrivate: boolean;
  /** The suffix under which numbers have their records; without one none is looked up. */
  readonly enumSuffix?: string;
  /** How long a call waits for the DNS altogether. */
  readonly deadlineMs?: number;
  /** 0 ≤ random < 1. */
  readonly random: () => number;
};

export type NameService = SipServers &
  DomainRecords & {
    readonly enumLookups: EnumLookups | undefined;
  };

type Hops = Result<readonly SipHop[]>;
type Target = Parameters<SipServers['locate']>[0];

const DEFAULT_DEADLINE_MS = 2_500;
const DEFAULT_PORT = 5060;
const MOST_HOPS = 8;
const NAME =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** The DNS does not know the name, or not this kind of record of it; everything else is a failure to ask. */
const UNKNOWN = new Set(['ENOTFOUND', 'ENODATA']);

/** The DNS as calls need it: it never throws, never waits for longer than a deadline, and believes no lie about our own network. */
export function createNameService(options: NameServiceOptions): NameService {
  const { clock, enumSuffix, deadlineMs = DEFAULT_DEADLINE_MS } = options;
  const resolver = new Resolver({ timeout: Math.ceil(deadlineMs / 2), tries: 2 });
  if (options.servers.length > 0) resolver.setServers([...options.servers]);
  const lookups: Lookups = { resolver, options };
  const hops = new Remembering<Hops>(clock, ({ ok }) => !ok);
  const uris = new Remembering<readonly string[]>(clock, ({ length }) => length === 0);
  return {
    locate(target) {
      const { scheme, host, port, transport } = target;
      const literal = literalHops(target);
      if (literal !== undefined) return Promise.resolve(literal);
      if (!NAME.test(host)) return Promise.resolve(refuse('address-not-found', `"${host}" is no name.`));
      const key = `${scheme} ${host.toLowerCase()} ${port ?? ''} ${transport ?? ''}`;
      return hops.get(key, () =>
        within(deadlineMs, locate(lookups, target), () =>
          refuse('address-lookup-failed', `The DNS does not answer for ${host}.`),
        ),
      );
    },
    async textsOf(name) {
      if (!NAME.test(name)) return refuse('address-not-found', `"${name}" is no name.`);
      const asked = answer(resolver.resolveTxt(name), name);
      const found = await within(deadlineMs, asked, () => silent(name));
      return found.ok ? accept(found.value.map((parts) => parts.join(''))) : found;
    },
    enumLookups:
      enumSuffix === undefined
        ? undefined
        : {
            sipUrisOf: (e164) =>
              uris.get(e164, async () => {
                const name = enumName(e164, enumSuffix);
                const asked = answer(resolver.resolveNaptr(name), name);
                const found = await within(deadlineMs, asked, () => silent(name));
                return found.ok ? enumSipUris(found.value, e164) : [];
              }),
          },
  };
}

type Lookups = { readonly resolver: Resolver; readonly options: NameServiceOptions };

/** An address needs no looking up (RFC 3263 §4.2). */
function literalHops({ host, port, transport }: Target): Hops | undefined {
  if (isIP(host) === 0) return undefined;
  return hopsOver(transport ?? 'udp', [{ address: host, port: port ?? DEFAULT_PORT }], host);
}

async function locate(lookups: Lookups, target: Target): Promise<Hops> {
  const { host, port, transport, scheme } = target;
  if (port !== undefined) return addressesOf(lookups, host, port, transport ?? 'udp');
  const services = await servicesOf(lookups, target);
  if (!services.ok) return services;
  const wanted = services.value.filter(
    (service) => transport === undefined || service.transport === transport,
  );
  const hops: SipHop[] = [];
  for (const service of wanted) {
    const found = await serversOf(lookups, service);
    if (found.ok) hops.push(...found.value);
    else if (found.refusal.code === 'address-lookup-failed') return found;
  }
  if (hops.length > 0) return accept(hops.slice(0, MOST_HOPS));
  if (scheme === 'sips') return notFound(host);
  return addressesOf(lookups, host, DEFAULT_PORT, transport ?? 'udp');
}

/** NAPTR first; where there is none, the names SRV records would have (RFC 3263 §4.1). */
async function servicesOf(
  { resolver }: Lookups,
  { host, scheme }: Target,
): Promise<Result<readonly SipService[]>> {
  const records = await answer(resolver.resolveNaptr(host), host);
  if (!records.ok) {
    return records.refusal.code === 'address-not-found' ? accept(srvNames(host, scheme === 'sips')) : records;
  }
  const services = sipServices(records.value);
  return accept(services.length > 0 ? services : srvNames(host, scheme === 'sips'));
}

async function serversOf(lookups: Lookups, { name, transport }: SipService): Promise<Hops> {
  const records = await answer(lookups.resolver.resolveSrv(name), name);
  if (!records.ok) return records;
  const servers = inOrder(
    records.value.slice(0, 2 * MOST_HOPS).map((record) => ({ ...record, weight: record.weight || 1 })),
    lookups.options.random,
  );
  const hops: SipHop[] = [];
  for (const { name: server, port } of servers) {
    if (port === 0 || hops.length >= MOST_HOPS) continue;
    const found = await addressesOf(lookups, server, port, transport);
    if (found.ok) hops.push(...found.value);
  }
  return hops.length > 0 ? accept(hops.slice(0, MOST_HOPS)) : notFound(name);
}

async function addressesOf(
  { resolver, options }: Lookups,
  host: string,
  port: number,
  transport: NonNullable<Target['transport']>,
): Promise<Hops> {
  // An SRV record names its server (RFC 2782); one that spells an address would pass by the check of addresses.
  if (isIP(host) !== 0) return notFound(host);
  const [ipv4, ipv6] = await Promise.all([
    answer(resolver.resolve4(host), host),
    answer(resolver.resolve6(host), host),
  ]);
  const found = [...(ipv4.ok ? ipv4.value : []), ...(ipv6.ok ? ipv6.value : [])];
  if (found.length === 0) {
    const failed = [ipv4, ipv6].find((each) => !each.ok && each.refusal.code === 'address-lookup-failed');
    return failed !== undefined && !failed.ok ? failed : notFound(host);
  }
  const addresses = found.filter((address) => options.allowsPrivate || isPublicAddress(address));
  if (addresses.length === 0) {
    return refuse('address-not-found', `${host} leads to an address that is not public, and is not called.`);
  }
  return hopsOver(
    transport,
    addresses.slice(0, MOST_HOPS).map((address) => ({ address, port })),
    host,
  );
}

/** TLS is spoken by no process of ours yet. */
function hopsOver(
  transport: NonNullable<Target['transport']>,
  servers: readonly { readonly address: string; readonly port: number }[],
  host: string,
): Hops {
  if (transport === 'tls')
    return refuse('address-not-found', `${host} is reached over TLS only, which is not spoken here.`);
  return accept(servers.map((server) => ({ transport, ...server })));
}

async function answer<Value>(asked: Promise<Value>, name: string): Promise<Result<Value>> {
  try {
    return accept(await asked);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    return UNKNOWN.has(code) ? notFound(name) : silent(name);
  }
}

function notFound(name: string) {
  return refuse('address-not-found', `The DNS knows no server of ${name}.`);
}

function silent(name: string) {
  return refuse('address-lookup-failed', `The DNS does not answer for ${name}.`);
}

/** What comes in time, or what there is where nothing does. */
function within<Value>(ms: number, asked: Promise<Value>, otherwise: () => Value): Promise<Value> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(otherwise()), ms);
    asked.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
