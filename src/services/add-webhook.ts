import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import {
  newSecret,
  readWebhookUrl,
  SECRET_BYTES,
  type WebhookEndpoint,
  type WebhookTopic,
} from '../domain/webhooks/index.ts';
import type { ServicePorts } from './ports/index.ts';

export type AddWebhook = {
  readonly actor: Actor;
  /** Whose events it hears; absent: the operator's, which hears everybody's. */
  readonly memberId?: string;
  readonly url: string;
  readonly topics: readonly WebhookTopic[];
  readonly description?: string;
};

/** A webhook and its newest secret, which is told once. */
export type WebhookWithSecret = { readonly webhook: WebhookEndpoint; readonly secret: string };

const MOST_WEBHOOKS = 20;

/**
 * Adds a place where events are sent from now on.
 * @returns refused with `webhook-url-refused`, `too-many-webhooks`, `not-found` where there is no such member, or as
 *   `permit` does
 */
export async function addWebhook(
  ports: Pick<ServicePorts, 'clock' | 'identifiers' | 'members' | 'randomness' | 'settings' | 'webhooks'>,
  { actor, memberId, url: urlText, topics, description }: AddWebhook,
): Promise<Result<WebhookWithSecret>> {
  const permitted = permit(actor, 'change-webhooks', memberId);
  if (!permitted.ok) return permitted;
  if (memberId !== undefined && (await ports.members.find(memberId)) === undefined) return notFound();
  const url = webhookUrl(ports, urlText);
  if (!url.ok) return url;
  const secret = newSecret(ports.randomness.bytes(SECRET_BYTES));
  const webhook: WebhookEndpoint = {
    id: ports.identifiers.next(),
    ...(memberId === undefined ? {} : { memberId }),
    url: url.value,
    topics: [...new Set(topics)],
    ...(description === undefined ? {} : { description }),
    createdAtMs: ports.clock.nowMs(),
    secrets: [secret],
    version: 0,
    failures: 0,
    restUntilMs: 0,
    state: 'open',
  };
  if ((await ports.webhooks.add(webhook, MOST_WEBHOOKS)) === 'too-many') {
    return refuse('too-many-webhooks', `There are at most ${MOST_WEBHOOKS}: remove one first.`);
  }
  return accept({ webhook, secret: secret.text });
}

/** A URL that events may be sent to, as far as it alone says; refused with `webhook-url-refused`. */
export function webhookUrl(
  { settings: { webhookTargets } }: Pick<ServicePorts, 'settings'>,
  text: string,
): Result<string> {
  const url = readWebhookUrl(text, webhookTargets?.allowsPrivate === true);
  if (!url.ok) return url;
  const fault = webhookTargets?.fault(url.value);
  return fault === undefined ? url : refuse('webhook-url-refused', fault, '/url');
}
