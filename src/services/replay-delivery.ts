import { notFound } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { stepDelivery, type WebhookEndpoint } from '../domain/webhooks/index.ts';
import { findWebhook, type WebhookAsked } from './find-webhook.ts';
import type { EventDelivery, ServicePorts } from './ports/index.ts';

type ReplayPorts = Pick<ServicePorts, 'clock' | 'webhooks'>;

/**
 * Sends an event to a webhook again, whatever became of it; its id stays, so that a receiver that has it knows.
 * @returns refused with `webhook-disabled`, `not-found`, or as `permit` does
 */
export async function replayDelivery(
  ports: ReplayPorts,
  { eventId, ...asked }: WebhookAsked & { readonly eventId: string },
): Promise<Result<EventDelivery>> {
  const open = await findOpenWebhook(ports, asked);
  if (!open.ok) return open;
  const found = await ports.webhooks.delivery(asked.webhookId, eventId);
  if (found === undefined) return notFound();
  const delivery = stepDelivery(found.delivery, { kind: 'replay', nowMs: ports.clock.nowMs() });
  await ports.webhooks.replay(delivery);
  return accept({ ...found, delivery });
}

/** Sends again what was given up since then, such as after a long outage. @returns how many events, or refused as above */
export async function replayGivenUp(
  ports: ReplayPorts,
  { sinceMs, ...asked }: WebhookAsked & { readonly sinceMs: number },
): Promise<Result<number>> {
  const open = await findOpenWebhook(ports, asked);
  if (!open.ok) return open;
  return accept(await ports.webhooks.replayGivenUp(asked.webhookId, sinceMs, ports.clock.nowMs()));
}

/** A webhook that its owner may send to; refused with `webhook-disabled`, `not-found`, or as `permit` does. */
export async function findOpenWebhook(
  ports: Pick<ServicePorts, 'webhooks'>,
  asked: WebhookAsked,
): Promise<Result<WebhookEndpoint>> {
  const found = await findWebhook(ports, asked, 'change-webhooks');
  if (!found.ok || found.value.state === 'open') return found;
  return refuse('webhook-disabled', 'Nothing is sent to it while it is switched off: switch it on first.');
}
