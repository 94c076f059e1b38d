import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import {
  type EndpointEffect,
  stepEndpoint,
  type WebhookEndpoint,
  type WebhookTopic,
} from '../domain/webhooks/index.ts';
import { webhookUrl } from './add-webhook.ts';
import { findWebhook, type WebhookAsked } from './find-webhook.ts';
import type { ServicePorts } from './ports/index.ts';

export type ChangeWebhook = WebhookAsked & {
  readonly url?: string;
  readonly topics?: readonly WebhookTopic[];
  /** Empty text takes it away. */
  readonly description?: string;
  /** `open` switches it on again, and `disabled` off: then what waits is given up, and may be replayed later. */
  readonly state?: WebhookEndpoint['state'];
};

/**
 * Changes where events are sent, which ones, or whether at all.
 * @returns refused with `webhook-url-refused`, `webhook-changed`, `not-found`, or as `permit` does
 */
export async function changeWebhook(
  ports: Pick<ServicePorts, 'clock' | 'settings' | 'webhooks'>,
  command: ChangeWebhook,
): Promise<Result<WebhookEndpoint>> {
  const found = await findWebhook(ports, command, 'change-webhooks');
  if (!found.ok) return found;
  const url = command.url === undefined ? accept(found.value.url) : webhookUrl(ports, command.url);
  if (!url.ok) return url;
  const { description: before, ...others } = found.value;
  const description = command.description ?? before ?? '';
  const changed: WebhookEndpoint = {
    ...others,
    url: url.value,
    ...(command.topics === undefined ? {} : { topics: [...new Set(command.topics)] }),
    ...(description === '' ? {} : { description }),
  };
  const nowMs = ports.clock.nowMs();
  const [after, effects] = switched(changed, command.state, nowMs);
  return keepChange(ports, found.value, after, effects, nowMs);
}

/** Keeps what an owner changed, unless somebody else changed it since it was read: refused with `webhook-changed`. */
export async function keepChange(
  { webhooks }: Pick<ServicePorts, 'webhooks'>,
  before: WebhookEndpoint,
  after: WebhookEndpoint,
  effects: readonly EndpointEffect[],
  nowMs: number,
): Promise<Result<WebhookEndpoint>> {
  if (await webhooks.change(before, after, effects, nowMs)) {
    return accept({ ...after, version: before.version + 1 });
  }
  return refuse('webhook-changed', 'Somebody else changed the webhook at the same moment: repeat it.');
}

function switched(endpoint: WebhookEndpoint, state: WebhookEndpoint['state'] | undefined, nowMs: number) {
  if (state === undefined) return [endpoint, []] as const;
  return stepEndpoint(endpoint, { kind: state === 'open' ? 'enable' : 'disable', nowMs });
}
