import { describe, expect, it } from 'vitest';
import { createMemoryStores, type MarketAndMemberStores } from '../../src/adapters/memory/index.ts';
import type { Order } from '../../src/domain/market/index.ts';
import type { RenewalMode } from '../../src/domain/renewals/index.ts';
import { buyNumber } from '../../src/services/buy-number.ts';
import { confirmPayment } from '../../src/services/confirm-payment.ts';
import { expireOrders } from '../../src/services/expire-orders.ts';
import { expireBills } from '../../src/services/find-bill.ts';
import type { Mail } from '../../src/services/ports/index.ts';
import { quoteNumber } from '../../src/services/quote-number.ts';
import { recordRefund } from '../../src/services/record-refund.ts';
import { releaseNumber } from '../../src/services/release-number.ts';
import { renewNumbers } from '../../src/services/renew-numbers.ts';
import { setRenewal } from '../../src/services/set-renewal.ts';
import { topUp } from '../../src/services/top-up.ts';
import { undoAcceptedPayment } from '../../src/services/undo-payment.ts';
import { type FailingCall, failingCalls } from '../support/failing-calls.ts';
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

const NUMBER = '02-6200-6200-082';
const DAY_MS = 24 * 3_600_000;

/** A number that was bought, and a diary of what becomes of it, day by day from the purchase on. */
async function held(mode: RenewalMode = 'by-bill', stores: MarketAndMemberStores = createMemoryStores()) {
  const plain = serviceWorld(stores);
  const mails: Mail[] = [];
  const taxation = { name: 'VAT', ratePerMillion: 100_000, taxIs: 'included' } as const;
  const seller = { name: 'Omnidial Inc.', addressLines: ['Seoul'] };
  const world: ServiceWorld = {
    ...plain,
    settings: { ...plain.settings, taxation, seller, sellerTimeZone: 'Asia/Seoul' },
    proofs: {
      mailer: {
        async send(mail) {
          mails.push(mail);
          return { ok: true, value: null };
        },
      },
    },
  };
  await openSale(world);
  const mina = await somebody(world, 'mina');
  const { actor } = mina;
  const quoted = accepted(await quoteNumber(world, { actor, number: NUMBER }));
  const { paymentRequest } = accepted(await buyNumber(world, { actor, orderId: quoted.id }));
  let notices = 0;
  const pay = async (paymentReference: string, noticeId: string) =>
    accepted(await confirmPayment(world, { actor: OPERATOR, paymentReference, noticeId, amount: PRICE }));
  const pays = (paymentReference: string) => pay(paymentReference, `transfer ${++notices}`);
  const order = paidOrder(await pays(paymentRequest.reference)) as Order;
  if (mode !== 'by-bill') accepted(await setRenewal(world, { actor, orderId: order.id, mode }));
  const startMs = world.clock.nowMs();
  let diary = '\n';
  let [told, mailed] = [world.told.length, mails.length];
  const note = (what: string) => {
    const day = Math.floor((world.clock.nowMs() - startMs) / DAY_MS);
    diary += `${String(day).padStart(4)} ${what}\n`;
  };
  const noteNews = () => {
    for (const change of world.told.slice(told)) note(`exchange << ${change.kind}`);
    for (const mail of mails.slice(mailed)) note(`mail << ${mail.subject}`);
    [told, mailed] = [world.told.length, mails.length];
  };
  const tidy = async () => {
    const nowMs = world.clock.nowMs();
    await expireOrders(world, { nowMs });
    await expireBills(world, { nowMs });
    await renewNumbers(world, { nowMs });
  };
  return {
    world,
    mina,
    order,
    mails,
    /** Lets days pass, and tidies up on each as the service does. */
    async passDays(days: number) {
      for (let day = 0; day < days; day += 1) {
        world.wait(DAY_MS);
        await tidy();
        noteNews();
      }
    },
    tidy,
    pay,
    async openBill() {
      const [bill] = await world.bills.list({ memberId: mina.memberId, state: 'open', limit: 10 });
      if (bill === undefined) throw new Error('There is no open bill.');
      return bill;
    },
    async pays(reference: string) {
      const outcome = await pays(reference);
      note(`paid: bill ${outcome.bill?.state}, payment ${outcome.payment.disposition}`);
      noteNews();
      return outcome;
    },
    async term() {
      const term = await world.renewals.find(order.id);
      if (term === undefined) throw new Error('The number has no term.');
      return term;
    },
    diary: () => diary,
  };
}

/** What accounts have in whole won; and that the whole ledger adds up. */
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

/** The stores that take part in the years of a number. */
const STORES = [
  'bills',
  'catalogue',
  'documents',
  'ledger',
  'members',
  'orders',
  'payments',
  'renewals',
] as const;

/**
 * Three years with everything that can happen in them, while one call of a store fails; whoever failed tries again.
 * @returns what is there in the end
 */
async function yearsWith(failure: FailingCall | undefined) {
  const failing = failingCalls(createMemoryStores(), STORES, failure);
  const { world, mina, mails, openBill, tidy, order, pay } = await held('by-bill', failing.stores);
  const again = async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('the connection')) throw error;
      // What the dead process had taken is there for others again.
      world.wait(7 * 3_600_000);
      return run();
    }
  };
  failing.arm();
  const passTo = async (days: number) => {
    world.wait(days * DAY_MS);
    await again(tidy);
    await again(tidy);
  };
  const billed = () => again(async () => (await openBill()).paymentReference);
  await passTo(336);
  const first = await billed();
  await again(() => pay(first, 'the first year'));
  await passTo(364);
  for (const days of [30, 31]) await passTo(days);
  const second = await billed();
  await again(() => pay(second, 'while it rests'));
  await again(() => setRenewal(world, { actor: mina.actor, orderId: order.id, mode: 'from-credit' }));
  const credit = await again(async () => {
    const [open] = await world.bills.list({ memberId: mina.memberId, state: 'open', limit: 1 });
    return open ?? accepted(await topUp(world, { actor: mina.actor, amount: PRICE }));
  });
  await again(() => pay(credit.paymentReference, 'credit'));
  for (const days of [310, 370, 30, 31, 91]) await passTo(days);
  failing.disarm();
  const isTold = (kind: string) => world.told.some((change) => change.kind === kind);
  const bills = await world.bills.list({ limit: 100 });
  const subjects = (await documentsOf(world)).sort();
  const term = await world.renewals.find(order.id);
  return {
    calls: failing.count(),
    outcome: {
      books: await standing(world),
      bills: bills.map(({ kind, state }) => `${kind} ${state}`).sort(),
      documents: subjects,
      term: `${term?.state}, ${term?.years} years`,
      claim: await world.orders.claim(order.number, world.clock.nowMs()),
      isTold: isTold('number-assigned') && isTold('number-released'),
      subjects: [...new Set(mails.map(({ subject }) => subject.split(' ')[1]))].sort(),
    },
  };
}

async function documentsOf(world: ServiceWorld): Promise<string[]> {
  const issued = await world.documents.list({ limit: 100 });
  return issued.map(({ number, subject }) => `${number} ${subject.kind}`).reverse();
}

describe('R24: a number over the years', () => {
  it('R24: three years: paid in time, in grace, and not at all', async () => {
    const { world, passDays, openBill, pays, term, diary, order } = await held();
    await passDays(340);
    await pays((await openBill()).paymentReference);
    await passDays(365 + 10);
    expect((await term()).state).toBe('due');
    await passDays(25);
    expect((await term()).state).toBe('grace');
    await pays((await openBill()).paymentReference);
    await passDays(365 + 30 + 90 + 30);
    expect(diary()).toBe(`
 335 mail << ${NUMBER} 사용 기간 만료 안내 (2027년 10월 26일)
 340 paid: bill paid, payment accepted
 341 mail << ${NUMBER} 연장 완료 (2028년 10월 26일까지)
 701 mail << ${NUMBER} 사용 기간 만료 안내 (2028년 10월 26일)
 724 mail << ${NUMBER} 사용 기간 만료 안내 (2028년 10월 26일)
 730 mail << ${NUMBER} 사용 기간 만료 안내 (2028년 10월 26일)
 731 mail << ${NUMBER} 사용 기간이 끝났습니다
 740 paid: bill paid, payment accepted
 741 mail << ${NUMBER} 연장 완료 (2029년 10월 26일까지)
1066 mail << ${NUMBER} 사용 기간 만료 안내 (2029년 10월 26일)
1089 mail << ${NUMBER} 사용 기간 만료 안내 (2029년 10월 26일)
1095 mail << ${NUMBER} 사용 기간 만료 안내 (2029년 10월 26일)
1096 mail << ${NUMBER} 사용 기간이 끝났습니다
1126 exchange << number-released
1126 mail << ${NUMBER} 사용이 중지되었습니다
`);
    expect((await term()).state).toBe('ended');
    expect(await world.orders.claim(order.number, world.clock.nowMs())).toBeUndefined();
    expect(await standing(world)).toEqual({ bank: -165_000n, 'number-sales': 150_000n, tax: 15_000n });
    expect(await documentsOf(world)).toEqual([
      'R-2026-000001 order',
      'I-2027-000001 bill',
      'R-2027-000001 bill',
      'I-2028-000001 bill',
      'R-2028-000001 bill',
      'I-2029-000001 bill',
    ]);
  });

  it('R24: money while the number rests gives it back; afterwards it is to be refunded', async () => {
    const { world, passDays, openBill, pays, term, order } = await held();
    await passDays(365 + 30 + 89);
    expect(await term()).toMatchObject({ state: 'lapsed', years: 1 });
    const bill = await openBill();
    expect((await pays(bill.paymentReference)).payment.disposition).toBe('accepted');
    expect(await term()).toMatchObject({ state: 'current', years: 2 });
    expect(await world.orders.find(order.id)).toMatchObject({ state: 'assigned' });
    expect(world.told.at(-1)).toMatchObject({ kind: 'number-assigned' });
    await passDays(365 + 30 + 91);
    const late = (await world.bills.list({ limit: 1 }))[0];
    expect(late?.state).toBe('expired');
    const { payment } = await pays(late?.paymentReference as string);
    expect(payment.disposition).toBe('refund-due');
    expect(await standing(world)).toMatchObject({ deposits: 55_000n });
    accepted(await recordRefund(world, { actor: OPERATOR, paymentId: payment.id }));
    expect(await standing(world)).toEqual({ bank: -110_000n, 'number-sales': 100_000n, tax: 10_000n });
  });

  it('R24: money comes when somebody else has bought the number, and nobody has tidied up', async () => {
    const { world, passDays, openBill, pays, tidy, order } = await held();
    await passDays(365 + 30);
    const bill = await openBill();
    world.wait(91 * DAY_MS);
    const juno = await somebody(world, 'juno');
    accepted(await quoteNumber(world, { actor: juno.actor, number: NUMBER }));
    const { payment } = await pays(bill.paymentReference);
    expect([payment.disposition, payment.reason]).toEqual([
      'refund-due',
      'It was expired when the money came.',
    ]);
    await tidy();
    expect(await world.orders.claim(order.number, world.clock.nowMs())).toMatchObject({
      memberId: juno.memberId,
    });
  });

  it('R24: from credit, once a year; where it is too little a bill is sent, and credit pays that later', async () => {
    const { world, mina, passDays, pays, term } = await held('from-credit');
    const { paymentReference } = accepted(await topUp(world, { actor: mina.actor, amount: PRICE }));
    await pays(paymentReference);
    await passDays(400);
    expect(await term()).toMatchObject({ state: 'current', years: 2 });
    await passDays(365 - 60);
    const [bill] = await world.bills.list({ memberId: mina.memberId, state: 'open', limit: 10 });
    expect([bill?.kind, (await term()).state]).toEqual(['renewal', 'due']);
    await pays(accepted(await topUp(world, { actor: mina.actor, amount: PRICE })).paymentReference);
    await passDays(30);
    expect(await term()).toMatchObject({ state: 'current', years: 3 });
    expect(await world.bills.find(bill?.id as string)).toMatchObject({ state: 'paid' });
    expect(await standing(world)).toEqual({ bank: -165_000n, 'number-sales': 150_000n, tax: 15_000n });
    expect(await documentsOf(world)).toEqual([
      'R-2026-000001 order',
      'R-2026-000002 bill',
      'R-2027-000001 bill',
      'I-2028-000001 bill',
      'R-2028-000001 bill',
      'R-2028-000002 bill',
    ]);
  });

  it('R24: a year is undone, and asked for again', async () => {
    const { world, passDays, openBill, pays, term } = await held();
    await passDays(340);
    const { payment } = await pays((await openBill()).paymentReference);
    const undo = { actor: OPERATOR, paymentId: payment.id, reason: 'Paid by mistake.' };
    accepted(await undoAcceptedPayment(world, undo));
    accepted(await undoAcceptedPayment(world, undo));
    expect(await term()).toMatchObject({ years: 1 });
    accepted(await recordRefund(world, { actor: OPERATOR, paymentId: payment.id }));
    expect(await standing(world)).toEqual({ bank: -55_000n, 'number-sales': 50_000n, tax: 5_000n });
    await passDays(1);
    expect(await term()).toMatchObject({ state: 'due', years: 1 });
    expect(await documentsOf(world)).toContain('C-2027-000001 bill');
  });

  it('R24: what is given back is asked for no more', async () => {
    const { world, mina, passDays, openBill, pays, term, order } = await held();
    await passDays(340);
    const bill = await openBill();
    const release = { actor: mina.actor, orderId: order.id, confirmation: NUMBER };
    accepted(await releaseNumber(world, release));
    expect([(await term()).state, (await world.bills.find(bill.id))?.state]).toEqual(['ended', 'cancelled']);
    expect((await pays(bill.paymentReference)).payment.disposition).toBe('refund-due');
    await passDays(30);
    expect((await term()).state).toBe('ended');
  });

  it('R24: each call of the stores fails in turn, and the books, bills and the number are as without', async () => {
    const { calls, outcome } = await yearsWith(undefined);
    expect(outcome).toMatchObject({
      books: { bank: -4n * 55_000n, 'number-sales': 4n * 50_000n, tax: 4n * 5_000n },
      term: 'ended, 4 years',
      claim: undefined,
      isTold: true,
    });
    expect(calls).toBeGreaterThan(100);
    for (let at = 0; at < calls; at += 1) {
      for (const when of ['before', 'after'] as const) {
        expect((await yearsWith({ at, when })).outcome, `call ${at}, lost ${when}`).toEqual(outcome);
      }
    }
  });
});
