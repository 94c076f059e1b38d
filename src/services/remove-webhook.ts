import { notFound } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { findWebhook, type WebhookAsked } from './find-webhook.ts';
import type { ServicePorts } from './ports/index.ts';

/** Removes a webhook and the log of its deliveries. @returns refused with `not-found`, or as `permit` does */
export async function removeWebhook(
  ports: Pick<ServicePorts, 'webhooks'>,
  command: WebhookAsked,
): Promise<Result<null>> {
  const found = await findWebhook(ports, command, 'change-webhooks');
  if (!found.ok) return found;
  return (await ports.webhooks.remove(command.webhookId)) ? accept(null) : notFound();
}
