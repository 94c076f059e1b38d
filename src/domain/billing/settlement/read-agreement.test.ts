import { describe, expect, it } from 'vitest';
import { readAgreement } from './read-agreement.ts';

const WRITTEN = {
  trunk: 'bt-london',
  currency: 'GBP',
  timeZone: 'Europe/London',
  period: 'month',
  outboundTariff: 'bt-deck',
  inboundTariff: 'bt-inbound',
  transitTariff: 'bt-transit',
  toleranceSeconds: 10,
  partner: {
    name: 'British Telecom',
    addressLines: ['1 Braham Street', 'London E1 8EE'],
    email: 'bills@bt.example',
  },
};

describe('an agreement with a network', () => {
  it('R23: is read as it is written', () => {
    expect(readAgreement(WRITTEN)).toEqual({ ok: true, value: { ...WRITTEN, inboundPaidBy: 'other' } });
  });

  it('R23: needs little more than a name, a currency and a time zone', () => {
    const { trunk, currency, timeZone } = WRITTEN;
    expect(readAgreement({ trunk, currency, timeZone, partner: { name: 'BT' } })).toEqual({
      ok: true,
      value: {
        trunk,
        currency,
        timeZone,
        period: 'month',
        inboundPaidBy: 'other',
        toleranceSeconds: 5,
        partner: { name: 'BT', addressLines: [] },
      },
    });
  });

  it('R23: is refused with one fault for each part that is wrong', () => {
    const read = readAgreement({
      trunk: 'BT London',
      currency: 'XXQ',
      timeZone: '+09:00',
      period: 'year',
      outboundTariff: 7,
      inboundPaidBy: 'nobody',
      toleranceSeconds: 99_999,
      partner: { addressLines: ['', 'London'], email: 'bills' },
      discount: 3,
    });
    if (read.ok) throw new Error('It was read.');
    expect(read.refusal.code).toBe('agreement-invalid');
    expect(read.refusal.faults?.map(({ pointer }) => pointer).sort()).toEqual([
      '/currency',
      '/discount',
      '/inboundPaidBy',
      '/outboundTariff',
      '/partner/addressLines/0',
      '/partner/email',
      '/partner/name',
      '/period',
      '/timeZone',
      '/toleranceSeconds',
      '/trunk',
    ]);
  });

  it('R23: is refused where it is nothing of the kind', () => {
    for (const value of [undefined, null, 'bt', [], 7]) expect(readAgreement(value).ok).toBe(false);
  });
});
