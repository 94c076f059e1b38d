import { createHmac } from 'node:crypto';
import { headersOf, signedContent } from '../../domain/webhooks/index.ts';
import type { WebhookMessage } from '../../services/ports/index.ts';

/** The headers that say who sends an event and when: one signature a key (Standard Webhooks 1.0). */
export function signedHeaders({
  id,
  atMs,
  body,
  keys,
}: Omit<WebhookMessage, 'url'>): Readonly<Record<string, string>> {
  const content = signedContent(id, atMs, body);
  const signatures = keys.map((key) =>
    createHmac('sha256', Buffer.from(key, 'base64')).update(content).digest('base64'),
  );
  return headersOf(id, atMs, signatures);
}
