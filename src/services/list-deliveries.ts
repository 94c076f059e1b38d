import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { Delivery } from '../domain/webhooks/index.ts';
import { findWebhook, type WebhookAsked } from './find-webhook.ts';
import { type Page, pageLimit, pageOf } from './page.ts';
import type { ListedDelivery, ServicePorts } from './ports/index.ts';

export type ListDeliveries = WebhookAsked & {
  readonly state?: Delivery['state'];
  /** `next` of the page before. */
  readonly after?: string;
  readonly limit?: number;
};

/** What was sent to a webhook, and what came of it: the newest first, for 30 days after it ended. */
export async function listDeliveries(
  ports: Pick<ServicePorts, 'webhooks'>,
  { actor, webhookId, state, after, limit }: ListDeliveries,
): Promise<Result<Page<ListedDelivery>>> {
  const found = await findWebhook(ports, { actor, webhookId });
  if (!found.ok) return found;
  if (after !== undefined && !/^\d{1,18}$/.test(after)) {
    return refuse('cursor-malformed', 'Give as after what the page before had as next.', '/after');
  }
  const size = pageLimit(limit);
  const deliveries = await ports.webhooks.deliveries({
    endpointId: webhookId,
    limit: size + 1,
    ...(state === undefined ? {} : { state }),
    ...(after === undefined ? {} : { before: after }),
  });
  return accept(pageOf(deliveries, size, ({ cursor }) => cursor));
}
