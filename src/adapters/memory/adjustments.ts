import type { AdjustmentStore } from '../../services/ports/index.ts';
import type { MemoryLedger } from './ledger.ts';

/** Transfers made by hand, in memory. */
export function createMemoryAdjustments(ledger: MemoryLedger): AdjustmentStore {
  const reasons = new Map<string, string>();
  return {
    async keep({ transfer, reason }) {
      const write = ledger.writeNow([transfer]);
      if (write === 'written' && !reasons.has(transfer.id)) reasons.set(transfer.id, reason);
      return write;
    },
    async reasons(ids) {
      return new Map(ids.flatMap((id) => (reasons.has(id) ? [[id, reasons.get(id) ?? '']] : [])));
    },
  };
}
