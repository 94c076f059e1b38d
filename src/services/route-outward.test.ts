import { describe, expect, it } from 'vitest';
import { centreOf, reachedAt, trunkOf } from '../../test/support/network-parts.ts';
import { CarrierTable, type Centre, CentreNetwork, type Trunk } from '../domain/centres/index.ts';
import type { Decision, OutwardDestination } from '../domain/exchange/index.ts';
import type { E164 } from '../domain/numbering/index.ts';
import { accept, refuse } from '../domain/refusal/index.ts';
import type { CallerFacts } from './caller.ts';
import type { LiveProcess, ReachedGateway, TrunkLines } from './ports/index.ts';
import type { OutwardRing } from './ring.ts';
import { type OutwardPorts, waysForErrand, waysOut } from './route-outward.ts';

const SEOUL: OutwardDestination = { kind: 'pstn', number: '+82262006200' as E164 };
const HELP: OutwardDestination = { kind: 'emergency', number: '119', country: 'KR' };
const CAROL: OutwardDestination = { kind: 'address', uri: 'sip:carol@lee.example' };
const TELLO: OutwardDestination = {
  kind: 'operator',
  operatorId: 'tello',
  digits: '5551001',
  converted: '15551001',
};

const ANN: CallerFacts = {
  from: trunkOf('').numbers.country,
  user: 'ann',
  telephone: '+82212345678' as E164,
  mayCallOut: true,
};

type World = {
  readonly trunks?: readonly Trunk[];
  readonly centre?: Partial<Centre>;
  readonly gateways?: Readonly<
    Record<string, readonly ReachedGateway[] | Promise<readonly ReachedGateway[]>>
  >;
  readonly lines?: Partial<TrunkLines>;
  readonly more?: Partial<OutwardPorts>;
};

const KT = trunkOf('kt');
const SK = trunkOf('sk', { tryNextAfter404: false });

function portsOf({
  trunks = [KT, SK],
  centre = {},
  gateways = {},
  lines = {},
  more = {},
}: World = {}): OutwardPorts {
  const carriers = new CarrierTable();
  for (const [at, { name }] of trunks.entries()) {
    const costPerMinute = BigInt(at);
    carriers.add({ trunk: name, prefix: '82', costPerMinute, currency: 'KRW', priority: 1, weight: 1 });
  }
  const operators = [{ id: 'tello', name: 'Tello', rules: [], trunks: ['sk'] }];
  const centres = [centreOf('KR', { emergencyTrunk: 'kt', ...centre })];
  const network = new CentreNetwork({ centres, trunks, operators }, carriers);
  return {
    network: () => network,
    lines: {
      gatewaysOf: ({ name }) => gateways[name] ?? [reachedAt(`${name}.invalid`)],
      channelsInUse: () => 0,
      isAlive: () => true,
      ...lines,
    },
    servers: {
      locate: async ({ host }) =>
        host === 'lee.example'
          ? accept([{ transport: 'udp', address: '198.51.100.1', port: 5060 }])
          : refuse('address-not-found', 'No such name.'),
    },
    callsStrangers: true,
    random: () => 0,
    ...more,
  };
}

/** One way as text: the trunk, gateway and number; the address; or the process and what it is asked for. */
function textOf({ way, party }: OutwardRing): string {
  switch (way.kind) {
    case 'trunk':
      return `${way.trunk.name} ${way.gateway.host} ${way.called}`;
    case 'address':
      return way.uri;
    case 'process':
      return `${way.processId} for ${party.kind === 'trunk' ? `${party.trunk} ${party.number}` : party.kind}`;
    case 'binding':
      return way.binding.contact;
  }
}

type Found = ReturnType<typeof waysOut>;
const textsOf = (ways: Awaited<Found>): string | string[] =>
  ways.ok ? ways.value.map(textOf) : ways.refusal.code;

/** What is found without waiting. */
function atOnce(ways: Found): string | string[] {
  if (ways instanceof Promise) throw new Error('It has to be waited for.');
  return textsOf(ways);
}

const later = async (ways: Found) => {
  expect(ways).toBeInstanceOf(Promise);
  return textsOf(await ways);
};

describe('R14: a telephone number', () => {
  it('is sent out by every gateway of the first carrier, then of the next', () => {
    const gateways = { kt: [reachedAt('192.0.2.1'), reachedAt('192.0.2.2')] };
    expect(atOnce(waysOut(portsOf({ gateways }), SEOUL, ANN))).toEqual([
      'kt 192.0.2.1 +82262006200',
      'kt 192.0.2.2 +82262006200',
      'sk sk.invalid +82262006200',
    ]);
  });

  it('waits for names, of whichever carrier, and keeps the order', async () => {
    const gateways = { sk: Promise.resolve([reachedAt('192.0.2.9')]) };
    expect(await later(waysOut(portsOf({ gateways }), SEOUL, ANN))).toEqual([
      'kt kt.invalid +82262006200',
      'sk 192.0.2.9 +82262006200',
    ]);
  });

  it('passes by a carrier whose gateways are nowhere, and is refused where all are', () => {
    expect(atOnce(waysOut(portsOf({ gateways: { kt: [] } }), SEOUL, ANN))).toEqual([
      'sk sk.invalid +82262006200',
    ]);
    expect(atOnce(waysOut(portsOf({ gateways: { kt: [], sk: [] } }), SEOUL, ANN))).toBe('routes-unavailable');
    const nowhere = { ...reachedAt('x'), hops: [] };
    expect(atOnce(waysOut(portsOf({ gateways: { kt: [nowhere], sk: [] } }), SEOUL, ANN))).toBe(
      'routes-unavailable',
    );
  });

  it('domain.md §4: has at most eight ways, since no caller waits for more', () => {
    const gateways = { kt: Array.from({ length: 20 }, (_, at) => reachedAt(`192.0.2.${at}`)) };
    expect(atOnce(waysOut(portsOf({ gateways }), SEOUL, ANN))).toHaveLength(8);
  });

  it('says who calls as the trunk wants it, and nothing where no number may be shown', () => {
    const national = trunkOf('kt', {
      numbers: { ...KT.numbers, calling: { form: 'national', rules: [] } },
    });
    const callingOf = (caller: CallerFacts) => {
      const ways = waysOut(portsOf({ trunks: [national] }), SEOUL, caller);
      if (ways instanceof Promise || !ways.ok) return undefined;
      return ways.value.map(({ way }) => (way.kind === 'trunk' ? way.calling : undefined));
    };
    expect(callingOf(ANN)).toEqual(['0212345678']);
    expect(callingOf({ from: ANN.from, user: 'ann', mayCallOut: true })).toEqual([undefined]);
  });

  it('domain.md §4: goes on after a 404 where the trunk is set up so', () => {
    const ways = waysOut(portsOf(), SEOUL, ANN);
    if (ways instanceof Promise || !ways.ok) throw new Error('There are ways.');
    expect(ways.value.map(({ asksNextAfter404 }) => asksNextAfter404)).toEqual([true, false]);
  });

  it('RFC 4694: that was ported is told so to a trunk that wants to know', () => {
    const trunks = [trunkOf('kt', { portability: true })];
    expect(atOnce(waysOut(portsOf({ trunks }), SEOUL, ANN, { routingNumber: '+8250' }))).toEqual([
      'kt kt.invalid +82262006200;rn=+8250;npdi',
    ]);
  });

  it('R1: a centre is full by all calls of its trunks together', () => {
    const lines = { channelsInUse: () => 4 };
    expect(atOnce(waysOut(portsOf({ lines, centre: { capacityCalls: 9 } }), SEOUL, ANN))).toHaveLength(2);
    expect(atOnce(waysOut(portsOf({ lines, centre: { capacityCalls: 8 } }), SEOUL, ANN))).toBe(
      'routes-unavailable',
    );
  });
});

describe('RFC 6116: a number that its holder has put into the DNS', () => {
  const withUris = (...uris: string[]) => portsOf({ more: { enumLookups: { sipUrisOf: async () => uris } } });

  it('is called there first, and by carriers where that fails', async () => {
    expect(await later(waysOut(withUris('sip:carol@lee.example'), SEOUL, ANN))).toEqual([
      'sip:carol@lee.example',
      'kt kt.invalid +82262006200',
      'sk sk.invalid +82262006200',
    ]);
  });

  it.each([
    ['nothing', []],
    ['a name nobody serves', ['sip:carol@nowhere.example']],
    ['no address at all', ['sip:']],
  ])('is called by carriers where the DNS says %s', async (_, uris) => {
    expect(await later(waysOut(withUris(...uris), SEOUL, ANN))).toHaveLength(2);
  });

  it('is not tried under more than three addresses', async () => {
    const uris = Array.from({ length: 9 }, (_, at) => `sip:carol-${at}@lee.example`);
    expect(await later(waysOut(withUris(...uris), SEOUL, ANN))).toHaveLength(5);
  });

  it('is called there also where no carrier leads', async () => {
    const ports = {
      ...withUris('sip:carol@lee.example'),
      lines: { ...portsOf().lines, isAlive: () => false },
    };
    expect(await later(waysOut(ports, SEOUL, ANN))).toEqual(['sip:carol@lee.example']);
  });
});

describe('R16: the address of a stranger', () => {
  it('is called where the DNS says, and the look-up is told', async () => {
    const trail: Decision[] = [];
    expect(await later(waysOut(portsOf(), CAROL, ANN, { trail }))).toEqual(['sip:carol@lee.example']);
    expect(trail).toEqual([
      { code: 'address-lookup', fits: true, sentence: 'lee.example is served at udp 198.51.100.1:5060.' },
    ]);
  });

  it('RFC 3261 §19.1.1: asks for the port and the transport that the URI names', async () => {
    const asked: unknown[] = [];
    const ports = portsOf({
      more: {
        servers: {
          locate: async (target) => {
            asked.push(target);
            return refuse('address-not-found', 'No such name.');
          },
        },
      },
    });
    const uris = ['sips:c@lee.example', 'sip:c@lee.example:5070;transport=TCP', 'sip:c@[2001:db8::1]:5080'];
    for (const uri of uris) await waysOut(ports, { kind: 'address', uri }, ANN);
    expect(asked).toEqual([
      { scheme: 'sips', host: 'lee.example' },
      { scheme: 'sip', host: 'lee.example', port: 5070, transport: 'tcp' },
      { scheme: 'sip', host: '2001:db8::1', port: 5080 },
    ]);
  });

  it.each([
    ['of a name nobody serves', 'sip:carol@nowhere.example'],
    ['that names nobody', 'sip:'],
  ])('%s is refused', async (_, uri) => {
    expect(await later(waysOut(portsOf(), { kind: 'address', uri }, ANN))).toBe('address-not-found');
  });
});

it('R15: a number of another operator goes by its trunk, as the operator wants it', () => {
  expect(atOnce(waysOut(portsOf(), TELLO, ANN))).toEqual(['sk sk.invalid 15551001']);
});

describe('¶55: who calls from another network', () => {
  const stranger: CallerFacts = { ...ANN, mayCallOut: false };

  it.each<[string, OutwardDestination, string]>([
    ['a telephone, which is then none of our numbers', SEOUL, 'number-not-in-service'],
    ['an operator', TELLO, 'transit-not-permitted'],
    ['an address', CAROL, 'transit-not-permitted'],
  ])('may not go on to %s', (_, destination, code) => {
    expect(atOnce(waysOut(portsOf(), destination, stranger))).toBe(code);
  });

  it('reaches help all the same', () => {
    expect(atOnce(waysOut(portsOf(), HELP, stranger))).toEqual(['kt kt.invalid 119']);
  });
});

describe('a call for help', () => {
  it('goes to all gateways, those that are thought dead too, and says that it is one', () => {
    const asked: unknown[] = [];
    const lines: Partial<TrunkLines> = {
      isAlive: () => false,
      channelsInUse: () => 99,
      gatewaysOf: ({ name }, which) => {
        asked.push([name, which]);
        return [reachedAt('192.0.2.1')];
      },
    };
    const ways = waysOut(portsOf({ lines }), HELP, ANN);
    expect(atOnce(ways)).toEqual(['kt 192.0.2.1 119']);
    expect(asked).toEqual([['kt', 'all']]);
    expect(ways).toMatchObject({ value: [{ way: { isEmergency: true } }] });
  });

  it('is refused at once where there is no help', () => {
    expect(atOnce(waysOut(portsOf({ trunks: [SK] }), HELP, ANN))).toBe('emergency-not-served');
  });
});

describe('a trunk that another process speaks with', () => {
  const processOf = (id: string, centres: readonly string[], port: number): LiveProcess => ({
    id,
    centres,
    address: `127.0.0.1:${port}`,
    isDraining: false,
  });
  const live = [
    processOf('here', ['US'], 5060),
    processOf('there', ['KR'], 5070),
    processOf('too', ['KR'], 5080),
  ];
  const others = {
    processes: {
      self: 'here',
      find: (id: string) => live.find((each) => each.id === id),
      hosting: (centre: string) => live.filter(({ centres }) => centres?.includes(centre)),
    },
    serving: { of: () => new Set<string>() },
  };

  it('is asked for of each that hosts its centre, whatever is thought here of its gateways', () => {
    const lines = { isAlive: () => false };
    expect(atOnce(waysOut(portsOf({ trunks: [KT], lines, more: { others } }), SEOUL, ANN))).toEqual([
      'there for kt +82262006200',
      'too for kt +82262006200',
    ]);
  });

  it('is out of reach where none hosts it', () => {
    const nobody = { ...others, processes: { ...others.processes, hosting: () => [] } };
    expect(atOnce(waysOut(portsOf({ trunks: [KT], more: { others: nobody } }), SEOUL, ANN))).toBe(
      'routes-unavailable',
    );
  });

  it('is told that somebody calls for help', () => {
    const ways = waysOut(portsOf({ more: { others } }), HELP, ANN);
    expect(ways).toMatchObject({
      value: [{ way: { errand: { trunk: 'kt', called: '119', isEmergency: true } } }, {}],
    });
  });
});

describe('what another process wants sent out', () => {
  const errand = { kind: 'trunk' as const, trunk: 'kt', called: '0262006200', calling: '0212345678' };

  it('goes by the live gateways of the trunk with the number as it is', async () => {
    expect(atOnce(waysForErrand(portsOf(), errand))).toEqual(['kt kt.invalid 0262006200']);
    const gateways = { kt: Promise.resolve([reachedAt('192.0.2.3')]) };
    expect(await later(waysForErrand(portsOf({ gateways }), errand))).toEqual(['kt 192.0.2.3 0262006200']);
  });

  it('goes by a draining trunk where it is a call for help, and by no closed one', () => {
    const help = { ...errand, called: '119', isEmergency: true };
    const at = (state: 'draining' | 'closed') => portsOf({ trunks: [trunkOf('kt', { state })] });
    expect(atOnce(waysForErrand(at('draining'), help))).toEqual(['kt kt.invalid 119']);
    expect(atOnce(waysForErrand(at('closed'), help))).toBe('routes-unavailable');
  });

  it.each<[string, World, string]>([
    ['unknown here', {}, 'none'],
    ['drained', { trunks: [trunkOf('kt', { state: 'draining' })] }, 'kt'],
    ['without a gateway', { gateways: { kt: [] } }, 'kt'],
  ])('is refused where the trunk is %s', (_, world, trunk) => {
    expect(atOnce(waysForErrand(portsOf(world), { ...errand, trunk }))).toBe('routes-unavailable');
  });
});
