import { describe, expect, it } from 'vitest';
import { readChargingSetUp, writeChargingSetUp } from './read-set-up.ts';

const AGREEMENT = {
  trunk: 'kt-seoul',
  currency: 'KRW',
  timeZone: 'Asia/Seoul',
  outboundTariff: 'kt-deck',
  partner: { name: 'KT Corporation', addressLines: ['Seoul'] },
};

const WRITTEN = {
  defaultPlan: 'standard',
  plansBelowCost: ['promotion'],
  exchangeRates: [
    { from: 'USD', to: 'KRW', rate: '1390.25' },
    { from: 'KRW', to: 'USD', rate: '0.000719294' },
  ],
  agreements: [AGREEMENT],
  dailyLimits: [{ amount: '100000', currency: 'KRW' }],
  lowBalances: [{ amount: '1000', currency: 'KRW' }],
  callsPerMinute: 30,
  alarmMail: 'fraud@omnidial.example',
};

describe('R23: how calls are charged', () => {
  it('is written as it was read', () => {
    const read = readChargingSetUp(WRITTEN);
    if (!read.ok) throw new Error(JSON.stringify(read.refusal));
    expect(read.value.exchangeRates.map(({ picos }) => picos)).toEqual([
      1_390_250_000_000_000n,
      719_294_000n,
    ]);
    const written = writeChargingSetUp(read.value);
    expect(written).toMatchObject({ ...WRITTEN, agreements: [{ trunk: 'kt-seoul', period: 'month' }] });
    expect(readChargingSetUp(written)).toEqual(read);
  });

  it('is nothing where nothing is written', () => {
    expect(readChargingSetUp({})).toMatchObject({ ok: true, value: { agreements: [], exchangeRates: [] } });
  });

  it.each([
    [{ agreements: [AGREEMENT, AGREEMENT] }, '/agreements/1/trunk'],
    [{ agreements: [{ ...AGREEMENT, timeZone: 'Asia/Nowhere' }] }, '/agreements/0/timeZone'],
    [{ exchangeRates: [{ from: 'USD', to: 'KRW', rate: '0' }] }, '/exchangeRates/0/rate'],
    [{ exchangeRates: [{ from: 'USD', to: 'KRW', rate: '-1' }] }, '/exchangeRates/0/rate'],
    [{ exchangeRates: [{ from: 'USD', to: 'WON', rate: '1' }] }, '/exchangeRates/0/to'],
    [{ exchangeRates: [WRITTEN.exchangeRates[0], WRITTEN.exchangeRates[0]] }, '/exchangeRates/1'],
    [{ plansBelowCost: [7] }, '/plansBelowCost/0'],
    [{ agreement: [] }, '/agreement'],
    [{ dailyLimits: [{ amount: '0.5', currency: 'KRW' }] }, '/dailyLimits/0'],
    [{ lowBalances: [WRITTEN.lowBalances[0], WRITTEN.lowBalances[0]] }, '/lowBalances/1'],
    [{ callsPerMinute: 0 }, '/callsPerMinute'],
    [{ alarmMail: 'nobody' }, '/alarmMail'],
    ['nonsense', ''],
  ])('%j is refused, and it is said where', (value, pointer) => {
    const read = readChargingSetUp(value);
    expect(read).toMatchObject({ ok: false, refusal: { code: 'charging-invalid' } });
    expect(read.ok || read.refusal.faults?.map((fault) => fault.pointer)).toEqual([pointer]);
  });
});
