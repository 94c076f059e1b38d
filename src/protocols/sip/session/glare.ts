import type { SipRequest } from '../message/index.ts';
import type { OfferAnswer } from './offer-answer.ts';
import { describesSession } from './session-description.ts';

/** Whether a request may change the session now, or with what status it is refused. */
export type GlareVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly status: 491; readonly detail: string }
  /** To be sent with a Retry-After of `retryAfterSeconds()`. */
  | { readonly ok: false; readonly status: 500; readonly detail: string };

const GRANTED: GlareVerdict = { ok: true };

/**
 * Judges a request received in the dialog, before it is observed: 491 where it crosses ours, 500 where the
 * other side has not waited for the end of its own (RFC 3261 §14.2, RFC 3311 §5.2, RFC 6337 §4).
 */
export function judgeRequest(state: OfferAnswer, request: SipRequest): GlareVerdict {
  switch (request.method) {
    case 'INVITE':
      return judgeInvite(state);
    case 'UPDATE':
      if (state.update?.by === 'remote') return tooEarly('An earlier UPDATE has not been answered yet.');
      return describesSession(request) ? judgeOffer(state) : GRANTED;
    case 'PRACK':
      return describesSession(request) && !awaitsAnswerInPrack(state) ? judgeOffer(state) : GRANTED;
    default:
      return GRANTED;
  }
}

/** Whether our side may send a re-INVITE now (RFC 3261 §14.1). */
export function mayInvite({ invite, offer }: OfferAnswer): boolean {
  return invite === undefined && offer === undefined;
}

/** Whether our side may make an offer in UPDATE or PRACK now (RFC 3311 §5.1, RFC 3262 §5). */
export function mayOffer({ established, offer }: OfferAnswer): boolean {
  return established && offer === undefined;
}

/**
 * How long to wait after a 491 before another attempt (RFC 3261 §14.1), so that the two sides do not meet again:
 * 2.1 … 4 s for the owner of the Call-ID (the caller), 0 … 2 s for the other, in steps of 10 ms.
 * @param random 0 ≤ random < 1
 */
export function glareDelayMs(ownsCallId: boolean, random: number): number {
  return ownsCallId ? 2_100 + 10 * Math.floor(random * 191) : 10 * Math.floor(random * 201);
}

/** The Retry-After of a 500 for a request that came too early: 0 … 10 s (RFC 3261 §14.2). */
export function retryAfterSeconds(random: number): number {
  return Math.floor(random * 11);
}

/**
 * An INVITE of the other side's that was answered and lacks only its ACK stands in nobody's way: the ACK was
 * lost or overtaken, and a new INVITE shows that the 2xx arrived (RFC 5407 §3.1.4), unless that ACK still owes
 * an answer (§3.1.5).
 */
function judgeInvite({ invite, offer }: OfferAnswer): GlareVerdict {
  if (offer?.by === 'local') return crossing('An offer of ours waits for its answer.');
  if (invite?.by === 'local') return crossing('An INVITE of ours is under way.');
  if (offer?.by === 'remote') return tooEarly('An offer has not been answered yet.');
  if (invite?.by === 'remote' && !invite.succeeded) return tooEarly('An earlier INVITE is under way.');
  return GRANTED;
}

function judgeOffer({ established, invite, offer }: OfferAnswer): GlareVerdict {
  if (offer?.by === 'local') return crossing('An offer of ours waits for its answer.');
  if (offer?.by === 'remote') return tooEarly('An offer has not been answered yet.');
  if (established) return GRANTED;
  return invite?.by === 'local'
    ? crossing('The INVITE is to bring the first offer.')
    : tooEarly('There is no session yet to change.');
}

function awaitsAnswerInPrack({ offer }: OfferAnswer): boolean {
  return offer?.by === 'local' && offer.method === 'INVITE' && offer.requestBy === 'remote';
}

function crossing(detail: string): GlareVerdict {
  return { ok: false, status: 491, detail };
}

function tooEarly(detail: string): GlareVerdict {
  return { ok: false, status: 500, detail };
}
