import { expect, it } from 'vitest';
import { NOTHING_CHARGED } from '../../src/domain/billing/charging/index.ts';
import { findCallingTerms, setCallingTerms } from '../../src/services/set-calling-terms.ts';
import { setCharging, viewCharging } from '../../src/services/set-charging.ts';
import { describeStores, type OpenStores } from '../support/market-stores.ts';
import { accepted, OPERATOR, refusedWith, serviceWorld, somebody } from '../support/service-world.ts';

describeStores('how calls are charged', contract);

const RATES = { exchangeRates: [{ from: 'USD', to: 'KRW', rate: '1390.25' }] };

function contract(open: OpenStores): void {
  async function world() {
    const made = serviceWorld(await open());
    await made.tariffs.create({
      name: 'retail-kr',
      kind: 'retail',
      currency: 'KRW',
      timeZone: 'Asia/Seoul',
      createdAtMs: 0,
    });
    return { world: made, mina: await somebody(made, 'mina') };
  }

  it('R23: is nothing at first, and then what was set', async () => {
    const { world: services } = await world();
    expect(accepted(await viewCharging(services, OPERATOR))).toEqual({
      revision: 0n,
      setUp: NOTHING_CHARGED,
    });
    const setUp = { ...RATES, defaultPlan: 'retail-kr' };
    const set = accepted(await setCharging(services, { actor: OPERATOR, setUp }));
    expect(set).toMatchObject({ revision: 1n, setUp: { defaultPlan: 'retail-kr' } });
    expect(accepted(await viewCharging(services, OPERATOR))).toEqual(set);
    expect(services.told).toContainEqual({ kind: 'charging-changed' });
  });

  it('R23: of two who change it at once one is told to read it again', async () => {
    const { world: services } = await world();
    const change = () => setCharging(services, { actor: OPERATOR, setUp: RATES, revision: 0n });
    const results = await Promise.all([change(), change(), change()]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.filter(({ ok }) => !ok).map(refusedWith)).toEqual([
      'configuration-changed',
      'configuration-changed',
    ]);
  });

  it('R23: what it names has to be there', async () => {
    const { world: services } = await world();
    const agreement = {
      trunk: 'kt-seoul',
      currency: 'KRW',
      timeZone: 'Asia/Seoul',
      outboundTariff: 'retail-kr',
      partner: { name: 'KT', addressLines: [] },
    };
    const setUp = { defaultPlan: 'nowhere', agreements: [agreement] };
    const set = await setCharging(services, { actor: OPERATOR, setUp });
    expect(set.ok || set.refusal.faults?.map(({ pointer }) => pointer)).toEqual([
      '/defaultPlan',
      '/agreements/0/trunk',
      '/agreements/0/outboundTariff',
    ]);
  });

  it('R23: what is settled in a currency has its tariffs in that currency', async () => {
    const { world: services } = await world();
    const agreement = {
      trunk: 'kt-seoul',
      currency: 'EUR',
      timeZone: 'Asia/Seoul',
      inboundTariff: 'retail-kr',
      partner: { name: 'KT', addressLines: [] },
    };
    const set = await setCharging(services, { actor: OPERATOR, setUp: { agreements: [agreement] } });
    expect(set.ok || set.refusal.faults?.map(({ detail }) => detail)).toEqual([
      'There is no trunk kt-seoul.',
      'The tariff retail-kr is in KRW, and this is settled in EUR.',
    ]);
  });

  it('R23: a member has the usual terms, or its own', async () => {
    const { world: services, mina } = await world();
    const { memberId } = mina;
    const usual = { barredPrefixes: [], callsPremium: false };
    expect(accepted(await findCallingTerms(services, { actor: mina.actor, memberId }))).toEqual(usual);
    const dailyLimit = { currency: 'KRW', micros: 30_000_000_000n } as const;
    const terms = { plan: 'retail-kr', barredPrefixes: ['44'], callsPremium: true, dailyLimit };
    const creditLimit = { currency: 'KRW', micros: 50_000_000_000n } as const;
    accepted(await setCallingTerms(services, { actor: OPERATOR, memberId, terms, creditLimit }));
    expect(accepted(await findCallingTerms(services, { actor: mina.actor, memberId }))).toEqual(terms);
    expect(await services.ledger.balance(`member/${memberId}`, 'KRW')).toMatchObject({
      floorMicros: -50_000_000_000n,
    });
    const all: unknown[] = [];
    for await (const batch of services.charging.allTerms()) all.push(...batch);
    expect(all).toEqual([{ memberId, terms }]);
  });

  it('R23: terms that cannot be are refused', async () => {
    const { world: services, mina } = await world();
    const { memberId } = mina;
    const terms = { barredPrefixes: [], callsPremium: false };
    const set = (change: object) =>
      setCallingTerms(services, { actor: OPERATOR, memberId, terms, ...change });
    expect(refusedWith(await set({ terms: { ...terms, plan: 'nowhere' } }))).toBe('tariff-not-found');
    expect(refusedWith(await set({ memberId: 'nobody' }))).toBe('not-found');
    expect(refusedWith(await set({ actor: mina.actor }))).toBe('not-permitted');
    await services.ledger.setFloor(`member/${memberId}`, 'KRW', -100n);
    await services.ledger.write([
      {
        kind: 'posted',
        id: 'call',
        debit: `member/${memberId}`,
        credit: 'call-revenue',
        currency: 'KRW',
        micros: 100n,
        purpose: 'call',
        subject: 'call/1/sale',
        atMs: 0,
      },
    ]);
    const creditLimit = { currency: 'KRW', micros: 99n };
    expect(refusedWith(await set({ creditLimit }))).toBe('credit-limit-below-debt');
  });
}
