/*
 * Offers and answers within one dialog: RFC 3264 by the rules of RFC 3261 §13.2.1, §14, RFC 3262 §5, RFC 3311
 * §5 and RFC 6337. The state is kept by observing every message sent and received in the dialog; at any moment
 *
 *        no offer  --- offer --->  offer of one side outstanding  --- answer --->  no offer
 *                                       |
 *                                       +--- its request fails, or the ACK brings no answer ---> no offer
 *
 * where offer and answer travel in one of these pairs:
 *
 *        offer in                     answer in
 *        INVITE                       reliable 1xx, or 2xx
 *        reliable 1xx                 PRACK
 *        2xx to INVITE                ACK
 *        PRACK, UPDATE                2xx to it
 */
import { cseq, type SipMessage, type SipRequest, type SipResponse } from '../message/index.ts';
import { rseqOf } from './rack.ts';
import { describesSession } from './session-description.ts';

/** A side of the dialog, as seen from here. */
export type Side = 'local' | 'remote';

/** An INVITE transaction, from the request to its ACK or failure. */
type InviteUnderWay = {
  readonly by: Side;
  readonly cseq: number;
  /** Whether an offer and its answer, or a half of them, have travelled in it. */
  readonly hasOffer: boolean;
  /** Whether its 2xx has been seen, and only the ACK is missing. */
  readonly succeeded: boolean;
};

type OutstandingOffer = {
  readonly by: Side;
  /** The transaction the offer travelled in, and who began it. */
  readonly method: string;
  readonly cseq: number;
  readonly requestBy: Side;
};

export type OfferAnswer = {
  /** Whether a first offer was answered, so that there is a session to change. */
  readonly established: boolean;
  readonly invite?: InviteUnderWay;
  readonly offer?: OutstandingOffer;
  /** An UPDATE without its final response, whether it made an offer or not. */
  readonly update?: { readonly by: Side; readonly cseq: number };
};

export const NO_SESSION: OfferAnswer = { established: false };

/**
 * The state after a message of the dialog: call it for the initial INVITE and then for everything that is sent
 * or received in the dialog and not refused by `judgeRequest`.
 * @param by who sent the message
 */
export function observe(state: OfferAnswer, by: Side, message: SipMessage): OfferAnswer {
  return message.kind === 'request'
    ? observeRequest(state, by, message)
    : observeResponse(state, by, message);
}

function observeRequest(state: OfferAnswer, by: Side, request: SipRequest): OfferAnswer {
  const { method } = request;
  const { number } = cseq(request);
  const session = describesSession(request);
  switch (method) {
    case 'INVITE': {
      const invite: InviteUnderWay = { by, cseq: number, hasOffer: session, succeeded: false };
      const next = { ...state, invite };
      return session ? offered(next, { by, method, cseq: number, requestBy: by }) : next;
    }
    case 'ACK':
      return acknowledged(state, by, number, session);
    case 'PRACK':
      if (session && answersInvite(state, by)) return answered(state);
      return session ? offered(state, { by, method, cseq: number, requestBy: by }) : state;
    case 'UPDATE': {
      const next = { ...state, update: { by, cseq: number } };
      return session ? offered(next, { by, method, cseq: number, requestBy: by }) : next;
    }
    default:
      return state;
  }
}

function observeResponse(state: OfferAnswer, by: Side, response: SipResponse): OfferAnswer {
  const { method, number } = cseq(response);
  const requestBy: Side = by === 'local' ? 'remote' : 'local';
  if (method === 'INVITE') {
    if (state.invite?.by !== requestBy || state.invite.cseq !== number) return state;
    if (response.status >= 300) return withoutInvite(withoutOfferOf(state, method, number, requestBy));
    return observeInviteProgress(state, state.invite, by, response);
  }
  if (response.status < 200) return state;
  const next = method === 'UPDATE' ? withoutUpdateOf(state, number, requestBy) : state;
  if (!isOfferOf(next, method, number, requestBy)) return next;
  const isAnswer = response.status < 300 && describesSession(response);
  return isAnswer ? answered(next) : withoutOffer(next);
}

/** A 1xx or 2xx to an INVITE. A session description in an unreliable 1xx is only a preview of the answer. */
function observeInviteProgress(
  state: OfferAnswer,
  invite: InviteUnderWay,
  by: Side,
  response: SipResponse,
): OfferAnswer {
  const succeeded = response.status >= 200;
  const next = succeeded ? { ...state, invite: { ...invite, succeeded } } : state;
  const counts = succeeded || rseqOf(response) !== undefined;
  if (!counts || !describesSession(response)) return next;
  if (isOfferOf(next, 'INVITE', invite.cseq, invite.by) && next.offer?.by === invite.by)
    return answered(next);
  if (invite.hasOffer || next.offer !== undefined) return next;
  return offered(
    { ...next, invite: { ...invite, succeeded, hasOffer: true } },
    { by, method: 'INVITE', cseq: invite.cseq, requestBy: invite.by },
  );
}

/** The ACK ends the INVITE; where the 2xx had made an offer, it brings the answer or there is none. */
function acknowledged(state: OfferAnswer, by: Side, number: number, session: boolean): OfferAnswer {
  if (state.invite?.by !== by || state.invite.cseq !== number) return state;
  const isAnswer = session && answersInvite(state, by);
  return withoutInvite(isAnswer ? answered(state) : withoutOfferOf(state, 'INVITE', number, by));
}

/** Whether a description `by` this side answers an offer the other side made in a response to its INVITE. */
function answersInvite({ offer }: OfferAnswer, by: Side): boolean {
  return offer !== undefined && offer.method === 'INVITE' && offer.requestBy === by && offer.by !== by;
}

function isOfferOf({ offer }: OfferAnswer, method: string, number: number, requestBy: Side): boolean {
  return offer?.method === method && offer.cseq === number && offer.requestBy === requestBy;
}

function offered(state: OfferAnswer, offer: OutstandingOffer): OfferAnswer {
  return { ...state, offer };
}

function answered(state: OfferAnswer): OfferAnswer {
  return { ...withoutOffer(state), established: true };
}

/** Spelt out, as the two below: leaving one property out of a pattern is a slow path of V8, and calls take it often. */
function withoutOffer({ established, invite, update }: OfferAnswer): OfferAnswer {
  return { established, ...(invite && { invite }), ...(update && { update }) };
}

function withoutOfferOf(state: OfferAnswer, method: string, number: number, requestBy: Side): OfferAnswer {
  return isOfferOf(state, method, number, requestBy) ? withoutOffer(state) : state;
}

function withoutInvite({ established, offer, update }: OfferAnswer): OfferAnswer {
  return { established, ...(offer && { offer }), ...(update && { update }) };
}

function withoutUpdateOf(state: OfferAnswer, number: number, by: Side): OfferAnswer {
  if (state.update?.by !== by || state.update.cseq !== number) return state;
  const { established, invite, offer } = state;
  return { established, ...(invite && { invite }), ...(offer && { offer }) };
}
