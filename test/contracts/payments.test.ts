import { expect, it } from 'vitest';
import type { Bill } from '../../src/domain/billing/bills/index.ts';
import type { Money } from '../../src/domain/billing/index.ts';
import type { LedgerAccount } from '../../src/domain/billing/ledger/index.ts';
import { adjustLedger } from '../../src/services/adjust-ledger.ts';
import { allocatePayment } from '../../src/services/allocate-payment.ts';
import { buyNumber } from '../../src/services/buy-number.ts';
import { exchangeMoney } from '../../src/services/exchange-money.ts';
import { cancelBill, expireBills, findBill, listBills } from '../../src/services/find-bill.ts';
import { listPayments } from '../../src/services/list-payments.ts';
import { quoteNumber } from '../../src/services/quote-number.ts';
import { receivePayment } from '../../src/services/receive-payment.ts';
import { recordRefund } from '../../src/services/record-refund.ts';
import { TOP_UP_TERM_MS, topUp } from '../../src/services/top-up.ts';
import { undoAcceptedPayment } from '../../src/services/undo-payment.ts';
import { describeStores, type OpenStores } from '../support/market-stores.ts';
import {
  accepted,
  OPERATOR,
  openSale,
  PRICE,
  paidOrder,
  refusedWith,
  type ServiceWorld,
  serviceWorld,
  somebody,
} from '../support/service-world.ts';

describeStores('money that arrives', contract);

const NUMBER = '02-6200-6200-082';
const won = (amount: bigint): Money => ({ currency: 'KRW', micros: amount * 1_000_000n });

function contract(open: OpenStores): void {
  async function market() {
    const plain = serviceWorld(await open());
    const taxation = { name: 'VAT', ratePerMillion: 100_000, taxIs: 'included' } as const;
    const world: ServiceWorld = { ...plain, settings: { ...plain.settings, taxation } };
    await openSale(world);
    const mina = await somebody(world, 'mina');
    let notices = 0;
    const arrives = (amount: Money, paymentReference?: string) =>
      receivePayment(
        world,
        {
          noticeId: `notice ${++notices}`,
          channel: 'bank',
          amount,
          payer: '김미나',
          ...(paymentReference === undefined ? {} : { paymentReference }),
        },
        'keep',
      );
    return { world, mina, arrives };
  }

  async function order(
    world: ServiceWorld,
    actor: Parameters<typeof buyNumber>[1]['actor'],
    number = NUMBER,
  ) {
    const { id } = accepted(await quoteNumber(world, { actor, number }));
    return accepted(await buyNumber(world, { actor, orderId: id }));
  }

  /** What accounts have in KRW, whole won; and that the whole ledger adds up. */
  async function standing({ ledger }: ServiceWorld, ...accounts: LedgerAccount[]): Promise<bigint[]> {
    const { unbalanced, deviating } = await ledger.audit();
    expect({ unbalanced, deviating }).toEqual({ unbalanced: [], deviating: [] });
    const balances = await Promise.all(accounts.map((account) => ledger.balance(account, 'KRW')));
    return balances.map(({ creditsMicros, debitsMicros }) => (creditsMicros - debitsMicros) / 1_000_000n);
  }

  it('R9, R24: a sale is posted with the tax within it, and undone by reversing entries', async () => {
    const { world, mina, arrives } = await market();
    const { paymentRequest } = await order(world, mina.actor);
    const { payment } = accepted(await arrives(PRICE, paymentRequest.reference));
    expect(await standing(world, 'bank', 'number-sales', 'tax')).toEqual([-55_000n, 50_000n, 5_000n]);
    const undo = { actor: OPERATOR, paymentId: payment.id, reason: 'Sold by mistake.' };
    const undone = accepted(await undoAcceptedPayment(world, undo));
    expect(accepted(await undoAcceptedPayment(world, undo))).toEqual(undone);
    expect(undone).toMatchObject({ disposition: 'refund-due', reason: 'Sold by mistake.' });
    expect(await standing(world, 'bank', 'number-sales', 'tax', 'deposits')).toEqual([
      -55_000n,
      0n,
      0n,
      55_000n,
    ]);
    expect(world.told.at(-1)).toMatchObject({ kind: 'number-released' });
    const subject = { kind: 'member', id: mina.memberId } as const;
    const toCredit = { actor: OPERATOR, paymentId: payment.id, subject };
    expect(refusedWith(await allocatePayment(world, toCredit))).toBe('payment-not-allocatable');
    const paidBack = { actor: OPERATOR, paymentId: payment.id };
    await Promise.all([recordRefund(world, paidBack), recordRefund(world, paidBack)]);
    expect(await standing(world, 'bank', 'deposits')).toEqual([0n, 0n]);
  });

  it('R23: a top-up is credit once the money is there, once', async () => {
    const { world, mina, arrives } = await market();
    const bill = accepted(await topUp(world, { actor: mina.actor, amount: won(30_000n) }));
    expect(bill.paymentReference).toMatch(/^TU-[0-9A-Z]{8}$/);
    const member = `member/${mina.memberId}` as const;
    expect(await standing(world, member)).toEqual([0n]);
    const first = accepted(await arrives(won(30_000n), bill.paymentReference.toLowerCase()));
    expect(first).toMatchObject({ payment: { disposition: 'accepted' }, bill: { state: 'paid' } });
    const twice = accepted(await arrives(won(30_000n), bill.paymentReference));
    expect(twice.payment).toMatchObject({ disposition: 'refund-due', reason: 'It was paid before.' });
    expect(await standing(world, 'bank', member, 'deposits', 'tax')).toEqual([
      -60_000n,
      30_000n,
      30_000n,
      0n,
    ]);
    expect(accepted(await findBill(world, { actor: mina.actor, billId: bill.id }))).toEqual(first.bill);
  });

  it('R23: credit that was spent is not taken back, and credit that is there is, by reversing entries', async () => {
    const { world, mina, arrives } = await market();
    const bill = accepted(await topUp(world, { actor: mina.actor, amount: won(30_000n) }));
    const { payment } = accepted(await arrives(won(30_000n), bill.paymentReference));
    const member = `member/${mina.memberId}` as const;
    const spend = (id: string, debit: LedgerAccount, credit: LedgerAccount) =>
      world.ledger.write([
        {
          kind: 'posted',
          id,
          debit,
          credit,
          currency: 'KRW',
          micros: 1n,
          purpose: 'call',
          subject: 'call/1',
          atMs: 1,
        },
      ]);
    await spend('call', member, 'call-revenue');
    const undo = { actor: OPERATOR, paymentId: payment.id, reason: 'Asked for it back.' };
    expect(refusedWith(await undoAcceptedPayment(world, undo))).toBe('credit-spent');
    expect((await world.payments.find(payment.id))?.disposition).toBe('accepted');
    await spend('goodwill', 'call-revenue', member);
    accepted(await undoAcceptedPayment(world, undo));
    expect(await standing(world, member, 'deposits')).toEqual([0n, 30_000n]);
    expect((await world.bills.find(bill.id))?.state).toBe('refunded');
  });

  it('R9, R23: another amount, no reference, a bill that ended: each a clear outcome, and no money is lost', async () => {
    const { world, mina, arrives } = await market();
    const ask = async () => accepted(await topUp(world, { actor: mina.actor, amount: won(30_000n) }));
    const [less, cancelled, expired] = [await ask(), await ask(), await ask()];
    accepted(await cancelBill(world, { actor: mina.actor, billId: cancelled.id }));
    const outcomes = [
      await arrives(won(29_999n), less.paymentReference),
      await arrives(won(30_000n), cancelled.paymentReference),
      await arrives(won(1_000n)),
      await arrives(won(1_000n), 'TU-00000000'),
    ];
    world.wait(TOP_UP_TERM_MS);
    outcomes.push(await arrives(won(30_000n), expired.paymentReference));
    expect(
      outcomes.map((outcome) => {
        const { payment } = accepted(outcome);
        return [payment.disposition, payment.reason];
      }),
    ).toEqual([
      ['unallocated', '30000 KRW was asked for, and 29999 KRW was noted.'],
      ['refund-due', 'It was cancelled when the money came.'],
      ['unallocated', 'It names no order or bill that there is.'],
      ['unallocated', 'It names no order or bill that there is.'],
      ['refund-due', 'It was expired when the money came.'],
    ]);
    expect(await standing(world, 'bank', 'deposits')).toEqual([-91_999n, 91_999n]);
    expect(await expireBills(world, { nowMs: world.clock.nowMs() })).toBe(1);
    const states = accepted(await listBills(world, { actor: mina.actor, memberId: mina.memberId }));
    expect(states.items.map(({ state }: Bill) => state)).toEqual(['expired', 'cancelled', 'expired']);
  });

  it('R9, R23: an operator gives money a purpose: an order, a bill, credit, or the way back; each once', async () => {
    const { world, mina, arrives } = await market();
    const bought = await order(world, mina.actor);
    const bill = accepted(await topUp(world, { actor: mina.actor, amount: won(2_000n) }));
    const ids: string[] = [];
    for (const amount of [55_000n, 2_000n, 700n, 30n]) {
      ids.push(accepted(await arrives(won(amount))).payment.id);
    }
    const [forOrder = '', forBill = '', forCredit = '', back = ''] = ids;
    const allocate = (paymentId: string, kind: 'order' | 'bill' | 'member', id: string) =>
      allocatePayment(world, { actor: OPERATOR, paymentId, subject: { kind, id } });
    expect(refusedWith(await allocate(forBill, 'order', bought.order.id))).toBe('amount-mismatch');
    const assigned = await Promise.all(
      Array.from({ length: 3 }, () => allocate(forOrder, 'order', bought.order.id)),
    );
    expect(assigned.map((outcome) => paidOrder(accepted(outcome)).state)).toEqual(Array(3).fill('assigned'));
    expect(accepted(await allocate(forBill, 'bill', bill.id)).bill?.state).toBe('paid');
    accepted(await allocate(forCredit, 'member', mina.memberId));
    expect(refusedWith(await allocate(forCredit, 'bill', bill.id))).toBe('payment-not-allocatable');
    expect(refusedWith(await allocate(back, 'member', 'nobody'))).toBe('not-found');
    expect(refusedWith(await recordRefund(world, { actor: OPERATOR, paymentId: back }))).toBe(
      'payment-not-refundable',
    );
    expect(refusedWith(await allocatePayment(world, { actor: OPERATOR, paymentId: back }))).toBe(
      'reason-missing',
    );
    const sent = { actor: OPERATOR, paymentId: back, reason: 'Nobody knows it.' };
    expect(accepted(await allocatePayment(world, sent)).payment).toMatchObject({
      disposition: 'refund-due',
      reason: 'Nobody knows it.',
    });
    accepted(await recordRefund(world, { actor: OPERATOR, paymentId: back }));
    const member = `member/${mina.memberId}` as const;
    expect(await standing(world, 'bank', 'number-sales', 'tax', member, 'deposits')).toEqual([
      -57_700n,
      50_000n,
      5_000n,
      2_700n,
      0n,
    ]);
    const left = { actor: OPERATOR, disposition: 'unallocated' } as const;
    expect(accepted(await listPayments(world, left)).items).toEqual([]);
    const ofBill = { actor: OPERATOR, subject: { kind: 'bill', id: bill.id } } as const;
    expect(accepted(await listPayments(world, ofBill)).items.map(({ id }) => id)).toEqual([forBill]);
  });

  it('R9: ten payments of one amount for one order at once: one buys the number, nine wait', async () => {
    const { world, mina, arrives } = await market();
    const { paymentRequest } = await order(world, mina.actor);
    const all = await Promise.all(Array.from({ length: 10 }, () => arrives(PRICE, paymentRequest.reference)));
    const dispositions = all.map((outcome) => accepted(outcome).payment.disposition).sort();
    expect(dispositions).toEqual(['accepted', ...Array(9).fill('refund-due')]);
    expect(await standing(world, 'bank', 'number-sales', 'tax', 'deposits')).toEqual([
      -550_000n,
      50_000n,
      5_000n,
      495_000n,
    ]);
  });

  it('R23: what may be for money without a reference is found by its amount', async () => {
    const { world, mina } = await market();
    const bought = await order(world, mina.actor);
    const bill = accepted(await topUp(world, { actor: mina.actor, amount: PRICE }));
    await topUp(world, { actor: mina.actor, amount: won(1n) });
    expect((await world.orders.awaiting(PRICE, 9)).map(({ id }) => id)).toEqual([bought.order.id]);
    expect((await world.bills.openOf(PRICE, 9)).map(({ id }) => id)).toEqual([bill.id]);
    expect(await world.payments.knownNotices(['notice 1', 'nothing'])).toEqual([]);
  });

  it('R24: money is moved by hand once a key, with its reason, and not below a member’s floor', async () => {
    const { world, mina } = await market();
    const fee = {
      actor: OPERATOR,
      debit: 'fees',
      credit: 'card',
      amount: won(1_650n),
      purpose: 'fee',
      reason: 'November.',
      confirmation: '1650 KRW',
      onceKey: 'november',
    } as const;
    const made = await Promise.all(Array.from({ length: 5 }, () => adjustLedger(world, fee)));
    const ids = new Set(made.map((transfer) => accepted(transfer).id));
    expect(ids.size).toBe(1);
    expect(await standing(world, 'fees', 'card')).toEqual([-1_650n, 1_650n]);
    const [id = ''] = ids;
    expect(await world.adjustments.reasons([id, 'another'])).toEqual(new Map([[id, 'November.']]));
    const other = { ...fee, debit: 'uncollected' };
    expect(refusedWith(await adjustLedger(world, other))).toBe('idempotency-key-reused');
    const taken = { ...fee, debit: `member/${mina.memberId}`, onceKey: 'taken' };
    expect(refusedWith(await adjustLedger(world, taken))).toBe('credit-spent');
    expect(await standing(world, 'fees', 'card', 'uncollected')).toEqual([-1_650n, 1_650n, 0n]);
  });

  it('R23: one currency becomes another on both accounts or on none, and every currency adds up', async () => {
    const { world, mina, arrives } = await market();
    const bill = accepted(await topUp(world, { actor: mina.actor, amount: won(200_000n) }));
    accepted(await arrives(won(200_000n), bill.paymentReference));
    const exchange = {
      actor: OPERATOR,
      account: `member/${mina.memberId}`,
      sold: won(139_025n),
      bought: { currency: 'USD', micros: 100_000_000n },
      reason: 'She moves.',
      confirmation: '139025 KRW into 100.00 USD',
      onceKey: 'moves',
    } as const;
    const made = await Promise.all(Array.from({ length: 5 }, () => exchangeMoney(world, exchange)));
    const [sold, bought] = accepted(made[0] ?? (await exchangeMoney(world, exchange)));
    for (const one of made) expect(accepted(one).map(({ id }) => id)).toEqual([sold.id, bought.id]);
    const unlike = { ...exchange, bought: { currency: 'USD', micros: 90_000_000n } } as const;
    const asUnlike = { ...unlike, confirmation: '139025 KRW into 90.00 USD' };
    expect(refusedWith(await exchangeMoney(world, asUnlike))).toBe('idempotency-key-reused');
    // The credit is spent: neither line is written.
    expect(refusedWith(await exchangeMoney(world, { ...exchange, onceKey: 'again' }))).toBe('credit-spent');
    const kept = await world.ledger.balances({ limit: 20 });
    const standings = kept.map((one) => [
      one.account,
      one.currency,
      (one.creditsMicros - one.debitsMicros) / 1_000_000n,
    ]);
    expect(standings).toEqual([
      ['bank', 'KRW', -200_000n],
      ['exchange', 'KRW', 139_025n],
      ['exchange', 'USD', -100n],
      [`member/${mina.memberId}`, 'KRW', 60_975n],
      [`member/${mina.memberId}`, 'USD', 100n],
    ]);
    const [line] = await world.ledger.lines({ subject: sold.subject, limit: 1 });
    expect(line).toMatchObject({ id: bought.id, exchangeRatePicos: 1_390_250_000_000_000n });
    expect(await world.ledger.audit()).toMatchObject({ unbalanced: [], deviating: [] });
  });
}
