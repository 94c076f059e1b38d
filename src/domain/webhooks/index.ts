export { attemptOf, judge, type SendOutcome, type Verdict, type WebhookAttempt } from './attempt.ts';
export {
  type Delivery,
  type DeliveryInput,
  type DeliveryState,
  type GiveUpReason,
  nextAttemptAtMs,
  RETRY_DELAYS_MS,
  stepDelivery,
} from './delivery.ts';
export {
  type DisabledReason,
  type EndpointEffect,
  type EndpointHealth,
  type EndpointInput,
  FAILING_MS,
  stepEndpoint,
  type WebhookEndpoint,
} from './endpoint.ts';
export {
  hears,
  isEventId,
  type JsonObject,
  type JsonValue,
  type Listener,
  WEBHOOK_TOPICS,
  type WebhookEvent,
  type WebhookTopic,
} from './event.ts';
export { bodyOf, headersOf, signedContent } from './message.ts';
export {
  keyOf,
  newSecret,
  ROTATION_MS,
  rotated,
  SECRET_BYTES,
  signing,
  type WebhookSecret,
} from './secret.ts';
export { readWebhookUrl } from './webhook-url.ts';
