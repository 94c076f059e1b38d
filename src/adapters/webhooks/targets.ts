import { isIP } from 'node:net';
import type { WebhookTargets } from '../../services/ports/index.ts';
import { isPublicAddress } from '../dns/index.ts';

/** Where events may be sent, as far as a URL alone says: the DNS is asked at each attempt. */
export function createWebhookTargets(allowsPrivate: boolean): WebhookTargets {
  return {
    allowsPrivate,
    fault(url) {
      const host = hostOf(new URL(url));
      const isOurs = isIP(host) === 0 ? isLocalName(host) : !isPublicAddress(host);
      return isOurs && !allowsPrivate ? `${host} is no public address, and is not sent to.` : undefined;
    },
  };
}

/** The name or address of a URL, an IPv6 address without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function isLocalName(host: string): boolean {
  return /(?:^|\.)localhost\.?$/i.test(host);
}
