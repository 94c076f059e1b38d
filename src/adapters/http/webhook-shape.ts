import { z } from 'zod';
import { type Delivery, WEBHOOK_TOPICS, type WebhookEndpoint } from '../../domain/webhooks/index.ts';
import type { EventDelivery } from '../../services/ports/index.ts';
import { definite } from './definite.ts';
import { time, timeText } from './responses.ts';

export const webhookTopics = z
  .array(z.enum(WEBHOOK_TOPICS))
  .min(1)
  .describe('What it hears of: `calls`, `orders`, `balance`, `alarms`.');

export const webhookState = z.enum(['open', 'disabled']);

/** A place where events are sent; its secret is shown when it is made, and never again. */
export const webhookShown = z
  .object({
    id: z.string(),
    memberId: z.string().optional().describe('Whose events it hears; everybody’s where absent.'),
    url: z.string(),
    topics: webhookTopics,
    description: z.string().optional(),
    state: webhookState,
    disabledAt: time.optional(),
    disabledReason: z
      .enum(['by-owner', 'gone', 'failing'])
      .optional()
      .describe('`gone`: it answered 410. `failing`: it took nothing for five days.'),
    failingSince: time.optional().describe('When the first attempt failed since the last that did not.'),
    restsUntil: time.optional().describe('Nothing is sent before, since it failed.'),
    secretUntil: time.optional().describe('Until when the secret before the newest one signs as well.'),
    createdAt: time,
  })
  .meta({ id: 'Webhook' });

export const webhookWithSecret = z
  .object({
    webhook: webhookShown,
    secret: z.string().describe('`whsec_…`: what signatures are verified with. It is shown this once.'),
  })
  .meta({ id: 'WebhookWithSecret' });

export function shownWebhook(webhook: WebhookEndpoint): z.infer<typeof webhookShown> {
  const off = webhook.state === 'disabled' ? webhook : undefined;
  const [, second] = webhook.secrets;
  return definite({
    id: webhook.id,
    memberId: webhook.memberId,
    url: webhook.url,
    topics: [...webhook.topics],
    description: webhook.description,
    state: webhook.state,
    disabledAt: timeIfAny(off?.disabledAtMs),
    disabledReason: off?.disabledReason,
    failingSince: timeIfAny(webhook.failingSinceMs),
    restsUntil: webhook.restUntilMs === 0 ? undefined : timeText(webhook.restUntilMs),
    secretUntil: timeIfAny(second?.untilMs),
    createdAt: timeText(webhook.createdAtMs),
  });
}

export const deliveryState = z.enum(['pending', 'delivered', 'given-up']);

/** An event on its way to a webhook. */
export const deliveryShown = z
  .object({
    eventId: z.string().describe('The `webhook-id` of its requests.'),
    type: z.string().describe('Such as `call.ended`.'),
    occurredAt: time,
    state: deliveryState,
    dueAt: time.optional().describe('When it is tried next.'),
    endedAt: time.optional().describe('When it was delivered or given up.'),
    reason: z
      .enum(['attempts-failed', 'endpoint-disabled', 'queue-full'])
      .optional()
      .describe('Why it was given up.'),
    tries: z.int().describe('All attempts there were.'),
    attempts: z
      .array(
        z.object({
          at: time,
          tookMs: z.int(),
          status: z.int().optional().describe('The HTTP status of the answer.'),
          answer: z.string().optional().describe('How the answer begins.'),
          failure: z.string().optional().describe('Why there was none.'),
        }),
      )
      .describe('The last twelve, oldest first.'),
    data: z.record(z.string(), z.unknown()).describe('What is told of the event.'),
  })
  .meta({ id: 'WebhookDelivery' });

export function shownDelivery({ delivery, event }: EventDelivery): z.infer<typeof deliveryShown> {
  return definite({
    eventId: event.id,
    type: event.type,
    occurredAt: timeText(event.occurredAtMs),
    ...progressOf(delivery),
    tries: delivery.tries,
    attempts: delivery.attempts.map(({ atMs, ...attempt }) => ({ at: timeText(atMs), ...attempt })),
    data: { ...event.data },
  });
}

function progressOf(delivery: Delivery) {
  switch (delivery.state) {
    case 'pending':
      // 0 says: at once.
      return {
        state: delivery.state,
        dueAt: delivery.dueAtMs === 0 ? undefined : timeText(delivery.dueAtMs),
        endedAt: undefined,
        reason: undefined,
      };
    case 'delivered':
      return {
        state: delivery.state,
        dueAt: undefined,
        endedAt: timeText(delivery.deliveredAtMs),
        reason: undefined,
      };
    case 'given-up':
      return {
        state: delivery.state,
        dueAt: undefined,
        endedAt: timeText(delivery.givenUpAtMs),
        reason: delivery.reason,
      };
  }
}

function timeIfAny(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : timeText(atMs);
}
