import { accept, type Result } from '../domain/refusal/index.ts';
import { newSecret, rotated, SECRET_BYTES } from '../domain/webhooks/index.ts';
import type { WebhookWithSecret } from './add-webhook.ts';
import { keepChange } from './change-webhook.ts';
import { findWebhook, type WebhookAsked } from './find-webhook.ts';
import type { ServicePorts } from './ports/index.ts';

/**
 * Gives a webhook a new secret. The one before signs beside it for a day, so that receivers can change over.
 * @returns refused with `webhook-changed`, `not-found`, or as `permit` does
 */
export async function rotateWebhookSecret(
  ports: Pick<ServicePorts, 'clock' | 'randomness' | 'webhooks'>,
  command: WebhookAsked,
): Promise<Result<WebhookWithSecret>> {
  const found = await findWebhook(ports, command, 'change-webhooks');
  if (!found.ok) return found;
  const nowMs = ports.clock.nowMs();
  const secret = newSecret(ports.randomness.bytes(SECRET_BYTES));
  const after = { ...found.value, secrets: rotated(found.value.secrets, secret, nowMs) };
  const kept = await keepChange(ports, found.value, after, [], nowMs);
  return kept.ok ? accept({ webhook: kept.value, secret: secret.text }) : kept;
}
