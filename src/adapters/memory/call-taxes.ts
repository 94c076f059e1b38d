import type { TaxedMonth } from '../../domain/billing/call-taxes/index.ts';
import type { Currency } from '../../domain/billing/index.ts';
import type { CallTaxStore } from '../../services/ports/index.ts';
import type { MemoryCharges } from './charges.ts';
import type { MemoryLedger } from './ledger.ts';
import { changesOf } from './settlements.ts';

/** The tax in calls, in memory. */
export function createMemoryCallTaxes(charges: MemoryCharges, ledger: MemoryLedger): CallTaxStore {
  const months: TaxedMonth[] = [];
  return {
    async last() {
      return months.at(-1);
    },
    async list(limit) {
      return months.toReversed().slice(0, limit);
    },
    async earned(span) {
      const sums = new Map<Currency, bigint>();
      for (const { charge, micros } of changesOf(charges.all(), span)) {
        if (!charge.account.startsWith('member/')) continue;
        sums.set(charge.currency, (sums.get(charge.currency) ?? 0n) + micros);
      }
      return [...sums]
        .map(([currency, micros]) => ({ currency, micros }))
        .sort((one, other) => (one.currency < other.currency ? -1 : 1));
    },
    async keep(month, entries) {
      if (months.some(({ period }) => period.fromMs === month.period.fromMs)) return 'known';
      const write = ledger.writeNow(entries);
      if (write !== 'written') throw new Error(`The ledger refuses the tax of a month: ${write}`);
      months.push(month);
      return 'kept';
    },
  };
}
