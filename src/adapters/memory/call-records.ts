import { chargesOfRecord } from '../../services/charges-of-record.ts';
import type { CallRecord, CallRecordStore } from '../../services/ports/index.ts';
import { MemoryCharges } from './charges.ts';

/** Call records that end with the process. @param charges where what answered calls cost is kept */
export function createMemoryCallRecordStore(charges = new MemoryCharges()): CallRecordStore {
  const kept = new Map<string, CallRecord>();
  const keep = (record: CallRecord) => {
    charges.keepEnds(chargesOfRecord(record));
    // What is charged is kept apart once a call has ended.
    const { charging: _, ...ended } = record;
    kept.set(record.id, record.endedAtMs === undefined ? record : ended);
  };
  const isOpen = (id: string) => kept.get(id)?.endedAtMs === undefined;
  return {
    async save(records) {
      for (const record of records) {
        const before = kept.get(record.id);
        if (record.endedAtMs === undefined && !isOpen(record.id)) continue;
        const lastSeenAtMs = Math.max(record.lastSeenAtMs, before?.lastSeenAtMs ?? 0);
        keep({ ...record, lastSeenAtMs });
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
        keep({ ...record, status, endedAtMs: record.lastSeenAtMs, hungUpBy: 'exchange' });
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
