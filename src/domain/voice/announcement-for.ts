import type { RefusalCode } from '../refusal/index.ts';
import type { AnnouncementId } from './announcement.ts';

/** How a call ended without having been answered, as the exchange knows it. */
export type Refused = {
  readonly sipStatus: number;
  readonly q850Cause: number;
  /** The code of `docs/errors.md`, where the exchange itself refused. */
  readonly refusal?: string;
};

/**
 * Who would hear an announcement: one of our phones, a caller whom a trunk brought, or a caller whom the exchange has
 * answered already to ask for the number (R18).
 */
export type AnnouncementListener = 'phone' | 'trunk' | 'answered';

/** What the operator wishes: `where-needed` is told to callers of trunks what their network cannot tell them. */
export type AnnouncementWish = 'never' | 'where-needed' | 'always';

const OF_REFUSAL: Readonly<Partial<Record<RefusalCode, AnnouncementId>>> = {
  'address-not-called': 'destination-not-served',
  'branch-not-chosen': 'number-incomplete',
  'destination-not-served': 'destination-not-served',
  'emergency-not-served': 'emergency-not-connected',
  'number-ambiguous': 'number-incomplete',
  'number-incomplete': 'number-incomplete',
};

const OF_STATUS: Readonly<Record<number, AnnouncementId>> = {
  402: 'no-credit',
  403: 'not-permitted',
  404: 'not-in-service',
  410: 'not-in-service',
  482: 'destination-not-served',
  483: 'destination-not-served',
  484: 'number-incomplete',
  485: 'number-incomplete',
  486: 'busy',
  500: 'lines-busy',
  503: 'lines-busy',
  504: 'lines-busy',
  600: 'busy',
  604: 'not-in-service',
};

/** Q.850: no route to destination, which is a 404 in SIP (RFC 3398 §8.2.6.1). */
const NO_ROUTE = 3;
/** Q.850: subscriber absent; destination out of order. Nothing rang, so that a caller heard nothing yet. */
const NOT_THERE = [20, 27];

/**
 * What a refused call is told by a voice before its refusal, and undefined where the refusal says it by itself (ADR
 * 0350).
 * - Whoever calls for help hears at once that there is none here, whatever the operator wishes.
 * - A caller who was answered hears everything: there is no refusal any more that could say it.
 * - The network of a caller from a trunk plays tones by the cause of the refusal, for busy as for no answer, and tries
 *   another way to us where our lines are busy: neither is to be delayed by a voice.
 * - A phone of ours shows the refusal and plays its own tones.
 */
export function announcementFor(
  refused: Refused,
  listener: AnnouncementListener,
  wish: AnnouncementWish = 'where-needed',
): AnnouncementId | undefined {
  // 487: the caller has gone. Below 400 nothing was refused.
  if (refused.sipStatus < 400 || refused.sipStatus === 487) return undefined;
  const id = meaningOf(refused);
  if (listener === 'answered' || id === 'emergency-not-connected') return id;
  if (wish === 'never') return undefined;
  if (wish === 'always') return id;
  return listener === 'trunk' && needsWords(id, refused) ? id : undefined;
}

function meaningOf({ sipStatus, q850Cause, refusal }: Refused): AnnouncementId {
  const known = Object.entries(OF_REFUSAL).find(([code]) => code === refusal)?.[1];
  if (known !== undefined) return known;
  if (sipStatus === 404 && q850Cause === NO_ROUTE) return 'destination-not-served';
  // Also where somebody declined: a caller is not told that.
  return OF_STATUS[sipStatus] ?? 'cannot-be-reached';
}

function needsWords(id: AnnouncementId, { q850Cause }: Refused): boolean {
  if (id === 'busy' || id === 'lines-busy') return false;
  return id !== 'cannot-be-reached' || NOT_THERE.includes(q850Cause);
}
