/*
 * The INVITE client transaction: RFC 3261 §17.1.1 with the Accepted state of RFC 6026 §7.2.
 *
 *            INVITE sent, A and B started
 *                        |
 *    A: send again  +---------+   1xx    +------------+
 *    and double A   | calling |--------->| proceeding |  1xx: to the user
 *          +------->|         |          |            |  cancelled: start B
 *          +--------|         |          |            |
 *                   +---------+          +------------+
 *                    |  |  |               |   |    |
 *       B or failed  |  |  |  300-699      |   |    |  B (after CANCEL only)
 *       transport    |  |  +-------+-------|---+    |
 *                    |  |          |       |        |
 *                    |  |2xx       |ACK,   |2xx     |
 *                    |  |start M   |start D|start M |
 *                    |  |          v       |        |
 *                    |  |    +-----------+ |        |
 *                    |  |    | completed | |        |   300-699: ACK again
 *                    |  |    +-----------+ |        |
 *                    |  v          |       v        |
 *                    | +----------------------+     |
 *                    | |       accepted       |     |   2xx: to the user
 *                    | +----------------------+     |
 *                    |   | M         | D, or failed |
 *                    v   v           v transport    v
 *                   +--------------------------------+
 *                   |           terminated           |
 *                   +--------------------------------+
 *
 * (completed leads to terminated past accepted; on a reliable transport at once, since D is 0.)
 */
import type { SipRequest, SipResponse } from '../message/index.ts';
import { ackForFailure } from './ack.ts';
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

type Calling = {
  readonly state: 'calling';
  readonly path: Path;
  readonly request: SipRequest;
  readonly retransmitAfterMs: number;
};
type Proceeding = {
  readonly state: 'proceeding';
  readonly path: Path;
  /** Kept for the ACK of a failure, which is built from it. */
  readonly request: SipRequest;
  readonly cancelled: boolean;
};
type Completed = { readonly state: 'completed'; readonly ack: SipRequest };
type Accepted = { readonly state: 'accepted' };
type Terminated = { readonly state: 'terminated' };

/** The transaction as a value. Each state keeps only what it may still have to send. */
export type InviteClient = Calling | Proceeding | Completed | Accepted | Terminated;

type Step = [InviteClient, TransactionEffect[]];

const ACCEPTED: Accepted = { state: 'accepted' };
const END: Terminated = { state: 'terminated' };

/** Sends the INVITE, which must already carry its Via with a fresh branch. */
export function startInviteClient(request: SipRequest, options: PathOptions): Step {
  const path = pathOf(options);
  const retransmitAfterMs = path.timers.t1Ms;
  const effects = [send(request)];
  if (!path.reliable) effects.push(startTimer('A', retransmitAfterMs));
  effects.push(startTimer('B', patienceMs(path)));
  return [{ state: 'calling', path, request, retransmitAfterMs }, effects];
}

/** The next state and what is to be done. An input that means nothing in a state changes nothing. */
export function stepInviteClient(transaction: InviteClient, input: ClientInput): Step {
  switch (transaction.state) {
    case 'calling':
      return whileCalling(transaction, input);
    case 'proceeding':
      return whileProceeding(transaction, input);
    case 'completed':
      return whileCompleted(transaction, input);
    case 'accepted':
      return whileAccepted(input);
    case 'terminated':
      return [transaction, []];
  }
}

function whileCalling(calling: Calling, input: ClientInput): Step {
  const stops = calling.path.reliable ? [stopTimer('B')] : [stopTimer('A'), stopTimer('B')];
  if (input.kind === 'response') {
    if (input.response.status >= 200) return conclude(calling, input.response, stops);
    const { path, request } = calling;
    return [{ state: 'proceeding', path, request, cancelled: false }, [...stops, deliver(input.response)]];
  }
  if (input.kind === 'timer' && input.timer === 'A') {
    const retransmitAfterMs = 2 * calling.retransmitAfterMs;
    return [{ ...calling, retransmitAfterMs }, [send(calling.request), startTimer('A', retransmitAfterMs)]];
  }
  if (input.kind === 'timer' && input.timer === 'B') return [END, [...stops, TIMED_OUT, TERMINATED]];
  if (input.kind === 'transport-failed') return [END, [...stops, TRANSPORT_FAILED, TERMINATED]];
  return [calling, []];
}

function whileProceeding(proceeding: Proceeding, input: ClientInput): Step {
  const stops = proceeding.cancelled ? [stopTimer('B')] : [];
  if (input.kind === 'response') {
    if (input.response.status >= 200) return conclude(proceeding, input.response, stops);
    return [proceeding, [deliver(input.response)]];
  }
  if (input.kind === 'cancelled' && !proceeding.cancelled) {
    return [{ ...proceeding, cancelled: true }, [startTimer('B', patienceMs(proceeding.path))]];
  }
  if (input.kind === 'timer' && input.timer === 'B' && proceeding.cancelled) {
    return [END, [...stops, TIMED_OUT, TERMINATED]];
  }
  return [proceeding, []];
}

/** A final response: a 2xx is acknowledged by the user, anything else here (RFC 3261 §17.1.1.3). */
function conclude(from: Calling | Proceeding, response: SipResponse, stops: TransactionEffect[]): Step {
  if (response.status < 300) {
    return [ACCEPTED, [...stops, startTimer('M', patienceMs(from.path)), deliver(response)]];
  }
  const ack = ackForFailure(from.request, response);
  const effects = [...stops, send(ack), deliver(response)];
  if (from.path.reliable) return [END, [...effects, TERMINATED]];
  return [{ state: 'completed', ack }, [...effects, startTimer('D', patienceMs(from.path))]];
}

function whileCompleted(completed: Completed, input: ClientInput): Step {
  if (input.kind === 'response' && input.response.status >= 300) return [completed, [send(completed.ack)]];
  if (input.kind === 'timer' && input.timer === 'D') return [END, [TERMINATED]];
  if (input.kind === 'transport-failed') return [END, [stopTimer('D'), TRANSPORT_FAILED, TERMINATED]];
  return [completed, []];
}

/** Every 2xx goes up: it may come from another branch of a fork, and each repetition wants its ACK again. */
function whileAccepted(input: ClientInput): Step {
  const isSuccess = input.kind === 'response' && input.response.status >= 200 && input.response.status < 300;
  if (isSuccess) return [ACCEPTED, [deliver(input.response)]];
  if (input.kind === 'timer' && input.timer === 'M') return [END, [TERMINATED]];
  return [ACCEPTED, []];
}
