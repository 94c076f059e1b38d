import { describe, expect, it } from 'vitest';
import { MemoryCentres } from '../../src/adapters/memory/index.ts';
import { createCentreStore } from '../../src/adapters/postgres/index.ts';
import type { CarrierRoute, Centre, CentreCode, Operator, Trunk } from '../../src/domain/centres/index.ts';
import type { CountryCode } from '../../src/domain/numbering/index.ts';
import { Network } from '../../src/services/keep-network.ts';
import type { CentreStore } from '../../src/services/ports/index.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';

describe('centres (memory)', () => contract(async () => new MemoryCentres()));
for (const server of DATABASES) {
  describeDatabase(server, 'centres', (fresh) => {
    contract(async () => createCentreStore((await fresh()).kysely));
    millionRoutes(async () => createCentreStore((await fresh()).kysely));
  });
}

const KOREA = '082' as CountryCode;

function centre(code: string, change: Partial<Centre> = {}): Centre {
  return {
    code: code as CentreCode,
    name: `Centre of "${code}" 서울`,
    countries: [KOREA, '081' as CountryCode],
    run: { kind: 'partner', trunk: 'kt', agreement: 'A-1' },
    state: 'open',
    capacityCalls: 1_000,
    languages: ['ko', 'en'],
    priority: 0,
    weight: 1,
    emergencyTrunk: 'kt',
    accessNumbers: ['+82262006200'],
    ...change,
  };
}

function trunk(name: string): Trunk {
  return {
    name,
    kind: 'carrier',
    centre: 'KR' as CentreCode,
    state: 'open',
    gateways: [{ host: '192.0.2.7', port: 5060, transport: 'udp', priority: 0, weight: 1 }],
    inbound: {
      addresses: ['192.0.2.0/24'],
      digest: { user: 'kt', secrets: { md5: 'a', sha256: 'b' } },
      transit: false,
    },
    credentials: { user: 'omnidial', password: 'p"a\\s\'s' },
    registration: { expiresSeconds: 600 },
    health: { intervalMs: 30_000, downAfter: 3, upAfter: 2 },
    channels: 30,
    numbers: {
      country: KOREA,
      called: { form: 'national', rules: [{ pattern: '^0(\\d+)$', replace: '9$1' }] },
      calling: { form: 'e164', rules: [{ pattern: '\\+82\\d+', strip: 3, prepend: '0' }] },
      inboundCalled: [],
      inboundCalling: [],
    },
    codecs: ['PCMU'],
    silenceMs: 4_000,
    ringMs: 60_000,
    trusted: false,
    tryNextAfter404: true,
    portability: false,
  };
}

const TELLO: Operator = {
  id: 'tello',
  name: 'Tello',
  rules: [{ pattern: '070\\d{8}', conversion: { kind: 'international', countryCode: KOREA, strip: 1 } }],
  trunks: ['kt'],
};

const NONE = { save: [], remove: [] };

function route(prefix: string, change: Partial<CarrierRoute> = {}): CarrierRoute {
  return { trunk: 'kt', prefix, costPerMinute: 6_000n, currency: 'KRW', priority: 1, weight: 2, ...change };
}

async function* batches(...all: readonly (readonly CarrierRoute[])[]) {
  yield* all;
}

async function collected(routes: AsyncIterable<readonly CarrierRoute[]>): Promise<CarrierRoute[]> {
  const all: CarrierRoute[] = [];
  for await (const batch of routes) all.push(...batch);
  return all;
}

async function withTrunks(store: CentreStore, ...names: readonly string[]): Promise<void> {
  const { revision } = await store.load();
  const trunks = { save: names.map(trunk), remove: [] };
  await store.change(revision, { centres: NONE, trunks, operators: NONE });
}

function contract(open: () => Promise<CentreStore>): void {
  it('R1: gives the configuration back as it was set up, in the order of the names', async () => {
    const store = await open();
    const { revision, configuration } = await store.load();
    expect(configuration).toEqual({ centres: [], trunks: [], operators: [] });
    const changed = await store.change(revision, {
      centres: { save: [centre('US-WEST', { run: { kind: 'own' } }), centre('KR')], remove: [] },
      trunks: { save: [trunk('kt-2'), trunk('kt')], remove: [] },
      operators: { save: [TELLO], remove: [] },
    });
    expect(changed).toBeGreaterThan(revision);
    expect(await store.load()).toEqual({
      revision: changed,
      configuration: {
        centres: [centre('KR'), centre('US-WEST', { run: { kind: 'own' } })],
        trunks: [trunk('kt'), trunk('kt-2')],
        operators: [TELLO],
      },
    });
  });

  it('replaces, adds and removes by name in one change', async () => {
    const store = await open();
    const first = { centres: { save: [centre('JP'), centre('KR')], remove: [] } };
    const revision = (await store.change(0n, { ...first, trunks: NONE, operators: NONE })) ?? 0n;
    const second = {
      save: [centre('KR', { state: 'draining' }), centre('US')],
      remove: ['JP', 'never'],
    };
    await store.change(revision, { centres: second, trunks: NONE, operators: NONE });
    const { configuration } = await store.load();
    expect(configuration.centres.map(({ code, state }) => `${code} ${state}`)).toEqual([
      'KR draining',
      'US open',
    ]);
  });

  it('makes nothing of a change that was thought out for another revision', async () => {
    const store = await open();
    const { revision } = await store.load();
    const change = { centres: { save: [centre('KR')], remove: [] }, trunks: NONE, operators: NONE };
    expect(await store.change(revision + 1n, change)).toBeUndefined();
    expect((await store.load()).configuration.centres).toEqual([]);
  });

  it('R1: of many changes at once for one revision makes one', async () => {
    const store = await open();
    const { revision } = await store.load();
    const codes = Array.from({ length: 10 }, (_, at) => `C${at}`);
    const made = await Promise.all(
      codes.map((code) =>
        store.change(revision, {
          centres: { save: [centre(code)], remove: [] },
          trunks: NONE,
          operators: NONE,
        }),
      ),
    );
    expect(made.filter((result) => result !== undefined)).toHaveLength(1);
    expect((await store.load()).configuration.centres).toHaveLength(1);
  });

  it('R14: puts the routes of a trunk in the place of its old ones, and leaves those of others', async () => {
    const store = await open();
    await withTrunks(store, 'kt', 'sk');
    expect(await store.replaceRoutes('kt', batches([route('82'), route('1')], [route('8210')]))).toBe(3);
    await store.replaceRoutes('sk', batches([route('81', { trunk: 'sk', costPerMinute: 0n })]));
    expect(await collected(store.routesOf('kt'))).toEqual([route('1'), route('82'), route('8210')]);
    expect(await store.replaceRoutes('kt', batches([route('82', { costPerMinute: 2n ** 62n })]))).toBe(1);
    expect(await collected(store.routesOf('kt'))).toEqual([route('82', { costPerMinute: 2n ** 62n })]);
    expect(await collected(store.routes())).toHaveLength(2);
    expect(await store.replaceRoutes('kt', batches())).toBe(0);
    expect(await collected(store.routesOf('kt'))).toEqual([]);
  });

  it('gives the routes of a trunk page by page', async () => {
    const store = await open();
    await withTrunks(store, 'kt');
    await store.replaceRoutes('kt', batches([route('1'), route('82'), route('8210'), route('9')]));
    const prefixes = (page: readonly CarrierRoute[]) => page.map(({ prefix }) => prefix);
    expect(prefixes(await store.pageOfRoutes('kt', '', 2))).toEqual(['1', '82']);
    expect(prefixes(await store.pageOfRoutes('kt', '82', 2))).toEqual(['8210', '9']);
    expect(prefixes(await store.pageOfRoutes('never', '', 2))).toEqual([]);
  });

  it('keeps the old routes where the new ones fail on the way', async () => {
    const store = await open();
    await withTrunks(store, 'kt');
    await store.replaceRoutes('kt', batches([route('82')]));
    const broken = async function* () {
      yield [route('1')];
      throw new Error('the file ends in the middle');
    };
    await expect(store.replaceRoutes('kt', broken())).rejects.toThrow('in the middle');
    expect(await collected(store.routesOf('kt'))).toEqual([route('82')]);
  });

  it('has no routes of a trunk that is not there, nor of one that went', async () => {
    const store = await open();
    expect(await store.replaceRoutes('kt', batches([route('82')]))).toBeUndefined();
    await withTrunks(store, 'kt');
    await store.replaceRoutes('kt', batches([route('82')]));
    const { revision } = await store.load();
    await store.change(revision, { centres: NONE, trunks: { save: [], remove: ['kt'] }, operators: NONE });
    await withTrunks(store, 'kt');
    expect(await collected(store.routes())).toEqual([]);
  });

  it('takes whole the routes of one of two who replace them at once', async () => {
    const store = await open();
    await withTrunks(store, 'kt');
    const lists = ['1', '2', '3'].map((first) =>
      Array.from({ length: 50 }, (_, at) => route(`${first}${at + 10}`)),
    );
    await Promise.all(lists.map((list) => store.replaceRoutes('kt', batches(list))));
    const firsts = (await collected(store.routesOf('kt'))).map(({ prefix }) => prefix[0]);
    expect(firsts).toHaveLength(50);
    expect(new Set(firsts).size).toBe(1);
  });
}

const MILLION = 1_000_000;

function millionRoutes(open: () => Promise<CentreStore>): void {
  it('R14: a million routes are stored and in memory in seconds', async () => {
    const store = await open();
    await withTrunks(store, 'kt');
    const make = async function* () {
      for (let from = 0; from < MILLION; from += 50_000) {
        yield Array.from({ length: 50_000 }, (_, at) => route(String(1_000_000 + from + at)));
      }
    };
    const startMs = performance.now();
    await store.replaceRoutes('kt', make());
    const storedMs = performance.now();
    const network = await Network.load(store, { publish() {}, subscribe() {} }, () => undefined);
    const loadedMs = performance.now();
    expect(network.current().carriers.size).toBe(MILLION);
    expect(storedMs - startMs).toBeLessThan(30_000);
    expect(loadedMs - storedMs).toBeLessThan(10_000);
  });
}
