import { balanceEvents } from '../../services/balance-events.ts';
import type { AdjustmentStore } from '../../services/ports/index.ts';
import type { MemoryLedger } from './ledger.ts';
import type { MemoryWebhooks } from './webhooks.ts';

/** Transfers made by hand, in memory. */
export function createMemoryAdjustments(
  ledger: MemoryLedger,
  webhooks: Pick<MemoryWebhooks, 'recordNow'>,
): AdjustmentStore {
  const reasons = new Map<string, string>();
  return {
    async keep({ transfers, reason }) {
      const write = ledger.writeNow(transfers);
      if (write !== 'written') return write;
      webhooks.recordNow(balanceEvents(transfers));
      for (const { id } of transfers) if (!reasons.has(id)) reasons.set(id, reason);
      return write;
    },
    async reasons(ids) {
      return new Map(ids.flatMap((id) => (reasons.has(id) ? [[id, reasons.get(id) ?? '']] : [])));
    },
  };
}
