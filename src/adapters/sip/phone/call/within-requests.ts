import { receiveWithin, refreshTarget } from '../../../../protocols/sip/dialog/index.ts';
import {
  contentType,
  type HeaderField,
  headerValue,
  type SipRequest,
  type SipResponse,
} from '../../../../protocols/sip/message/index.ts';
import {
  answerSessionTimer,
  describesSession,
  judgeRequest,
  observe,
  retryAfterSeconds,
  startAcceptedInvite,
} from '../../../../protocols/sip/session/index.ts';
import type { CallEffect, CallStep, Talking } from './call.ts';
import { answerTo, offerOf } from './description.ts';
import { end } from './ending.ts';
import { ALLOW, allows, reasonOf, respond, SDP, USER_AGENT, unknownOptionsOf } from './messages.ts';
import { holdsUs, type SoundTerms } from './sound-terms.ts';
import { andThen, connected, hangUp, sendingOf, stepTiming } from './talking.ts';

/** A request of the other side's in a call that is answered. */
export function receiveRequest(call: Talking, request: SipRequest): CallStep {
  const received = receiveWithin(call.dialog, request);
  if (!received.ok) return [call, [respond(request, received.status)]];
  const unknown = unknownOptionsOf(request);
  if (unknown.length > 0) {
    const headers = [{ name: 'Unsupported', value: unknown.join(', ') }];
    return [call, [respond(request, 420, { headers })]];
  }
  const counted = { ...call, dialog: received.dialog };
  switch (request.method) {
    case 'BYE':
      return end({ by: 'other-side', wasAnswered: true, ...reasonOf(request) }, [respond(request, 200)]);
    case 'INVITE':
    case 'UPDATE':
      return change(counted, request);
    case 'INFO':
      return receiveInfo(counted, request);
    case 'NOTIFY':
      return receiveNotify(counted, request);
    case 'OPTIONS':
      return [counted, [respond(request, 200, { headers: [ALLOW, ACCEPT, USER_AGENT] })]];
    case 'PRACK':
      return [counted, [respond(request, 481)]];
    default:
      return [counted, [respond(request, 405, { headers: [ALLOW] })]];
  }
}

const ACCEPT: HeaderField = { name: 'Accept', value: 'application/sdp, application/dtmf-relay' };

/** A re-INVITE or UPDATE: refused where it crosses ours, else answered; it refreshes the session in any case. */
function change(call: Talking, request: SipRequest): CallStep {
  const verdict = judgeRequest(call.session, request);
  if (!verdict.ok) {
    const retryAfter = { name: 'Retry-After', value: String(retryAfterSeconds(call.setting.chance)) };
    const headers = verdict.status === 500 ? [retryAfter] : [];
    return [call, [respond(request, verdict.status, { headers })]];
  }
  const timer = answerSessionTimer(request, call.sessionTimers);
  if (timer.kind === 'too-small') return [call, [respond(request, 422, { headers: timer.headers })]];
  const description = describe(call, request);
  if (description === undefined) return [call, [respond(request, 488)]];
  const { terms, body, version } = description;
  const { response } = respond(request, 200, {
    headers: [
      { name: 'Contact', value: call.setting.contact },
      ALLOW,
      ...timer.headers,
      USER_AGENT,
      ...(body.length > 0 ? [SDP] : []),
    ],
    body,
  });
  const dialog = refreshTarget(call.dialog, headerValue(request, 'Contact'));
  const session = observe(observe(call.session, 'remote', request), 'local', response);
  const knowsUpdate = call.knowsUpdate || allows(request, 'UPDATE');
  const changed: Talking = { ...call, dialog, session, version, knowsUpdate };
  const answered = accept(changed, request, response);
  const refreshed = andThen(answered, (now) => stepTiming(now, { kind: 'refreshed', terms: timer.terms }));
  return terms === undefined ? refreshed : andThen(refreshed, (now) => applyTerms(now, terms));
}

/** What our answer describes: their offer answered, our own offer to an INVITE without one, or nothing. */
function describe(call: Talking, request: SipRequest) {
  // The user's wish of this moment may still wait for its own offer; the other side is told no more than it knows.
  const direction = call.saysHold ? 'sendonly' : 'sendrecv';
  const version = call.version + 1;
  const ours = { ...call.setting.sound, version, direction } as const;
  if (describesSession(request)) {
    const answer = answerTo(request.body, ours);
    return answer === undefined ? undefined : { ...answer, version };
  }
  if (request.method === 'INVITE') return { body: offerOf(ours), terms: undefined, version };
  return { body: new Uint8Array(0), terms: undefined, version: call.version };
}

/** An INVITE's 2xx is repeated until its ACK; a new INVITE shows that the one before has arrived (RFC 5407 §3.1.4). */
function accept(call: Talking, request: SipRequest, response: SipResponse): CallStep {
  if (request.method !== 'INVITE') return [call, [{ kind: 'respond', request, response }]];
  const [accepted, effects] = startAcceptedInvite(response, call.setting.sipTimers);
  const stops: CallEffect[] = [
    { kind: 'stop-timer', timer: 'retransmit' },
    { kind: 'stop-timer', timer: 'give-up' },
  ];
  return [{ ...call, accepted, acceptedInvite: request }, [...stops, ...sendingOf(request, effects)]];
}

/** The terms of an offer and answer that the other side has begun; says so where it holds or resumes us. */
export function applyTerms(call: Talking, terms: SoundTerms): CallStep {
  const wasHeld = call.terms !== undefined && holdsUs(call.terms) && !call.saysHold;
  const isHeld = holdsUs(terms) && !call.saysHold;
  const tells: CallEffect[] =
    wasHeld === isHeld
      ? []
      : [{ kind: 'tell', event: { kind: isHeld ? 'held' : 'resumed', by: 'other-side' } }];
  const [next, effects] = connected({ ...call, terms });
  return [next, [...effects, ...tells]];
}

/** A key sent as INFO, as older phones do: `Signal=5`, or the key alone. */
function receiveInfo(call: Talking, request: SipRequest): CallStep {
  const type = (contentType(request) ?? '').trim().toLowerCase();
  if (request.body.length === 0) return [call, [respond(request, 200)]];
  if (!type.startsWith('application/dtmf')) return [call, [respond(request, 415, { headers: [ACCEPT] })]];
  const text = new TextDecoder().decode(request.body);
  const digit = (/^\s*(?:Signal\s*=\s*)?([0-9A-D*#])\s*$/im.exec(text)?.[1] ?? '').toUpperCase();
  const tells: CallEffect[] = digit === '' ? [] : [{ kind: 'tell', event: { kind: 'digit', digit } }];
  return [call, [respond(request, digit === '' ? 400 : 200), ...tells]];
}

/** How far a transfer has come (RFC 3515 §2.4.4): once the third party has answered, we leave. */
function receiveNotify(call: Talking, request: SipRequest): CallStep {
  const event = (headerValue(request, 'Event') ?? '').split(';')[0]?.trim().toLowerCase();
  if (event !== 'refer' || !call.isTransferring) return [call, [respond(request, 481)]];
  const answered: CallStep = [call, [respond(request, 200)]];
  const status = Number(/^SIP\/2\.0 (\d{3})/.exec(new TextDecoder().decode(request.body))?.[1] ?? 0);
  if (status < 200) return answered;
  return andThen(answered, (now) => finishTransfer({ ...now, isTransferring: false }, status));
}

function finishTransfer(call: Talking, status: number): CallStep {
  if (status >= 300) return [call, [{ kind: 'tell', event: { kind: 'transfer-failed', status } }]];
  const [next, effects] = hangUp(call);
  return [next, [{ kind: 'tell', event: { kind: 'transferred' } }, ...effects]];
}
