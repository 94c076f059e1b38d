import type { ServicePorts } from './ports/index.ts';

/** How long the log shows what became of a delivery. */
const LOGGED_MS = 30 * 24 * 3_600_000;

/** How many events may wait for one endpoint: about 2 kB each. */
const MOST_WAITING = 100_000;

/** Forgets old deliveries, and gives up the oldest of queues that are too long, with a word to the operator. */
export async function pruneWebhooks(
  { webhooks }: Pick<ServicePorts, 'webhooks'>,
  { nowMs, warn }: { readonly nowMs: number; readonly warn: (sentence: string) => void },
): Promise<void> {
  const limits = { nowMs, endedBeforeMs: nowMs - LOGGED_MS, mostWaiting: MOST_WAITING };
  for (const [webhookId, count] of await webhooks.prune(limits)) {
    warn(
      `More than ${MOST_WAITING} events waited for webhook ${webhookId}: the oldest ${count} are given up.`,
    );
  }
}
