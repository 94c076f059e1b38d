/** Webhooks on their way out: signed, and sent over HTTP. */
export { createWebhookSender, type WebhookSenderOptions } from './sender.ts';
export { startWebhooks } from './start-webhooks.ts';
export { createWebhookTargets } from './targets.ts';
