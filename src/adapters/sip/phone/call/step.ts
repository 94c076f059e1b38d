/*
 * A call of the phone's, from the first message to the last.
 *
 *      place                                             receive
 *        |                                                  |
 *        v  1xx: ringing, early sound                       v  180
 *   +---------+                                        +---------+   CANCEL, refuse, hang-up,
 *   | calling |                                        | ringing |   BYE: 487, 486, 603, 480
 *   |         |--- 3xx-6xx, nobody answers ---+    +---|         |---------------------------+
 *   +---------+                               |    |   +---------+                           |
 *        |   |                                |    |                                         |
 *        |   | 2xx after hang-up (CANCEL)     |    | answer: 2xx                             |
 *    2xx |   | or without sound:              |    |                                         |
 *    ACK |   | ACK, BYE                       |    v                                         |
 *        |   |        +---------------+       |   re-INVITE, UPDATE of either side,          |
 *        +---|------->|    talking    |<------|-- hold, resume, REFER, INFO, refresh         |
 *            |        +---------------+       |                                              |
 *            |   hang-up, |        | BYE      |                                              |
 *            |   expiry:  |        v          v                                              v
 *            |   BYE      |     +-----------------------------------------------------------------+
 *            v            v     |                              ended                              |
 *           +---------------+   |                                                                 |
 *           |    leaving    |-->|                                                                 |
 *           +---------------+   +-----------------------------------------------------------------+
 *             BYE answered, or not at all
 */
import type { Call, CallInput, CallStep, CallTimer, Talking } from './call.ts';
import { stepCalling } from './calling.ts';
import { stepLeaving } from './ending.ts';
import { stepRinging } from './ringing.ts';
import { andThen, command, settle, stepAccepted, stepTiming } from './talking.ts';
import { receiveRequest } from './within-requests.ts';
import { missResponse, receiveResponse } from './within-responses.ts';

/** The next state of the call and what is to be done, in order. */
export function stepCall(call: Call, input: CallInput): CallStep {
  switch (call.state) {
    case 'calling':
      return stepCalling(call, input);
    case 'ringing':
      return stepRinging(call, input);
    case 'talking':
      return andThen(stepTalking(call, input), settle);
    case 'leaving':
      return stepLeaving(call, input);
    case 'ended':
      return [call, []];
  }
}

function stepTalking(call: Talking, input: CallInput): CallStep {
  switch (input.kind) {
    case 'response':
      return receiveResponse(call, input);
    case 'no-response':
      return missResponse(call, input.request, input.status);
    case 'request':
      return receiveRequest(call, input.request);
    case 'ack':
      return stepAccepted(call, { kind: 'ack', ack: input.ack });
    case 'timer':
      return fire(call, input.timer);
    case 'cancelled':
      // Too late: it was answered (RFC 3261 §9.2).
      return [call, []];
    default:
      return command(call, input);
  }
}

function fire(call: Talking, timer: CallTimer): CallStep {
  switch (timer) {
    case 'retransmit':
    case 'give-up':
      return stepAccepted(call, { kind: 'timer', timer });
    case 'refresh':
    case 'expiry':
      return stepTiming(call, { kind: 'timer', timer });
    case 'glare':
      return [{ ...call, waitsAfterGlare: false }, []];
  }
}
