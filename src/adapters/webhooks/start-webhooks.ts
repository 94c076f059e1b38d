import { WebhookDeliverer } from '../../services/deliver-webhooks.ts';
import type { ServicePorts, Timers } from '../../services/ports/index.ts';
import { tellWebhookOwner } from '../../services/tell-webhook-owner.ts';
import { createWebhookSender } from './sender.ts';

export type WebhookDependencies = {
  readonly services: ServicePorts;
  readonly timers: Timers;
  readonly nameServers: readonly string[];
  readonly allowsPrivate: boolean;
  readonly version: string;
  readonly onFailure: (error: unknown) => void;
};

/** How long an answer is waited for when the service ends. */
const LAST_ANSWERS_MS = 5_000;

/** Sends events to those who hear of them. @returns what ends it */
export function startWebhooks(dependencies: WebhookDependencies): () => Promise<void> {
  const { services, timers, nameServers, allowsPrivate, version, onFailure } = dependencies;
  const { clock, webhooks: store } = services;
  const sender = createWebhookSender({ clock, nameServers, allowsPrivate, userAgent: `Omnidial/${version}` });
  const deliverer = new WebhookDeliverer({
    ...{ store, sender, clock, timers, onFailure },
    chance: Math.random,
    tellOwner: (endpoint) => tellWebhookOwner(services, endpoint),
  });
  deliverer.start();
  return async () => {
    const breakOff = timers.start(LAST_ANSWERS_MS, () => sender.close());
    await deliverer.stop();
    breakOff();
    sender.close();
  };
}
