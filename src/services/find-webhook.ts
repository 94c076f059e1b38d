import { type Action, type Actor, mayDo, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import type { WebhookEndpoint } from '../domain/webhooks/index.ts';
import { type Page, pageLimit, pageOf } from './page.ts';
import type { ServicePorts } from './ports/index.ts';

export type WebhookAsked = { readonly actor: Actor; readonly webhookId: string };

/**
 * The webhook with an id, for somebody who may do this with it.
 * @returns refused with `not-found` where there is none or it is somebody else's, or as `permit` does
 */
export async function findWebhook(
  ports: Pick<ServicePorts, 'webhooks'>,
  { actor, webhookId }: WebhookAsked,
  action: Action = 'see-webhooks',
): Promise<Result<WebhookEndpoint>> {
  const endpoint = await ports.webhooks.find(webhookId);
  if (endpoint !== undefined && mayDo(actor, action, endpoint.memberId)) return accept(endpoint);
  const permitted = permit(actor, action, endpoint?.memberId);
  return permitted.ok ? notFound() : permitted;
}

export type ListWebhooks = {
  readonly actor: Actor;
  /** Whose; operators may leave it out to see everyone's, and their own. */
  readonly memberId?: string;
  /** `next` of the page before. */
  readonly after?: string;
  readonly limit?: number;
};

/** Webhooks, newest first. */
export async function listWebhooks(
  ports: Pick<ServicePorts, 'webhooks'>,
  { actor, memberId, after, limit }: ListWebhooks,
): Promise<Result<Page<WebhookEndpoint>>> {
  const permitted = permit(actor, 'see-webhooks', memberId);
  if (!permitted.ok) return permitted;
  const size = pageLimit(limit);
  const endpoints = await ports.webhooks.list({
    limit: size + 1,
    ...(memberId === undefined ? {} : { memberId }),
    ...(after === undefined ? {} : { before: after }),
  });
  return accept(pageOf(endpoints, size, ({ id }) => id));
}
