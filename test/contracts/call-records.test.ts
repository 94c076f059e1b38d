import { describe, expect, it } from 'vitest';
import { createMemoryCallRecordStore } from '../../src/adapters/memory/index.ts';
import { createCallRecordStore } from '../../src/adapters/postgres/index.ts';
import type { CallRecord, CallRecordStore } from '../../src/services/ports/index.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';

const NOW_MS = 1_793_000_000_000;

describe('call records (memory)', () => contract(async () => createMemoryCallRecordStore()));
for (const server of DATABASES) {
  describeDatabase(server, 'call records', (fresh) => {
    contract(async () => createCallRecordStore((await fresh()).kysely));
  });
}

function ringing(id: string, change: Partial<CallRecord> = {}): CallRecord {
  return {
    id,
    status: 'ringing',
    callerMemberId: 'alice',
    callerTerminalId: 'desk',
    dialled: '6200-6200#082',
    startedAtMs: NOW_MS,
    lastSeenAtMs: NOW_MS,
    ...change,
  };
}

function answered(id: string, change: Partial<CallRecord> = {}): CallRecord {
  return ringing(id, {
    status: 'answered',
    calledNumber: '6200-6200#082',
    callerNumber: '02-6200-6200-082',
    calleeMemberId: 'bob',
    calleeTerminalId: 'mobile',
    ringingAtMs: NOW_MS + 100,
    answeredAtMs: NOW_MS + 2_000,
    lastSeenAtMs: NOW_MS + 2_000,
    ...change,
  });
}

function completed(id: string, change: Partial<CallRecord> = {}): CallRecord {
  return answered(id, {
    status: 'completed',
    endedAtMs: NOW_MS + 62_000,
    lastSeenAtMs: NOW_MS + 62_000,
    hungUpBy: 'caller',
    sipStatus: 200,
    q850Cause: 16,
    ...change,
  });
}

function contract(open: () => Promise<CallRecordStore>): void {
  it('gives every record back as it was saved, with all its facts or the fewest', async () => {
    const store = await open();
    const refused = ringing('2', { status: 'failed', endedAtMs: NOW_MS, refusal: 'number-not-in-service' });
    await store.save([ringing('1'), refused, completed('3')]);
    expect(await store.find('1')).toEqual(ringing('1'));
    expect(await store.find('2')).toEqual(refused);
    expect(await store.find('3')).toEqual(completed('3'));
    expect(await store.find('4')).toBeUndefined();
  });

  it('replaces a record by a later version', async () => {
    const store = await open();
    await store.save([ringing('1')]);
    await store.save([answered('1')]);
    expect(await store.find('1')).toEqual(answered('1'));
    await store.save([completed('1')]);
    expect(await store.find('1')).toEqual(completed('1'));
  });

  it('a record that has ended never reopens, in whatever order the versions come', async () => {
    const store = await open();
    await store.save([completed('1')]);
    await store.save([answered('1'), ringing('1')]);
    expect(await store.find('1')).toEqual(completed('1'));
    await store.save([completed('2'), answered('2')]);
    expect(await store.find('2')).toEqual(completed('2'));
  });

  it('keeps the last proof of life where an older version comes after it', async () => {
    const store = await open();
    await store.save([answered('1')]);
    await store.touch(['1'], NOW_MS + 9_000);
    await store.save([answered('1', { callerNumber: '02-6200-6201-082' })]);
    await store.touch(['1'], NOW_MS + 5_000);
    expect(await store.find('1')).toMatchObject({
      callerNumber: '02-6200-6201-082',
      lastSeenAtMs: NOW_MS + 9_000,
    });
  });

  it('touches calls under way only', async () => {
    const store = await open();
    await store.save([answered('1'), completed('2')]);
    await store.touch(['1', '2', '3'], NOW_MS + 99_000);
    await store.touch([], NOW_MS + 100_000);
    expect((await store.find('1'))?.lastSeenAtMs).toBe(NOW_MS + 99_000);
    expect(await store.find('2')).toEqual(completed('2'));
    expect(await store.find('3')).toBeUndefined();
  });

  it('ends what a crash left open at its last proof of life', async () => {
    const store = await open();
    await store.save([ringing('1'), answered('2'), completed('3'), ringing('4', { status: 'queued' })]);
    await store.touch(['1', '2'], NOW_MS + 30_000);
    expect(await store.closeOpen()).toBe(3);
    const end = { endedAtMs: NOW_MS + 30_000, lastSeenAtMs: NOW_MS + 30_000, hungUpBy: 'exchange' as const };
    expect(await store.find('1')).toEqual(ringing('1', { ...end, status: 'failed' }));
    expect(await store.find('2')).toEqual(answered('2', { ...end, status: 'completed' }));
    expect(await store.find('3')).toEqual(completed('3'));
    expect(await store.find('4')).toMatchObject({ status: 'failed', endedAtMs: NOW_MS });
    expect(await store.closeOpen()).toBe(0);
  });

  it('lists the newest first, by member, by status, and on from a record', async () => {
    const store = await open();
    await store.save([
      completed('01'),
      answered('02', { callerMemberId: 'carol' }),
      ringing('03', { calleeMemberId: 'carol' }),
      completed('04', { calleeMemberId: 'dave' }),
    ]);
    const ids = async (filter: Parameters<CallRecordStore['list']>[0]) =>
      (await store.list(filter)).map(({ id }) => id);
    expect(await ids({ limit: 10 })).toEqual(['04', '03', '02', '01']);
    expect(await ids({ limit: 2 })).toEqual(['04', '03']);
    expect(await ids({ limit: 2, before: '03' })).toEqual(['02', '01']);
    expect(await ids({ limit: 10, memberId: 'carol' })).toEqual(['03', '02']);
    expect(await ids({ limit: 1, memberId: 'carol' })).toEqual(['03']);
    expect(await ids({ limit: 10, memberId: 'carol', before: '03' })).toEqual(['02']);
    expect(await ids({ limit: 2, memberId: 'alice' })).toEqual(['04', '03']);
    expect(await ids({ limit: 10, memberId: 'bob', status: 'completed' })).toEqual(['01']);
  });

  it('keeps whatever a phone sent as dialled, and holds up no other record for it', async () => {
    const store = await open();
    const dialled = `{"a,b\\}'é전화＃ ${'9'.repeat(2_000)}`;
    await store.save([
      ringing('1', { dialled }),
      ringing('2', { dialled: '' }),
      ringing('3', { dialled: 'null' }),
    ]);
    expect((await store.find('1'))?.dialled).toBe(dialled);
    expect((await store.find('2'))?.dialled).toBe('');
    expect((await store.find('3'))?.dialled).toBe('null');
    await store.save([ringing('4', { dialled: 'a\0b' }), ringing('5')]);
    expect(await store.find('4')).toBeDefined();
    expect(await store.find('5')).toEqual(ringing('5'));
  });

  it('saves and touches the same calls at once from many sides', async () => {
    const store = await open();
    const ids = Array.from({ length: 50 }, (_, index) => `call-${index}`);
    const batch = ids.map((id) => answered(id));
    await Promise.all([
      ...Array.from({ length: 10 }, (_, index) => store.save(index % 2 === 0 ? batch : [...batch].reverse())),
      ...Array.from({ length: 10 }, (_, index) => store.touch(ids, NOW_MS + 3_000 + index)),
    ]);
    await store.save([]);
    expect(await store.list({ limit: 100 })).toHaveLength(50);
  });
}
