import type { ChargeTerms } from '../domain/billing/charging/index.ts';
import {
  type CentreNetwork,
  callingFor,
  type OutwardRoute,
  routesOut,
  type Trunk,
} from '../domain/centres/index.ts';
import type { Decision, OutwardDestination } from '../domain/exchange/index.ts';
import { countryCodeOf, readSipUri } from '../domain/numbering/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { CallerFacts } from './caller.ts';
import { type OtherProcesses, speaksWith, waysByOthers } from './other-processes.ts';
import type { EnumLookups, ReachedGateway, SipHop, SipServers, TrunkLines } from './ports/index.ts';
import type { CallPrices } from './price-call.ts';
import type { Errand, Hops, OutwardRing } from './ring.ts';

export type OutwardPorts = {
  /** Centres, trunks and routes as they are set up at this moment. */
  readonly network: () => CentreNetwork;
  readonly lines: TrunkLines;
  readonly servers: SipServers;
  /** Where numbers are looked up in the DNS before carriers are asked. */
  readonly enumLookups?: EnumLookups;
  /** What calls cost; without it none is charged. */
  readonly prices?: CallPrices;
  /** Whether addresses of people who are no members are called (R16). */
  readonly callsStrangers: boolean;
  /** The other processes of the service, some of which speak with trunks that this one does not. */
  readonly others?: OtherProcesses;
  /** 0 ≤ random < 1. */
  readonly random: () => number;
};

type Besides = {
  /** The member whose own telephone is called. */
  readonly memberId?: string | undefined;
  /** Where every decision is noted, when somebody wants to know them. */
  readonly trail?: Decision[] | undefined;
  /** Where the number was ported to (RFC 4694). */
  readonly routingNumber?: string | undefined;
  /** What the call brings: no way is taken that costs more. */
  readonly sale?: ChargeTerms | undefined;
};

/** What a way is for. */
type Meant = {
  /** The member whose own telephone is called. */
  readonly memberId?: string | undefined;
  readonly isEmergency: boolean;
};

type Ways = Result<readonly OutwardRing[]>;

/**
 * The ways to what lies outside of our own terminals, in the order to try (R14, R15, R16).
 */
export function waysOut(
  ports: OutwardPorts,
  destination: OutwardDestination,
  caller: CallerFacts,
  besides: Besides = {},
): Ways | Promise<Ways> {
  // Whoever needs help is not asked who they are.
  if (destination.kind !== 'emergency' && !caller.mayCallOut) return notForThem(destination);
  switch (destination.kind) {
    case 'access':
      return refuse('destination-not-served', 'Nobody speaks at this number yet.');
    case 'address':
      return addressWays(ports, destination.uri, besides);
    case 'pstn':
      return ports.enumLookups === undefined
        ? trunkWays(ports, destination, caller, besides)
        : numberWays(ports, ports.enumLookups, destination, caller, besides);
    case 'operator':
    case 'emergency':
      return trunkWays(ports, destination, caller, besides);
  }
}

async function addressWays({ servers }: OutwardPorts, uri: string, { trail }: Besides): Promise<Ways> {
  const target = sipTargetOf(uri);
  if (target === undefined) return refuse('address-not-found', `${uri} names no server.`);
  const hops = await servers.locate(target);
  trail?.push({
    code: 'address-lookup',
    fits: hops.ok,
    sentence: hops.ok
      ? `${target.host} is served at ${hops.value.map(hopText).join(', then ')}.`
      : hops.refusal.detail,
  });
  if (!hops.ok) return hops;
  const [first, ...others] = hops.value;
  if (first === undefined) return refuse('address-not-found', `${uri} names no server.`);
  return accept([addressWay(uri, [first, ...others])]);
}

/** A number that its holder has put into the DNS is called there first, and by carriers where that fails (RFC 6116). */
async function numberWays(
  ports: OutwardPorts,
  enumLookups: EnumLookups,
  destination: OutwardDestination & { readonly kind: 'pstn' },
  caller: CallerFacts,
  besides: Besides,
): Promise<Ways> {
  const uris = await enumLookups.sipUrisOf(destination.number);
  // At once, since the caller waits; each notes its decisions apart, so that their order is that of the addresses.
  const looked = await Promise.all(
    uris.slice(0, MOST_ENUM_URIS).map(async (uri) => {
      const trail: Decision[] = [];
      return { trail, ways: await addressWays(ports, uri, { trail }) };
    }),
  );
  const direct = looked.flatMap(({ ways }) => (ways.ok ? ways.value : []));
  besides.trail?.push(...looked.flatMap(({ trail }) => trail));
  const byTrunk = await trunkWays(ports, destination, caller, besides);
  if (direct.length === 0) return byTrunk;
  return accept(byTrunk.ok ? [...direct, ...byTrunk.value] : direct);
}

const MOST_ENUM_URIS = 3;

function trunkWays(
  ports: OutwardPorts,
  destination: Exclude<OutwardDestination, { kind: 'access' | 'address' }>,
  caller: CallerFacts,
  { memberId, trail, routingNumber, sale }: Besides,
): Ways | Promise<Ways> {
  const { lines, random } = ports;
  const wanted =
    destination.kind === 'emergency'
      ? { ...destination, countryCode: countryCodeOf(destination.country) }
      : routingNumber !== undefined && destination.kind === 'pstn'
        ? { ...destination, routingNumber }
        : destination;
  const routes = routesOut(
    ports.network(),
    wanted,
    {
      callsIn: ({ code }) => callsIn(ports, code),
      channelsInUse: (trunk) => lines.channelsInUse(trunk),
      // Of a trunk that another process speaks with only that one knows whether it lives.
      isAlive: (trunk) => !isOurs(ports, trunk) || lines.isAlive(trunk),
      random,
    },
    trail,
  );
  if (!routes.ok) return routes;
  const isEmergency = destination.kind === 'emergency';
  const affordable = worthIt(ports, routes.value, destination, { sale, trail });
  if (affordable.length === 0) {
    return refuse('routes-unavailable', 'Every way there costs more than it brings, or has no price.');
  }
  const reached = affordable.map(({ trunk }) =>
    isOurs(ports, trunk) ? lines.gatewaysOf(trunk, isEmergency ? 'all' : 'live') : [],
  );
  const together = (gateways: readonly (readonly ReachedGateway[])[]): Ways => {
    const ways = affordable.flatMap((route, at) => {
      const own = (gateways[at] ?? []).flatMap((gateway) =>
        trunkWay(route, gateway, caller, { memberId, isEmergency }),
      );
      return own.length > 0 ? own : byAnother(ports, route, caller, { memberId, isEmergency });
    });
    if (ways.length > 0) return accept(ways.slice(0, MOST_WAYS));
    return refuse('routes-unavailable', 'No carrier that leads there can be reached at the moment.');
  };
  return reached.some((each) => each instanceof Promise)
    ? Promise.all(reached).then(together)
    : together(reached as (readonly ReachedGateway[])[]);
}

/** A way out, and what it costs us. */
type PricedRoute = OutwardRoute & { readonly cost?: ChargeTerms };

/** Those of which it is known what they cost, and that it is not more than the call brings: before every attempt. */
function worthIt(
  { prices }: OutwardPorts,
  routes: readonly OutwardRoute[],
  destination: OutwardDestination,
  { sale, trail }: Pick<Besides, 'sale' | 'trail'>,
): readonly PricedRoute[] {
  if (prices === undefined) return routes;
  return routes.flatMap((route): PricedRoute[] => {
    const cost = prices.costOf(route.trunk.name, destination, route.match);
    if (cost.kind === 'not-settled') return [route];
    const fault =
      cost.kind === 'not-sold'
        ? 'has no price for it'
        : sale === undefined
          ? undefined
          : prices.lossOf(sale, cost.terms);
    if (fault !== undefined) {
      trail?.push({ code: 'carrier', fits: false, sentence: `The trunk ${route.trunk.name} ${fault}.` });
      return [];
    }
    return cost.kind === 'asked' ? [{ ...route, cost: cost.terms }] : [];
  });
}

/** The calls that a centre carries to and from other networks. */
function callsIn({ network, lines }: OutwardPorts, centre: string): number {
  return network()
    .trunks.filter((trunk) => trunk.centre === centre)
    .reduce((calls, { name }) => calls + lines.channelsInUse(name), 0);
}

function isOurs({ others }: OutwardPorts, trunk: Trunk): boolean {
  return others === undefined || speaksWith(others, trunk);
}

/** Through a process that hosts the centre of the trunk, and chooses its gateway. */
function byAnother(
  ports: OutwardPorts,
  { trunk, centre, called, cost }: PricedRoute,
  { telephone }: CallerFacts,
  { memberId, isEmergency }: Meant,
): OutwardRing[] {
  if (ports.others === undefined || isOurs(ports, trunk)) return [];
  const calling = telephone === undefined ? undefined : callingFor(trunk.numbers, telephone);
  const party = {
    kind: 'trunk' as const,
    trunk: trunk.name,
    gateway: `centre ${centre.code}`,
    centre: centre.code,
    number: called,
    ...(memberId === undefined ? {} : { memberId }),
  };
  const ways = waysByOthers(ports.others, trunk, { called, calling, isEmergency }, party);
  return cost === undefined ? ways : ways.map((way) => ({ ...way, cost }));
}

/** What another network calls us for and nobody holds is a number of ours that is not in service. */
function notForThem(destination: OutwardDestination): Ways {
  if (destination.kind === 'pstn')
    return refuse('number-not-in-service', `Nobody holds ${destination.number} here.`);
  return refuse('transit-not-permitted', 'Calls from this network reach our own numbers only.');
}

/** No caller waits for more carriers than these. */
const MOST_WAYS = 8;

function trunkWay(
  route: PricedRoute,
  gateway: ReachedGateway,
  { telephone }: CallerFacts,
  meant: Meant,
): OutwardRing[] {
  const calling = telephone === undefined ? undefined : callingFor(route.trunk.numbers, telephone);
  return gatewayWay(route, gateway, calling, meant);
}

function gatewayWay(
  { trunk, centre, called, cost }: Pick<PricedRoute, 'trunk' | 'centre' | 'called' | 'cost'>,
  { gateway, hops: [first, ...others] }: ReachedGateway,
  calling: string | undefined,
  { memberId, isEmergency }: Meant,
): OutwardRing[] {
  if (first === undefined) return [];
  return [
    {
      way: {
        kind: 'trunk',
        trunk,
        gateway,
        hops: [first, ...others],
        called,
        ...(calling === undefined ? {} : { calling }),
        ...(isEmergency ? { isEmergency } : {}),
      },
      party: {
        kind: 'trunk',
        trunk: trunk.name,
        gateway: gateway.port === undefined ? gateway.host : `${gateway.host}:${gateway.port}`,
        centre: centre.code,
        number: called,
        ...(memberId === undefined ? {} : { memberId }),
      },
      asksNextAfter404: trunk.tryNextAfter404,
      ...(cost === undefined ? {} : { cost }),
    },
  ];
}

function addressWay(uri: string, hops: Hops): OutwardRing {
  return { way: { kind: 'address', uri, hops }, party: { kind: 'address', uri }, asksNextAfter404: true };
}

/** The ways by the gateways of a trunk that another process wants a number sent out by. */
export function waysForErrand(
  { network, lines }: OutwardPorts,
  errand: Errand & { readonly kind: 'trunk' },
): Ways | Promise<Ways> {
  const trunk = network().trunkNamed(errand.trunk);
  const centre = network().centreCoded(trunk?.centre ?? '');
  const { isEmergency = false } = errand;
  // A call for help was routed over a draining trunk on purpose.
  const takes = trunk?.state === 'open' || (trunk?.state === 'draining' && isEmergency);
  if (trunk === undefined || centre === undefined || !takes) {
    return refuse('routes-unavailable', `The trunk ${errand.trunk} takes no calls.`);
  }
  const together = (gateways: readonly ReachedGateway[]): Ways => {
    const { called, calling } = errand;
    const route = { trunk, centre, called };
    const ways = gateways.flatMap((gateway) => gatewayWay(route, gateway, calling, { isEmergency }));
    return ways.length > 0
      ? accept(ways)
      : refuse('routes-unavailable', `No gateway of the trunk ${errand.trunk} answers.`);
  };
  const reached = lines.gatewaysOf(trunk, isEmergency ? 'all' : 'live');
  return reached instanceof Promise ? reached.then(together) : together(reached);
}

/** What a SIP URI says of where it leads (RFC 3261 §19.1.1). */
function sipTargetOf(uri: string): Parameters<SipServers['locate']>[0] | undefined {
  const parts = readSipUri(uri);
  if (parts === undefined) return undefined;
  const port = /^:(\d{1,5})/.exec(parts.tail)?.[1];
  const named = /;transport=(udp|tcp|tls)\b/i.exec(parts.tail)?.[1]?.toLowerCase();
  return {
    scheme: parts.scheme,
    host: parts.host.replace(/^\[|\]$/g, ''),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(named === undefined ? {} : { transport: named as SipHop['transport'] }),
  };
}

function hopText({ transport, address, port }: SipHop): string {
  return `${transport} ${address.includes(':') ? `[${address}]` : address}:${port}`;
}
