import type { Direction } from '../../../../protocols/sdp/index.ts';
import { type Dialog, requestWithin } from '../../../../protocols/sip/dialog/index.ts';
import { cseq, type SipRequest, type SipResponse } from '../../../../protocols/sip/message/index.ts';
import {
  type AcceptedInvite,
  type AcceptedInviteEffect,
  type AcceptedInviteInput,
  mayInvite,
  mayOffer,
  type OfferAnswer,
  observe,
  type SessionTimerEffect,
  type SessionTimerInput,
  type SessionTimerTerms,
  sessionTimerOffer,
  sessionTimerTerms,
  startSessionTimer,
  stepAcceptedInvite,
  stepSessionTimer,
} from '../../../../protocols/sip/session/index.ts';
import type { CallCommand, CallEffect, Calling, CallStep, Ringing, Talking } from './call.ts';
import { offerOf, termsOf } from './description.ts';
import { leave } from './ending.ts';
import { ALLOW, allows, SDP, USER_AGENT } from './messages.ts';
import type { SoundTerms } from './sound-terms.ts';

/** The call as its caller sees it from the 2xx on. */
export function talkAsCaller(
  { setting }: Calling,
  agreed: {
    readonly dialog: Dialog;
    readonly session: OfferAnswer;
    readonly terms: SoundTerms;
    readonly response: SipResponse;
  },
): CallStep {
  const { dialog, session, terms, response } = agreed;
  const [sessionTimer, timing] = startSessionTimer(sessionTimerTerms(response, setting.sessionTimers));
  const talking: Talking = {
    ...beginning(dialog, session, setting),
    accepted: { state: 'closed' },
    sessionTimer,
    terms,
    knowsUpdate: allows(response, 'UPDATE'),
  };
  return [talking, [{ kind: 'connect', terms }, ANSWERED, ...timersOf(timing)]];
}

/** The call as its callee sees it from the 2xx on, which is sent now. */
export function talkAsCallee(
  { setting, dialog, invite }: Ringing,
  answer: {
    readonly session: OfferAnswer;
    readonly accepted: [AcceptedInvite, AcceptedInviteEffect[]];
    readonly timerTerms: SessionTimerTerms;
    readonly terms: SoundTerms | undefined;
  },
): CallStep {
  const { session, terms, timerTerms } = answer;
  const [sessionTimer, timing] = startSessionTimer(timerTerms);
  const [accepted, sending] = answer.accepted;
  const talking: Talking = {
    ...beginning({ ...dialog, state: 'confirmed' }, session, setting),
    accepted,
    acceptedInvite: invite,
    sessionTimer,
    ...(terms === undefined ? {} : { terms }),
    knowsUpdate: allows(invite, 'UPDATE'),
  };
  const connect: CallEffect[] = terms === undefined ? [] : [{ kind: 'connect', terms }];
  return [talking, [...sendingOf(invite, sending), ...connect, ANSWERED, ...timersOf(timing)]];
}

const ANSWERED: CallEffect = { kind: 'tell', event: { kind: 'answered' } };

function beginning(dialog: Dialog, session: OfferAnswer, setting: Talking['setting']) {
  return {
    state: 'talking',
    setting,
    dialog,
    session,
    sessionTimers: setting.sessionTimers,
    version: 1,
    wantsHold: false,
    saysHold: false,
    offersHold: false,
    waitsAfterGlare: false,
    isTransferring: false,
    isLeaving: false,
  } as const;
}

/** Goes on with a step while the call lasts. */
export function andThen([call, effects]: CallStep, next: (call: Talking) => CallStep): CallStep {
  if (call.state !== 'talking') return [call, effects];
  const [after, more] = next(call);
  return [after, [...effects, ...more]];
}

/** What the user wants of a call that is answered. */
export function command(call: Talking, wish: CallCommand): CallStep {
  switch (wish.kind) {
    case 'hang-up':
      return hangUp(call);
    case 'hold':
      // Not to be heard does not wait for the other side's consent.
      return connected({ ...call, wantsHold: true });
    case 'resume':
      return [{ ...call, wantsHold: false }, []];
    case 'transfer':
      return call.isTransferring ? [call, []] : transfer(call, wish.referTo);
    case 'answer':
    case 'refuse':
      return [call, []];
  }
}

/** RFC 3261 §15: a callee does not send BYE before its 2xx was acknowledged or given up. */
export function hangUp(call: Talking): CallStep {
  if (call.accepted.state === 'unanswered' && call.dialog.role === 'uas') {
    return [{ ...call, isLeaving: true }, []];
  }
  return leave(call, { by: 'us', wasAnswered: true });
}

/** A re-INVITE, where the user wants something else than the other side was told, and nothing stands in its way. */
export function settle(call: Talking): CallStep {
  const isDue = call.wantsHold !== call.saysHold && !call.waitsAfterGlare && !call.isLeaving;
  return isDue && mayInvite(call.session) ? reinvite(call) : [call, []];
}

/** Offers what the user wants, and refreshes the session by the way. */
export function reinvite(call: Talking): CallStep {
  const version = call.version + 1;
  const body = offerOf({ ...call.setting.sound, version, direction: directionOf(call) });
  const offering = { ...call, version, offersHold: call.wantsHold };
  return ask(offering, 'INVITE', [ALLOW, ...refreshHeaders(call), USER_AGENT, SDP], body);
}

/** Which way our sound shall go, as our descriptions say it. */
export function directionOf({ wantsHold }: Pick<Talking, 'wantsHold'>): Direction {
  return wantsHold ? 'sendonly' : 'sendrecv';
}

/** Sends a request within the dialog, and observes it. */
export function ask(
  call: Talking,
  method: string,
  headers: readonly { readonly name: string; readonly value: string }[],
  body?: Uint8Array,
): CallStep {
  const parts = body === undefined ? { headers } : { headers, body };
  const [dialog, request] = requestWithin(call.dialog, method, parts);
  return [{ ...call, dialog, session: observe(call.session, 'local', request) }, [{ kind: 'send', request }]];
}

/** The sound as it is now: whoever is put on hold hears nothing. */
export function connected(call: Talking): CallStep {
  const { terms, wantsHold, saysHold } = call;
  if (terms === undefined) return [call, []];
  const direction = wantsHold || saysHold ? 'inactive' : terms.direction;
  return [call, [{ kind: 'connect', terms: { ...terms, direction } }]];
}

function transfer(call: Talking, referTo: string): CallStep {
  const headers = [
    { name: 'Refer-To', value: referTo },
    { name: 'Referred-By', value: call.dialog.localUri },
    USER_AGENT,
  ];
  return ask({ ...call, isTransferring: true }, 'REFER', headers);
}

/** The headers of a session refresh (RFC 4028 §7.4): who refreshes stays who it is. */
function refreshHeaders({ sessionTimer, sessionTimers }: Talking) {
  const isOurs = sessionTimer.state === 'running' && sessionTimer.terms.refresher === 'local';
  return sessionTimerOffer(sessionTimers, isOurs ? 'uac' : 'uas');
}

/** Gives an input to the 2xx that waits for its ACK; the ACK of an INVITE before it is none for it. */
export function stepAccepted(call: Talking, input: AcceptedInviteInput): CallStep {
  const { acceptedInvite } = call;
  if (acceptedInvite === undefined) return [call, []];
  if (input.kind === 'ack' && cseq(input.ack).number !== cseq(acceptedInvite).number) return [call, []];
  const [accepted, effects] = stepAcceptedInvite(call.accepted, input);
  const next: CallStep = [{ ...call, accepted }, sendingOf(acceptedInvite, effects)];
  return effects.reduce((step, effect) => {
    if (effect.kind === 'acknowledged') return andThen(step, (now) => acknowledged(now, effect.ack));
    if (effect.kind === 'end-session')
      return andThen(step, (now) => leave(now, { by: 'us', wasAnswered: true, status: 408 }));
    return step;
  }, next);
}

/** The ACK, which brings the answer where the offer was ours; then a hang-up that waited for it. */
function acknowledged(call: Talking, ack: SipRequest): CallStep {
  const terms = ack.body.length === 0 ? undefined : termsOf(ack.body, directionOf(call));
  const seen: Talking = { ...call, session: observe(call.session, 'remote', ack) };
  const next: Talking = terms === undefined ? seen : { ...seen, terms };
  if (next.isLeaving) return leave(next, { by: 'us', wasAnswered: true });
  if (next.terms === undefined) return leave(next, { by: 'us', wasAnswered: true, status: 488 });
  return terms === undefined ? [next, []] : connected(next);
}

/** The 2xx goes out, and its timers run. */
export function sendingOf(invite: SipRequest, effects: readonly AcceptedInviteEffect[]): CallEffect[] {
  return effects.flatMap((effect): CallEffect[] => {
    switch (effect.kind) {
      case 'send':
        return [{ kind: 'respond', request: invite, response: effect.response }];
      case 'start-timer':
      case 'stop-timer':
        return [effect];
      default:
        return [];
    }
  });
}

/** Gives an input to the session timer. */
export function stepTiming(call: Talking, input: SessionTimerInput): CallStep {
  const [sessionTimer, effects] = stepSessionTimer(call.sessionTimer, input);
  const next: CallStep = [{ ...call, sessionTimer }, timersOf(effects)];
  return effects.reduce((step, effect) => {
    if (effect.kind === 'refresh') return andThen(step, refresh);
    if (effect.kind === 'end-session')
      return andThen(step, (now) => leave(now, { by: 'us', wasAnswered: true, status: 408 }));
    return step;
  }, next);
}

/** RFC 4028 §7.4: by UPDATE without an offer, or by re-INVITE; what stands in the way counts as a refusal. */
function refresh(call: Talking): CallStep {
  if (call.knowsUpdate && mayOffer(call.session) && call.session.update === undefined)
    return ask(call, 'UPDATE', [ALLOW, ...refreshHeaders(call), USER_AGENT]);
  if (mayInvite(call.session) && !call.waitsAfterGlare) return reinvite(call);
  return stepTiming(call, { kind: 'refresh-failed', status: 491 });
}

function timersOf(effects: readonly SessionTimerEffect[]): CallEffect[] {
  return effects.flatMap((effect): CallEffect[] =>
    effect.kind === 'start-timer' || effect.kind === 'stop-timer' ? [effect] : [],
  );
}
