import {
  ackWithin,
  dialogOfUac,
  refreshTarget,
  requestWithin,
} from '../../../../protocols/sip/dialog/index.ts';
import {
  cseq,
  headerValue,
  type SipRequest,
  type SipResponse,
  toTag,
} from '../../../../protocols/sip/message/index.ts';
import {
  describesSession,
  glareDelayMs,
  observe,
  policyAfter422,
  sessionTimerTerms,
} from '../../../../protocols/sip/session/index.ts';
import { hasCredentials, isChallenge } from '../../digest-client.ts';
import type { CallEffect, CallInput, CallStep, Talking } from './call.ts';
import { termsOf } from './description.ts';
import { leave } from './ending.ts';
import { USER_AGENT } from './messages.ts';
import { holdsUs } from './sound-terms.ts';
import { andThen, ask, connected, stepTiming } from './talking.ts';

/** A response to a request of ours in a call that is answered. */
export function receiveResponse(call: Talking, input: Extract<CallInput, { kind: 'response' }>): CallStep {
  const { request, response, credentials } = input;
  const { method } = request;
  if (method === 'INVITE' && isSuccess(response) && !isAwaited(call, request, response))
    return acknowledgeAgain(call, request, response);
  if (response.status < 200 || (toTag(response) ?? '') !== call.dialog.remoteTag) return [call, []];
  const seen = { ...call, session: observe(call.session, 'remote', response) };
  if (isChallenge(response) && credentials !== undefined && !hasCredentials(request)) {
    const headers = request.headers.filter(({ name }) => !OF_THE_DIALOG.has(name));
    return ask(seen, method, [...headers, credentials], request.body);
  }
  switch (method) {
    case 'INVITE':
      return isSuccess(response) ? changed(seen, request, response) : refused(seen, response);
    case 'UPDATE':
      return isSuccess(response) ? refreshed(seen, response) : refreshFailed(seen, response);
    case 'REFER':
      return isSuccess(response) ? [seen, []] : transferFailed(seen, response.status);
    default:
      return [seen, []];
  }
}

/** Nobody answered a request in the dialog. RFC 3261 §12.2.1.2: then the dialog is over. */
export function missResponse(call: Talking, request: SipRequest, status: 408 | 503): CallStep {
  switch (request.method) {
    case 'INVITE':
    case 'UPDATE':
      return leave(call, { by: 'us', wasAnswered: true, status });
    case 'REFER':
      return transferFailed(call, status);
    default:
      return [call, []];
  }
}

/** Written anew for every request of the dialog. */
const OF_THE_DIALOG = new Set(['Max-Forwards', 'Route', 'From', 'To', 'Call-ID', 'CSeq', 'Contact']);

function isSuccess({ status }: SipResponse): boolean {
  return status >= 200 && status < 300;
}

/** Whether it is the first 2xx to the INVITE that is under way. */
function isAwaited({ session, dialog }: Talking, request: SipRequest, response: SipResponse): boolean {
  const { invite } = session;
  const isOurs = invite?.by === 'local' && !invite.succeeded && invite.cseq === cseq(request).number;
  return isOurs && (toTag(response) ?? '') === dialog.remoteTag;
}

/** A 2xx that came again gets its ACK again; one of another party that was called too is ended at once. */
function acknowledgeAgain(call: Talking, request: SipRequest, response: SipResponse): CallStep {
  if ((toTag(response) ?? '') === call.dialog.remoteTag) {
    return [call, [{ kind: 'acknowledge', ack: ackWithin(call.dialog, request) }]];
  }
  const other = dialogOfUac(request, response);
  if (!other.ok) return [call, []];
  const ack = ackWithin(other.value, request);
  const [, bye] = requestWithin(other.value, 'BYE', { headers: [USER_AGENT] });
  return [
    call,
    [
      { kind: 'acknowledge', ack },
      { kind: 'send', request: bye },
    ],
  ];
}

/** Our re-INVITE was taken. */
function changed(call: Talking, request: SipRequest, response: SipResponse): CallStep {
  const dialog = refreshTarget(call.dialog, headerValue(response, 'Contact'));
  const ack = ackWithin(dialog, request);
  const acknowledge: CallEffect = { kind: 'acknowledge', ack };
  const session = observe(call.session, 'local', ack);
  const saysHold = call.offersHold;
  const answer = describesSession(response)
    ? termsOf(response.body, saysHold ? 'sendonly' : 'sendrecv')
    : undefined;
  const next: Talking = {
    ...call,
    dialog,
    session,
    saysHold,
    ...(answer === undefined ? {} : { terms: answer }),
  };
  const tells: CallEffect[] =
    saysHold === call.saysHold
      ? []
      : [{ kind: 'tell', event: { kind: saysHold ? 'held' : 'resumed', by: 'us' } }];
  const heldMeanwhile: CallEffect[] =
    !saysHold && call.saysHold && answer !== undefined && holdsUs(answer)
      ? [{ kind: 'tell', event: { kind: 'held', by: 'other-side' } }]
      : [];
  const [connectedCall, connecting] = connected(next);
  const step: CallStep = [connectedCall, [acknowledge, ...connecting, ...tells, ...heldMeanwhile]];
  return andThen(step, (now) => refreshed(now, response));
}

/** Our re-INVITE was refused: the session stays as it was (RFC 3261 §14.1). */
function refused(call: Talking, response: SipResponse): CallStep {
  const { status } = response;
  if (status === 481 || status === 408) return leave(call, { by: 'us', wasAnswered: true, status });
  // An INVITE that was only to refresh is repeated by the session timer.
  if (call.offersHold === call.saysHold) return refreshFailed(call, response);
  if (status === 491) {
    const { setting, dialog } = call;
    const afterMs = glareDelayMs(dialog.role === 'uac', setting.chance);
    return [{ ...call, waitsAfterGlare: true }, [{ kind: 'start-timer', timer: 'glare', afterMs }]];
  }
  const policy = status === 422 ? policyAfter422(call.sessionTimers, response) : undefined;
  if (policy !== undefined) return [{ ...call, sessionTimers: policy }, []];
  const [next, connecting] = connected({ ...call, wantsHold: call.saysHold });
  return [next, [...connecting, { kind: 'tell', event: { kind: 'change-refused', status } }]];
}

function refreshed(call: Talking, response: SipResponse): CallStep {
  const dialog = refreshTarget(call.dialog, headerValue(response, 'Contact'));
  const terms = sessionTimerTerms(response, call.sessionTimers);
  return stepTiming({ ...call, dialog }, { kind: 'refreshed', terms });
}

function refreshFailed(call: Talking, response: SipResponse): CallStep {
  const policy = response.status === 422 ? policyAfter422(call.sessionTimers, response) : undefined;
  const next = policy === undefined ? call : { ...call, sessionTimers: policy };
  return stepTiming(next, { kind: 'refresh-failed', status: response.status });
}

function transferFailed(call: Talking, status: number): CallStep {
  return [{ ...call, isTransferring: false }, [{ kind: 'tell', event: { kind: 'transfer-failed', status } }]];
}
