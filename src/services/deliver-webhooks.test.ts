import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { MemoryWebhooks } from '../adapters/memory/webhooks.ts';
import type { SendOutcome, WebhookEndpoint, WebhookEvent } from '../domain/webhooks/index.ts';
import { type DeliveryOptions, WebhookDeliverer } from './deliver-webhooks.ts';
import type { WebhookMessage } from './ports/index.ts';

const OK: SendOutcome = { kind: 'answered', status: 200 };
const DAY_MS = 24 * 3_600_000;
/** Where days pass: still shorter than a lease. */
const STRIDE_MS = 9_000;

function endpoint(id: string): WebhookEndpoint {
  return {
    ...{ id, url: `https://${id}.example/`, topics: ['calls'], createdAtMs: 0, version: 0, state: 'open' },
    ...{
      secrets: [{ text: 'whsec_bmV3' }, { text: 'whsec_b2xk', untilMs: 60_000 }],
      failures: 0,
      restUntilMs: 0,
    },
  };
}

function event(id: string): WebhookEvent {
  return { id, topic: 'calls', type: 'call.ended', occurredAtMs: 1_000, isForOperators: true, data: { id } };
}

/** Deliveries to endpoints that answer as a test wants, in its time. */
class World {
  readonly clock = new VirtualClock();
  readonly store = new MemoryWebhooks();
  readonly sent: WebhookMessage[] = [];
  readonly told: string[] = [];
  readonly failures: unknown[] = [];
  /** How each endpoint answers, by its URL; with 200 where it is not said. */
  readonly answers = new Map<string, (message: WebhookMessage) => SendOutcome | Promise<SendOutcome>>();
  readonly deliverer: WebhookDeliverer;

  constructor(options: Partial<DeliveryOptions> = {}) {
    this.deliverer = this.process(options);
  }

  process(options: Partial<DeliveryOptions> = {}): WebhookDeliverer {
    const deliverer = new WebhookDeliverer(
      {
        store: this.store,
        clock: this.clock,
        timers: { start: (afterMs, run) => this.clock.schedule(afterMs, run) },
        chance: () => 0,
        sender: {
          send: async (message) => {
            this.sent.push(message);
            return (await this.answers.get(message.url)?.(message)) ?? OK;
          },
        },
        tellOwner: async ({ id }) => void this.told.push(id),
        onFailure: (error) => this.failures.push(error),
      },
      options,
    );
    deliverer.start();
    return deliverer;
  }

  async add(...ids: string[]): Promise<void> {
    for (const id of ids) await this.store.add(endpoint(id), 99);
  }

  /** Lets time pass, a step a look, and what is asked be answered. */
  async pass(ms: number, stepMs = 1_000): Promise<void> {
    const untilMs = this.clock.nowMs() + ms;
    for (;;) {
      for (let turn = 0; turn < 4; turn += 1) await setImmediate();
      if (this.clock.nowMs() >= untilMs) return;
      this.clock.run(Math.min(untilMs, this.clock.nowMs() + stepMs));
    }
  }

  sentTo(id: string): string[] {
    return this.sent.filter(({ url }) => url === `https://${id}.example/`).map((message) => message.id);
  }
}

describe('events are sent', () => {
  it('within a second, in order, with all secrets that sign', async () => {
    const world = new World();
    await world.add('one');
    await world.store.record(['a', 'b', 'c'].map(event));
    await world.pass(1_000);
    expect(world.sentTo('one')).toEqual(['a', 'b', 'c']);
    expect(world.sent[0]).toEqual({
      ...{ url: 'https://one.example/', id: 'a', atMs: 1_000, keys: ['bmV3', 'b2xk'] },
      body: '{"type":"call.ended","timestamp":"1970-01-01T00:00:01.000Z","data":{"id":"a"}}',
    });
    await world.pass(60_000);
    expect(world.sent).toHaveLength(3);
    await world.store.record([event('d')]);
    await world.pass(1_000);
    expect(world.sent.at(-1)?.keys).toEqual(['bmV3']);
  });

  it('a slow endpoint and a dead one hold up no other', async () => {
    const world = new World();
    await world.add('slow', 'dead', 'well');
    world.answers.set('https://slow.example/', () => new Promise(() => undefined));
    world.answers.set('https://dead.example/', () => ({ kind: 'unanswered', reason: 'ECONNREFUSED' }));
    for (let second = 0; second < 25; second += 1) {
      await world.store.record([event(`e${second}`)]);
      await world.pass(1_000);
    }
    await world.pass(1_000);
    expect(world.sentTo('well')).toHaveLength(25);
    expect(world.sentTo('slow')).toEqual(['e0']);
    // 5 and 10 seconds of rest, and never two at once.
    expect(world.sentTo('dead')).toHaveLength(3);
  });

  it('an endpoint that comes back gets what waited, in order from the oldest that is due', async () => {
    const world = new World();
    await world.add('one');
    let isAway = true;
    world.answers.set('https://one.example/', () => (isAway ? { kind: 'answered', status: 503 } : OK));
    const ids = Array.from({ length: 20 }, (_, at) => `e${at}`);
    for (const id of ids) {
      await world.store.record([event(id)]);
      await world.pass(60_000);
    }
    const before = world.sent.length;
    isAway = false;
    await world.pass(301_000);
    const after = world.sentTo('one').slice(before);
    expect([...after].sort()).toEqual([...ids].sort());
    // The one that was due first, and then all others as they were recorded.
    const rest = after.slice(1);
    expect(rest).toEqual(ids.filter((id) => rest.includes(id)));
  });

  it('one event that an endpoint does not take holds up no other', async () => {
    const world = new World();
    await world.add('one');
    world.answers.set('https://one.example/', ({ id }) =>
      id === 'poison' ? { kind: 'answered', status: 400 } : OK,
    );
    await world.store.record([event('poison'), event('a')]);
    await world.pass(1_000);
    await world.store.record([event('b')]);
    await world.pass(1_000);
    expect(world.sentTo('one')).toEqual(['poison', 'a', 'b']);
    await world.pass(5_000);
    expect(world.sentTo('one')).toEqual(['poison', 'a', 'b', 'poison']);
  });

  it('a failing event is tried ten times in four days, and is then in the log as given up', async () => {
    const world = new World({ lookEveryMs: STRIDE_MS });
    await world.add('one');
    world.answers.set('https://one.example/', () => ({ kind: 'answered', status: 404, answer: 'no' }));
    await world.store.record([event('a')]);
    await world.pass(4 * DAY_MS, STRIDE_MS);
    expect(world.sent).toHaveLength(10);
    const [logged] = await world.store.deliveries({ endpointId: 'one', limit: 9 });
    expect(logged?.delivery).toMatchObject({ state: 'given-up', reason: 'attempts-failed', tries: 10 });
    expect(logged?.delivery.attempts.at(-1)).toMatchObject({ status: 404, answer: 'no' });
  });

  it('an endpoint that takes nothing for five days is switched off, and its owner is told once', async () => {
    const world = new World({ lookEveryMs: STRIDE_MS });
    await world.add('one');
    world.answers.set('https://one.example/', () => ({ kind: 'answered', status: 500 }));
    for (let day = 0; day < 7; day += 1) {
      await world.store.record([event(`day${day}`)]);
      await world.pass(DAY_MS, STRIDE_MS);
    }
    expect(world.told).toEqual(['one']);
    expect(await world.store.find('one')).toMatchObject({ state: 'disabled', disabledReason: 'failing' });
  });

  it('of a long queue several are under way at once', async () => {
    const world = new World({ backlog: 10, atOnceInBacklog: 4, batchSize: 20 });
    await world.add('one');
    let underWay = 0;
    let most = 0;
    world.answers.set('https://one.example/', async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await Promise.resolve();
      underWay -= 1;
      return OK;
    });
    const ids = Array.from({ length: 50 }, (_, at) => `e${at}`);
    await world.store.record(ids.map(event));
    await world.pass(1_000);
    await world.pass(3, 1);
    expect([...world.sentTo('one')].sort()).toEqual([...ids].sort());
    expect(most).toBe(4);
  });
});

describe('several processes', () => {
  it('share the work: each event is sent once', async () => {
    const world = new World();
    for (let count = 0; count < 3; count += 1) world.process();
    await world.add('one', 'two', 'three');
    await world.store.record(['a', 'b', 'c', 'd'].map(event));
    await world.pass(5_000);
    for (const id of ['one', 'two', 'three']) expect(world.sentTo(id)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('what a process that died had claimed is sent by another', async () => {
    const world = new World();
    await world.add('one');
    let isStuck = true;
    world.answers.set('https://one.example/', () => (isStuck ? new Promise(() => undefined) : OK));
    await world.store.record(['a', 'b'].map(event));
    await world.pass(2_000);
    isStuck = false;
    await world.pass(28_000);
    expect(world.sentTo('one')).toEqual(['a']);
    await world.pass(2_000);
    expect(world.sentTo('one')).toEqual(['a', 'a', 'b']);
  });

  it('a process that ends breaks off what is under way, and that counts as no attempt', async () => {
    const world = new World();
    await world.add('one');
    let breakOff: (outcome: SendOutcome) => void = () => undefined;
    world.answers.set('https://one.example/', () => new Promise((resolve) => (breakOff = resolve)));
    await world.store.record(['a', 'b'].map(event));
    await world.pass(1_000);
    const stopped = world.deliverer.stop();
    breakOff({ kind: 'unanswered', reason: 'broken off' });
    await stopped;
    const { delivery } = (await world.store.delivery('one', 'a')) ?? {};
    expect(delivery).toMatchObject({ state: 'pending', tries: 0 });
    world.answers.clear();
    world.process();
    await world.pass(1_000);
    expect(world.sentTo('one')).toEqual(['a', 'a', 'b']);
    expect(world.clock.waiting).toBe(1);
  });

  it('a store that fails is told of, and asked again', async () => {
    const world = new World();
    await world.add('one');
    await world.store.record([event('a')]);
    const { claim } = world.store;
    world.store.claim = () => Promise.reject(new Error('no database'));
    await world.pass(2_000);
    expect(world.failures).toHaveLength(2);
    world.store.claim = claim;
    await world.pass(1_000);
    expect(world.sentTo('one')).toEqual(['a']);
  });
});
