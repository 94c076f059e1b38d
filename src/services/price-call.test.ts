import { describe, expect, it } from 'vitest';
import { type CallingTerms, type ChargingSetUp, NOTHING_CHARGED } from '../domain/billing/charging/index.ts';
import type { Rate } from '../domain/billing/index.ts';
import { TariffTable } from '../domain/billing/tariffs/index.ts';
import type { OutwardDestination } from '../domain/exchange/index.ts';
import type { E164 } from '../domain/numbering/index.ts';
import { CallPrices, tariffNumberOfOwn } from './price-call.ts';

const NOW_MS = 1_793_000_000_000;

function rate(perMinuteMicros: bigint, currency: Rate['currency'] = 'KRW'): Rate {
  return {
    currency,
    perMinuteMicros,
    connectFeeMicros: 0n,
    initialIncrementSeconds: 1,
    nextIncrementSeconds: 1,
    minimumMicros: 0n,
    freeSeconds: 0,
  };
}

type Rows = Readonly<Record<string, Rate | 'blocked'>>;

const TARIFFS: Readonly<Record<string, Rows>> = {
  'retail-kr': {
    '82': rate(60_000_000n),
    '8210': rate(100_000_000n),
    '8270': 'blocked',
    'operator:tello': rate(20_000_000n),
  },
  cheap: { '82': rate(10_000_000n) },
  'kt-deck': { '82': rate(30_000_000n), '8231': rate(90_000_000n), '8233': 'blocked' },
  'us-deck': { '82': rate(20_000n, 'USD') },
  termination: { 'operator:own': rate(5_000_000n), '82': rate(7_000_000n) },
  transit: { '82': rate(40_000_000n) },
};

const AGREEMENT = {
  currency: 'KRW',
  timeZone: 'Asia/Seoul',
  period: 'month',
  inboundPaidBy: 'other',
  toleranceSeconds: 5,
  partner: { name: 'KT', addressLines: [] },
} as const;

const SET_UP: ChargingSetUp = {
  ...NOTHING_CHARGED,
  defaultPlan: 'retail-kr',
  agreements: [
    {
      ...AGREEMENT,
      trunk: 'kt',
      outboundTariff: 'kt-deck',
      inboundTariff: 'termination',
      transitTariff: 'transit',
    },
    { ...AGREEMENT, trunk: 'hudson', currency: 'USD', outboundTariff: 'us-deck' },
  ],
};

function prices({
  setUp = SET_UP,
  terms = {},
}: {
  setUp?: ChargingSetUp;
  terms?: Partial<CallingTerms>;
} = {}) {
  const tables = new Map(
    Object.entries(TARIFFS).map(([name, rows]) => {
      const table = new TariffTable();
      for (const [prefix, cost] of Object.entries(rows)) {
        const about = { prefix, destination: `to ${prefix}` };
        table.add(
          cost === 'blocked' ? { ...about, status: 'blocked' } : { ...about, status: 'open', rate: cost },
        );
      }
      return [name, table];
    }),
  );
  return new CallPrices({
    tariffs: {
      rowFor: (name, number, atMs) => {
        const row = tables.get(name)?.rowFor(number, atMs);
        if (row === undefined) return undefined;
        const versionId = `${name}@1`;
        return row.status === 'open' ? { kind: 'open', row, versionId } : { kind: 'blocked', row, versionId };
      },
    },
    setUp: () => setUp,
    termsOf: () => ({ barredPrefixes: [], callsPremium: false, ...terms }),
    clock: { nowMs: () => NOW_MS },
  });
}

const MINA = { kind: 'member', memberId: 'mina' } as const;
const pstn = (number: string): OutwardDestination => ({ kind: 'pstn', number: number as E164 });
const SEOUL = pstn('+82212345678');

describe('R23: what a call costs who makes it', () => {
  it('is by the longest prefix of its plan', () => {
    expect(prices().saleOf(MINA, SEOUL)).toMatchObject({
      value: {
        kind: 'sale',
        account: 'member/mina',
        paidBy: 'other',
        tariff: 'retail-kr',
        versionId: 'retail-kr@1',
        prefix: '82',
      },
    });
    expect(prices().saleOf(MINA, pstn('+821012345678'))).toMatchObject({ value: { prefix: '8210' } });
    expect(prices({ terms: { plan: 'cheap' } }).saleOf(MINA, pstn('+821012345678'))).toMatchObject({
      value: { tariff: 'cheap', prefix: '82' },
    });
  });

  it('at another operator is by the operator’s prefix', () => {
    const tello = { kind: 'operator', operatorId: 'tello', digits: '5551234', converted: '5551234' } as const;
    expect(prices().saleOf(MINA, tello)).toMatchObject({ value: { prefix: 'operator:tello' } });
  });

  it.each([
    ['a number that the plan has blocked', pstn('+827012345678'), {}, 'destination-barred'],
    ['a number without a price', pstn('+442079460000'), {}, 'destination-not-priced'],
    ['a number that the member has barred', SEOUL, { barredPrefixes: ['822'] }, 'destination-barred'],
    ['a premium service', pstn('+82607001234'), {}, 'destination-barred'],
    ['a satellite', pstn('+881612345678'), {}, 'destination-barred'],
  ])('%s is refused', (_, destination, terms, code) => {
    expect(prices({ terms }).saleOf(MINA, destination)).toMatchObject({ refusal: { code } });
  });

  it('a premium service is called by who opened it', () => {
    const opened = prices({ terms: { callsPremium: true } });
    expect(opened.saleOf(MINA, pstn('+82607001234'))).toMatchObject({ value: { prefix: '82' } });
  });

  it.each([
    ['help', { kind: 'emergency', number: '119', country: 'KR' }],
    ['an address', { kind: 'address', uri: 'sip:carol@lee.example' }],
  ] as const)('%s costs nothing', (_, destination) => {
    expect(prices().saleOf(MINA, destination)).toEqual({ ok: true, value: undefined });
  });

  it('nothing is charged where no plan is set up', () => {
    expect(prices({ setUp: NOTHING_CHARGED }).saleOf(MINA, SEOUL)).toEqual({ ok: true, value: undefined });
  });

  it('¶55: a network that calls on through us pays what was agreed', () => {
    expect(prices().saleOf({ kind: 'trunk', trunk: 'kt' }, SEOUL)).toMatchObject({
      value: { account: 'trunk/kt', tariff: 'transit', paidBy: 'other' },
    });
    expect(prices().saleOf({ kind: 'trunk', trunk: 'hudson' }, SEOUL)).toEqual({
      ok: true,
      value: undefined,
    });
  });
});

describe('R23: what a call costs is told', () => {
  it('to members who want it, and to nobody else', () => {
    const tells = (terms: Partial<CallingTerms>) => prices({ terms }).announcesPriceTo('mina');
    expect([tells({ announcesPrice: true }), tells({ announcesPrice: false }), tells({})]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('R23: what a carrier asks', () => {
  const match = {
    trunk: 'sk',
    prefix: '82',
    costPerMinute: 25_000_000n,
    currency: 'KRW',
    priority: 1,
    weight: 1,
  } as const;

  it('is by its deck, or by its route where there is none', () => {
    expect(prices().costOf('kt', SEOUL, { ...match, trunk: 'kt' })).toMatchObject({
      kind: 'asked',
      terms: { kind: 'cost', account: 'trunk/kt', paidBy: 'us', tariff: 'kt-deck' },
    });
    expect(prices().costOf('sk', SEOUL, match)).toMatchObject({
      kind: 'asked',
      terms: { tariff: 'routes of sk', rate: { perMinuteMicros: 25_000_000n } },
    });
  });

  it('that has no price for a number is no cost of nothing: it is not asked', () => {
    expect(prices().costOf('kt', pstn('+442079460000'))).toEqual({ kind: 'not-sold' });
    expect(prices().costOf('kt', pstn('+82331234567'))).toEqual({ kind: 'not-sold' });
    expect(prices().costOf('sk', SEOUL)).toEqual({ kind: 'not-settled' });
  });

  it('is not paid where it is more than the call brings', () => {
    const all = prices();
    const lossOf = (number: string, trunk: string, other = all) => {
      const sale = other.saleOf(MINA, pstn(number));
      const cost = other.costOf(trunk, pstn(number));
      if (!sale.ok || sale.value === undefined || cost.kind !== 'asked')
        throw new Error('There is no price.');
      return other.lossOf(sale.value, cost.terms);
    };
    expect(lossOf('+82212345678', 'kt')).toBeUndefined();
    expect(lossOf('+82312345678', 'kt')).toBe('costs more than the plan retail-kr asks');
    expect(lossOf('+82212345678', 'hudson')).toBe('costs USD, whose worth in KRW is not set up');
    const exchangeRates = [{ from: 'USD', to: 'KRW', picos: 1_390n * 10n ** 12n }] as const;
    expect(lossOf('+82212345678', 'hudson', prices({ setUp: { ...SET_UP, exchangeRates } }))).toBeUndefined();
    const plansBelowCost = ['retail-kr'];
    expect(lossOf('+82312345678', 'kt', prices({ setUp: { ...SET_UP, plansBelowCost } }))).toBeUndefined();
  });
});

describe('R23: what a call to a number of ours brings', () => {
  it('is owed by the network that brings it', () => {
    expect(prices().inboundOf('kt', tariffNumberOfOwn('0262006200082'))).toMatchObject({
      kind: 'inbound',
      account: 'trunk/kt',
      paidBy: 'other',
      prefix: 'operator:own',
    });
    expect(prices().inboundOf('kt', '82262006200')).toMatchObject({ prefix: '82' });
  });

  it('is nothing where nothing was agreed', () => {
    expect(prices().inboundOf('hudson', '82262006200')).toBeUndefined();
    expect(prices().inboundOf('sk', '82262006200')).toBeUndefined();
  });
});

describe('R23: how many calls are begun', () => {
  it('is limited by the minute', () => {
    const limited = prices({ terms: { callsPerMinute: 2 } });
    expect([1, 2, 3].map(() => limited.mayBegin('mina'))).toEqual([true, true, false]);
    expect(limited.mayBegin('juno')).toBe(true);
  });
});
