import {
  ackWithin,
  confirmDialog,
  type Dialog,
  dialogOfUac,
  requestWithin,
} from '../../../../protocols/sip/dialog/index.ts';
import {
  cseq,
  type HeaderField,
  type SipRequest,
  type SipResponse,
  toTag,
  withHeader,
} from '../../../../protocols/sip/message/index.ts';
import {
  describesSession,
  judgeProvisional,
  NO_SESSION,
  observe,
  policyAfter422,
  sessionTimerOffer,
} from '../../../../protocols/sip/session/index.ts';
import { hasCredentials, isChallenge } from '../../digest-client.ts';
import type { CallEffect, CallInput, Calling, CallSetting, CallStep, EarlyDialog } from './call.ts';
import { offerOf, termsOf } from './description.ts';
import { end, leave } from './ending.ts';
import { ALLOW, reasonOf, respond, SDP, USER_AGENT } from './messages.ts';
import { talkAsCaller } from './talking.ts';

/** Whom to call, and as whom. */
export type Placing = {
  /** The Request-URI. */
  readonly target: string;
  /** The From value, without a tag. */
  readonly from: string;
  readonly callId: string;
};

/** Calls somebody: the INVITE goes out with our offer. */
export function placeCall(setting: CallSetting, { target, from, callId }: Placing): CallStep {
  const { sound, tag, contact, sessionTimers } = setting;
  const invite: SipRequest = {
    kind: 'request',
    method: 'INVITE',
    uri: target,
    headers: [
      { name: 'Max-Forwards', value: '70' },
      { name: 'From', value: `${from};tag=${tag}` },
      { name: 'To', value: `<${target}>` },
      { name: 'Call-ID', value: callId },
      { name: 'CSeq', value: '1 INVITE' },
      { name: 'Contact', value: contact },
      ALLOW,
      { name: 'Supported', value: '100rel, replaces' },
      ...sessionTimerOffer(sessionTimers),
      USER_AGENT,
      SDP,
    ],
    body: offerOf({ ...sound, version: 1, direction: 'sendrecv' }),
  };
  const call: Calling = { state: 'calling', setting, invite, early: [], isGivenUp: false };
  return [call, [{ kind: 'send', request: invite }]];
}

export function stepCalling(call: Calling, input: CallInput): CallStep {
  switch (input.kind) {
    case 'response':
      return input.request === call.invite ? receive(call, input.response, input.credentials) : [call, []];
    case 'no-response':
      return input.request === call.invite ? fail(call, input.status) : [call, []];
    case 'hang-up':
      return call.isGivenUp ? [call, []] : giveUp(call);
    case 'request':
      // A session that is only being set up is not changed yet: the other side tries again (RFC 3311 §5.2).
      return [call, [respond(input.request, input.request.method === 'UPDATE' ? 491 : 481)]];
    default:
      return [call, []];
  }
}

/** To the user the call is over; what the CANCEL comes to may be known only half a minute later. */
function giveUp(call: Calling): CallStep {
  const ending = { by: 'us', wasAnswered: false, status: 487 } as const;
  return [
    { ...call, isGivenUp: true },
    [{ kind: 'cancel' }, { kind: 'tell', event: { kind: 'ended', ending } }],
  ];
}

function receive(call: Calling, response: SipResponse, credentials: HeaderField | undefined): CallStep {
  const { status } = response;
  if (status < 200) return progress(call, response);
  if (status < 300) return accepted(call, response);
  const mayRepeat = !call.isGivenUp;
  if (mayRepeat && isChallenge(response) && credentials !== undefined && !hasCredentials(call.invite)) {
    return repeat(call, [...call.invite.headers, credentials]);
  }
  const policy =
    status === 422 && mayRepeat ? policyAfter422(call.setting.sessionTimers, response) : undefined;
  if (policy !== undefined) {
    const setting = { ...call.setting, sessionTimers: policy };
    const asked = ['Supported', 'Session-Expires', 'Min-SE'];
    const others = call.invite.headers.filter(({ name }) => !asked.includes(name));
    const supported = { name: 'Supported', value: '100rel, replaces' };
    return repeat({ ...call, setting }, [...others, supported, ...sessionTimerOffer(policy)]);
  }
  return fail(call, status, reasonOf(response));
}

/** The INVITE once more, as a new request of the same call (RFC 3261 §22.2, RFC 4028 §7.3). */
function repeat(call: Calling, headers: readonly HeaderField[]): CallStep {
  const number = cseq(call.invite).number + 1;
  const invite = withHeader({ ...call.invite, headers }, 'CSeq', `${number} INVITE`);
  return [{ ...call, invite, early: [] }, [{ kind: 'send', request: invite }]];
}

function fail(call: Calling, status: number, reason: { readonly reason?: string } = {}): CallStep {
  return end(call.isGivenUp ? undefined : { by: 'other-side', wasAnswered: false, status, ...reason });
}

function progress(call: Calling, response: SipResponse): CallStep {
  const tag = toTag(response);
  const tells: CallEffect[] =
    response.status === 180 && !call.isGivenUp ? [{ kind: 'tell', event: { kind: 'ringing' } }] : [];
  if (response.status === 100 || tag === undefined) return [call, tells];
  const known = call.early.find(({ dialog }) => dialog.remoteTag === tag);
  const early = known ?? openEarly(call, response);
  if (early === undefined) return [call, tells];
  const verdict = judgeProvisional(response, early.lastRseq);
  if (verdict.kind === 'ignore') return [call, []];
  const effects: CallEffect[] = [...tells];
  let next: EarlyDialog = { ...early, session: observe(early.session, 'remote', response) };
  if (verdict.kind === 'acknowledge') {
    const headers = [{ name: 'RAck', value: verdict.rack }, USER_AGENT];
    const [dialog, prack] = requestWithin(next.dialog, 'PRACK', { headers });
    next = { ...next, dialog, lastRseq: verdict.rseq, session: observe(next.session, 'local', prack) };
    effects.push({ kind: 'send', request: prack });
  }
  const terms = describesSession(response) ? termsOf(response.body, 'sendrecv') : undefined;
  if (terms !== undefined) next = { ...next, terms };
  if (terms !== undefined && !call.isGivenUp) {
    effects.push({ kind: 'connect', terms }, { kind: 'tell', event: { kind: 'early-sound' } });
  }
  return [{ ...call, early: [...call.early.filter((other) => other !== known), next] }, effects];
}

function openEarly({ invite }: Calling, response: SipResponse): EarlyDialog | undefined {
  const dialog = dialogOfUac(invite, response);
  return dialog.ok ? { dialog: dialog.value, session: observe(NO_SESSION, 'local', invite) } : undefined;
}

/** RFC 3261 §13.2.2.4: every 2xx gets its ACK; one that comes too late or cannot be used is ended with BYE. */
function accepted(call: Calling, response: SipResponse): CallStep {
  const known = call.early.find(({ dialog }) => dialog.remoteTag === (toTag(response) ?? ''));
  const opened = known ?? openEarly(call, response);
  if (opened === undefined) return fail(call, 500);
  const dialog: Dialog = confirmDialog(opened.dialog, response);
  const ack = ackWithin(dialog, call.invite);
  const acknowledge: CallEffect = { kind: 'acknowledge', ack };
  const terms = describesSession(response) ? termsOf(response.body, 'sendrecv') : opened.terms;
  if (call.isGivenUp || terms === undefined) {
    const ending = call.isGivenUp ? undefined : ({ by: 'us', wasAnswered: false, status: 488 } as const);
    const [next, effects] = leave({ ...call, dialog }, ending);
    return [next, [acknowledge, ...effects]];
  }
  const session = observe(observe(opened.session, 'remote', response), 'local', ack);
  const [talking, effects] = talkAsCaller(call, { dialog, session, terms, response });
  return [talking, [acknowledge, ...effects]];
}
