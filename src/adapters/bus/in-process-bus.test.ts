import { describe, expect, it } from 'vitest';
import type { DirectoryChange } from '../../services/ports/index.ts';
import { createInProcessBus } from './in-process-bus.ts';

const change: DirectoryChange = { kind: 'terminal-removed', terminalId: 'one' };

describe('R13: changes reach the exchange', () => {
  it('a listener that throws keeps the change from nobody', () => {
    const errors: unknown[] = [];
    const heard: string[] = [];
    const bus = createInProcessBus((error) => errors.push(error));
    bus.subscribe(() => heard.push('first'));
    bus.subscribe(() => {
      throw new Error('broken');
    });
    bus.subscribe(({ kind }) => heard.push(`third ${kind}`));
    bus.publish(change);
    expect(heard).toEqual(['first', 'third terminal-removed']);
    expect(errors).toEqual([new Error('broken')]);
  });
});
