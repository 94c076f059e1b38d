import type { CallRecord, CallRecordStore } from '../../services/ports/index.ts';

/** Call records that end with the process. */
export function createMemoryCallRecordStore(): CallRecordStore {
  const kept = new Map<string, CallRecord>();
  const isOpen = (id: string) => kept.get(id)?.endedAtMs === undefined;
  return {
    async save(records) {
      for (const record of records) {
        const before = kept.get(record.id);
        if (record.endedAtMs === undefined && !isOpen(record.id)) continue;
        const lastSeenAtMs = Math.max(record.lastSeenAtMs, before?.lastSeenAtMs ?? 0);
        kept.set(record.id, { ...record, lastSeenAtMs });
      }
    },

    async touch(ids, lastSeenAtMs) {
      for (const id of ids) {
        const record = kept.get(id);
        if (record === undefined || !isOpen(id) || record.lastSeenAtMs >= lastSeenAtMs) continue;
        kept.set(id, { ...record, lastSeenAtMs });
      }
    },

    async closeOpen() {
      const open = [...kept.values()].filter(({ id }) => isOpen(id));
      for (const record of open) {
        const status = record.answeredAtMs === undefined ? 'failed' : 'completed';
        kept.set(record.id, { ...record, status, endedAtMs: record.lastSeenAtMs, hungUpBy: 'exchange' });
      }
      return open.length;
    },

    async find(id) {
      return kept.get(id);
    },

    async list({ memberId, status, before, limit }) {
      return [...kept.values()]
        .filter((record) => memberId === undefined || isOf(record, memberId))
        .filter((record) => status === undefined || record.status === status)
        .filter((record) => before === undefined || record.id < before)
        .sort((one, other) => (one.id < other.id ? 1 : -1))
        .slice(0, limit);
    },
  };
}

function isOf(record: CallRecord, memberId: string): boolean {
  return record.callerMemberId === memberId || record.calleeMemberId === memberId;
}
