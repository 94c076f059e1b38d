import { describe, expect, it } from 'vitest';
import { ServingProcesses } from './serving-processes.ts';

type Served = { readonly terminalId: string; readonly processId: string };

describe('design §4: a terminal registered at one process is reached from another', () => {
  it('R18: knows every other process that serves a terminal, and not itself', async () => {
    const serving = servingBy([{ terminalId: 'desk', processId: 'kr' }]);
    await serving.reload();
    serving.apply(served('desk', 'us', true));
    serving.apply(served('desk', 'self', true));
    expect([...serving.of('desk')]).toEqual(['kr', 'us']);
    serving.apply(served('desk', 'kr', false));
    serving.apply(served('desk', 'us', false));
    expect([...serving.of('desk')]).toEqual([]);
  });

  it('a change that comes while the store is read is not lost', async () => {
    const serving = servingBy([{ terminalId: 'desk', processId: 'kr' }]);
    const reloading = serving.reload();
    serving.apply(served('desk', 'kr', false));
    serving.apply(served('mobile', 'us', true));
    await reloading;
    expect([...serving.of('desk')]).toEqual([]);
    expect([...serving.of('mobile')]).toEqual(['us']);
  });

  it('a terminal that is no more is served nowhere', async () => {
    const serving = servingBy([{ terminalId: 'desk', processId: 'kr' }]);
    await serving.reload();
    serving.apply({ kind: 'terminal-removed', terminalId: 'desk' });
    expect([...serving.of('desk')]).toEqual([]);
  });
});

function served(terminalId: string, processId: string, isServed: boolean) {
  return { kind: 'terminal-served' as const, terminalId, processId, isServed };
}

function servingBy(rows: readonly Served[]): ServingProcesses {
  return new ServingProcesses({
    store: { elsewhere: async () => rows },
    clock: { nowMs: () => 0 },
    self: 'self',
  });
}
