import type { RegistrationStore, TerminalBindings } from '../../services/ports/index.ts';

/** Registrations that end with the process. */
export function createMemoryRegistrationStore(): RegistrationStore {
  const kept = new Map<string, TerminalBindings>();
  return {
    async load(nowMs) {
      return [...kept.values()]
        .map(({ terminalId, bindings }) => ({
          terminalId,
          bindings: bindings.filter(({ expiresAtMs }) => expiresAtMs > nowMs),
        }))
        .filter(({ bindings }) => bindings.length > 0);
    },

    async save(changes) {
      for (const change of changes) {
        if (change.bindings.length === 0) kept.delete(change.terminalId);
        else kept.set(change.terminalId, structuredClone(change));
      }
    },
  };
}
