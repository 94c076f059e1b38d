import { describe, expect, it } from 'vitest';
import {
  createMemoryCallRecordStore,
  createMemoryStores,
  type MarketAndMemberStores,
} from '../../src/adapters/memory/index.ts';
import {
  createCallRecordStore,
  createMarketAndMemberStores,
  type OpenDatabase,
} from '../../src/adapters/postgres/index.ts';
import type { ChargeTerms } from '../../src/domain/billing/charging/index.ts';
import { memberAccount } from '../../src/domain/billing/ledger/index.ts';
import { INVOICE_TERM_MS, invoiceCalls } from '../../src/services/invoice-calls.ts';
import type { CallRecordStore } from '../../src/services/ports/index.ts';
import { receivePayment } from '../../src/services/receive-payment.ts';
import { listCallTaxes, taxCalls } from '../../src/services/tax-calls.ts';
import { MonthWatch } from '../../src/services/watch-months.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { accepted, OPERATOR, type ServiceWorld, serviceWorld, somebody } from '../support/service-world.ts';

type Opened = { readonly stores: MarketAndMemberStores; readonly calls: CallRecordStore };

describe('invoices (memory)', () =>
  contract(async () => {
    const stores = createMemoryStores();
    return { stores, calls: createMemoryCallRecordStore(stores.charges) };
  }));
for (const server of DATABASES) {
  describeDatabase(server, 'invoices', (fresh) => {
    contract(async () => {
      const { kysely }: OpenDatabase = await fresh();
      return { stores: createMarketAndMemberStores(kysely), calls: createCallRecordStore(kysely, 'dead') };
    });
  });
}

/** 60.5 won a minute, by the second: there are no coins for parts of a won. */
const TERMS: Omit<ChargeTerms, 'account'> = {
  kind: 'sale',
  leg: 'sale',
  paidBy: 'other',
  number: '442079460000',
  tariff: 'standard',
  prefix: '44',
  destination: 'United Kingdom',
  rate: {
    currency: 'KRW',
    perMinuteMicros: 60_500_000n,
    connectFeeMicros: 0n,
    initialIncrementSeconds: 1,
    nextIncrementSeconds: 1,
    minimumMicros: 0n,
    freeSeconds: 0,
  },
};

function contract(open: () => Promise<Opened>): void {
  async function enterprise() {
    const { stores, calls } = await open();
    const plain = serviceWorld(stores);
    const seller = { name: 'Omnidial Inc.', addressLines: ['Seoul'] };
    const settings = { ...plain.settings, seller, sellerTimeZone: 'Asia/Seoul' };
    const world: ServiceWorld = { ...plain, settings };
    const { memberId } = await somebody(world, 'acme', 'enterprise');
    const account = memberAccount(memberId);
    await world.ledger.setFloor(account, 'KRW', -1_000_000_000_000n);
    const talk = async (id: string, endedAt: string, seconds: number, terms: Partial<ChargeTerms> = {}) => {
      const endedAtMs = Date.parse(endedAt);
      const answeredAtMs = endedAtMs - seconds * 1_000;
      await calls.save([
        {
          id,
          status: 'completed',
          callerNumber: '62006200',
          dialled: '+442079460000',
          startedAtMs: answeredAtMs,
          answeredAtMs,
          endedAtMs,
          lastSeenAtMs: endedAtMs,
          charging: [{ ...TERMS, account, ...terms }],
        },
      ]);
    };
    const invoice = (now: string) => invoiceCalls(world, { nowMs: Date.parse(now) });
    const bills = () => world.bills.list({ memberId, limit: 10 });
    const balance = async () => {
      const { unbalanced, deviating } = await world.ledger.audit();
      expect({ unbalanced, deviating }).toEqual({ unbalanced: [], deviating: [] });
      const { creditsMicros, debitsMicros } = await world.ledger.balance(account, 'KRW');
      return creditsMicros - debitsMicros;
    };
    return { world, memberId, account, talk, invoice, bills, balance };
  }

  it('R23, R24: the calls of a month in the seller’s time zone, by destination, once, down to the coin', async () => {
    const { world, talk, invoice, bills, balance } = await enterprise();
    await talk('before', '2026-09-30T23:59:59+09:00', 60);
    await talk('first', '2026-10-01T00:00:00+09:00', 60);
    await talk('last', '2026-10-31T23:59:59+09:00', 60);
    await talk('japan', '2026-10-15T12:00:00+09:00', 61, { destination: 'Japan', prefix: '81' });
    await talk('after', '2026-11-01T00:00:00+09:00', 60);
    expect(await invoice('2026-11-01T00:59:59+09:00')).toBeUndefined();
    const sent = await Promise.all(Array.from({ length: 4 }, () => invoice('2026-11-01T01:00:00+09:00')));
    expect(sent.reduce<number>((sum, count) => sum + (count ?? 0), 0)).toBe(1);
    expect(await invoice('2026-11-20T00:00:00+09:00')).toBe(0);
    const [bill, ...others] = await bills();
    expect(others).toEqual([]);
    expect(bill).toMatchObject({
      kind: 'invoice',
      state: 'open',
      amount: { currency: 'KRW', micros: 182_000_000n },
      description: 'Calls of 2026-10',
      dueAtMs: world.clock.nowMs() + INVOICE_TERM_MS,
      period: {
        fromMs: Date.parse('2026-10-01T00:00:00+09:00'),
        untilMs: Date.parse('2026-11-01T00:00:00+09:00'),
      },
    });
    const subject = { kind: 'bill', id: bill?.id as string } as const;
    const [listed] = await world.documents.list({ kind: 'invoice', subject, limit: 9 });
    const issued = await world.documents.find(listed?.id as string);
    expect(
      issued?.document.lines.map(({ description, quantity, amount }) => [
        description,
        quantity?.count,
        amount.micros,
      ]),
    ).toEqual([
      ['Japan', 61n, 61_508_333n],
      ['United Kingdom', 120n, 121_000_000n],
      ['±', undefined, -508_333n],
    ]);
    // Five calls of about a minute, less the part of a won.
    expect(await balance()).toBe(-(4n * 60_500_000n + 61_508_333n - 508_333n));
    expect(await world.ledger.balance('rounding', 'KRW')).toMatchObject({ debitsMicros: 508_333n });
  });

  it('R23: money for an invoice is credit of the member, and its receipt says so', async () => {
    const { world, talk, invoice, bills, balance } = await enterprise();
    await talk('one', '2026-10-05T12:00:00+09:00', 120);
    await invoice('2026-11-02T00:00:00+09:00');
    const [bill] = await bills();
    if (bill === undefined) throw new Error('There is no invoice.');
    const { paymentReference, amount } = bill;
    const notice = { noticeId: 'wire 1', channel: 'bank', amount, paymentReference } as const;
    accepted(await receivePayment(world, notice, 'keep'));
    accepted(await receivePayment(world, notice, 'keep'));
    expect(await balance()).toBe(0n);
    expect(await world.bills.find(bill.id)).toMatchObject({ state: 'paid' });
    const documents = await world.documents.list({ subject: { kind: 'bill', id: bill.id }, limit: 9 });
    expect(documents.map(({ kind }) => kind).sort()).toEqual(['invoice', 'receipt']);
  });

  it('R23: what became known late, and what was corrected, is in the next invoice', async () => {
    const { world, account, talk, invoice, bills } = await enterprise();
    await talk('one', '2026-10-05T12:00:00+09:00', 120);
    await invoice('2026-11-02T00:00:00+09:00');
    await talk('late', '2026-10-30T12:00:00+09:00', 60);
    await talk('two', '2026-11-05T12:00:00+09:00', 240);
    const [wrong] = await world.charges.ofCall('one');
    if (wrong === undefined) throw new Error('There is no charge.');
    const { line: _, correction: __, ...charge } = wrong;
    const right = { ...charge, id: 'one/right', run: 2, micros: 61_000_000n };
    const why = { reason: 'The rate was wrong.', by: 'olga', atMs: Date.parse('2026-11-06T00:00:00Z') };
    await world.charges.correct(right, why);
    await invoice('2026-12-02T00:00:00+09:00');
    const amounts = (await bills()).map(({ amount }) => amount.micros);
    // 121 of October; then 60.5 late, 242 of November, less the 60 that were too much.
    expect(amounts.reverse()).toEqual([121_000_000n, 242_000_000n]);
    expect((await world.ledger.balance(account, 'KRW')).debitsMicros).toBeGreaterThan(0n);
  });

  it('R23: who pays in advance gets no invoice, and neither does who has not called', async () => {
    const { world, account, talk, invoice, bills } = await enterprise();
    expect(await invoice('2026-11-02T00:00:00+09:00')).toBe(0);
    await world.ledger.setFloor(account, 'KRW', 0n);
    await talk('one', '2026-11-05T12:00:00+09:00', 120);
    expect(await invoice('2026-12-02T00:00:00+09:00')).toBe(0);
    expect(await bills()).toEqual([]);
  });

  it('R23, R24: the tax in the calls of a month leaves the revenue once, at the rate of its time', async () => {
    const { world: plain, account, talk, balance } = await enterprise();
    const at = (ratePerMillion: number): ServiceWorld => ({
      ...plain,
      settings: { ...plain.settings, taxation: { name: 'VAT', ratePerMillion, taxIs: 'included' } },
    });
    const taxed = (now: string, ratePerMillion = 100_000) =>
      taxCalls(at(ratePerMillion), { nowMs: Date.parse(now) });
    const books = async () => [
      (await plain.ledger.balance('call-revenue', 'KRW')).creditsMicros,
      (await plain.ledger.balance('call-revenue', 'KRW')).debitsMicros,
      (await plain.ledger.balance('tax', 'KRW')).creditsMicros,
    ];
    await talk('before', '2026-09-30T23:59:59+09:00', 60);
    await talk('one', '2026-10-01T00:00:00+09:00', 120);
    await talk('two', '2026-10-31T23:59:59+09:00', 61, { destination: 'Japan', prefix: '81' });
    await talk('after', '2026-11-01T00:00:00+09:00', 120);
    await talk('carrier', '2026-10-02T00:00:00+09:00', 60, {
      kind: 'cost',
      leg: 'cost',
      account: 'trunk/hudson',
      paidBy: 'us',
    });
    expect(await taxed('2026-11-01T00:59:59+09:00')).toBeUndefined();
    const counts = await Promise.all(Array.from({ length: 4 }, () => taxed('2026-11-01T01:00:00+09:00')));
    expect(counts.flatMap((months) => months ?? [])).toHaveLength(1);
    // 182.508333 of October with tax: an eleventh is 16.59, which is 17 won.
    expect(await books()).toEqual([
      60_500_000n + 121_000_000n + 61_508_333n + 121_000_000n,
      17_000_000n,
      17_000_000n,
    ]);
    expect(await taxed('2026-11-20T00:00:00+09:00')).toEqual([]);
    // Late, and corrected: both belong to the month in which they became known, and no month is left out.
    await talk('late', '2026-10-30T12:00:00+09:00', 120);
    const [wrong] = await plain.charges.ofCall('one');
    if (wrong === undefined) throw new Error('There is no charge.');
    const { line: _, correction: __, ...charge } = wrong;
    const right = { ...charge, id: 'one/right', run: 2, micros: 110_000_000n };
    const why = { reason: 'The rate was wrong.', by: 'olga', atMs: Date.parse('2026-11-06T00:00:00Z') };
    await plain.charges.correct(right, why);
    const months = await taxed('2027-01-02T00:00:00+09:00', 200_000);
    expect(months?.map(({ period, taxes }) => [period.name, taxes])).toEqual([
      [
        '2026-11-01',
        [
          {
            gross: { currency: 'KRW', micros: 121_000_000n + 121_000_000n - 11_000_000n },
            // A sixth of 231.
            tax: { currency: 'KRW', micros: 39_000_000n },
          },
        ],
      ],
      ['2026-12-01', []],
    ]);
    const listed = accepted(await listCallTaxes(plain, { actor: OPERATOR }));
    expect(listed.map(({ period, ratePerMillion }) => [period.name, ratePerMillion])).toEqual([
      ['2026-12-01', 200_000],
      ['2026-11-01', 200_000],
      ['2026-10-01', 100_000],
    ]);
    expect(listed[2]?.taxes).toEqual([
      { gross: { currency: 'KRW', micros: 182_508_333n }, tax: { currency: 'KRW', micros: 17_000_000n } },
    ]);
    const lines = await plain.ledger.lines({ subject: 'call-tax/2026-11-01', limit: 9 });
    expect(lines).toMatchObject([
      { debit: 'call-revenue', credit: 'tax', micros: 39_000_000n, purpose: 'tax' },
    ]);
    // What members owe is as it was: the tax is in their prices.
    expect(await balance()).toBe(-(60_500_000n + 110_000_000n + 61_508_333n + 121_000_000n + 121_000_000n));
    expect(account).toMatch(/^member/);
  });

  it('R23, R24: an invoice says what tax is in it', async () => {
    const { world: plain, memberId, talk } = await enterprise();
    const taxation = { name: 'VAT', ratePerMillion: 100_000, taxIs: 'included' } as const;
    const world = { ...plain, settings: { ...plain.settings, taxation } };
    await talk('one', '2026-10-05T12:00:00+09:00', 120);
    await invoiceCalls(world, { nowMs: Date.parse('2026-11-02T00:00:00+09:00') });
    const [bill] = await world.bills.list({ memberId, limit: 1 });
    const subject = { kind: 'bill', id: bill?.id as string } as const;
    const [listed] = await world.documents.list({ kind: 'invoice', subject, limit: 1 });
    const issued = await world.documents.find(listed?.id as string);
    expect(issued?.document).toMatchObject({
      taxIs: 'included',
      taxes: [{ name: 'VAT', net: { micros: 110_000_000n }, tax: { micros: 11_000_000n } }],
      total: { micros: 121_000_000n },
    });
  });

  it('R23: a process looks once a month', async () => {
    const { world, talk, bills } = await enterprise();
    await talk('one', '2026-10-05T12:00:00+09:00', 120);
    const watch = new MonthWatch(world);
    await watch.lookWhereDue();
    expect(await bills()).toEqual([]);
    world.wait(Date.parse('2026-11-03T00:00:00+09:00') - world.clock.nowMs());
    await watch.lookWhereDue();
    await watch.lookWhereDue();
    expect(await bills()).toHaveLength(1);
    expect(
      (await world.callTaxes.list(9)).map(({ period, ratePerMillion }) => [period.name, ratePerMillion]),
    ).toEqual([
      ['2026-10-01', 0],
      ['2026-09-01', 0],
    ]);
  });
}
