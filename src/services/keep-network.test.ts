import { describe, expect, it } from 'vitest';
import { centreOf, trunkOf } from '../../test/support/network-parts.ts';
import { createInProcessBus } from '../adapters/bus/index.ts';
import { MemoryCentres } from '../adapters/memory/index.ts';
import type { CarrierRoute } from '../domain/centres/index.ts';
import { Network } from './keep-network.ts';
import type { CentreStore } from './ports/index.ts';

function route(prefix: string, costPerMinute = 1n): CarrierRoute {
  return { trunk: 'kt', prefix, costPerMinute, currency: 'KRW', priority: 0, weight: 1 };
}

async function* batches(...routes: CarrierRoute[]) {
  yield routes;
}

const nothing = { save: [], remove: [] };

async function stored() {
  const store = new MemoryCentres();
  await store.change(0n, {
    centres: { save: [centreOf('KR', { name: 'Seoul' })], remove: [] },
    trunks: { save: [trunkOf('kt')], remove: [] },
    operators: nothing,
  });
  await store.replaceRoutes('kt', batches(route('82')));
  return store;
}

function newBus() {
  return createInProcessBus((error) => {
    throw error;
  });
}

function neverTroubled(what: string, error: unknown): never {
  throw new Error(what, { cause: error });
}

function carriersOf(network: Network, digits: string): string[] {
  return network
    .current()
    .carriers.carriersFor(digits, () => 0)
    .map(({ trunk: name, prefix }) => `${name} ${prefix}`);
}

describe('the network in memory', () => {
  it('R1: knows what is set up from the start', async () => {
    const network = await Network.load(await stored(), newBus(), neverTroubled);
    expect(network.current().centreCoded('KR')?.name).toBe('Seoul');
    expect(carriersOf(network, '821012345678')).toEqual(['kt 82']);
  });

  it('R1: hears of a new configuration, keeps the routes, and forgets those of trunks that went', async () => {
    const [store, bus] = [await stored(), newBus()];
    const network = await Network.load(store, bus, neverTroubled);
    const heard: string[] = [];
    network.onChange(({ centres }) => heard.push(...centres.map(({ state }) => state)));

    const draining = { save: [centreOf('KR', { state: 'draining' })], remove: [] };
    await store.change(1n, { centres: draining, trunks: nothing, operators: nothing });
    bus.publish({ kind: 'configuration-changed', revision: '2' });
    await network.refresh();
    expect(heard).toEqual(['draining']);
    expect(carriersOf(network, '821012345678')).toEqual(['kt 82']);

    await store.change(2n, {
      centres: nothing,
      trunks: { save: [], remove: ['kt'] },
      operators: nothing,
    });
    bus.publish({ kind: 'configuration-changed', revision: '3' });
    await network.refresh();
    expect(network.current().trunkNamed('kt')).toBeUndefined();
    expect(carriersOf(network, '821012345678')).toEqual([]);
  });

  it('R14: puts all routes of a trunk in the place of the old ones at once', async () => {
    const [store, bus] = [await stored(), newBus()];
    const network = await Network.load(store, bus, neverTroubled);
    await store.replaceRoutes('kt', batches(route('8210')));
    expect(carriersOf(network, '82212345678')).toEqual(['kt 82']);
    bus.publish({ kind: 'routes-changed', trunk: 'kt' });
    await network.refresh();
    expect(carriersOf(network, '82212345678')).toEqual([]);
    expect(carriersOf(network, '821012345678')).toEqual(['kt 8210']);
  });

  it('misses no change that is published while it reads', async () => {
    const [store, bus] = [await stored(), newBus()];
    const loading = Network.load(store, bus, neverTroubled);
    await store.replaceRoutes('kt', batches(route('8210')));
    bus.publish({ kind: 'routes-changed', trunk: 'kt' });
    expect(carriersOf(await loading, '82212345678')).toEqual([]);
  });

  it('goes on with what it knows while the store fails, and reads the change later', async () => {
    const [real, bus] = [await stored(), newBus()];
    let isAway = false;
    const store: CentreStore = {
      load: () => (isAway ? Promise.reject(new Error('away')) : real.load()),
      change: (revision, change) => real.change(revision, change),
      routes: () => real.routes(),
      routesOf: (name) => real.routesOf(name),
      replaceRoutes: (name, routes) => real.replaceRoutes(name, routes),
      pageOfRoutes: (name, after, limit) => real.pageOfRoutes(name, after, limit),
    };
    const troubles: string[] = [];
    const network = await Network.load(store, bus, (what) => troubles.push(what));
    isAway = true;
    const closed = { save: [centreOf('KR', { state: 'closed' })], remove: [] };
    await real.change(1n, { centres: closed, trunks: nothing, operators: nothing });
    bus.publish({ kind: 'configuration-changed', revision: '2' });
    await network.refresh();
    expect(troubles).toHaveLength(1);
    expect(network.current().centreCoded('KR')?.state).toBe('open');
    isAway = false;
    await network.refresh();
    expect(network.current().centreCoded('KR')?.state).toBe('closed');
  });

  it('reads everything again where notices may have been lost', async () => {
    const [store, bus] = [await stored(), newBus()];
    const network = await Network.load(store, bus, neverTroubled);
    await store.replaceRoutes('kt', batches(route('8210')));
    await network.reload();
    expect(carriersOf(network, '82212345678')).toEqual([]);
  });
});
