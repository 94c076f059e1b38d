import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Api } from './api.ts';

/** Makes a tariff of these lines of CSV, in won, and waits until it is in force. */
export async function publishTariff(
  api: Api,
  name: string,
  kind: 'retail' | 'carrier',
  lines: readonly string[],
): Promise<void> {
  await api.post('/v1/tariffs', { name, kind, currency: 'KRW', timeZone: 'Asia/Seoul' });
  const deck = ['prefix,destination,rate_per_minute,increments,status', ...lines, ''].join('\n');
  const begun = await api.postText<{ id: string }>(`/v1/tariffs/${name}/imports`, deck, 'text/csv');
  for (;;) {
    const { state, faults } = await api.get<{ state: string; faults: unknown }>(
      `/v1/tariffs/${name}/imports/${begun.id}`,
    );
    if (state === 'published' || state === 'unchanged') return;
    if (state !== 'reading' && state !== 'storing') throw new Error(`${state}: ${JSON.stringify(faults)}`);
    await sleep(20);
  }
}

/** Gives a member credit of so many won, as an operator does by hand. */
export async function giveCredit(api: Api, memberId: string, won: number): Promise<void> {
  await api.post('/v1/ledger/adjustments', {
    debit: 'bank',
    credit: `member/${memberId}`,
    amount: { amount: String(won), currency: 'KRW' },
    purpose: 'adjustment',
    reason: 'Credit for a test.',
    confirmation: `${won} KRW`,
  });
}

type ShownMoney = { readonly amount: string; readonly currency: string };

/** What a member has in won, and how much of it is kept back. */
export async function creditOf(api: Api, memberId: string): Promise<{ won: number; reserved: number }> {
  const { items } = await api.get<{
    items: { balance: ShownMoney; reserved: ShownMoney; currency: string }[];
  }>(`/v1/balances?memberId=${memberId}`);
  const won = items.find(({ currency }) => currency === 'KRW');
  return { won: Number(won?.balance.amount ?? 0), reserved: Number(won?.reserved.amount ?? 0) };
}

/** What an account of the ledger has in won. */
export async function standingOf(api: Api, account: string): Promise<number> {
  const { items } = await api.get<{ items: { account: string; balance: ShownMoney }[] }>(
    `/v1/ledger/accounts?prefix=${encodeURIComponent(account)}`,
  );
  return Number(items.find((each) => each.account === account)?.balance.amount ?? 0);
}

/** Nothing is kept back, all sums are zero, and every account is what its lines say. */
export async function expectSoundLedger(api: Api): Promise<void> {
  expect(await api.get('/v1/ledger/audit')).toMatchObject({ isSound: true, unbalanced: [], deviating: [] });
}
