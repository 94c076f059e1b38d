import { describe, expect, it } from 'vitest';
import { createMemoryStores, type MarketAndMemberStores } from '../../src/adapters/memory/index.ts';
import { HOLD_MS, type Order, PAYMENT_TERM_MS } from '../../src/domain/market/index.ts';
import { addTerminal } from '../../src/services/add-terminal.ts';
import { buyNumber } from '../../src/services/buy-number.ts';
import { cancelOrder } from '../../src/services/cancel-order.ts';
import { confirmPayment } from '../../src/services/confirm-payment.ts';
import { describeSale } from '../../src/services/describe-sale.ts';
import { expireOrders } from '../../src/services/expire-orders.ts';
import { findMember } from '../../src/services/find-member.ts';
import { openBranch } from '../../src/services/open-branch.ts';
import { quoteNumber } from '../../src/services/quote-number.ts';
import { recordRefund } from '../../src/services/record-refund.ts';
import { releaseNumber } from '../../src/services/release-number.ts';
import { searchNumbers } from '../../src/services/search-numbers.ts';
import { type Failure, failingStores } from '../support/failing-stores.ts';
import { Ladder } from '../support/purchase-ladder.ts';
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

const NUMBER = '02-6200-6200-082';

async function market() {
  const world = serviceWorld();
  await openSale(world);
  return { world, mina: await somebody(world, 'mina'), ladder: new Ladder(world) };
}

describe('R5 … R9: a purchase from the first question to the number', () => {
  it('R5, R6, R7, R8, R9: asked, approved, confirmed, paid, assigned, and the exchange knows', async () => {
    const { world, mina, ladder } = await market();
    await ladder.ask(
      'buyer',
      'what is on sale?',
      () => describeSale(world),
      ({ ranges, purchaseForm }) => `${ranges.length} ranges, a form that asks for ${purchaseForm[0]?.name}`,
    );
    await ladder.ask(
      'buyer',
      'which numbers with 6200 are free?',
      () => searchNumbers(world, { kind: 'personal', countryCode: '082', pattern: '*6200', limit: 2 }),
      (found) =>
        accepted(found)
          .items.map(({ text }) => text)
          .join(', '),
    );
    const { actor } = mina;
    const order = accepted(
      await ladder.order('buyer', `I want ${NUMBER}`, () => quoteNumber(world, { actor, number: NUMBER })),
    );
    world.wait(20 * 60_000);
    const bought = accepted(
      await ladder.ask(
        'buyer',
        'I take it',
        () => buyNumber(world, { actor, orderId: order.id }),
        (answer) => {
          const { reference, depositTo } = accepted(answer).paymentRequest;
          return `awaiting-payment: 55000 KRW to ${depositTo?.bank}, reference ${reference}`;
        },
      ),
    );
    world.wait(26 * 3_600_000);
    await ladder.payment('55000 KRW came', () =>
      confirmPayment(world, {
        actor: OPERATOR,
        paymentReference: bought.paymentRequest.reference,
        noticeId: 'transfer 1',
        amount: PRICE,
      }),
    );
    expect(ladder.text).toBe(`
 0:00 buyer    -> what is on sale?
      provider <- 2 ranges, a form that asks for number
 0:00 buyer    -> which numbers with 6200 are free?
      provider <- 02-6200-6200-082
 0:00 buyer    -> I want 02-6200-6200-082
      provider <- approved at 55000 KRW, held until 0:30
 0:20 buyer    -> I take it
      provider <- awaiting-payment: 55000 KRW to Han River Bank, reference ${bought.paymentRequest.reference}
26:20 operator -> 55000 KRW came
      exchange << 0262006200082 is in service
      provider <- assigned, payment accepted
`);
    const shown = accepted(await findMember(world, mina));
    expect(shown.numbers).toEqual([{ kind: 'personal', countryCode: '082', subscriber: '0262006200' }]);
  });

  it('R7: a refused purchase says why, for each reason', async () => {
    const { world, mina, ladder } = await market();
    const { actor } = mina;
    const juno = await somebody(world, 'juno');
    const firm = await somebody(world, 'firm', 'enterprise');
    const asks: (readonly [string, Somebody])[] = [
      ['02-6200-62-082', mina],
      ['6200-6200#082', firm],
      ['6200-6200', mina],
      [NUMBER, firm],
      ['02-9999-6200-082', mina],
      ['212-555-0100-001', mina],
    ];
    for (const [number, who] of asks) {
      await ladder.order('buyer', `I want ${number}`, () => quoteNumber(world, { actor: who.actor, number }));
    }
    const order = accepted(await quoteNumber(world, { actor, number: NUMBER }));
    await ladder.order('juno', `I want ${NUMBER}`, () =>
      quoteNumber(world, { actor: juno.actor, number: NUMBER }),
    );
    await pay(world, mina, order);
    await ladder.order('juno', `I want ${NUMBER}`, () =>
      quoteNumber(world, { actor: juno.actor, number: NUMBER }),
    );
    const release = { actor, orderId: order.id, confirmation: NUMBER };
    for (const confirmation of ['', 'yes', '02-6200-6201-082']) {
      const unconfirmed = await releaseNumber(world, { ...release, confirmation });
      expect(refusedWith(unconfirmed)).toBe('confirmation-missing');
    }
    await ladder.order('mina', 'I give it back', () => releaseNumber(world, release));
    await ladder.order('juno', `I want ${NUMBER}`, () =>
      quoteNumber(world, { actor: juno.actor, number: NUMBER }),
    );
    expect(ladder.text).toBe(`
 0:00 buyer    -> I want 02-6200-62-082
      provider <- refused: number-malformed
 0:00 buyer    -> I want 6200-6200#082
      provider <- refused: number-malformed
 0:00 buyer    -> I want 6200-6200
      provider <- refused: number-kind-refused
 0:00 buyer    -> I want 02-6200-6200-082
      provider <- refused: number-kind-refused
 0:00 buyer    -> I want 02-9999-6200-082
      provider <- refused: number-not-for-sale
 0:00 buyer    -> I want 212-555-0100-001
      provider <- refused: number-not-for-sale
 0:00 juno     -> I want 02-6200-6200-082
      provider <- refused: number-held
      exchange << 0262006200082 is in service
 0:00 juno     -> I want 02-6200-6200-082
      provider <- refused: number-taken
 0:00 mina     -> I give it back
      exchange << 0262006200082 is out of service
      provider <- released
 0:00 juno     -> I want 02-6200-6200-082
      provider <- refused: number-in-quarantine
`);
  });

  it('R8: a hold that is over frees the number at once, before any job has run', async () => {
    const { world, mina, ladder } = await market();
    const juno = await somebody(world, 'juno');
    const want =
      ({ actor }: Somebody) =>
      () =>
        quoteNumber(world, { actor, number: NUMBER });
    const order = accepted(await ladder.order('mina', `I want ${NUMBER}`, want(mina)));
    world.wait(HOLD_MS - 1);
    await ladder.order('juno', 'I want it too', want(juno));
    world.wait(1);
    await ladder.order('juno', 'I want it too', want(juno));
    await ladder.ask(
      'mina',
      'I take it',
      () => buyNumber(world, { actor: mina.actor, orderId: order.id }),
      (answer) => `refused: ${refusedWith(answer)}`,
    );
    expect(ladder.text).toBe(`
 0:00 mina     -> I want 02-6200-6200-082
      provider <- approved at 55000 KRW, held until 0:30
 0:29 juno     -> I want it too
      provider <- refused: number-held
 0:30 juno     -> I want it too
      provider <- approved at 55000 KRW, held until 1:00
 0:30 mina     -> I take it
      provider <- refused: order-expired
`);
  });

  it('R9: a wrong amount, an early, a late and a double deposit each have a clear outcome', async () => {
    const { world, mina, ladder } = await market();
    const { actor } = mina;
    const order = accepted(await quoteNumber(world, { actor, number: NUMBER }));
    const { paymentRequest } = accepted(await buyNumber(world, { actor, orderId: order.id }));
    const deposit =
      (noticeId: string, amount = PRICE, reference = paymentRequest.reference) =>
      () =>
        confirmPayment(world, { actor: OPERATOR, paymentReference: reference, noticeId, amount });
    await ladder.payment('50000 KRW came', deposit('a', { ...PRICE, micros: 50_000_000_000n }));
    await ladder.payment('55000 JPY came', deposit('a', { ...PRICE, currency: 'JPY' }));
    await ladder.payment('money with an unknown reference', deposit('a', PRICE, 'OD-00000000'));
    await ladder.payment('55000 KRW came', deposit('a'));
    await ladder.payment('the same notice', deposit('a'));
    await ladder.payment('the same notice, other amount', deposit('a', { ...PRICE, micros: 1n }));
    const double = accepted(await ladder.payment('55000 KRW came again', deposit('b')));
    await ladder.ask(
      'operator',
      'sent it back',
      () => recordRefund(world, { actor: OPERATOR, paymentId: double.payment.id }),
      (payment) => `payment ${accepted(payment).disposition}`,
    );
    const other = accepted(await quoteNumber(world, { actor, number: '02-6200-7777-082' }));
    const late = accepted(await buyNumber(world, { actor, orderId: other.id })).paymentRequest;
    world.wait(PAYMENT_TERM_MS);
    await ladder.payment('55000 KRW came late', deposit('c', PRICE, late.reference));
    expect(await expireOrders(world, { nowMs: world.clock.nowMs() })).toEqual({
      expired: 0,
      quarantinesEnded: 0,
    });
    expect(ladder.text).toBe(`
 0:00 operator -> 50000 KRW came
      provider <- refused: amount-mismatch
 0:00 operator -> 55000 JPY came
      provider <- refused: amount-mismatch
 0:00 operator -> money with an unknown reference
      provider <- refused: not-found
 0:00 operator -> 55000 KRW came
      exchange << 0262006200082 is in service
      provider <- assigned, payment accepted
 0:00 operator -> the same notice
      exchange << 0262006200082 is in service
      provider <- assigned, payment accepted
 0:00 operator -> the same notice, other amount
      provider <- refused: payment-notice-reused
 0:00 operator -> 55000 KRW came again
      exchange << 0262006200082 is in service
      provider <- assigned, payment refund-due
 0:00 operator -> sent it back
      provider <- payment refunded
72:00 operator -> 55000 KRW came late
      provider <- expired, payment refund-due
`);
  });

  it('R8: a member holds ten unpaid numbers and no more, and asking twice is one order', async () => {
    const { world, mina } = await market();
    const want = (at: number) => quoteNumber(world, { actor: mina.actor, number: `02-6200-620${at}-082` });
    const orders: Order[] = [];
    for (let at = 0; at < 9; at += 1) orders.push(accepted(await want(at)));
    expect(accepted(await want(0))).toEqual(orders[0]);
    accepted(await want(9));
    const more = () => quoteNumber(world, { actor: mina.actor, number: '02-6200-7000-082' });
    expect(refusedWith(await more())).toBe('too-many-open-orders');
    accepted(await cancelOrder(world, { actor: mina.actor, orderId: orders[0]?.id ?? '' }));
    accepted(await more());
  });

  it('R6: nobody buys for somebody else, and strangers learn nothing of an order', async () => {
    const { world, mina } = await market();
    const juno = await somebody(world, 'juno');
    const { memberId } = mina;
    const buy = { number: NUMBER, memberId };
    expect(refusedWith(await quoteNumber(world, { actor: juno.actor, ...buy }))).toBe('not-found');
    expect(refusedWith(await quoteNumber(world, { actor: { role: 'visitor' }, ...buy }))).toBe(
      'not-signed-in',
    );
    const newcomer = { role: 'newcomer', userId: 'new' } as const;
    expect(refusedWith(await quoteNumber(world, { actor: newcomer, ...buy }))).toBe('not-permitted');
    const order = accepted(await quoteNumber(world, { actor: OPERATOR, ...buy }));
    for (const orderId of [order.id, 'no such order']) {
      expect(await buyNumber(world, { actor: juno.actor, orderId })).toEqual(
        await cancelOrder(world, { actor: juno.actor, orderId: 'no such order' }),
      );
    }
    const { paymentRequest } = accepted(await buyNumber(world, { actor: mina.actor, orderId: order.id }));
    const deposit = { paymentReference: paymentRequest.reference, noticeId: 'mine', amount: PRICE };
    expect(refusedWith(await confirmPayment(world, { actor: mina.actor, ...deposit }))).toBe('not-permitted');
  });

  it('R10, R11: an enterprise buys its number, opens branches and adds terminals', async () => {
    const { world } = await market();
    const firm = await somebody(world, 'firm', 'enterprise');
    const order = accepted(await quoteNumber(world, { actor: firm.actor, number: '6200 6200' }));
    await pay(world, firm, order);
    accepted(await openBranch(world, { ...firm, countryCode: '082', name: 'Seoul office' }));
    const terminal = { ...firm, countryCode: '001', name: 'reception' };
    expect(refusedWith(await addTerminal(world, terminal))).toBe('branch-not-open');
    accepted(await addTerminal(world, { ...terminal, branchCountryCode: '082' }));
    const shown = accepted(await findMember(world, firm));
    expect(shown.numbers).toEqual([{ kind: 'enterprise', subscriber: '62006200' }]);
    expect(shown.branches).toMatchObject([{ countryCode: '082', name: 'Seoul office' }]);
    expect(shown.terminals).toMatchObject([{ branchCountryCode: '082', countryCode: '001' }]);
    expect(world.told.map(({ kind }) => kind)).toEqual([
      'number-assigned',
      'branch-opened',
      'terminal-saved',
    ]);
  });
});

async function pay(world: ServiceWorld, { actor }: Somebody, order: Order) {
  const { paymentRequest } = accepted(await buyNumber(world, { actor, orderId: order.id }));
  const paymentReference = paymentRequest.reference;
  const deposit = { actor: OPERATOR, paymentReference, noticeId: `of ${order.id}`, amount: PRICE };
  return paidOrder(accepted(await confirmPayment(world, deposit)));
}

describe('R9: never half sold, whatever fails', () => {
  /** A whole purchase, as somebody does who repeats a request that was answered with an error. */
  async function purchase(world: ServiceWorld, mina: Somebody, seen: string[]) {
    const again = async <Answer>(name: string, request: () => Promise<Answer>): Promise<Answer> => {
      try {
        return await request();
      } catch (error) {
        seen.push(`${name}: ${(error as Error).message}`);
        return request();
      }
    };
    const { actor } = mina;
    const order = accepted(await again('quote', () => quoteNumber(world, { actor, number: NUMBER })));
    const bought = accepted(await again('buy', () => buyNumber(world, { actor, orderId: order.id })));
    const deposit = {
      actor: OPERATOR,
      paymentReference: bought.paymentRequest.reference,
      noticeId: 'transfer 1',
      amount: PRICE,
    };
    return accepted(await again('pay', () => confirmPayment(world, deposit)));
  }

  async function isConsistent(stores: MarketAndMemberStores): Promise<void> {
    const assigned = await stores.orders.list({ state: 'assigned', limit: 10 });
    const payments = await stores.payments.list({ limit: 10 });
    const paid = payments
      .filter(({ disposition }) => disposition === 'accepted')
      .map(({ subject }) => subject?.id);
    expect(assigned.map(({ id }) => id)).toEqual(paid);
    for await (const numbers of stores.directory.numbers()) expect(numbers).toHaveLength(assigned.length);
    const { unbalanced, deviating } = await stores.ledger.audit();
    expect({ unbalanced, deviating }).toEqual({ unbalanced: [], deviating: [] });
    const sales = await stores.ledger.balance('number-sales', 'KRW');
    const tax = await stores.ledger.balance('tax', 'KRW');
    expect(sales.creditsMicros + tax.creditsMicros).toBe(BigInt(assigned.length) * PRICE.micros);
  }

  async function run(failure: Failure | undefined) {
    const stores = createMemoryStores();
    const calls: string[] = [];
    const failing = failingStores(stores, failure, calls);
    const world = serviceWorld(failing.stores);
    await openSale(world);
    const mina = await somebody(world, 'mina');
    const seen: string[] = [];
    failing.arm(() => isConsistent(stores));
    const outcome = await purchase(world, mina, seen);
    return { stores, calls, seen, outcome, world };
  }

  it('R7, R8, R9: each call of the store fails in turn, before and after it did its work', async () => {
    const { calls } = await run(undefined);
    expect(calls.filter((name) => name === 'orders.keep')).toHaveLength(3);
    for (let at = 0; at < calls.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const { stores, seen, outcome, world } = await run({ at, when });
        expect(seen, `${calls[at]} failed ${when}`).toHaveLength(1);
        expect(outcome.order?.state).toBe('assigned');
        expect(outcome.payment.disposition).toBe('accepted');
        await isConsistent(stores);
        expect(await stores.orders.list({ limit: 10 })).toEqual([outcome.order]);
        expect(await stores.payments.list({ limit: 10 })).toEqual([outcome.payment]);
        expect(world.told.at(-1)).toMatchObject({ kind: 'number-assigned' });
      }
    }
  });
});
