import { notFound } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import type { WebhookEvent } from '../domain/webhooks/index.ts';
import type { WebhookAsked } from './find-webhook.ts';
import type { EventDelivery, ServicePorts } from './ports/index.ts';
import { findOpenWebhook } from './replay-delivery.ts';

/**
 * Sends `webhook.test` to a webhook, as all events are sent: signed, and again where it fails.
 * @returns the delivery as it begins; refused with `webhook-disabled`, `not-found`, or as `permit` does
 */
export async function sendTestEvent(
  ports: Pick<ServicePorts, 'clock' | 'identifiers' | 'webhooks'>,
  command: WebhookAsked,
): Promise<Result<EventDelivery>> {
  const open = await findOpenWebhook(ports, command);
  if (!open.ok) return open;
  const { id, memberId } = open.value;
  const event: WebhookEvent = {
    id: ports.identifiers.next(),
    topic: 'test',
    type: 'webhook.test',
    occurredAtMs: ports.clock.nowMs(),
    ...(memberId === undefined ? {} : { memberId }),
    isForOperators: memberId === undefined,
    data: { webhookId: id },
  };
  await ports.webhooks.recordFor(id, event);
  const sent = await ports.webhooks.delivery(id, event.id);
  return sent === undefined ? notFound() : accept(sent);
}
