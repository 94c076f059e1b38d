import { expect, it } from 'vitest';
import { MemoryWebhooks } from '../adapters/memory/webhooks.ts';
import type { PruneLimits } from './ports/index.ts';
import { pruneWebhooks } from './prune-webhooks.ts';

const NOW_MS = 1_793_000_000_000;

it('the operator hears of events that were given up for a queue that is too long', async () => {
  const asked: PruneLimits[] = [];
  const webhooks = new MemoryWebhooks();
  webhooks.prune = async (limits) => {
    asked.push(limits);
    return new Map([['hook', 7]]);
  };
  const warnings: string[] = [];
  await pruneWebhooks({ webhooks }, { nowMs: NOW_MS, warn: (sentence) => warnings.push(sentence) });
  expect(warnings).toEqual(['More than 100000 events waited for webhook hook: the oldest 7 are given up.']);
  const endedBeforeMs = NOW_MS - 30 * 86_400_000;
  expect(asked).toEqual([{ nowMs: NOW_MS, endedBeforeMs, mostWaiting: 100_000 }]);
});
