/** A key that an endpoint's owner and the service share (Standard Webhooks 1.0, "Signature scheme"). */
export type WebhookSecret = {
  /** `whsec_` and the key in base64. */
  readonly text: string;
  /** Until when it signs beside a newer one; absent of the newest. */
  readonly untilMs?: number;
};

/** How many bytes of chance a key is made of; the standard allows 24 to 64. */
export const SECRET_BYTES = 32;

/** How long the secret before signs as well, so that receivers can change over without losing an event. */
export const ROTATION_MS = 24 * 3_600_000;

/** More signatures would not fit a header well, and nobody changes over three times in a day. */
const MOST_SECRETS = 3;

const PREFIX = 'whsec_';

/** @param bytes of chance, `SECRET_BYTES` of them */
export function newSecret(bytes: Uint8Array): WebhookSecret {
  return { text: PREFIX + btoa(String.fromCharCode(...bytes)) };
}

/** The key of a secret, in base64. */
export function keyOf({ text }: WebhookSecret): string {
  return text.slice(PREFIX.length);
}

/** The secrets after a change: the new one first, and those that still sign for a while. */
export function rotated(
  secrets: readonly WebhookSecret[],
  fresh: WebhookSecret,
  nowMs: number,
): readonly WebhookSecret[] {
  const before = signing(secrets, nowMs).map((secret) => ({ untilMs: nowMs + ROTATION_MS, ...secret }));
  return [fresh, ...before].slice(0, MOST_SECRETS);
}

/** The secrets that sign now. */
export function signing(secrets: readonly WebhookSecret[], nowMs: number): readonly WebhookSecret[] {
  return secrets.filter(({ untilMs }) => untilMs === undefined || untilMs > nowMs);
}
