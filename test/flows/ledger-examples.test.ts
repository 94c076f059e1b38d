import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMemoryCallRecordStore, createMemoryStores } from '../../src/adapters/memory/index.ts';
import { type ChargeTerms, finishCharge } from '../../src/domain/billing/charging/index.ts';
import { type Money, printAmount } from '../../src/domain/billing/index.ts';
import { memberAccount, OWN_ACCOUNTS, type PendingTransfer } from '../../src/domain/billing/ledger/index.ts';
import { adjustLedger } from '../../src/services/adjust-ledger.ts';
import { buyNumber } from '../../src/services/buy-number.ts';
import { exchangeMoney } from '../../src/services/exchange-money.ts';
import { quoteNumber } from '../../src/services/quote-number.ts';
import { type PaymentNotice, receivePayment } from '../../src/services/receive-payment.ts';
import { noteRefund, recordRefund } from '../../src/services/record-refund.ts';
import { renewNumbers } from '../../src/services/renew-numbers.ts';
import { setRenewal } from '../../src/services/set-renewal.ts';
import { topUp } from '../../src/services/top-up.ts';
import { undoAcceptedPayment } from '../../src/services/undo-payment.ts';
import { MonthWatch } from '../../src/services/watch-months.ts';
import { accepted, OPERATOR, openSale, PRICE, serviceWorld, somebody } from '../support/service-world.ts';

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/ledger.md'), 'utf8');

const won = (amount: bigint): Money => ({ currency: 'KRW', micros: amount * 1_000_000n });

/** Half a won a second, from the first one on. */
const SALE_RATE = {
  currency: 'KRW',
  perMinuteMicros: 30_000_000n,
  connectFeeMicros: 0n,
  minimumMicros: 0n,
  freeSeconds: 0,
  initialIncrementSeconds: 1,
  nextIncrementSeconds: 1,
} as const;

const DAY_MS = 24 * 3_600_000;

/** A provider that charges 10 % of tax within its prices, and what its books have got since the last look. */
async function provider() {
  const stores = createMemoryStores();
  const plain = serviceWorld(stores);
  const taxation = { name: 'VAT', ratePerMillion: 100_000, taxIs: 'included' } as const;
  const world = { ...plain, settings: { ...plain.settings, taxation } };
  await openSale(world);
  const mina = await somebody(world, 'mina');
  let seen = 0;
  return {
    stores,
    world,
    mina,
    account: memberAccount(mina.memberId),
    receive: async (notice: Omit<PaymentNotice, 'noticeId' | 'channel'>, channel: 'bank' | 'card' = 'bank') =>
      accepted(await receivePayment(world, { ...notice, channel, noticeId: `notice ${++seen}` }, 'keep'))
        .payment,
    reference: async () => {
      const order = accepted(await quoteNumber(world, { actor: mina.actor, number: '02-6200-6200-082' }));
      const bought = accepted(await buyNumber(world, { actor: mina.actor, orderId: order.id }));
      return bought.paymentRequest.reference;
    },
    byHand: async (debit: string, credit: string, amount: Money, purpose: 'fee' | 'payout') => {
      const confirmation = `${printAmount(amount)} KRW`;
      const command = { actor: OPERATOR, debit, credit, amount, purpose, confirmation, reason: 'October.' };
      accepted(await adjustLedger(world, { ...command, onceKey: purpose }));
    },
    /** All lines as rows of a table, and that they add up. */
    rows: async () => {
      const { unbalanced, deviating } = await world.ledger.audit();
      expect([unbalanced, deviating]).toEqual([[], []]);
      const lines = (await world.ledger.lines({ limit: 99 })).toReversed();
      const cells = lines.map(({ kind, debit, credit, currency, micros, purpose }) => [
        kind,
        debit.replace(mina.memberId, 'mina'),
        credit.replace(mina.memberId, 'mina'),
        printAmount({ currency, micros }),
        purpose,
      ]);
      return cells.map((row) => row.join(' | '));
    },
  };
}

/** The rows of the table below a heading of the document. */
function documented(heading: string): string[] {
  const [, part = ''] = DOCUMENT.split(`### ${heading}\n`);
  const [table = ''] = part.split(/\n#{2,3} /);
  const rows = table.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', ''))
      .join(' | '),
  );
}

describe('docs/ledger.md', () => {
  it('R24: names every account of our own, with its kind', () => {
    for (const [account, kind] of Object.entries(OWN_ACCOUNTS)) {
      expect(DOCUMENT).toMatch(new RegExp(`\\| \`${account}\` +\\| ${kind} `));
    }
  });

  it('R9, R24: a number paid by bank transfer', async () => {
    const { receive, reference, rows } = await provider();
    await receive({ amount: PRICE, paymentReference: await reference() });
    expect(documented('A number paid by bank transfer')).toEqual(await rows());
  });

  it('R9, R24: a number paid by card, its fee, and the payout', async () => {
    const { receive, reference, byHand, rows } = await provider();
    await receive({ amount: PRICE, paymentReference: await reference() }, 'card');
    await byHand('fees', 'card', won(1_650n), 'fee');
    await byHand('bank', 'card', won(53_350n), 'payout');
    expect(documented('A number paid by card, its fee, and the payout')).toEqual(await rows());
  });

  it('R23: money of another currency', async () => {
    const { world, rows } = await provider();
    const sold = { currency: 'USD', micros: 100_000_000n } as const;
    const confirmation = '100.00 USD into 139025 KRW';
    const exchange = { account: 'bank', sold, bought: won(139_025n), confirmation, onceKey: 'exchange' };
    accepted(await exchangeMoney(world, { ...exchange, actor: OPERATOR, reason: 'Rate of the bank' }));
    expect(documented('Money of another currency')).toEqual(await rows());
  });

  it('R9, R24: money that came too late, and went back', async () => {
    const { world, receive, reference, rows } = await provider();
    const late = await reference();
    world.wait(4 * DAY_MS);
    const payment = await receive({ amount: PRICE, paymentReference: late });
    accepted(await recordRefund(world, { actor: OPERATOR, paymentId: payment.id }));
    expect(documented('Money that came too late, and went back')).toEqual(await rows());
  });

  it('R9, R24: a sale that was undone', async () => {
    const { world, receive, reference, rows } = await provider();
    const { id: paymentId } = await receive({ amount: PRICE, paymentReference: await reference() });
    const undone = await undoAcceptedPayment(world, { actor: OPERATOR, paymentId, reason: 'A mistake.' });
    accepted(await noteRefund(world, accepted(undone)));
    expect(documented('A sale that was undone')).toEqual(await rows());
  });

  it('R24: another year of a number, by bill and then from credit', async () => {
    const { world, mina, receive, reference, rows } = await provider();
    const { actor, memberId } = mina;
    const { subject } = await receive({ amount: PRICE, paymentReference: await reference() });
    world.wait(340 * DAY_MS);
    await renewNumbers(world, { nowMs: world.clock.nowMs() });
    const [bill] = await world.bills.list({ memberId, state: 'open', limit: 1 });
    await receive({ amount: PRICE, paymentReference: bill?.paymentReference as string });
    const { paymentReference } = accepted(await topUp(world, { actor, amount: PRICE }));
    await receive({ amount: PRICE, paymentReference });
    accepted(await setRenewal(world, { actor, orderId: subject?.id as string, mode: 'from-credit' }));
    world.wait(365 * DAY_MS);
    await renewNumbers(world, { nowMs: world.clock.nowMs() });
    expect(documented('Another year of a number, by bill and then from credit')).toEqual(await rows());
  });

  it('R23: the calls of a month, paid afterwards', async () => {
    const { stores, world, mina, account, receive, rows } = await provider();
    await world.ledger.setFloor(account, 'KRW', -1_000_000_000n);
    const endedAtMs = world.clock.nowMs();
    const sale: ChargeTerms = {
      kind: 'sale',
      leg: 'sale',
      account,
      paidBy: 'other',
      number: '442079460000',
      tariff: 'standard',
      prefix: '44',
      destination: 'United Kingdom',
      rate: SALE_RATE,
    };
    const times = { startedAtMs: endedAtMs - 75_000, answeredAtMs: endedAtMs - 75_000, endedAtMs };
    await createMemoryCallRecordStore(stores.charges).save([
      {
        id: 'c1',
        status: 'completed',
        callerNumber: '62006200',
        dialled: '+442079460000',
        lastSeenAtMs: endedAtMs,
        charging: [sale],
        ...times,
      },
    ]);
    world.wait(10 * DAY_MS);
    await new MonthWatch(world).lookWhereDue();
    const [bill] = await world.bills.list({ memberId: mina.memberId, state: 'open', limit: 1 });
    await receive({ amount: won(37n), paymentReference: bill?.paymentReference as string });
    expect(documented('The calls of a month, paid afterwards')).toEqual(await rows());
  });

  it('R23: credit, and a call that is paid from it in slices', async () => {
    const { stores, world, mina, account, receive, rows } = await provider();
    const bill = accepted(await topUp(world, { actor: mina.actor, amount: won(1_000n) }));
    await receive({ amount: won(1_000n), paymentReference: bill.paymentReference });
    const slice = (id: string, micros: bigint): PendingTransfer => ({
      kind: 'pending',
      id,
      debit: account,
      credit: 'call-revenue',
      currency: 'KRW',
      micros,
      purpose: 'call',
      subject: 'call/1/sale',
      atMs: 0,
      expiresAtMs: DAY_MS,
    });
    await world.ledger.reserve([slice('1', 30_000_000n)]);
    await world.ledger.reserve([slice('2', 30_000_000n)]);
    await world.ledger.write([{ kind: 'post', id: '1+', pendingId: '1', micros: 30_000_000n, atMs: 60_000 }]);
    const terms = {
      leg: 'sale',
      number: '821012345678',
      tariff: 'retail-kr',
      prefix: '82',
      destination: 'Korea',
      rate: SALE_RATE,
    };
    const sale: ChargeTerms = { ...terms, kind: 'sale', account, paidBy: 'other' };
    const cost: ChargeTerms = {
      ...terms,
      kind: 'cost',
      leg: 'cost',
      account: 'trunk/hanriver',
      paidBy: 'us',
      rate: { ...SALE_RATE, perMinuteMicros: 12_000_000n },
    };
    const call = { id: '1', answeredAtMs: 0, endedAtMs: 75_000 };
    stores.charges.keep([finishCharge(sale, call), finishCharge(cost, call)]);
    expect(documented('Credit, and a call that is paid from it in slices')).toEqual(await rows());
  });
});
