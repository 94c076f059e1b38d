import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { inOrder, SIP_PORTS } from '../../domain/centres/index.ts';
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
  /** Whether SIP is spoken over TLS; servers that speak nothing else are not found where it is not. */
  readonly speaksTls: boolean;
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
const MOST_HOPS = 8;
const MOST_SERVERS = 2 * MOST_HOPS;
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
      const literal = literalHops(lookups, target);
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

/** What a target says of its transport. A SIPS URI is reached over TLS and in no other way (RFC 3261 §26.2.2). */
function transportOf({ scheme, transport }: Target): Target['transport'] {
  return scheme === 'sips' ? 'tls' : transport;
}

/** An address needs no looking up (RFC 3263 §4.2). */
function literalHops(lookups: Lookups, target: Target): Hops | undefined {
  const { host, port } = target;
  if (isIP(host) === 0) return undefined;
  const transport = transportOf(target) ?? 'udp';
  const hop = { transport, address: host, port: port ?? SIP_PORTS[transport] };
  return spokenOf(lookups, [hop], host);
}

async function locate(lookups: Lookups, target: Target): Promise<Hops> {
  const { host, port } = target;
  const transport = transportOf(target);
  const here = (portThere: number) => addressesOf(lookups, host, portThere, transport ?? 'udp');
  if (port !== undefined) return named(lookups, await here(port), host);
  const services = await servicesOf(lookups, target);
  if (!services.ok) return services;
  const wanted = services.value.filter(
    (service) => transport === undefined || service.transport === transport,
  );
  const hops: SipHop[] = [];
  let failure: Hops | undefined;
  for (const service of wanted) {
    const found = await serversOf(lookups, service);
    if (found.ok) hops.push(...found.value);
    else if (found.refusal.code === 'address-lookup-failed') failure = found;
  }
  // One kind of server that cannot be asked for now does not hide the others.
  if (hops.length === 0 && failure !== undefined) return failure;
  const found =
    hops.length > 0 ? accept(hops.slice(0, MOST_HOPS)) : await here(SIP_PORTS[transport ?? 'udp']);
  return named(lookups, found, host);
}

/** A certificate is that of the name that was asked for, not that of the server the DNS has named (RFC 5922 §4). */
function named(lookups: Lookups, hops: Hops, host: string): Hops {
  if (!hops.ok) return hops;
  const withNames = hops.value.map((hop) => (hop.transport === 'tls' ? { ...hop, serverName: host } : hop));
  return spokenOf(lookups, withNames, host);
}

/** The servers that speak what we do. */
function spokenOf({ options }: Lookups, hops: readonly SipHop[], host: string): Hops {
  const spoken = hops.filter(({ transport }) => transport !== 'tls' || options.speaksTls);
  return spoken.length > 0
    ? accept(spoken)
    : refuse('address-not-found', `${host} is reached over TLS only, which is not spoken here.`);
}

/** NAPTR first; where there is none, the names SRV records would have (RFC 3263 §4.1). */
async function servicesOf({ resolver }: Lookups, target: Target): Promise<Result<readonly SipService[]>> {
  const { host } = target;
  const records = await answer(resolver.resolveNaptr(host), host);
  if (!records.ok && records.refusal.code !== 'address-not-found') return records;
  const services = records.ok ? sipServices(records.value) : [];
  return accept(services.length > 0 ? services : srvNames(host, transportOf(target) === 'tls'));
}

async function serversOf(lookups: Lookups, { name, transport }: SipService): Promise<Hops> {
  const records = await answer(lookups.resolver.resolveSrv(name), name);
  if (!records.ok) return records;
  const servers = inOrder(
    records.value
      .toSorted((one, other) => one.priority - other.priority)
      .slice(0, MOST_SERVERS)
      .map((record) => ({ ...record, weight: record.weight || 1 })),
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
  return accept(addresses.slice(0, MOST_HOPS).map((address) => ({ transport, address, port })));
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
