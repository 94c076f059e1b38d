import { ackWithin, type Dialog, requestWithin } from '../../../../protocols/sip/dialog/index.ts';
import { cseq } from '../../../../protocols/sip/message/index.ts';
import { hasCredentials, isChallenge } from '../../digest-client.ts';
import type {
  CallEffect,
  CallInput,
  CallSetting,
  CallStep,
  CallTimer,
  Ended,
  Ending,
  Leaving,
} from './call.ts';
import { respond, USER_AGENT } from './messages.ts';

export const ENDED: Ended = { state: 'ended' };

const TIMERS: readonly CallTimer[] = ['retransmit', 'give-up', 'refresh', 'expiry', 'glare'];
const STOP_ALL: readonly CallEffect[] = TIMERS.map((timer) => ({ kind: 'stop-timer', timer }));

/** The call is over, and nothing is left to be sent. @param ending undefined where the user knows of it already */
export function end(ending: Ending | undefined, before: readonly CallEffect[] = []): CallStep {
  return [ENDED, [...before, ...STOP_ALL, ...tellEnding(ending), { kind: 'forget' }]];
}

/**
 * Ends the session with BYE (RFC 3261 §15.1.1).
 * @param ending undefined where the user knows of it already
 */
export function leave(
  call: { readonly setting: CallSetting; readonly dialog: Dialog },
  ending: Ending | undefined,
): CallStep {
  const [dialog, bye] = requestWithin(call.dialog, 'BYE', { headers: [USER_AGENT] });
  return [
    { state: 'leaving', setting: call.setting, dialog },
    [...STOP_ALL, { kind: 'send', request: bye }, ...tellEnding(ending)],
  ];
}

function tellEnding(ending: Ending | undefined): CallEffect[] {
  return ending === undefined ? [] : [{ kind: 'tell', event: { kind: 'ended', ending } }];
}

/** While our BYE is under way: the other side's may cross it, and a 2xx to a late re-INVITE still wants its ACK. */
export function stepLeaving(call: Leaving, input: CallInput): CallStep {
  switch (input.kind) {
    case 'request':
      // Whoever sends BYE knows that the call is over: the answer to ours would tell nothing new.
      return input.request.method === 'BYE'
        ? [ENDED, [respond(input.request, 200), { kind: 'forget' }]]
        : [call, [respond(input.request, 481)]];
    case 'no-response':
      return input.request.method === 'BYE' ? [ENDED, [{ kind: 'forget' }]] : [call, []];
    case 'response':
      return input.request.method === 'BYE' ? answeredBye(call, input) : acknowledgeLate(call, input);
    default:
      return [call, []];
  }
}

function answeredBye(call: Leaving, input: Extract<CallInput, { kind: 'response' }>): CallStep {
  const { request, response, credentials } = input;
  if (response.status < 200 || cseq(request).number !== call.dialog.localCseq) return [call, []];
  if (isChallenge(response) && credentials !== undefined && !hasCredentials(request)) {
    const [dialog, bye] = requestWithin(call.dialog, 'BYE', { headers: [USER_AGENT, credentials] });
    return [{ ...call, dialog }, [{ kind: 'send', request: bye }]];
  }
  return [ENDED, [{ kind: 'forget' }]];
}

function acknowledgeLate(
  call: Leaving,
  { request, response }: Extract<CallInput, { kind: 'response' }>,
): CallStep {
  const wantsAck = request.method === 'INVITE' && response.status >= 200 && response.status < 300;
  if (!wantsAck) return [call, []];
  return [call, [{ kind: 'acknowledge', ack: ackWithin(call.dialog, request) }]];
}
