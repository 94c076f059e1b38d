import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { createMarketAndMemberStores, openDatabase } from '../../src/adapters/postgres/index.ts';
import { QUARANTINE_MS } from '../../src/domain/market/index.ts';
import { anniversary } from '../../src/domain/renewals/index.ts';
import { addWebhook } from '../../src/services/add-webhook.ts';
import { buyNumber } from '../../src/services/buy-number.ts';
import { expireOrders } from '../../src/services/expire-orders.ts';
import { quoteNumber } from '../../src/services/quote-number.ts';
import { receivePayment } from '../../src/services/receive-payment.ts';
import { renewNumbers } from '../../src/services/renew-numbers.ts';
import { setRenewal } from '../../src/services/set-renewal.ts';
import { topUp } from '../../src/services/top-up.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { describeStores, type OpenStores } from '../support/market-stores.ts';
import {
  accepted,
  OPERATOR,
  openSale,
  PRICE,
  paidOrder,
  type ServiceWorld,
  serviceWorld,
  somebody,
} from '../support/service-world.ts';

describeStores('the years of numbers', contract);

for (const server of DATABASES) {
  describeDatabase(server, 'numbers sold before there were renewals', (fresh) => {
    it('R24: each is paid for until the first anniversary that leaves time for all reminders', async () => {
      const { kysely, url } = await fresh();
      // Everything that came since.
      await sql`drop table number_terms, call_taxes, call_tax_months`.execute(kysely);
      await sql`alter table number_ranges drop column renewal_micros`.execute(kysely);
      await sql`
        alter table bills drop column period_from_ms, drop column period_until_ms, drop column cut_line
      `.execute(kysely);
      await sql`delete from kysely_migration where name >= '0079-renewals'`.execute(kysely);
      const { memberId } = await somebody(serviceWorld(createMarketAndMemberStores(kysely)), 'mina');
      const { rows: today } = await sql<{ readonly ms: string }>`
        select extract(epoch from now())::bigint * 1000 as ms
      `.execute(kysely);
      const nowMs = Number(today[0]?.ms);
      const soldDaysAgo = [10, 330, 340, 1_000, 10_000];
      for (const [at, days] of soldDaysAgo.entries()) {
        await sql`
          insert into number_orders (id, member_id, kind, country_code, subscriber, state, claim, currency,
            price_micros, quoted_at_ms, paid_at_ms)
          values (${`order ${at}`}, ${memberId}, 'enterprise', '', ${`6200000${at}`}, 'assigned', 'assigned', 'KRW', 1,
            0, ${nowMs - days * DAY_MS})
        `.execute(kysely);
      }
      await (await openDatabase({ url }, { warn: () => undefined })).close();
      const terms = await createMarketAndMemberStores(kysely).renewals.ofMember(memberId);
      expect(terms).toHaveLength(soldDaysAgo.length);
      for (const { startedAtMs, years, paidUntilMs, state } of terms) {
        expect(paidUntilMs).toBe(anniversary(startedAtMs, years, 'UTC'));
        expect(paidUntilMs).toBeGreaterThan(nowMs + 31 * DAY_MS - 1);
        expect(anniversary(startedAtMs, years - 1, 'UTC')).toBeLessThan(nowMs + 32 * DAY_MS);
        expect(state).toBe('current');
      }
      expect(terms.map(({ years }) => years)).toEqual([1, 1, 2, 3, 28]);
    });
  });
}

const DAY_MS = 24 * 3_600_000;

function contract(open: OpenStores): void {
  async function market() {
    const plain = serviceWorld(await open());
    const seller = { name: 'Omnidial Inc.', addressLines: ['Seoul'] };
    const taxation = { name: 'VAT', ratePerMillion: 100_000, taxIs: 'included' } as const;
    const world: ServiceWorld = { ...plain, settings: { ...plain.settings, seller, taxation } };
    await openSale(world);
    const mina = await somebody(world, 'mina');
    let notices = 0;
    const pays = async (paymentReference: string, noticeId = `notice ${++notices}`) =>
      accepted(
        await receivePayment(world, { noticeId, channel: 'bank', amount: PRICE, paymentReference }, 'keep'),
      );
    const buys = async (number: string) => {
      const { actor } = mina;
      const { id } = accepted(await quoteNumber(world, { actor, number }));
      const { paymentRequest } = accepted(await buyNumber(world, { actor, orderId: id }));
      return paidOrder(await pays(paymentRequest.reference));
    };
    const tidy = () => renewNumbers(world, { nowMs: world.clock.nowMs() });
    const billsOf = (state: 'open' | 'paid') =>
      world.bills.list({ memberId: mina.memberId, state, limit: 100 });
    return { world, mina, pays, buys, tidy, billsOf };
  }

  async function standing({ ledger }: ServiceWorld): Promise<Record<string, bigint>> {
    const { unbalanced, deviating } = await ledger.audit();
    expect({ unbalanced, deviating }).toEqual({ unbalanced: [], deviating: [] });
    const balances = await ledger.balances({ limit: 100 });
    const shown = balances.map(({ account, creditsMicros, debitsMicros }): [string, bigint] => [
      account.startsWith('member/') ? 'member' : account,
      (creditsMicros - debitsMicros) / 1_000_000n,
    ]);
    return Object.fromEntries(shown.filter(([, amount]) => amount !== 0n));
  }

  it('R24: a term begins with the number, and is read as it was kept in each of its states', async () => {
    const { world, mina, buys, tidy, billsOf } = await market();
    const order = await buys('02-6200-6200-082');
    const term = () => world.renewals.find(order.id);
    const startedAtMs = world.clock.nowMs();
    expect(await term()).toEqual({
      orderId: order.id,
      memberId: mina.memberId,
      state: 'current',
      startedAtMs,
      years: 1,
      paidUntilMs: startedAtMs + 365 * DAY_MS,
      mode: 'by-bill',
      revision: 0,
    });
    expect(await world.renewals.ofMember(mina.memberId)).toEqual([await term()]);
    expect(await world.renewals.ofOrders([order.id, 'none'])).toEqual([await term()]);
    world.wait(336 * DAY_MS);
    await tidy();
    const [bill] = await billsOf('open');
    expect(await term()).toMatchObject({ state: 'due', billId: bill?.id, remindedDays: 30 });
    expect(bill).toMatchObject({ kind: 'renewal', orderId: order.id, amount: PRICE });
    world.wait(30 * DAY_MS);
    await tidy();
    expect(await term()).toMatchObject({
      state: 'grace',
      graceUntilMs: startedAtMs + 395 * DAY_MS,
    });
    world.wait(30 * DAY_MS);
    await tidy();
    const nowMs = world.clock.nowMs();
    expect(await term()).toMatchObject({ state: 'lapsed', quarantineUntilMs: nowMs + QUARANTINE_MS });
    expect(await world.orders.claim(order.number, nowMs)).toMatchObject({ state: 'quarantine' });
    expect(await world.renewals.ofMember(mina.memberId)).toEqual([]);
    world.wait(QUARANTINE_MS);
    await expireOrders(world, { nowMs: world.clock.nowMs() });
    await tidy();
    expect(await term()).toMatchObject({ state: 'ended' });
    expect(await world.orders.claim(order.number, world.clock.nowMs())).toBeUndefined();
    expect(await standing(world)).toEqual({ bank: -55_000n, 'number-sales': 50_000n, tax: 5_000n });
  });

  it('R24: a change of what somebody else has changed is not kept, and nothing of it', async () => {
    const { world, buys } = await market();
    const order = await buys('02-6200-6200-082');
    const term = await world.renewals.find(order.id);
    if (term === undefined) throw new Error('There is no term.');
    const nowMs = world.clock.nowMs();
    const changed = { ...term, revision: term.revision + 1, mode: 'from-credit' } as const;
    expect(await world.renewals.keep(term, changed, {}, nowMs)).toBe('kept');
    const event = {
      id: 'twice',
      topic: 'orders',
      type: 'number.renewed',
      occurredAtMs: nowMs,
      isForOperators: true,
      data: {},
    } as const;
    expect(await world.renewals.keep(term, changed, { events: [event] }, nowMs)).toBe('term-changed');
    expect(await world.renewals.find(order.id)).toEqual(changed);
  });

  it('R24: taken terms are nobody else’s until the time is over', async () => {
    const { world, buys } = await market();
    await buys('02-6200-6200-082');
    const dueMs = world.clock.nowMs() + 335 * DAY_MS;
    expect(await world.renewals.takeDue(dueMs - 1, dueMs + 1_000, 10)).toEqual([]);
    expect(await world.renewals.takeDue(dueMs, dueMs + 1_000, 10)).toHaveLength(1);
    expect(await world.renewals.takeDue(dueMs + 999, dueMs + 2_000, 10)).toEqual([]);
    expect(await world.renewals.takeDue(dueMs + 1_000, dueMs + 2_000, 10)).toHaveLength(1);
  });

  it('R24: many processes at once: one bill a number, one year a payment, one event each', async () => {
    const { world, buys, pays, tidy, billsOf } = await market();
    const { webhook } = accepted(
      await addWebhook(world, {
        actor: OPERATOR,
        url: 'https://receiver.example/events',
        topics: ['orders'],
      }),
    );
    const orders = [];
    for (let digit = 0; digit < 8; digit += 1) orders.push(await buys(`02-6200-000${digit}-082`));
    world.wait(336 * DAY_MS);
    await Promise.all([tidy(), tidy(), tidy(), tidy()]);
    await tidy();
    const bills = await billsOf('open');
    expect(new Set(bills.map(({ orderId }) => orderId)).size).toBe(8);
    expect(bills).toHaveLength(8);
    const paid = await Promise.all(
      bills.flatMap(({ paymentReference, id }) => [
        pays(paymentReference, `of ${id}`),
        pays(paymentReference, `again of ${id}`),
      ]),
    );
    const dispositions = paid.map(({ payment }) => payment.disposition);
    expect(dispositions.filter((each) => each === 'accepted')).toHaveLength(8);
    expect(dispositions.filter((each) => each === 'refund-due')).toHaveLength(8);
    await Promise.all([tidy(), tidy(), tidy()]);
    const terms = await world.renewals.ofOrders(orders.map(({ id }) => id));
    expect(terms.map(({ state, years }) => `${state} ${years}`)).toEqual(Array(8).fill('current 2'));
    expect(await standing(world)).toEqual({
      bank: -24n * 55_000n,
      'number-sales': 16n * 50_000n,
      tax: 16n * 5_000n,
      deposits: 8n * 55_000n,
    });
    const deliveries = await world.webhooks.deliveries({ endpointId: webhook.id, limit: 200 });
    const types = deliveries.map(({ event }) => event.type);
    expect(types.filter((type) => type === 'number.renewal-due')).toHaveLength(8);
    expect(types.filter((type) => type === 'number.renewed')).toHaveLength(8);
  });

  it('R24: years from credit at once: as many as the credit pays, and bills for the others', async () => {
    const { world, mina, buys, pays, tidy, billsOf } = await market();
    const { actor } = mina;
    for (let digit = 0; digit < 5; digit += 1) {
      const { id: orderId } = await buys(`02-6200-000${digit}-082`);
      accepted(await setRenewal(world, { actor, orderId, mode: 'from-credit' }));
    }
    for (let years = 0; years < 3; years += 1) {
      await pays(accepted(await topUp(world, { actor, amount: PRICE })).paymentReference);
    }
    world.wait(336 * DAY_MS);
    await Promise.all([tidy(), tidy(), tidy()]);
    expect((await billsOf('open')).map(({ kind }) => kind)).toEqual(['renewal', 'renewal']);
    const paid = (await billsOf('paid')).filter(({ kind }) => kind === 'renewal');
    expect(paid).toHaveLength(3);
    expect(await standing(world)).toEqual({
      bank: -8n * 55_000n,
      'number-sales': 8n * 50_000n,
      tax: 8n * 5_000n,
    });
  });

  it('R24: money and the end of the rest at once: one has the number, and no money is lost', async () => {
    const { world, buys, pays, tidy, billsOf } = await market();
    const juno = await somebody(world, 'juno');
    const order = await buys('02-6200-6200-082');
    for (const days of [336, 30, 30]) {
      world.wait(days * DAY_MS);
      await tidy();
    }
    const [bill] = await billsOf('open');
    world.wait(QUARANTINE_MS - 1);
    const reference = bill?.paymentReference as string;
    const [outcome] = await Promise.all([
      pays(reference),
      expireOrders(world, { nowMs: world.clock.nowMs() + 1 }),
      quoteNumber(
        { ...world, clock: { nowMs: () => world.clock.nowMs() + 1 } },
        { actor: juno.actor, number: '02-6200-6200-082' },
      ),
    ]);
    const claim = await world.orders.claim(order.number, world.clock.nowMs());
    const term = await world.renewals.find(order.id);
    if (outcome.payment.disposition === 'accepted') {
      expect([claim?.state, claim?.orderId, term?.state]).toEqual(['assigned', order.id, 'current']);
    } else {
      expect([claim?.orderId === order.id, term?.years]).toEqual([false, 1]);
      expect(await standing(world)).toMatchObject({ deposits: 55_000n });
    }
  });
}
