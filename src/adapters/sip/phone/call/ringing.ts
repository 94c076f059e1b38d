import { dialogOfUas, receiveWithin } from '../../../../protocols/sip/dialog/index.ts';
import type { HeaderField, SipRequest } from '../../../../protocols/sip/message/index.ts';
import {
  answerSessionTimer,
  describesSession,
  NO_SESSION,
  observe,
  retryAfterSeconds,
  startAcceptedInvite,
} from '../../../../protocols/sip/session/index.ts';
import type { CallInput, CallSetting, CallStep, Ringing } from './call.ts';
import { answerTo, offerOf } from './description.ts';
import { end } from './ending.ts';
import { ALLOW, reasonOf, respond, SDP, USER_AGENT, unknownOptionsOf } from './messages.ts';
import { talkAsCallee } from './talking.ts';

/**
 * We are called: rings, where we could answer at all. Otherwise the call is over at once, and the last effect
 * is `forget`.
 */
export function receiveCall(setting: CallSetting, invite: SipRequest): CallStep {
  const { tag, contact, sound, sessionTimers } = setting;
  const refuse = (status: number, headers: readonly HeaderField[] = []): CallStep =>
    end({ by: 'us', wasAnswered: false, status }, [respond(invite, status, { tag, headers })]);
  const unknown = unknownOptionsOf(invite);
  if (unknown.length > 0) return refuse(420, [{ name: 'Unsupported', value: unknown.join(', ') }]);
  const dialog = dialogOfUas(invite, tag, contact);
  if (!dialog.ok) return refuse(dialog.problem.status);
  const timer = answerSessionTimer(invite, sessionTimers);
  if (timer.kind === 'too-small') return refuse(422, timer.headers);
  const ours = { ...sound, version: 1, direction: 'sendrecv' } as const;
  if (describesSession(invite) && answerTo(invite.body, ours) === undefined) return refuse(488);
  const ringing: Ringing = { state: 'ringing', setting, invite, dialog: dialog.value };
  const headers = [{ name: 'Contact', value: contact }, ALLOW, USER_AGENT];
  return [ringing, [respond(invite, 180, { tag, headers })]];
}

export function stepRinging(call: Ringing, input: CallInput): CallStep {
  switch (input.kind) {
    case 'answer':
      return answer(call);
    case 'refuse':
      return refuseWith(call, input.status);
    case 'hang-up':
      return refuseWith(call, 603);
    case 'cancelled': {
      const ending = {
        by: 'other-side',
        wasAnswered: false,
        status: 487,
        ...reasonOf(input.cancel),
      } as const;
      return end(ending, [respond(call.invite, 487, { tag: call.setting.tag })]);
    }
    case 'request':
      return receiveRequest(call, input.request);
    default:
      return [call, []];
  }
}

function refuseWith(call: Ringing, status: number): CallStep {
  const response = respond(call.invite, status, { tag: call.setting.tag, headers: [USER_AGENT] });
  return end({ by: 'us', wasAnswered: false, status }, [response]);
}

/** Answers with 200, which is repeated until its ACK comes (RFC 3261 §13.3.1.4). */
function answer(call: Ringing): CallStep {
  const { setting, invite } = call;
  const { tag, contact, sound, sipTimers } = setting;
  const timer = answerSessionTimer(invite, setting.sessionTimers);
  const ours = { ...sound, version: 1, direction: 'sendrecv' } as const;
  const answered = describesSession(invite) ? answerTo(invite.body, ours) : undefined;
  if (timer.kind === 'too-small') return refuseWith(call, 422);
  const { response } = respond(invite, 200, {
    tag,
    headers: [{ name: 'Contact', value: contact }, ALLOW, ...timer.headers, USER_AGENT, SDP],
    body: answered?.body ?? offerOf(ours),
  });
  const session = observe(observe(NO_SESSION, 'remote', invite), 'local', response);
  const accepted = startAcceptedInvite(response, sipTimers);
  return talkAsCallee(call, { session, accepted, timerTerms: timer.terms, terms: answered?.terms });
}

/** In the early dialog: the caller may leave it, and may not change what is not there yet. */
function receiveRequest(call: Ringing, request: SipRequest): CallStep {
  const { tag, chance } = call.setting;
  const received = receiveWithin(call.dialog, request);
  if (!received.ok) return [call, [respond(request, received.status)]];
  const next = { ...call, dialog: received.dialog };
  switch (request.method) {
    case 'BYE':
      return end({ by: 'other-side', wasAnswered: false, status: 487, ...reasonOf(request) }, [
        respond(request, 200),
        respond(call.invite, 487, { tag }),
      ]);
    case 'INVITE':
    case 'UPDATE': {
      const retryAfter = { name: 'Retry-After', value: String(retryAfterSeconds(chance)) };
      return [next, [respond(request, 500, { headers: [retryAfter] })]];
    }
    case 'PRACK':
      return [next, [respond(request, 481)]];
    default:
      return [next, [respond(request, 405, { headers: [ALLOW] })]];
  }
}
