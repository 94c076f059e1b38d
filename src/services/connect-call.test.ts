import { beforeEach, describe, expect, it } from 'vitest';
import { centreOf, reachedAt, trunkOf } from '../../test/support/network-parts.ts';
import { NOTHING_CHARGED } from '../domain/billing/charging/index.ts';
import { CarrierTable, CentreNetwork } from '../domain/centres/index.ts';
import { countryCodeOf } from '../domain/numbering/index.ts';
import { refuse } from '../domain/refusal/index.ts';
import type { Binding } from '../domain/terminals/index.ts';
import { type ConnectCallPorts, type Connection, connectCall } from './connect-call.ts';
import { Directory } from './directory.ts';
import { NumberTexts } from './number-texts.ts';
import type { TerminalFact } from './ports/index.ts';
import { CallPrices } from './price-call.ts';
import type { Ring } from './ring.ts';
import type { OutwardPorts } from './route-outward.ts';

const [KR, US, JP] = [countryCodeOf('KR'), countryCodeOf('US'), countryCodeOf('JP')];
const [ANN, BEN] = ['0262006200082', '0262006201082'];

/** No carrier, and no name that leads anywhere. */
const NOTHING_OUTSIDE: OutwardPorts = {
  network: () => new CentreNetwork({ centres: [], trunks: [], operators: [] }, new CarrierTable()),
  lines: { gatewaysOf: () => [], channelsInUse: () => 0, isAlive: () => false },
  servers: { locate: async () => refuse('address-not-found', 'No such name.') },
  callsStrangers: true,
  random: () => 0,
};

let ports: ConnectCallPorts;

function terminal(id: string, memberId: string, branchCountryCode?: typeof KR): TerminalFact {
  const place = branchCountryCode ?? KR;
  const branch = branchCountryCode === undefined ? {} : { branchCountryCode };
  return { id, memberId, user: id, countryCode: place, secrets: { md5: '', sha256: '' }, ...branch };
}

function bindingAt(port: number): Binding {
  return {
    contact: `sip:x@192.0.2.1:${port}`,
    flow: { transport: 'udp', address: '192.0.2.1', port },
    callId: '',
    cseq: 1,
    priority: 1_000,
    expiresAtMs: 10_000,
  };
}

beforeEach(async () => {
  const terminals = [
    terminal('ann-desk', 'ann'),
    terminal('ann-mobile', 'ann'),
    terminal('ben-desk', 'ben'),
    terminal('seoul', 'acme', KR),
    terminal('york', 'acme', US),
    terminal('boston', 'acme', US),
  ];
  const store = {
    async *numbers() {
      yield [
        { digits: ANN, kind: 'personal' as const, memberId: 'ann' },
        { digits: BEN, kind: 'personal' as const, memberId: 'ben' },
        { digits: '62006200', kind: 'enterprise' as const, memberId: 'acme' },
      ];
    },
    async *branches() {
      yield [KR, US].map((countryCode) => ({ memberId: 'acme', countryCode }));
    },
    async *terminals() {
      yield terminals;
    },
    async *aliases() {},
    async *followMes() {},
  };
  const bindings = new Map([
    ['ann-desk', [bindingAt(1), bindingAt(2)]],
    ['ann-mobile', [bindingAt(3)]],
    ['seoul', [bindingAt(4)]],
    ['york', [bindingAt(5)]],
    ['boston', [bindingAt(6)]],
  ]);
  let calls = 0;
  ports = {
    directory: await Directory.load(store, { publish: () => {}, subscribe: () => {} }),
    registrations: { bindingsOf: (id) => bindings.get(id) ?? [] },
    clock: { nowMs: () => 1_000 },
    identifiers: { next: () => `call-${++calls}` },
    hash: { md5: (text) => text },
    ownDomain: 'omnidial.example',
    texts: new NumberTexts(),
    outward: NOTHING_OUTSIDE,
  };
});

function call(terminalId: string, dialled: string): Connection {
  const connection = connectCall(ports, { caller: { kind: 'terminal', terminalId }, dialled, marks: [] });
  if (connection instanceof Promise) throw new Error('a number of ours is connected without waiting');
  return connection;
}

function ringsOf(route: Connection['route']): Ring[] {
  return route.ok ? route.branches.flatMap(({ rings }) => rings) : [];
}

/** The ports of the phones that ring, or the answer to the caller. */
function reached({ route }: Connection): unknown {
  if (route.ok) {
    return ringsOf(route).flatMap(({ way }) => (way.kind === 'binding' ? [way.binding.flow.port] : []));
  }
  const { sipStatus, q850Cause, refusal } = route.outcome;
  return `${sipStatus}/${q850Cause} ${refusal}`;
}

describe('R12, R13: what a member dials', () => {
  it.each([ANN, '02-6200-6200-082', '02 6200 6200 082', '(02)6200.6200.082', `sip:${ANN}@omnidial.example`])(
    '%s rings every phone of every terminal of its holder',
    (dialled) => {
      expect(reached(call('ben-desk', dialled))).toEqual([1, 2, 3]);
    },
  );

  it.each([
    '62006200#001',
    '6200-6200#001',
    '62006200*001',
    '62006200%23001',
    '62006200＃001',
    '6200 6200 # 001',
  ])('R3: %s rings the branch in that country, wherever it is dialled', (dialled) => {
    expect(reached(call('ann-desk', dialled))).toEqual([5, 6]);
  });

  it('R3: the number alone rings the branch in the country of the caller', () => {
    expect(reached(call('ann-desk', '6200-6200'))).toEqual([4]);
    expect(reached(call('york', '6200-6200'))).toEqual([6]);
  });

  it('the terminal that calls does not ring, the others of its member do', () => {
    expect(reached(call('ann-desk', ANN))).toEqual([3]);
    expect(reached(call('ann-mobile', ANN))).toEqual([1, 2]);
  });

  it('every phone is an attempt of its own', () => {
    const { route } = call('ben-desk', ANN);
    expect(ringsOf(route).map(({ attempt }) => attempt)).toEqual([
      { id: '0', party: { kind: 'terminal', terminalId: 'ann-desk', memberId: 'ann' } },
      { id: '1', party: { kind: 'terminal', terminalId: 'ann-desk', memberId: 'ann' } },
      { id: '2', party: { kind: 'terminal', terminalId: 'ann-mobile', memberId: 'ann' } },
    ]);
  });

  it('no phone rings where none is registered, which is no refusal yet', () => {
    expect(reached(call('ann-desk', BEN))).toEqual([]);
  });

  it.each([
    [`62006200#${JP}`, '404/1 branch-not-found'],
    ['0262006209082', '404/1 number-not-in-service'],
    ['99998888#082', '404/1 number-not-in-service'],
    ['02-6200', '404/1 number-unknown'],
    ['', '484/28 number-incomplete'],
  ])('%j is refused with %s', (dialled, answer) => {
    expect(reached(call('ann-desk', dialled))).toBe(answer);
  });
});

describe('R13: the facts of a call', () => {
  it('name the caller by his number, and the called number in its one text', () => {
    expect(call('ben-desk', '02-6200 6200082')).toMatchObject({
      callerUser: BEN,
      facts: {
        id: 'call-1',
        callerTerminalId: 'ben-desk',
        callerMemberId: 'ben',
        callerNumber: '02-6200-6201-082',
        dialled: '02-6200 6200082',
        calledNumber: '02-6200-6200-082',
        startedAtMs: 1_000,
      },
    });
  });

  it("R3: show an enterprise's caller with the branch, escaped where it is a URI", () => {
    expect(call('york', ANN)).toMatchObject({
      callerUser: '62006200%23001',
      facts: { callerNumber: '6200-6200#001' },
    });
  });

  it('a terminal that is no longer known calls nobody', () => {
    const connection = call('removed', ANN);
    expect([reached(connection), connection.callerUser]).toEqual(['403/21 undefined', 'anonymous']);
  });

  it('a member without a number is shown by the name of its terminal', () => {
    ports.directory.apply({ kind: 'terminal-saved', terminal: terminal('newcomer', 'nobody-yet') });
    expect(call('newcomer', ANN)).toMatchObject({ callerUser: 'newcomer' });
    expect(call('newcomer', ANN).facts.callerNumber).toBeUndefined();
  });
});

describe('R23: the price of a call is announced', () => {
  /** A way to all of Korea, for 60 won a minute; Ann wants to hear of it. */
  function outside(): OutwardPorts {
    const carriers = new CarrierTable();
    carriers.add({ trunk: 'kt', prefix: '82', costPerMinute: 1n, currency: 'KRW', priority: 1, weight: 1 });
    const parts = { centres: [centreOf('KR')], trunks: [trunkOf('kt')], operators: [] };
    const network = new CentreNetwork(parts, carriers);
    const rate = {
      currency: 'KRW' as const,
      perMinuteMicros: 60_000_000n,
      connectFeeMicros: 0n,
      initialIncrementSeconds: 1,
      nextIncrementSeconds: 1,
      minimumMicros: 0n,
      freeSeconds: 0,
    };
    const row = { status: 'open' as const, prefix: '82', destination: 'Korea', rate };
    return {
      ...NOTHING_OUTSIDE,
      network: () => network,
      lines: { gatewaysOf: () => [reachedAt('192.0.2.9')], channelsInUse: () => 0, isAlive: () => true },
      prices: new CallPrices({
        tariffs: { rowFor: () => ({ kind: 'open', row, versionId: '1' }) },
        setUp: () => ({ ...NOTHING_CHARGED, defaultPlan: 'retail-kr' }),
        termsOf: (memberId) => ({
          barredPrefixes: [],
          callsPremium: false,
          announcesPrice: memberId === 'ann',
        }),
        clock: { nowMs: () => 1_000 },
      }),
    };
  }

  /** Of each branch that costs something, who pays, and whether the caller is told. */
  const announced = ({ route }: Connection) =>
    route.ok
      ? route.branches.flatMap(({ credit, announcesPrice = false }) =>
          credit === undefined ? [] : [[credit.account, announcesPrice]],
        )
      : route.detail;

  it('to a caller who pays and wants to know it, and to no other', () => {
    ports = { ...ports, outward: outside() };
    expect(announced(call('ann-desk', '0212345678'))).toEqual([['member/ann', true]]);
    expect(announced(call('ben-desk', '0212345678'))).toEqual([['member/ben', false]]);
  });

  it('R18: to nobody where the member who is called pays for the way to a telephone', () => {
    ports = { ...ports, outward: outside() };
    for (const [memberId, number] of [
      ['ann', '+82212345678'],
      ['ben', '+82212345679'],
    ] as const) {
      ports.directory.apply({ kind: 'alias-proven', alias: { kind: 'pstn', value: number, memberId } });
      ports.directory.apply({
        kind: 'follow-me-set',
        followMe: { memberId, number, mode: 'with', afterMs: 0 },
      });
    }
    expect(announced(call('ben-desk', ANN))).toEqual([['member/ann', false]]);
    expect(announced(call('ann-desk', BEN))).toEqual([['member/ben', false]]);
  });
});
