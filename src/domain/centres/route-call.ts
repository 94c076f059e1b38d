import { type CountryCode, countryCodeOfE164, type E164 } from '../numbering/index.ts';
import { accept, type Result, refuse } from '../refusal/index.ts';
import type { CarrierMatch } from './carrier-table.ts';
import type { Centre } from './centre.ts';
import { chooseCentres } from './choose-centre.ts';
import { calledAsItIs, calledFor } from './format-number.ts';
import type { CentreNetwork } from './network.ts';
import type { Trunk } from './trunk.ts';

/** What a way is looked for to. */
export type RouteWish =
  | {
      readonly kind: 'pstn';
      readonly number: E164;
      /** Where the number was ported to: its prefix decides, and the number itself is called (RFC 4694). */
      readonly routingNumber?: string;
    }
  | { readonly kind: 'operator'; readonly operatorId: string; readonly converted: string }
  | { readonly kind: 'emergency'; readonly number: string; readonly countryCode: CountryCode };

/** A way to it: through which centre, by which trunk, and with which number. */
export type OutwardRoute = {
  readonly centre: Centre;
  readonly trunk: Trunk;
  /** The number as the trunk wants it. */
  readonly called: string;
  /** The prefix that decided, and what a minute costs us, where a carrier's routes did. */
  readonly match?: CarrierMatch;
};

/** How things stand at this moment. */
export type RouteFacts = {
  readonly callsIn: (centre: Centre) => number;
  readonly channelsInUse: (trunk: string) => number;
  readonly isAlive: (trunk: Trunk) => boolean;
  /** 0 ≤ random < 1. */
  readonly random: () => number;
};

/** One decision, in the order they were taken. */
export type RouteDecision = {
  readonly code: 'centre' | 'carrier';
  readonly fits: boolean;
  readonly sentence: string;
};

/** Where decisions are noted, when somebody wants to know them. */
type Trail = { push(decision: RouteDecision): unknown } | undefined;

export type RouteRefusalCode = 'destination-not-served' | 'routes-unavailable' | 'emergency-not-served';

export type RouteResult = Result<readonly OutwardRoute[], RouteRefusalCode>;

/** The ways to a number outside, in the order to try (R14, R15). @param trail where decisions are noted */
export function routesOut(
  network: CentreNetwork,
  wish: RouteWish,
  facts: RouteFacts,
  trail?: Trail,
): RouteResult {
  switch (wish.kind) {
    case 'pstn':
      return routesToPstn(network, wish, facts, trail);
    case 'operator':
      return routesToOperator(network, wish, facts, trail);
    case 'emergency':
      return routesToHelp(network, wish, facts, trail);
  }
}

/**
 * The carriers whose prefixes fit, those of the country's own centres before others: a call goes into the PSTN of its
 * country where we have a way to it (R14), and by any carrier that takes it elsewhere. A partner's centre of the
 * country is a way of its own (¶55).
 */
function routesToPstn(
  network: CentreNetwork,
  { number, routingNumber }: RouteWish & { readonly kind: 'pstn' },
  facts: RouteFacts,
  trail: Trail,
): RouteResult {
  const country = countryCodeOfE164(number);
  const { chosen, verdicts } =
    country === undefined
      ? { chosen: [], verdicts: [] }
      : chooseCentres(network.centres, country, (centre) => callsOf(centre, facts), facts.random);
  for (const { fits, sentence } of verdicts) trail?.push({ code: 'centre', fits, sentence });
  const matches = network.carriers.carriersFor((routingNumber ?? number).slice(1), facts.random);
  const routes: OutwardRoute[] = [];
  const seen = new Set<string>();
  const add = (centre: Centre, { trunk, match }: Way) => {
    // A partner's trunk may have routes besides its centre: what has failed once fails twice.
    if (seen.has(trunk.name)) return;
    seen.add(trunk.name);
    if (!isUsable(network, trunk, facts, trail, match)) return;
    routes.push({ centre, trunk, called: calledOn(trunk, number, routingNumber), ...matched(match) });
  };
  for (const centre of chosen) for (const way of waysOfCentre(network, centre, matches)) add(centre, way);
  const serving = new Set(verdicts.map(({ centre }) => centre));
  // A centre of the country that takes no calls now is a way that is closed, and not one that is not there.
  let considered = [...serving].flatMap((centre) => waysOfCentre(network, centre, matches)).length;
  for (const match of matches) {
    const trunk = network.trunkNamed(match.trunk);
    const centre = network.centreCoded(trunk?.centre ?? '');
    if (trunk === undefined || centre === undefined || serving.has(centre)) continue;
    considered += 1;
    add(centre, { trunk, match });
  }
  if (routes.length > 0) return accept(routes);
  if (considered > 0) return unavailable(number);
  trail?.push({ code: 'carrier', fits: false, sentence: `No carrier takes calls to ${number}.` });
  return refuse('destination-not-served', `No centre and no carrier of ours leads to ${number}.`);
}

/** A partner's centre carries what its trunk does: the calls there of others are its own affair. */
function callsOf(centre: Centre, { callsIn, channelsInUse }: RouteFacts): number {
  return centre.run.kind === 'partner' ? channelsInUse(centre.run.trunk) : callsIn(centre);
}

/** The number as the trunk wants it; where it was ported to is said to who is set up to know it (RFC 4694 §5). */
function calledOn(trunk: Trunk, number: E164, routingNumber: string | undefined): string {
  const called = calledFor(trunk.numbers, number);
  return trunk.portability && routingNumber !== undefined ? `${called};rn=${routingNumber};npdi` : called;
}

type Way = { readonly trunk: Trunk; readonly match?: CarrierMatch };

/** A partner's centre is reached by its one trunk; ours has the carriers that speak with it. */
function waysOfCentre(
  network: CentreNetwork,
  { code, run }: Centre,
  matches: readonly CarrierMatch[],
): Way[] {
  if (run.kind === 'partner') {
    const trunk = network.trunkNamed(run.trunk);
    return trunk === undefined ? [] : [{ trunk }];
  }
  return matches.flatMap((match) => {
    const trunk = network.trunkNamed(match.trunk);
    return trunk?.centre === code ? [{ trunk, match }] : [];
  });
}

function routesToOperator(
  network: CentreNetwork,
  { operatorId, converted }: RouteWish & { readonly kind: 'operator' },
  facts: RouteFacts,
  trail: Trail,
): RouteResult {
  const names = network.operatorOf(operatorId)?.trunks ?? [];
  const routes: OutwardRoute[] = [];
  for (const name of names) {
    const trunk = network.trunkNamed(name);
    const centre = network.centreCoded(trunk?.centre ?? '');
    if (trunk === undefined || centre === undefined || !isUsable(network, trunk, facts, trail)) continue;
    routes.push({ centre, trunk, called: calledAsItIs(trunk.numbers, converted) });
  }
  if (routes.length > 0) return accept(routes);
  if (names.length > 0) return unavailable(`the operator ${operatorId}`);
  return refuse('destination-not-served', `No trunk of ours leads to the operator ${operatorId}.`);
}

/** Ways to help are all tried, also full ones and, last of all, those that are thought dead. */
function routesToHelp(
  network: CentreNetwork,
  { number, countryCode }: RouteWish & { readonly kind: 'emergency' },
  { isAlive }: RouteFacts,
  trail: Trail,
): RouteResult {
  const routes = network
    .emergencyTrunksOf(countryCode)
    .filter(({ trunk }) => trunk.state !== 'closed')
    .filter(({ trunk }, at, all) => at === all.findIndex((other) => other.trunk === trunk))
    .sort((one, other) => Number(isAlive(other.trunk)) - Number(isAlive(one.trunk)))
    .map(({ centre, trunk }) => ({ centre, trunk, called: calledAsItIs(trunk.numbers, number) }));
  for (const { centre, trunk } of routes) {
    const sentence = `The centre ${centre.code} has the emergency trunk ${trunk.name}.`;
    trail?.push({ code: 'carrier', fits: true, sentence });
  }
  if (routes.length > 0) return accept(routes);
  return refuse(
    'emergency-not-served',
    `There is no way to ${number} of ${countryCode} here: use another telephone at once.`,
  );
}

function isUsable(
  network: CentreNetwork,
  trunk: Trunk,
  facts: RouteFacts,
  trail: Trail,
  match?: CarrierMatch,
): boolean {
  const fault = faultOf(trunk, network.centreCoded(trunk.centre), facts);
  const why = match === undefined ? '' : ` by the prefix ${match.prefix}`;
  trail?.push({
    code: 'carrier',
    fits: fault === undefined,
    sentence:
      fault === undefined ? `The trunk ${trunk.name} takes it${why}.` : `The trunk ${trunk.name} ${fault}.`,
  });
  return fault === undefined;
}

/** @param speaker the centre of ours that speaks with the trunk */
function faultOf(trunk: Trunk, speaker: Centre | undefined, facts: RouteFacts): string | undefined {
  const { channelsInUse, isAlive } = facts;
  if (trunk.state !== 'open') return `takes no calls: it is ${trunk.state}`;
  if (speaker !== undefined && speaker.state !== 'open')
    return `takes no calls: its centre ${speaker.code} is ${speaker.state}`;
  if (speaker !== undefined && callsOf(speaker, facts) >= speaker.capacityCalls)
    return `takes no calls: its centre ${speaker.code} is full`;
  if (!isAlive(trunk)) return 'is out of order: none of its gateways answers';
  const inUse = channelsInUse(trunk.name);
  return inUse >= trunk.channels ? `is full: it carries ${inUse} calls` : undefined;
}

function matched(match: CarrierMatch | undefined): Pick<OutwardRoute, 'match'> {
  return match === undefined ? {} : { match };
}

function unavailable(what: string): RouteResult {
  return refuse('routes-unavailable', `All ways to ${what} are closed, full or out of order at the moment.`);
}
