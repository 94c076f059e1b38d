import { expect, it } from 'vitest';
import { HOLD_MS, PAYMENT_TERM_MS, QUARANTINE_MS } from '../../src/domain/market/index.ts';
import { addNumberRange, withdrawNumberRange } from '../../src/services/add-number-range.ts';
import { buyNumber } from '../../src/services/buy-number.ts';
import { cancelOrder } from '../../src/services/cancel-order.ts';
import { confirmPayment } from '../../src/services/confirm-payment.ts';
import { expireOrders } from '../../src/services/expire-orders.ts';
import { findOrder, listOrders } from '../../src/services/find-order.ts';
import { listPayments } from '../../src/services/list-payments.ts';
import { quoteNumber } from '../../src/services/quote-number.ts';
import { recordRefund } from '../../src/services/record-refund.ts';
import { releaseNumber } from '../../src/services/release-number.ts';
import { searchNumbers } from '../../src/services/search-numbers.ts';
import { describeStores, type OpenStores } from '../support/market-stores.ts';
import {
  accepted,
  OPERATOR,
  openSale,
  PRICE,
  paidOrder,
  refusedWith,
  type ServiceWorld,
  type Somebody,
  serviceWorld,
  somebody,
} from '../support/service-world.ts';

describeStores('the market', contract);

const NUMBER = '02-6200-6200-082';

async function quote(world: ServiceWorld, { actor }: Somebody, number = NUMBER) {
  return quoteNumber(world, { actor, number });
}

/** Quotes, confirms and pays. */
async function purchase(world: ServiceWorld, buyer: Somebody, number = NUMBER) {
  const order = accepted(await quote(world, buyer, number));
  const { paymentRequest } = accepted(await buyNumber(world, { actor: buyer.actor, orderId: order.id }));
  return paidOrder(
    accepted(
      await confirmPayment(world, {
        actor: OPERATOR,
        paymentReference: paymentRequest.reference,
        noticeId: `notice of ${order.id}`,
        amount: paymentRequest.amount,
      }),
    ),
  );
}

async function directoryOf({ directory }: ServiceWorld) {
  const numbers: unknown[] = [];
  for await (const batch of directory.numbers()) numbers.push(...batch);
  return numbers;
}

function contract(open: OpenStores): void {
  async function market() {
    const world = serviceWorld(await open());
    await openSale(world);
    return { world, mina: await somebody(world, 'mina'), juno: await somebody(world, 'juno') };
  }

  it('R9: fifty buyers at once for one number: one gets it, forty-nine a clear refusal', async () => {
    const { world } = await market();
    const buyers = await Promise.all(Array.from({ length: 50 }, (_, at) => somebody(world, `buyer ${at}`)));
    const answers = await Promise.all(buyers.map((buyer) => quote(world, buyer)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter(({ ok }) => !ok).map(refusedWith)).toEqual(Array(49).fill('number-held'));
    const winner = answers.findIndex(({ ok }) => ok);
    await purchase(world, buyers[winner] as Somebody);
    const later = await Promise.all(buyers.map((buyer) => quote(world, buyer)));
    expect(new Set(later.map(refusedWith))).toEqual(new Set(['number-taken']));
  });

  it('R9: fifty buyers at once for a number whose hold is over: one gets it', async () => {
    const { world, mina } = await market();
    const late = accepted(await quote(world, mina));
    world.wait(HOLD_MS);
    const buyers = await Promise.all(Array.from({ length: 50 }, (_, at) => somebody(world, `buyer ${at}`)));
    const answers = await Promise.all(buyers.map((buyer) => quote(world, buyer)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter(({ ok }) => !ok).map(refusedWith)).toEqual(Array(49).fill('number-held'));
    expect(refusedWith(await buyNumber(world, { actor: mina.actor, orderId: late.id }))).toBe(
      'order-expired',
    );
  });

  it('R9: the same deposit noted ten times at once is one payment with one answer', async () => {
    const { world, mina } = await market();
    const order = accepted(await quote(world, mina));
    const bought = accepted(await buyNumber(world, { actor: mina.actor, orderId: order.id }));
    const deposit = {
      actor: OPERATOR,
      paymentReference: bought.paymentRequest.reference,
      noticeId: 'transfer 77',
      amount: PRICE,
    };
    const answers = await Promise.all(Array.from({ length: 10 }, () => confirmPayment(world, deposit)));
    expect(answers.map((answer) => accepted(answer))).toEqual(Array(10).fill(accepted(answers[0] as never)));
    expect(accepted(await listPayments(world, { actor: OPERATOR })).items).toHaveLength(1);
    expect(await directoryOf(world)).toEqual([
      { digits: '0262006200082', kind: 'personal', memberId: mina.memberId },
    ]);
  });

  it('R9: payment and the next buyer at the end of the hold: the number has one owner, the money a home', async () => {
    const { world, mina, juno } = await market();
    for (let round = 0; round < 10; round += 1) {
      const number = `02-6200-100${round}-082`;
      const order = accepted(await quote(world, mina, number));
      const bought = accepted(await buyNumber(world, { actor: mina.actor, orderId: order.id }));
      world.wait(PAYMENT_TERM_MS - 1);
      const late = { ...world, clock: { nowMs: () => bought.paymentRequest.dueAtMs } };
      const [paid, next] = await Promise.all([
        confirmPayment(world, {
          actor: OPERATOR,
          paymentReference: bought.paymentRequest.reference,
          noticeId: `transfer ${round}`,
          amount: PRICE,
        }),
        quote(late, juno, number),
      ]);
      const { disposition } = accepted(paid).payment;
      expect(disposition).toBe(next.ok ? 'refund-due' : 'accepted');
      if (next.ok) await cancelOrder(world, { actor: juno.actor, orderId: next.value.id });
    }
  });

  it('R7, R8: everything about an order is stored, in each of its states', async () => {
    const { world, mina } = await market();
    const order = accepted(await quote(world, mina));
    const read = async () => accepted(await findOrder(world, { actor: mina.actor, orderId: order.id }));
    expect(await read()).toEqual(order);
    expect(order).toMatchObject({
      state: 'approved',
      price: PRICE,
      heldUntilMs: world.clock.nowMs() + HOLD_MS,
    });
    const bought = accepted(await buyNumber(world, { actor: mina.actor, orderId: order.id }));
    expect(await read()).toEqual(bought.order);
    const { order: assigned, payment } = accepted(
      await confirmPayment(world, {
        actor: OPERATOR,
        paymentReference: ` ${bought.paymentRequest.reference.toLowerCase()} `,
        noticeId: 'transfer 1',
        amount: PRICE,
      }),
    );
    expect(await read()).toEqual(assigned);
    expect(assigned?.state).toBe('assigned');
    expect(accepted(await listPayments(world, { actor: OPERATOR })).items).toEqual([payment]);
    const released = accepted(
      await releaseNumber(world, { actor: mina.actor, orderId: order.id, confirmation: NUMBER }),
    );
    expect(await read()).toEqual(released);
    const other = accepted(await quote(world, mina, '02-6200-6201-082'));
    const cancelled = accepted(await cancelOrder(world, { actor: mina.actor, orderId: other.id }));
    expect(cancelled.state).toBe('cancelled');
    expect(accepted(await findOrder(world, { actor: mina.actor, orderId: other.id }))).toEqual(cancelled);
  });

  it('R9: money for an order that has expired is kept as to be refunded, and goes back once', async () => {
    const { world, mina, juno } = await market();
    const order = accepted(await quote(world, mina));
    const bought = accepted(await buyNumber(world, { actor: mina.actor, orderId: order.id }));
    world.wait(PAYMENT_TERM_MS);
    await purchase(world, juno);
    const { order: ended, payment } = accepted(
      await confirmPayment(world, {
        actor: OPERATOR,
        paymentReference: bought.paymentRequest.reference,
        noticeId: 'too late',
        amount: PRICE,
      }),
    );
    expect([ended?.state, payment.disposition]).toEqual(['expired', 'refund-due']);
    const due = { actor: OPERATOR, disposition: 'refund-due' } as const;
    expect(accepted(await listPayments(world, due)).items).toEqual([payment]);
    const refunds = await Promise.all([
      recordRefund(world, { actor: OPERATOR, paymentId: payment.id }),
      recordRefund(world, { actor: OPERATOR, paymentId: payment.id }),
    ]);
    expect(refunds.map((refund) => accepted(refund).disposition)).toEqual(['refunded', 'refunded']);
    expect(accepted(await listPayments(world, due)).items).toEqual([]);
    expect(accepted(await findOrder(world, { actor: mina.actor, orderId: order.id })).state).toBe('refunded');
    expect(await directoryOf(world)).toMatchObject([{ memberId: juno.memberId }]);
  });

  it('R9: what is overdue is tidied up, by whomever and however often', async () => {
    const { world, mina, juno } = await market();
    const first = accepted(await quote(world, mina));
    accepted(await quote(world, mina, '02-6200-6201-082'));
    world.wait(HOLD_MS - 1);
    expect(await expireOrders(world, { nowMs: world.clock.nowMs() })).toEqual({
      expired: 0,
      quarantinesEnded: 0,
    });
    world.wait(1);
    accepted(await quote(world, juno));
    const nowMs = world.clock.nowMs();
    const rounds = await Promise.all([expireOrders(world, { nowMs }), expireOrders(world, { nowMs })]);
    expect(rounds.reduce((sum, { expired }) => sum + expired, 0)).toBe(2);
    expect(accepted(await findOrder(world, { actor: OPERATOR, orderId: first.id })).state).toBe('expired');
    expect(refusedWith(await quote(world, mina))).toBe('number-held');
  });

  it('R9: a number that was given back rests, and is then sold again', async () => {
    const { world, mina, juno } = await market();
    for (const endsByJob of [true, false]) {
      const order = await purchase(world, mina);
      accepted(await releaseNumber(world, { actor: mina.actor, orderId: order.id, confirmation: NUMBER }));
      expect(await directoryOf(world)).toEqual([]);
      expect(refusedWith(await quote(world, juno))).toBe('number-in-quarantine');
      world.wait(QUARANTINE_MS);
      const ended = endsByJob ? await expireOrders(world, { nowMs: world.clock.nowMs() }) : undefined;
      if (endsByJob) expect(ended?.quarantinesEnded).toBe(1);
      const again = accepted(await quote(world, juno));
      accepted(await cancelOrder(world, { actor: juno.actor, orderId: again.id }));
    }
  });

  it('R5: the search shows what is free, in order, page after page', async () => {
    const { world, mina, juno } = await market();
    await purchase(world, mina, '02-6200-0001-082');
    accepted(await quote(world, juno, '02-6200-0003-082'));
    const query = { kind: 'personal', countryCode: '082', pattern: '02 6200 000?', limit: 3 } as const;
    const page = accepted(await searchNumbers(world, query));
    expect(page.items.map(({ text }) => text)).toEqual([
      '02-6200-0000-082',
      '02-6200-0002-082',
      '02-6200-0004-082',
    ]);
    const rest: string[] = [];
    for (let after = page.next; after !== undefined; ) {
      const next = accepted(await searchNumbers(world, { ...query, after }));
      rest.push(...next.items.map(({ text }) => text.slice(-5, -4)));
      after = next.next;
    }
    expect(rest.join('')).toBe('56789');
    world.wait(HOLD_MS);
    expect(accepted(await searchNumbers(world, query)).items[2]?.text).toBe('02-6200-0003-082');
  });

  it('R5: blocks that are sold out are passed over, and come back when numbers do', async () => {
    const world = serviceWorld(await open());
    const price = { ...PRICE, micros: 1_000_000n };
    accepted(await addNumberRange(world, { actor: OPERATOR, range: '6200-XXXX', price }));
    const orders = new Map<string, { readonly id: string; readonly owner: Somebody }>();
    const sellHundred = async (hundred: number) => {
      const owner = await somebody(world, `firm ${hundred}`, 'enterprise');
      for (let number = 0; number < 100; number += 1) {
        const text = `6200-0${hundred}${String(number).padStart(2, '0')}`;
        orders.set(text, { id: (await purchase(world, owner, text)).id, owner });
      }
    };
    await Promise.all(Array.from({ length: 10 }, (_, hundred) => sellHundred(hundred)));
    const first = async () =>
      accepted(await searchNumbers(world, { kind: 'enterprise', limit: 1 })).items[0]?.text;
    expect(await world.orders.soldOutBlocks('enterprise', undefined, '6200', '', 10)).toEqual(['62000']);
    expect(await first()).toBe('6200-1000');
    const giveBack = async (text: string) => {
      const { id: orderId, owner } = orders.get(text) ?? expect.unreachable();
      accepted(await releaseNumber(world, { actor: owner.actor, orderId, confirmation: text }));
      world.wait(QUARANTINE_MS);
    };
    await giveBack('6200-0501');
    const next = await somebody(world, 'next firm', 'enterprise');
    const order = accepted(await quote(world, next, '6200-0501'));
    accepted(await cancelOrder(world, { actor: next.actor, orderId: order.id }));
    expect(await first()).toBe('6200-0501');
    await purchase(world, next, '6200-0501');
    expect(await first()).toBe('6200-1000');
    await giveBack('6200-0500');
    await expireOrders(world, { nowMs: world.clock.nowMs() });
    expect(await first()).toBe('6200-0500');
  }, 120_000);

  it('R5: two ranges that collide are never both on sale, and a withdrawn one is none', async () => {
    const world = serviceWorld(await open());
    const range = { actor: OPERATOR, price: PRICE };
    const answers = await Promise.all(
      ['6200-XXXX', '6200-1XXX', '620X-XXXX', '62XX-XXXX'].map((text) =>
        addNumberRange(world, { ...range, range: text }),
      ),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter(({ ok }) => !ok).map(refusedWith)).toEqual(Array(3).fill('number-range-overlaps'));
    const [onSale] = await world.catalogue.onSale();
    accepted(await withdrawNumberRange(world, { actor: OPERATOR, rangeId: onSale?.id ?? '' }));
    expect(await world.catalogue.onSale()).toEqual([]);
    accepted(await addNumberRange(world, { ...range, range: '6200-1XXX' }));
  });

  it('R9: text that no database holds is an unknown id, and a notice like any other', async () => {
    const { world, mina } = await market();
    const { actor, memberId } = mina;
    const nul = 'a\u0000b';
    expect(refusedWith(await buyNumber(world, { actor, orderId: nul }))).toBe('not-found');
    const foreign = { actor: OPERATOR, memberId: nul, number: NUMBER };
    expect(refusedWith(await quoteNumber(world, foreign))).toBe('not-found');
    expect(accepted(await listOrders(world, { actor, memberId, after: nul })).items).toEqual([]);
    expect(refusedWith(await recordRefund(world, { actor: OPERATOR, paymentId: nul }))).toBe('not-found');
    const order = accepted(await quote(world, mina));
    const { paymentRequest } = accepted(await buyNumber(world, { actor, orderId: order.id }));
    const deposit = {
      actor: OPERATOR,
      paymentReference: paymentRequest.reference,
      noticeId: `transfer ${nul}`,
      amount: PRICE,
    };
    const unknown = { ...deposit, paymentReference: nul };
    expect(refusedWith(await confirmPayment(world, unknown))).toBe('not-found');
    const first = accepted(await confirmPayment(world, deposit));
    const again = accepted(await confirmPayment(world, deposit));
    expect([first.order?.state, again.payment.id]).toEqual(['assigned', first.payment.id]);
  });

  it('R11: orders are listed newest first, for those they belong to', async () => {
    const { world, mina, juno } = await market();
    const orders: string[] = [];
    for (const digit of [1, 2, 3]) {
      orders.unshift(accepted(await quote(world, mina, `02-6200-620${digit}-082`)).id);
    }
    accepted(await quote(world, juno));
    const own = { actor: mina.actor, memberId: mina.memberId, limit: 2 };
    const page = accepted(await listOrders(world, own));
    expect(page.items.map(({ id }) => id)).toEqual(orders.slice(0, 2));
    const rest = accepted(await listOrders(world, { ...own, after: page.next ?? '' }));
    expect(rest.items.map(({ id }) => id)).toEqual(orders.slice(2));
    expect(rest.next).toBeUndefined();
    expect(refusedWith(await listOrders(world, { ...own, actor: juno.actor }))).toBe('not-found');
    expect(accepted(await listOrders(world, { actor: OPERATOR, state: 'assigned' })).items).toEqual([]);
  });
}
