import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { BindingCommand } from '../domain/terminals/index.ts';
import { Registrations } from './keep-registrations.ts';
import { registerTerminal } from './register-terminal.ts';

function setUp() {
  const clock = new VirtualClock();
  const registrations = new Registrations({
    store: { load: async () => [], save: async () => {} },
    clock,
    timers: { start: (afterMs, run) => clock.schedule(afterMs, run) },
    onStoreFailure: (error) => {
      throw error;
    },
  });
  const ports = { registrations, clock, sameContact: (one: string, other: string) => one === other };
  const command = (more: Partial<BindingCommand> = {}): BindingCommand => ({
    callId: 'call-1',
    cseq: 1,
    flow: { transport: 'udp', address: '192.0.2.1', port: 5060 },
    contacts: [{ contact: 'sip:a', priority: 1000 }],
    removes: false,
    ...more,
  });
  const register = (wanted: BindingCommand) =>
    registerTerminal(ports, { terminalId: 'one', command: wanted });
  return { clock, registrations, command, register };
}

describe('registering a terminal', () => {
  it('R18: waits for the store where a phone is new, and not where it only stays', async () => {
    const { clock, command, register } = setUp();
    const first = register(command());
    if (!first.ok) throw new Error(first.refusal.detail);
    expect(first.value.bindings).toHaveLength(1);
    clock.run(10);
    await first.value.stored;
    const refresh = register(command({ cseq: 2 }));
    expect(refresh).toMatchObject({ ok: true, value: { bindings: [{ cseq: 2 }] } });
    expect(refresh.ok && 'stored' in refresh.value).toBe(false);
    const query = register(command({ contacts: [], cseq: 3 }));
    expect(query).toMatchObject({ ok: true, value: { bindings: [{ cseq: 2 }] } });
  });

  it('changes nothing where it is refused', () => {
    const { registrations, command, register } = setUp();
    register(command());
    const before = registrations.bindingsOf('one', 0);
    expect(register(command())).toMatchObject({ ok: false, refusal: { code: 'binding-out-of-order' } });
    expect(registrations.bindingsOf('one', 0)).toBe(before);
  });
});
