import type { WebhookEvent } from './event.ts';

/** The body of a webhook: what happened and when, as JSON (Standard Webhooks 1.0, "Payload structure"). */
export function bodyOf({ type, data }: Pick<WebhookEvent, 'type' | 'data'>, timestamp: string): string {
  return JSON.stringify({ type, timestamp, data });
}

/**
 * What is signed (Standard Webhooks 1.0, "Signature scheme").
 * @param id of the event, the same at every attempt
 * @param atMs when this attempt is made, milliseconds since 1970; whole seconds of it are signed
 */
export function signedContent(id: string, atMs: number, body: string): string {
  return `${id}.${secondsOf(atMs)}.${body}`;
}

/**
 * The headers of a webhook (Standard Webhooks 1.0, "Webhook headers").
 * @param signatures HMAC-SHA256 of `signedContent` by each secret that signs, in base64
 */
export function headersOf(
  id: string,
  atMs: number,
  signatures: readonly string[],
): Readonly<Record<string, string>> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(secondsOf(atMs)),
    'webhook-signature': signatures.map((signature) => `v1,${signature}`).join(' '),
  };
}

function secondsOf(atMs: number): number {
  return Math.floor(atMs / 1000);
}
