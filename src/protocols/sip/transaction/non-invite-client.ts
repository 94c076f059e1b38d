/*
 * The non-INVITE client transaction: RFC 3261 §17.1.2.
 *
 *             request sent, E and F started
 *                        |
 *                   +---------+    1xx     +------------+
 *   E: send again,  | trying  |----------->| proceeding |  1xx: to the user
 *   double up to T2 |         |            |            |  E: send again, E = T2
 *                   +---------+            +------------+
 *                     |     | 200-699         |      |
 *          F or failed|     | start K         |      | F or failed
 *          transport  |     v                 |      | transport
 *                     |   +-----------+       |      |
 *                     |   | completed |<------+      |
 *                     |   +-----------+ 200-699      |
 *                     |         | K                  |
 *                     v         v                    v
 *                   +---------------------------------+
 *                   |           terminated            |
 *                   +---------------------------------+
 */
import type { SipRequest } from '../message/index.ts';
import {
  type ClientInput,
  deliver,
  send,
  startTimer,
  stopTimer,
  TERMINATED,
  TIMED_OUT,
  TRANSPORT_FAILED,
  type TransactionEffect,
} from './effect.ts';
import { type Path, type PathOptions, pathOf, patienceMs } from './timers.ts';

type Waiting = {
  readonly state: 'trying' | 'proceeding';
  readonly path: Path;
  readonly request: SipRequest;
  readonly retransmitAfterMs: number;
};
type Completed = { readonly state: 'completed' };
type Terminated = { readonly state: 'terminated' };

/** The transaction as a value. The request is kept until the final response. */
export type NonInviteClient = Waiting | Completed | Terminated;

type Step = [NonInviteClient, TransactionEffect[]];

const COMPLETED: Completed = { state: 'completed' };
const END: Terminated = { state: 'terminated' };

/** Sends the request, which must already carry its Via with a fresh branch (CANCEL: the INVITE's). */
export function startNonInviteClient(request: SipRequest, options: PathOptions): Step {
  const path = pathOf(options);
  const retransmitAfterMs = path.timers.t1Ms;
  const effects = [send(request)];
  if (!path.reliable) effects.push(startTimer('E', retransmitAfterMs));
  effects.push(startTimer('F', patienceMs(path)));
  return [{ state: 'trying', path, request, retransmitAfterMs }, effects];
}

/** The next state and what is to be done. An input that means nothing in a state changes nothing. */
export function stepNonInviteClient(transaction: NonInviteClient, input: ClientInput): Step {
  switch (transaction.state) {
    case 'trying':
    case 'proceeding':
      return whileWaiting(transaction, input);
    case 'completed':
      return whileCompleted(input);
    case 'terminated':
      return [transaction, []];
  }
}

function whileWaiting(waiting: Waiting, input: ClientInput): Step {
  const stops = waiting.path.reliable ? [stopTimer('F')] : [stopTimer('E'), stopTimer('F')];
  if (input.kind === 'response') {
    const delivery = deliver(input.response);
    if (input.response.status < 200) return [{ ...waiting, state: 'proceeding' }, [delivery]];
    if (waiting.path.reliable) return [END, [...stops, delivery, TERMINATED]];
    return [COMPLETED, [...stops, delivery, startTimer('K', waiting.path.timers.t4Ms)]];
  }
  if (input.kind === 'timer' && input.timer === 'E') return retransmit(waiting);
  if (input.kind === 'timer' && input.timer === 'F') return [END, [...stops, TIMED_OUT, TERMINATED]];
  if (input.kind === 'transport-failed') return [END, [...stops, TRANSPORT_FAILED, TERMINATED]];
  return [waiting, []];
}

/** Waits twice as long each time up to T2, and T2 once the server is known to work (RFC 3261 §17.1.2.2). */
function retransmit(waiting: Waiting): Step {
  const { t2Ms } = waiting.path.timers;
  const doubled = Math.min(2 * waiting.retransmitAfterMs, t2Ms);
  const retransmitAfterMs = waiting.state === 'proceeding' ? t2Ms : doubled;
  return [{ ...waiting, retransmitAfterMs }, [send(waiting.request), startTimer('E', retransmitAfterMs)]];
}

/** Retransmitted responses are absorbed. */
function whileCompleted(input: ClientInput): Step {
  return input.kind === 'timer' && input.timer === 'K' ? [END, [TERMINATED]] : [COMPLETED, []];
}
