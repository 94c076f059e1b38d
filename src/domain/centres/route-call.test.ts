import { describe, expect, it } from 'vitest';
import { centreOf, trunkOf } from '../../../test/support/network-parts.ts';
import { countryCodeOf, type E164 } from '../numbering/index.ts';
import { CarrierTable } from './carrier-table.ts';
import type { Centre, CentreCode } from './centre.ts';
import { CentreNetwork } from './network.ts';
import { type RouteDecision, type RouteFacts, type RouteWish, routesOut } from './route-call.ts';
import type { Trunk } from './trunk.ts';

const [KR, JP, US, FR] = (['KR', 'JP', 'US', 'FR'] as const).map((country) => countryCodeOf(country)) as [
  Centre['countries'][0],
  Centre['countries'][0],
  Centre['countries'][0],
  Centre['countries'][0],
];

function centre(code: string, countries: Centre['countries'], more: Partial<Centre> = {}): Centre {
  return centreOf(code, { countries, ...more });
}

function trunk(name: string, centreCode: string, more: Partial<Trunk> = {}): Trunk {
  return trunkOf(name, { centre: centreCode as CentreCode, ...more });
}

const CENTRES = [
  centre('KR', [KR], { emergencyTrunk: 'kt' }),
  centre('US', [US]),
  centre('JP', [JP], { run: { kind: 'partner', trunk: 'jp-partner', agreement: '1' } }),
];
const TRUNKS = [
  trunk('kt', 'KR', { numbers: { ...trunk('', 'KR').numbers, called: { form: 'national', rules: [] } } }),
  trunk('sk', 'KR', { portability: true }),
  trunk('hudson', 'US'),
  trunk('jp-partner', 'KR', { kind: 'partner' }),
  trunk('tello', 'KR', { kind: 'operator' }),
];
const ROUTES = [
  ['kt', '82', 10n],
  ['sk', '82', 20n],
  ['hudson', '1', 5n],
  ['hudson', '82', 1n],
  ['hudson', '33', 5n],
] as const;
const QUIET: RouteFacts = {
  callsIn: () => 0,
  channelsInUse: () => 0,
  isAlive: () => true,
  random: () => 0,
};

type Change = {
  readonly centres?: readonly Centre[];
  readonly trunks?: readonly Trunk[];
  readonly routes?: readonly (readonly [trunk: string, prefix: string, costPerMinute: bigint])[];
};

function networkOf({ centres = CENTRES, trunks = TRUNKS, routes = ROUTES }: Change = {}): CentreNetwork {
  const carriers = new CarrierTable();
  for (const [name, prefix, costPerMinute] of routes) {
    carriers.add({ trunk: name, prefix, costPerMinute, currency: 'KRW', priority: 1, weight: 1 });
  }
  const operators = [{ id: 'tello', name: 'Tello', rules: [], trunks: ['tello'] }];
  return new CentreNetwork({ centres, trunks, operators }, carriers);
}

/** The ways in their order, `centre trunk number`; or the code of the refusal. */
function ways(wish: RouteWish, change: Change = {}, facts: Partial<RouteFacts> = {}): string | string[] {
  const routes = routesOut(networkOf(change), wish, { ...QUIET, ...facts });
  if (!routes.ok) return routes.refusal.code;
  return routes.value.map((route) => `${route.centre.code} ${route.trunk.name} ${route.called}`);
}

const pstn = (number: string, more: object = {}): RouteWish => ({
  kind: 'pstn',
  number: number as E164,
  ...more,
});
const changed = <Item extends { readonly name: string } | { readonly code: string }>(
  items: readonly Item[],
  name: string,
  more: Partial<Item>,
) => items.map((item) => (('code' in item ? item.code : item.name) === name ? { ...item, ...more } : item));

const KOREAN = pstn('+82262006200');
const OUTSIDE = ['KR kt 0262006200', 'KR sk +82262006200', 'US hudson +82262006200'];

describe('R14: a telephone number', () => {
  it('goes to the carriers of its own country first, cheap ones before dear ones, then to others', () => {
    expect(ways(KOREAN)).toEqual(OUTSIDE);
    expect(ways(pstn('+12125550100'))).toEqual(['US hudson +12125550100']);
    expect(ways(pstn('+33145678900'))).toEqual(['US hudson +33145678900']);
  });

  it('R1, ¶55: goes to the partner whose centre its country has', () => {
    expect(ways(pstn('+81312345678'))).toEqual(['JP jp-partner +81312345678']);
  });

  const JAPANESE = pstn('+81312345678');

  it('¶55: a partner’s centre is full by the calls of the trunk that leads to it', () => {
    const centres = changed(CENTRES, 'JP', { capacityCalls: 3 });
    const carrying = (calls: number) => ({
      channelsInUse: (name: string) => (name === 'jp-partner' ? calls : 0),
    });
    expect(ways(JAPANESE, { centres }, carrying(2))).toEqual(['JP jp-partner +81312345678']);
    expect(ways(JAPANESE, { centres }, carrying(3))).toBe('routes-unavailable');
  });

  it.each<[string, Change, Partial<RouteFacts>]>([
    ['drains', { centres: changed(CENTRES, 'KR', { state: 'draining' }) }, {}],
    ['is full', {}, { callsIn: ({ code }) => (code === 'KR' ? 10 : 0) }],
  ])('¶55: a partner is not reached while the centre of ours that speaks with it %s', (_, change, facts) => {
    expect(ways(JAPANESE, change, facts)).toBe('routes-unavailable');
  });

  it('a partner whose trunk has routes as well is tried once', () => {
    const routes = [...ROUTES, ['jp-partner', '81', 1n] as const];
    expect(ways(JAPANESE, { routes })).toEqual(['JP jp-partner +81312345678']);
  });

  it.each<[string, Change, Partial<RouteFacts>]>([
    ['is full', {}, { channelsInUse: (name) => (name === 'kt' ? 5 : 0) }],
    ['is out of order', {}, { isAlive: ({ name }) => name !== 'kt' }],
    ['drains', { trunks: changed(TRUNKS, 'kt', { state: 'draining' }) }, {}],
    ['is closed', { trunks: changed(TRUNKS, 'kt', { state: 'closed' }) }, {}],
  ])('a carrier that %s is left out', (_, change, facts) => {
    expect(ways(KOREAN, change, facts)).toEqual(OUTSIDE.slice(1));
  });

  it.each<[string, Change, Partial<RouteFacts>]>([
    ['drains', { centres: changed(CENTRES, 'KR', { state: 'draining' }) }, {}],
    ['is full', {}, { callsIn: ({ code }) => (code === 'KR' ? 10 : 0) }],
  ])('the carriers of a centre that %s are left out', (_, change, facts) => {
    expect(ways(KOREAN, change, facts)).toEqual(OUTSIDE.slice(2));
  });

  it('is refused as unavailable where ways are closed, and as not served where there are none', () => {
    expect(ways(KOREAN, {}, { isAlive: () => false })).toBe('routes-unavailable');
    expect(ways(pstn('+81312345678'), { centres: changed(CENTRES, 'JP', { state: 'closed' }) })).toBe(
      'routes-unavailable',
    );
    expect(ways(pstn('+442071234567'))).toBe('destination-not-served');
  });

  it('RFC 4694: where it was ported to decides, and is said to who wants to know', () => {
    expect(ways(pstn('+82262006200', { routingNumber: '+8250' }))[1]).toBe(
      'KR sk +82262006200;rn=+8250;npdi',
    );
    expect(ways(pstn('+442071234567', { routingNumber: '+33' }))).toEqual(['US hudson +442071234567']);
  });
});

describe('R15: a number of another operator', () => {
  const wish: RouteWish = { kind: 'operator', operatorId: 'tello', converted: '5551001' };

  it('goes by the trunks of the operator, as the operator wants it', () => {
    expect(ways(wish)).toEqual(['KR tello 5551001']);
    expect(ways(wish, {}, { isAlive: () => false })).toBe('routes-unavailable');
    expect(ways({ ...wish, operatorId: 'nobody' })).toBe('destination-not-served');
  });
});

describe('a call for help', () => {
  const wish: RouteWish = { kind: 'emergency', number: '119', countryCode: KR };

  it('goes by the emergency trunk of the country, whatever is full or thought dead', () => {
    const worst = { channelsInUse: () => 99, callsIn: () => 99, isAlive: () => false };
    expect(ways(wish, {}, worst)).toEqual(['KR kt 119']);
    expect(ways(wish, { centres: changed(CENTRES, 'KR', { state: 'draining' }) })).toEqual(['KR kt 119']);
  });

  it('is tried once by a trunk that two centres have for it', () => {
    const centres = [...CENTRES, centre('KR-2', [KR], { emergencyTrunk: 'kt' })];
    expect(ways(wish, { centres })).toEqual(['KR kt 119']);
  });

  it('is told at once where there is none', () => {
    expect(ways({ ...wish, countryCode: FR })).toBe('emergency-not-served');
    expect(ways(wish, { trunks: changed(TRUNKS, 'kt', { state: 'closed' }) })).toBe('emergency-not-served');
  });

  it('tries a trunk that lives before one that is thought dead', () => {
    const centres = [...CENTRES, centre('KR-2', [KR], { emergencyTrunk: 'sk' })];
    const facts = { isAlive: ({ name }: Trunk) => name !== 'kt' };
    expect(ways(wish, { centres }, facts)).toEqual(['KR-2 sk 119', 'KR kt 119']);
  });
});

it('R1: every decision is told in order', () => {
  const trail: RouteDecision[] = [];
  const facts = { ...QUIET, isAlive: ({ name }: Trunk) => name !== 'kt' };
  routesOut(networkOf(), KOREAN, facts, trail);
  expect(trail.map(({ code, fits, sentence }) => `${code} ${fits} ${sentence}`)).toEqual([
    'centre true The centre KR carries it, our own.',
    'carrier false The trunk kt is out of order: none of its gateways answers.',
    'carrier true The trunk sk takes it by the prefix 82.',
    'carrier true The trunk hudson takes it by the prefix 82.',
  ]);
});

it.each<[string, Change, Partial<RouteFacts>, string]>([
  ['a trunk that is full', {}, { channelsInUse: () => 5 }, 'The trunk kt is full: it carries 5 calls.'],
  [
    'a trunk that drains',
    { trunks: changed(TRUNKS, 'kt', { state: 'draining' }) },
    {},
    'The trunk kt takes no calls: it is draining.',
  ],
  [
    'a trunk that is closed',
    { trunks: changed(TRUNKS, 'kt', { state: 'closed' }) },
    {},
    'The trunk kt takes no calls: it is closed.',
  ],
  [
    'a centre that drains',
    { centres: changed(CENTRES, 'KR', { state: 'draining' }) },
    {},
    'The centre KR takes no calls: it is draining.',
  ],
  [
    'a centre that is full',
    {},
    { callsIn: ({ code }) => (code === 'KR' ? 10 : 0) },
    'The centre KR is full: it carries 10 calls.',
  ],
  [
    'a trunk of a centre elsewhere that drains',
    { centres: changed(CENTRES, 'US', { state: 'draining' }) },
    {},
    'The trunk hudson takes no calls: its centre US is draining.',
  ],
  [
    'a trunk of a centre elsewhere that is full',
    {},
    { callsIn: ({ code }) => (code === 'US' ? 10 : 0) },
    'The trunk hudson takes no calls: its centre US is full.',
  ],
])('R14: why %s is left out is told', (_, change, facts, sentence) => {
  const trail: RouteDecision[] = [];
  routesOut(networkOf(change), KOREAN, { ...QUIET, ...facts }, trail);
  expect(trail.filter(({ fits }) => !fits).map((decision) => decision.sentence)).toContain(sentence);
});
