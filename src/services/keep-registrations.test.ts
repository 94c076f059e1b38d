import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Binding } from '../domain/terminals/index.ts';
import { Registrations } from './keep-registrations.ts';
import type { TerminalBindings } from './ports/index.ts';

const binding = (contact: string, more: Partial<Binding> = {}): Binding => ({
  contact,
  flow: { transport: 'udp', address: '192.0.2.1', port: 5060 },
  callId: 'call-1',
  cseq: 1,
  priority: 1000,
  expiresAtMs: 3_600_000,
  ...more,
});

/** A store whose saves end when the test says so. */
function setUp(stored: readonly TerminalBindings[] = []) {
  const clock = new VirtualClock();
  const saves: { changes: readonly TerminalBindings[]; succeed: () => void; fail: () => void }[] = [];
  const failures: unknown[] = [];
  const told: string[] = [];
  const registrations = new Registrations({
    store: {
      load: async () => stored,
      save: (changes) =>
        new Promise((resolve, reject) => {
          saves.push({ changes, succeed: resolve, fail: () => reject(new Error('The store is away.')) });
        }),
    },
    clock,
    timers: { start: (afterMs, run) => clock.schedule(afterMs, run) },
    onStoreFailure: (error) => failures.push(error),
    onServed: (terminalId, isServed) => told.push(`${terminalId} ${isServed}`),
  });
  return { clock, saves, failures, told, registrations };
}

/** Lets what hangs on settled promises run. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('registrations', () => {
  it('R18: are there after a restart, without the connections that did not survive it', async () => {
    const flow = { transport: 'tcp', address: '192.0.2.1', port: 40_000 } as const;
    const stored = [
      { terminalId: 'one', bindings: [binding('sip:a', { flow: { ...flow, connection: 7 } })] },
    ];
    const { registrations } = setUp(stored);
    await registrations.load();
    expect(registrations.bindingsOf('one', 0)).toEqual([binding('sip:a', { flow })]);
    expect([...registrations.all(0)]).toEqual([
      { terminalId: 'one', bindings: [binding('sip:a', { flow })] },
    ]);
  });

  it('are confirmed when they are stored, and those that come together are stored together', async () => {
    const { clock, saves, registrations } = setUp();
    const done: string[] = [];
    void registrations.replace('one', [binding('sip:a')]).then(() => done.push('one'));
    void registrations.replace('two', [binding('sip:b')]).then(() => done.push('two'));
    clock.run(10);
    await settle();
    expect(saves.map(({ changes }) => changes)).toEqual([
      [
        { terminalId: 'one', bindings: [binding('sip:a')] },
        { terminalId: 'two', bindings: [binding('sip:b')] },
      ],
    ]);
    expect(done).toEqual([]);
    saves[0]?.succeed();
    await settle();
    expect(done).toEqual(['one', 'two']);
  });

  it('R13: are told to others once they are stored, so that whoever reads them then finds them', async () => {
    const { clock, saves, told, registrations } = setUp();
    void registrations.replace('one', [binding('sip:a')]);
    clock.run(10);
    await settle();
    expect(told).toEqual([]);
    // It leaves while it is still being stored.
    registrations.forget('one');
    saves[0]?.succeed();
    await settle();
    expect(told).toEqual(['one true']);
    clock.run(2_000);
    saves[1]?.succeed();
    await settle();
    expect(told).toEqual(['one true', 'one false']);
    registrations.refresh('one', [binding('sip:a')]);
    clock.run(4_000);
    saves[2]?.fail();
    await settle();
    expect(told).toHaveLength(2);
    clock.run(6_000);
    saves[3]?.succeed();
    await settle();
    expect(told).toEqual(['one true', 'one false', 'one true']);
  });

  it('are stored one save after the other, the latest state only', async () => {
    const { clock, saves, registrations } = setUp();
    void registrations.replace('one', [binding('sip:a')]);
    clock.run(10);
    void registrations.replace('one', [binding('sip:b')]);
    void registrations.replace('one', [binding('sip:c')]);
    clock.run(5_000);
    expect(saves).toHaveLength(1);
    saves[0]?.succeed();
    await settle();
    clock.run(5_010);
    expect(saves[1]?.changes).toEqual([{ terminalId: 'one', bindings: [binding('sip:c')] }]);
  });

  it('that are only refreshed are stored within a second, or sooner with others', async () => {
    const { clock, saves, registrations } = setUp();
    registrations.refresh('one', [binding('sip:a')]);
    clock.run(999);
    expect(saves).toHaveLength(0);
    clock.run(1_000);
    expect(saves).toHaveLength(1);
    saves[0]?.succeed();
    await settle();
    registrations.refresh('one', [binding('sip:a')]);
    void registrations.replace('two', [binding('sip:b')]);
    clock.run(1_010);
    expect(saves[1]?.changes.map(({ terminalId }) => terminalId)).toEqual(['one', 'two']);
  });

  it('that could not be stored are taken back, and what a refresh said is tried again', async () => {
    const { clock, saves, failures, registrations } = setUp();
    registrations.refresh('kept', [binding('sip:k')]);
    const outcome = registrations.replace('one', [binding('sip:a')]).then(
      () => 'stored',
      () => 'failed',
    );
    clock.run(10);
    saves[0]?.fail();
    expect(await outcome).toBe('failed');
    expect(failures).toHaveLength(1);
    expect(registrations.bindingsOf('one', clock.nowMs())).toEqual([]);
    clock.run(1_010);
    expect(saves[1]?.changes).toEqual([
      { terminalId: 'kept', bindings: [binding('sip:k')] },
      { terminalId: 'one', bindings: [] },
    ]);
  });

  it('that failed to be stored stay where a later request has gone on from them', async () => {
    const { clock, saves, registrations } = setUp();
    const first = registrations.replace('one', [binding('sip:a')]);
    clock.run(10);
    const second = registrations.replace('one', [binding('sip:a'), binding('sip:b')]);
    saves[0]?.fail();
    await expect(first).rejects.toThrow('away');
    clock.run(1_010);
    saves[1]?.succeed();
    await second;
    expect(registrations.bindingsOf('one', clock.nowMs())).toHaveLength(2);
  });

  it('are not seen after they expired, and leave memory and store soon', async () => {
    const { clock, saves, registrations } = setUp();
    void registrations.replace('one', [
      binding('sip:a', { expiresAtMs: 60_000 }),
      binding('sip:b', { expiresAtMs: 100_000 }),
    ]);
    clock.run(10);
    saves[0]?.succeed();
    await settle();
    expect(registrations.bindingsOf('one', 60_000)).toEqual([binding('sip:b', { expiresAtMs: 100_000 })]);
    clock.run(91_000);
    expect(saves[1]?.changes).toEqual([
      { terminalId: 'one', bindings: [binding('sip:b', { expiresAtMs: 100_000 })] },
    ]);
    saves[1]?.succeed();
    await settle();
    clock.run();
    expect(saves[2]?.changes).toEqual([{ terminalId: 'one', bindings: [] }]);
    expect([...registrations.all(0)]).toEqual([]);
  });

  it('outlive their connection, and are no longer reached on it', () => {
    const { registrations } = setUp();
    const flow = { transport: 'tcp', address: '192.0.2.1', port: 40_000 } as const;
    const onFirst = binding('sip:a', { flow: { ...flow, connection: 1 } });
    const onSecond = binding('sip:b', { flow: { ...flow, connection: 2 } });
    void registrations.replace('one', [onFirst, onSecond]);
    registrations.closed({ connection: 1 });
    registrations.closed({});
    expect(registrations.bindingsOf('one', 0)).toEqual([binding('sip:a', { flow }), onSecond]);
  });

  it('of a terminal that is no more are forgotten', async () => {
    const { clock, saves, registrations } = setUp([{ terminalId: 'one', bindings: [binding('sip:a')] }]);
    await registrations.load();
    registrations.forget('one');
    registrations.forget('never there');
    expect(registrations.bindingsOf('one', 0)).toEqual([]);
    clock.run(1_000);
    expect(saves[0]?.changes).toEqual([{ terminalId: 'one', bindings: [] }]);
  });

  it('are all stored when the service stops', async () => {
    const { saves, registrations } = setUp();
    registrations.refresh('one', [binding('sip:a')]);
    const stopped = registrations.stop();
    await settle();
    expect(saves).toHaveLength(1);
    saves[0]?.succeed();
    await stopped;
  });
});
