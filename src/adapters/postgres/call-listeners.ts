import type { Kysely } from 'kysely';
import type { WebhookEvent } from '../../domain/webhooks/index.ts';
import { callEndedEvents } from '../../services/call-events.ts';
import type { CallRecord } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';
import { isHeard } from './insert-events.ts';

/** How long it is believed whether somebody hears of calls. */
const BELIEVED_MS = 1_000;

/**
 * Makes the events of calls that ended, where somebody hears of them. Whether anybody does is asked once a second at
 * most, so that calls nobody hears of cost nothing (ADR 0442).
 */
export function createCallListeners(
  kysely: Kysely<Database>,
): (records: readonly CallRecord[]) => Promise<readonly WebhookEvent[]> {
  let believed = { untilMs: Number.NEGATIVE_INFINITY, heard: false };
  return async (records) => {
    const ended = records.filter(({ endedAtMs }) => endedAtMs !== undefined);
    if (ended.length === 0) return [];
    if (performance.now() >= believed.untilMs) {
      believed = { heard: await isHeard(kysely, 'calls'), untilMs: performance.now() + BELIEVED_MS };
    }
    return believed.heard ? ended.flatMap(callEndedEvents) : [];
  };
}
