import { describe, expect, it } from 'vitest';
import { createMemoryRegistrationStore } from '../../src/adapters/memory/index.ts';
import { createRegistrationStore } from '../../src/adapters/postgres/index.ts';
import type { Binding } from '../../src/domain/terminals/index.ts';
import type { RegistrationStore } from '../../src/services/ports/index.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';

const NOW_MS = 1_793_000_000_000;

describe('registrations (memory)', () => contract(async () => createMemoryRegistrationStore()));
for (const server of DATABASES) {
  describeDatabase(server, 'registrations', (fresh) => {
    contract(async () => createRegistrationStore((await fresh()).kysely));
  });
}

function binding(contact: string, change: Partial<Binding> = {}): Binding {
  return {
    contact,
    flow: { transport: 'udp', address: '192.0.2.7', port: 5060 },
    callId: 'a84b4c76e66710',
    cseq: 2_147_483_647,
    priority: 1000,
    expiresAtMs: NOW_MS + 60_000,
    ...change,
  };
}

function contract(open: () => Promise<RegistrationStore>): void {
  it('R18: gives every binding back as it was saved', async () => {
    const store = await open();
    const desk = binding('sip:desk@192.0.2.7');
    const laptop = binding('<sip:"q\\uote\'s"@[2001:db8::1];transport=tcp>;x="a,{b}\u0000é전화"', {
      flow: { transport: 'tcp', address: '2001:db8::1', port: 40_000, connection: 17 },
      priority: 0,
    });
    await store.save([{ terminalId: 'one', bindings: [desk, laptop] }]);
    await store.save([{ terminalId: 'two', bindings: [desk] }]);
    const loaded = await store.load(NOW_MS);
    expect(loaded).toHaveLength(2);
    expect(loaded).toContainEqual({ terminalId: 'one', bindings: [desk, laptop] });
    expect(loaded).toContainEqual({ terminalId: 'two', bindings: [desk] });
  });

  it('replaces the bindings of a terminal, and forgets one that has none', async () => {
    const store = await open();
    await store.save([
      { terminalId: 'kept', bindings: [binding('sip:old@192.0.2.7'), binding('sip:older@192.0.2.7')] },
      { terminalId: 'gone', bindings: [binding('sip:gone@192.0.2.7')] },
      { terminalId: 'never', bindings: [] },
    ]);
    const latest = binding('sip:new@192.0.2.7');
    await store.save([
      { terminalId: 'kept', bindings: [latest] },
      { terminalId: 'gone', bindings: [] },
    ]);
    expect(await store.load(NOW_MS)).toEqual([{ terminalId: 'kept', bindings: [latest] }]);
  });

  it('takes the last word where one save speaks of a terminal twice', async () => {
    const store = await open();
    const last = binding('sip:last@192.0.2.7');
    await store.save([
      { terminalId: 'one', bindings: [] },
      { terminalId: 'one', bindings: [last] },
      { terminalId: 'two', bindings: [last] },
      { terminalId: 'two', bindings: [] },
    ]);
    expect(await store.load(NOW_MS)).toEqual([{ terminalId: 'one', bindings: [last] }]);
  });

  it('gives back no binding that has expired', async () => {
    const store = await open();
    const alive = binding('sip:alive@192.0.2.7', { expiresAtMs: NOW_MS + 1 });
    const expired = binding('sip:expired@192.0.2.7', { expiresAtMs: NOW_MS });
    await store.save([
      { terminalId: 'mixed', bindings: [expired, alive] },
      { terminalId: 'expired', bindings: [expired] },
    ]);
    expect(await store.load(NOW_MS)).toEqual([{ terminalId: 'mixed', bindings: [alive] }]);
  });

  it('saves nothing without complaint', async () => {
    const store = await open();
    await store.save([]);
    expect(await store.load(NOW_MS)).toEqual([]);
  });

  it('mixes the bindings of no two saves of one terminal at once', async () => {
    const store = await open();
    const savesOf = (phone: string) => [binding(`sip:${phone}@192.0.2.7`), binding(`sip:${phone}@192.0.2.8`)];
    const phones = Array.from({ length: 20 }, (_, index) => `phone${index}`);
    await Promise.all(
      phones.map((phone, index) =>
        store.save([
          { terminalId: index % 2 === 0 ? 'one' : 'two', bindings: savesOf(phone) },
          { terminalId: index % 2 === 0 ? 'two' : 'one', bindings: savesOf(phone) },
        ]),
      ),
    );
    for (const { bindings } of await store.load(NOW_MS)) {
      const [first, second] = bindings.map(({ contact }) => contact.split('@')[0]);
      expect(bindings).toHaveLength(2);
      expect(first).toBe(second);
    }
  });

  it('R18: a restart reads 10 000 terminals within a second', async () => {
    const store = await open();
    const terminals = Array.from({ length: 10_000 }, (_, index) => ({
      terminalId: `terminal-${String(index).padStart(5, '0')}`,
      bindings: [binding(`sip:${index}@192.0.2.7`)],
    }));
    await store.save(terminals);
    const beginMs = performance.now();
    const loaded = await store.load(NOW_MS);
    expect(performance.now() - beginMs).toBeLessThan(1_000);
    expect(loaded).toEqual(terminals);
  });
}
