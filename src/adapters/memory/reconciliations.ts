import type { KeptReconciliation, ReconciliationStore } from '../../services/ports/index.ts';

/** Reconciliations as long as the process lives. */
export function createMemoryReconciliations(): ReconciliationStore {
  const kept = new Map<string, KeptReconciliation>();
  return {
    async keep(reconciliation) {
      kept.set(reconciliation.id, reconciliation);
    },
    async find(id) {
      return kept.get(id);
    },
  };
}
