import { expect, it } from 'vitest';
import { createCallRecordStore, insertEvents, type OpenDatabase } from '../../src/adapters/postgres/index.ts';
import { createWebhookStore } from '../../src/adapters/postgres/webhooks.ts';
import {
  attemptOf,
  type Delivery,
  judge,
  stepDelivery,
  stepEndpoint,
  type WebhookEndpoint,
  type WebhookEvent,
} from '../../src/domain/webhooks/index.ts';
import { adjustLedger } from '../../src/services/adjust-ledger.ts';
import { expireOrders } from '../../src/services/expire-orders.ts';
import type { ClaimedDeliveries, WebhookStore } from '../../src/services/ports/index.ts';
import { quoteNumber } from '../../src/services/quote-number.ts';
import { receivePayment } from '../../src/services/receive-payment.ts';
import { topUp } from '../../src/services/top-up.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { describeStores, type OpenStores } from '../support/market-stores.ts';
import { accepted, OPERATOR, openSale, serviceWorld, somebody } from '../support/service-world.ts';

const NOW_MS = 1_793_000_000_000;
const LIMITS = { nowMs: NOW_MS, leaseMs: 60_000, endpoints: 10, deliveries: 100 };

function endpoint(id: string, change: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  return {
    id,
    url: `https://${id}.example/`,
    topics: ['calls'],
    createdAtMs: NOW_MS,
    secrets: [{ text: 'whsec_c2VjcmV0' }],
    version: 0,
    failures: 0,
    restUntilMs: 0,
    state: 'open',
    ...change,
  } as WebhookEndpoint;
}

function event(id: string, change: Partial<WebhookEvent> = {}): WebhookEvent {
  return {
    id,
    topic: 'calls',
    type: 'call.ended',
    occurredAtMs: NOW_MS,
    isForOperators: true,
    data: { text: 'it’s "quoted" \\ and\nlong', nothing: null, list: [1, { deep: true }] },
    ...change,
  };
}

/** A delivery after an attempt that was answered so. */
function tried(delivery: Delivery, status: number, atMs = NOW_MS): Delivery {
  const outcome = { kind: 'answered', status } as const;
  const attempt = attemptOf(outcome, atMs, 10);
  return stepDelivery(delivery, { kind: 'tried', attempt, verdict: judge(outcome), chance: 0 });
}

async function claimOne(store: WebhookStore, nowMs = NOW_MS): Promise<ClaimedDeliveries> {
  const [claimed, ...others] = await store.claim({ ...LIMITS, nowMs });
  if (claimed === undefined || others.length > 0) throw new Error('One endpoint was to be claimed.');
  return claimed;
}

/** Claims the one endpoint, and keeps what attempts to deliver all that is due came to. */
async function attemptAll(store: WebhookStore, status: number, nowMs = NOW_MS): Promise<readonly string[]> {
  const claimed = await claimOne(store, nowMs);
  const verdict = judge({ kind: 'answered', status });
  const [after, effects] = stepEndpoint(claimed.endpoint, { kind: 'tried', verdict, nowMs });
  const deliveries = claimed.due.map(({ delivery }) => tried(delivery, status, nowMs));
  await store.keep(claimed, after, effects, deliveries, nowMs);
  await store.release({ ...claimed, endpoint: after });
  return claimed.due.map(({ event: { id } }) => id);
}

async function statesOf(store: WebhookStore, endpointId: string): Promise<Record<string, string>> {
  const all = await store.deliveries({ endpointId, limit: 1_000 });
  return Object.fromEntries(all.map(({ delivery }) => [delivery.eventId, delivery.state]));
}

describeStores('webhooks', contract);

function contract(open: OpenStores): void {
  it('keeps endpoints as they are, whole, newest first, and only so many of one owner', async () => {
    const world = serviceWorld(await open());
    const { memberId } = await somebody(world, 'mina');
    const store = world.webhooks;
    const full = endpoint('2', {
      ...{ memberId, description: 'the desk', topics: ['orders', 'alarms'], failures: 3 },
      ...{ failingSinceMs: NOW_MS - 5, restUntilMs: NOW_MS + 5, version: 4 },
      ...{ state: 'disabled', disabledAtMs: NOW_MS, disabledReason: 'failing' },
      secrets: [{ text: 'whsec_Yg==' }, { text: 'whsec_YQ==', untilMs: NOW_MS + 1 }],
    } as Partial<WebhookEndpoint>);
    expect(await store.add(endpoint('1'), 1)).toBe('added');
    expect(await store.add(endpoint('1b'), 1)).toBe('too-many');
    expect(await store.add(full, 1)).toBe('added');
    expect(await store.find('2')).toEqual(full);
    expect(await store.find('1')).toEqual(endpoint('1'));
    expect(await store.find('1b')).toBeUndefined();
    expect((await store.list({ limit: 9 })).map(({ id }) => id)).toEqual(['2', '1']);
    expect((await store.list({ limit: 9, memberId })).map(({ id }) => id)).toEqual(['2']);
    expect((await store.list({ limit: 1, before: '2' })).map(({ id }) => id)).toEqual(['1']);
    expect(await store.remove('2')).toBe(true);
    expect(await store.remove('2')).toBe(false);
  });

  it('of two who add the last one that is allowed, one does', async () => {
    const { webhooks: store } = serviceWorld(await open());
    const all = await Promise.all(Array.from({ length: 8 }, (_, at) => store.add(endpoint(`e${at}`), 3)));
    expect(all.filter((each) => each === 'added')).toHaveLength(3);
  });

  it('of two owners who change the same version, one does', async () => {
    const { webhooks: store } = serviceWorld(await open());
    await store.add(endpoint('1'), 9);
    const [one, other] = [endpoint('1', { topics: ['orders'] }), endpoint('1', { topics: ['alarms'] })];
    const changed = await Promise.all(
      [one, other].map((after) => store.change(endpoint('1'), after, [], NOW_MS)),
    );
    expect(changed.filter(Boolean)).toHaveLength(1);
    expect((await store.find('1'))?.version).toBe(1);
  });

  it('an event reaches the endpoints that hear of it, in the order of recording, once', async () => {
    const world = serviceWorld(await open());
    const { memberId } = await somebody(world, 'mina');
    const other = await somebody(world, 'juno');
    const store = world.webhooks;
    await store.add(endpoint('operator'), 9);
    await store.add(endpoint('orders', { topics: ['orders'] }), 9);
    await store.add(endpoint('mina', { memberId }), 9);
    await store.add(endpoint('juno', { memberId: other.memberId }), 9);
    await store.add(
      endpoint('off', {
        state: 'disabled',
        disabledAtMs: 1,
        disabledReason: 'gone',
      } as Partial<WebhookEndpoint>),
      9,
    );
    const forMina = event('b', { memberId, isForOperators: false });
    await store.record([event('c'), forMina, event('a', { memberId }), event('c')]);
    await store.record([event('a', { memberId, type: 'another' }), event('d', { topic: 'balance' })]);
    await store.record([]);
    const heard = await store.claim(LIMITS);
    const byEndpoint = Object.fromEntries(
      heard.map((each) => [each.endpoint.id, each.due.map((due) => due.event.id)]),
    );
    expect(byEndpoint).toEqual({ operator: ['c', 'a'], mina: ['b', 'a'] });
    const delivery = { tries: 0, attempts: [], state: 'pending', dueAtMs: 0 };
    expect(heard.find((each) => each.endpoint.id === 'mina')?.due).toEqual([
      { event: forMina, delivery: { ...delivery, endpointId: 'mina', eventId: 'b' } },
      { event: event('a', { memberId }), delivery: { ...delivery, endpointId: 'mina', eventId: 'a' } },
    ]);
  });

  it('a test goes to its endpoint alone, whatever that hears of', async () => {
    const { webhooks: store } = serviceWorld(await open());
    await store.add(endpoint('1', { topics: ['orders'] }), 9);
    await store.add(endpoint('2'), 9);
    await store.recordFor('1', event('t', { topic: 'test' }));
    await store.recordFor('1', event('t', { topic: 'test' }));
    const claimed = await claimOne(store);
    expect([claimed.endpoint.id, claimed.due.map((due) => due.event.id)]).toEqual(['1', ['t']]);
  });

  it('what is claimed is nobody else’s until it is given back, or whoever claimed it has died', async () => {
    const { webhooks: store } = serviceWorld(await open());
    await store.add(endpoint('1'), 9);
    await store.record([event('a'), event('b')]);
    const claims = await Promise.all(
      Array.from({ length: 6 }, () => store.claim({ ...LIMITS, deliveries: 1 })),
    );
    const [claimed, ...more] = claims.flat();
    expect(more).toEqual([]);
    expect(claimed?.due.map((due) => due.event.id)).toEqual(['a']);
    if (claimed === undefined) return;
    await store.release(claimed);
    const dies = await store.claim({ ...LIMITS, leaseMs: 0 });
    expect(dies).toHaveLength(1);
    const heir = await claimOne(store, NOW_MS + 1);
    // What the dead one gives back by its old claim is not its own any more.
    await store.release(dies[0] as ClaimedDeliveries);
    expect(await store.claim({ ...LIMITS, nowMs: NOW_MS + 2 })).toEqual([]);
    expect(heir.due).toHaveLength(2);
  });

  it('endpoints take turns, and those that rest or are off have none', async () => {
    const { webhooks: store } = serviceWorld(await open());
    await store.add(endpoint('1'), 9);
    await store.add(endpoint('2'), 9);
    await store.add(endpoint('resting', { restUntilMs: NOW_MS + 1_000 }), 9);
    await store.record([event('a'), event('b')]);
    const turns: string[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const [claimed] = await store.claim({ ...LIMITS, endpoints: 1, deliveries: 1 });
      if (claimed === undefined) break;
      turns.push(claimed.endpoint.id);
      await store.release(claimed);
    }
    expect(turns.slice(0, 2).sort()).toEqual(['1', '2']);
    expect(turns.slice(2)).toEqual(turns.slice(0, 2));
    expect(await store.claim({ ...LIMITS, nowMs: NOW_MS + 1_000 })).toHaveLength(3);
  });

  it('a delivery that failed is due later, one that succeeded never again', async () => {
    const { webhooks: store } = serviceWorld(await open());
    await store.add(endpoint('1'), 9);
    await store.record([event('a'), event('b')]);
    const claimed = await claimOne(store);
    const [first, second] = claimed.due.map(({ delivery }) => delivery) as [Delivery, Delivery];
    const outcomes = [tried(first, 400), tried(second, 204)];
    await store.keep(claimed, claimed.endpoint, [], outcomes, NOW_MS);
    await store.release(claimed);
    expect(await store.claim(LIMITS)).toEqual([]);
    const later = await claimOne(store, NOW_MS + 5_000);
    expect(later.due.map(({ delivery }) => delivery)).toEqual([tried(first, 400)]);
    expect((await store.delivery('1', 'b'))?.delivery).toEqual(tried(second, 204));
    // A late answer to what was delivered meanwhile changes nothing.
    await store.keep(later, later.endpoint, [], [tried(second, 500)], NOW_MS);
    expect((await store.delivery('1', 'b'))?.delivery.state).toBe('delivered');
  });

  it('how an endpoint fares is kept, unless its owner changed it meanwhile', async () => {
    const { webhooks: store } = serviceWorld(await open());
    await store.add(endpoint('1'), 9);
    await store.record([event('a')]);
    await attemptAll(store, 503);
    const failing = await store.find('1');
    expect(failing).toMatchObject({ failures: 1, failingSinceMs: NOW_MS, restUntilMs: NOW_MS + 5_000 });
    expect(await attemptAll(store, 200, NOW_MS + 6_000)).toEqual(['a']);
    expect(await store.find('1')).toEqual(endpoint('1'));
    await store.record([event('b')]);
    const claimed = await claimOne(store, NOW_MS + 7_000);
    const moved = endpoint('1', { url: 'https://moved.example/' });
    expect(await store.change(endpoint('1'), moved, [], NOW_MS)).toBe(true);
    await store.keep(claimed, { ...claimed.endpoint, failures: 9 }, [], [], NOW_MS);
    expect(await store.find('1')).toEqual({ ...moved, version: 1 });
  });

  it('410 switches the endpoint off and gives up what waits for it; it may all be replayed', async () => {
    const { webhooks: store } = serviceWorld(await open());
    await store.add(endpoint('1'), 9);
    await store.record([event('a')]);
    await store.record(['b', 'c'].map((id) => event(id)));
    const claimed = await claimOne(store);
    const [after, effects] = stepEndpoint(claimed.endpoint, {
      ...{ kind: 'tried', nowMs: NOW_MS },
      verdict: judge({ kind: 'answered', status: 410 }),
    });
    const [first] = claimed.due.map(({ delivery }) => tried(delivery, 410)) as [Delivery];
    await store.keep(claimed, after, effects, [first], NOW_MS);
    expect(await store.find('1')).toMatchObject({ state: 'disabled', disabledReason: 'gone' });
    expect(await statesOf(store, '1')).toEqual({ a: 'given-up', b: 'given-up', c: 'given-up' });
    expect(await store.claim({ ...LIMITS, nowMs: NOW_MS + 90_000_000 })).toEqual([]);
    const [open2] = stepEndpoint(after, { kind: 'enable', nowMs: NOW_MS });
    expect(await store.change(after, open2, [], NOW_MS)).toBe(true);
    expect(await store.replayGivenUp('1', NOW_MS + 60_000, NOW_MS)).toBe(0);
    expect(await store.replayGivenUp('1', NOW_MS, NOW_MS)).toBe(3);
    await store.release(claimed);
    expect(await attemptAll(store, 200)).toEqual(['a', 'b', 'c']);
    const [again] = await store.deliveries({ endpointId: '1', limit: 1 });
    if (again === undefined) throw new Error('There is a delivery.');
    await store.replay(stepDelivery(again.delivery, { kind: 'replay', nowMs: NOW_MS }));
    expect(await attemptAll(store, 200)).toEqual(['c']);
    expect((await store.delivery('1', 'c'))?.delivery).toMatchObject({ state: 'delivered', tries: 2 });
  });

  it('after an outage what waits is due at once', async () => {
    const { webhooks: store } = serviceWorld(await open());
    await store.add(endpoint('1'), 9);
    await store.record([event('a')]);
    await attemptAll(store, 500);
    await attemptAll(store, 500, NOW_MS + 6_000);
    await attemptAll(store, 500, NOW_MS + 310_000);
    await store.record([event('b')]);
    expect(await attemptAll(store, 200, NOW_MS + 400_000)).toEqual(['b']);
    expect(await attemptAll(store, 200, NOW_MS + 400_000)).toEqual(['a']);
  });

  it('lists deliveries newest first, by state, and on from one', async () => {
    const { webhooks: store } = serviceWorld(await open());
    await store.add(endpoint('1'), 9);
    await store.record(['a', 'b', 'c'].map((id) => event(id)));
    const ids = async (filter: object) =>
      (await store.deliveries({ endpointId: '1', limit: 9, ...filter })).map(({ event: { id } }) => id);
    expect(await ids({})).toEqual(['c', 'b', 'a']);
    expect(await ids({ limit: 2 })).toEqual(['c', 'b']);
    const [, second] = await store.deliveries({ endpointId: '1', limit: 2 });
    expect(await ids({ before: second?.cursor })).toEqual(['a']);
    expect(await ids({ state: 'delivered' })).toEqual([]);
    expect(await store.delivery('1', 'nothing')).toBeUndefined();
  });

  it('a queue that is too long loses its oldest, and what ended long ago is forgotten', async () => {
    const { webhooks: store } = serviceWorld(await open());
    await store.add(endpoint('1'), 9);
    await store.record(['a', 'b', 'c', 'd'].map((id) => event(id)));
    const limits = { nowMs: NOW_MS, endedBeforeMs: NOW_MS - 1, mostWaiting: 3 };
    expect([...(await store.prune(limits))]).toEqual([['1', 1]]);
    expect([...(await store.prune(limits))]).toEqual([]);
    expect((await store.delivery('1', 'a'))?.delivery).toMatchObject({
      state: 'given-up',
      reason: 'queue-full',
    });
    expect(await attemptAll(store, 200)).toEqual(['b', 'c', 'd']);
    await store.record([event('e')]);
    await store.prune({ ...limits, endedBeforeMs: NOW_MS + 60_000 });
    expect(await statesOf(store, '1')).toEqual({ e: 'pending' });
  });

  it('R23: credit that is given or taken is told once, and not where it was not', async () => {
    const world = serviceWorld(await open());
    const { memberId, actor } = await somebody(world, 'mina');
    await world.webhooks.add(endpoint('mina', { memberId, topics: ['balance'] }), 9);
    const amount = { currency: 'KRW', micros: 10_000_000_000n } as const;
    const bill = accepted(await topUp(world, { actor, amount }));
    const notice = {
      noticeId: 'n1',
      channel: 'bank',
      amount,
      paymentReference: bill.paymentReference,
    } as const;
    await Promise.all([receivePayment(world, notice, 'keep'), receivePayment(world, notice, 'keep')]);
    const taken = {
      actor: OPERATOR,
      debit: `member/${memberId}`,
      credit: 'call-revenue',
      amount: { currency: 'KRW', micros: 2_000_000_000n },
      purpose: 'correction',
      reason: 'A call was not charged.',
      confirmation: '2000 KRW',
      onceKey: 'taken',
    } as const;
    for (let times = 0; times < 2; times += 1) accepted(await adjustLedger(world, taken));
    const tooMuch = { currency: 'KRW', micros: 9_000_000_000n } as const;
    const refused = { ...taken, amount: tooMuch, confirmation: '9000 KRW', onceKey: 'too much' };
    expect(await adjustLedger(world, refused)).toMatchObject({ ok: false });
    const { due } = await claimOne(world.webhooks, world.clock.nowMs());
    expect(due.map(({ event: { type, data } }) => [type, data])).toEqual([
      [
        'balance.changed',
        {
          memberId,
          amount: { amount: '10000', currency: 'KRW' },
          purpose: 'top-up',
          subject: `bill/${bill.id}`,
        },
      ],
      [
        'balance.changed',
        expect.objectContaining({ amount: { amount: '-2000', currency: 'KRW' }, purpose: 'correction' }),
      ],
    ]);
  });

  it('R9: an order tells that its number was not paid in time, with the order itself', async () => {
    const world = serviceWorld(await open());
    await openSale(world);
    const { memberId, actor } = await somebody(world, 'mina');
    await world.webhooks.add(endpoint('mina', { memberId, topics: ['orders'] }), 9);
    const order = accepted(await quoteNumber(world, { actor, number: '02-6200-6200-082' }));
    world.wait(31 * 60_000);
    await expireOrders(world, { nowMs: world.clock.nowMs() });
    const claimed = await claimOne(world.webhooks, world.clock.nowMs());
    expect(claimed.due.map(({ event: told }) => told)).toMatchObject([
      {
        id: `order_expired_${order.id}`,
        type: 'order.expired',
        data: { id: order.id, state: 'expired', number: { text: '02-6200-6200-082' } },
      },
    ]);
  });
}

for (const server of DATABASES) {
  describeDatabase(server, 'events of calls', (fresh) => {
    const ended = (id: string) => ({
      ...{ id, status: 'completed' as const, dialled: '6200-6200#082', startedAtMs: NOW_MS },
      ...{ answeredAtMs: NOW_MS + 1_000, endedAtMs: NOW_MS + 61_000, lastSeenAtMs: NOW_MS + 61_000 },
    });
    const open = async (): Promise<OpenDatabase & { webhooks: WebhookStore }> => {
      const database = await fresh();
      return { ...database, webhooks: createWebhookStore(database.kysely) };
    };

    it('R21: a call tells once that it ended, however often its record is written', async () => {
      const { kysely, webhooks } = await open();
      await webhooks.add(endpoint('1'), 9);
      const calls = createCallRecordStore(kysely);
      const { endedAtMs: _, ...underWay } = ended('a');
      await calls.save([{ ...underWay, status: 'answered' }]);
      expect(await webhooks.claim(LIMITS)).toEqual([]);
      await calls.save([ended('a'), ended('b')]);
      await calls.save([ended('a')]);
      const { due } = await claimOne(webhooks);
      expect(due.map(({ event: { id, type } }) => [id, type])).toEqual([
        ['call_ended_operators_a', 'call.ended'],
        ['call_ended_operators_b', 'call.ended'],
      ]);
      expect(due[0]?.event.data).toMatchObject({ id: 'a', status: 'completed', durationSeconds: 60 });
    });

    it('R21: a call that a crash ended tells it when its record is closed', async () => {
      const { kysely, webhooks } = await open();
      const calls = createCallRecordStore(kysely);
      const { endedAtMs: _, ...underWay } = ended('a');
      await calls.save([{ ...underWay, status: 'answered' }]);
      await webhooks.add(endpoint('1'), 9);
      expect(await calls.closeOpen()).toBe(1);
      expect((await claimOne(webhooks)).due[0]?.event.data).toMatchObject({ hungUpBy: 'exchange' });
    });

    it('nothing is kept of events that nobody hears, nor of a transaction that was undone', async () => {
      const { kysely, webhooks } = await open();
      await createCallRecordStore(kysely).save([ended('a')]);
      await webhooks.add(endpoint('1'), 9);
      const undone = kysely.transaction().execute(async (transaction) => {
        await insertEvents(transaction, [event('x')]);
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');
      expect(await webhooks.claim(LIMITS)).toEqual([]);
      const { rows } = await kysely
        .selectFrom('webhook_events')
        .selectAll()
        .execute()
        .then((all) => ({ rows: all }));
      expect(rows).toEqual([]);
    });

    it('recording and claiming do not wait for each other', async () => {
      const { kysely, webhooks } = await open();
      await webhooks.add(endpoint('1'), 9);
      await kysely.transaction().execute(async (transaction) => {
        await insertEvents(transaction, [event('slow')]);
        await webhooks.record([event('quick')]);
        expect((await claimOne(webhooks)).due.map(({ event: { id } }) => id)).toEqual(['quick']);
      });
    });
  });
}
