import { expect, it } from 'vitest';
import type { LedgerAudit } from './ports/index.ts';
import { LedgerWatch } from './watch-ledger.ts';

it('R24: the ledger is looked over once an hour, and what is wrong is told and hinders until it is mended', async () => {
  const sound: LedgerAudit = { accounts: 2, lines: 1, unbalanced: [], deviating: [] };
  const wrong: LedgerAudit = { ...sound, deviating: [{ account: 'bank', currency: 'KRW' }] };
  const audits = [sound, wrong, sound];
  let nowMs = 0;
  let looks = 0;
  const told: LedgerAudit[] = [];
  const ledger = { audit: async () => audits[looks++] ?? sound };
  const watch = new LedgerWatch({ clock: { nowMs: () => nowMs }, ledger: ledger as never }, (audit) => {
    told.push(audit);
  });
  await watch.lookWhereDue();
  nowMs = 3_599_999;
  await watch.lookWhereDue();
  expect([looks, told, watch.hindrances()]).toEqual([1, [], []]);
  nowMs = 3_600_000;
  await watch.lookWhereDue();
  expect([looks, told]).toEqual([2, [wrong]]);
  expect(watch.hindrances().join()).toContain('does not add up');
  nowMs = 7_200_000;
  await watch.lookWhereDue();
  expect(watch.hindrances()).toEqual([]);
});
