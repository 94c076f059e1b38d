/*
 * The INVITE server transaction: RFC 3261 §17.2.1 with the Accepted state of RFC 6026 §7.1.
 *
 *             INVITE received: to the user, wait 200 ms
 *                             |
 *                       +------------+   INVITE: send the last response again
 *                       | proceeding |   1xx from the user: send
 *                       |            |   200 ms over: send 100
 *                       +------------+
 *       300-699: send,    |        |    2xx: send,
 *       start G and H     v        v    start L
 *                +-----------+   +----------+
 *    INVITE or G:| completed |   | accepted |  2xx: send
 *    send again  |           |   |          |  ACK: to the user
 *                +-----------+   +----------+  INVITE: absorbed
 *            H:    |      | ACK:          |
 *            timed |      | start I       |
 *            out   |      v               |
 *                  |  +-----------+       |
 *                  |  | confirmed |       | L
 *                  |  +-----------+       |
 *                  |      | I             |
 *                  v      v               v
 *                +-------------------------+
 *                |       terminated        |
 *                +-------------------------+
 *
 * A failed transport is told to the user and changes no state (RFC 6026 §7.1): the next retransmission of
 * the INVITE may come by a path that works. On a reliable transport confirmed is left at once, since I is 0.
 */
import { responseTo, type SipRequest, type SipResponse } from '../message/index.ts';
import {
  type ServerInput,
  send,
  startTimer,
  stopTimer,
  TERMINATED,
  TIMED_OUT,
  TRANSPORT_FAILED,
  type TransactionEffect,
} from './effect.ts';
import { type Path, type PathOptions, pathOf, patienceMs, TRYING_AFTER_MS } from './timers.ts';

type Proceeding = {
  readonly state: 'proceeding';
  readonly path: Path;
  /** The INVITE until a first response exists, then that response. */
  readonly last: SipRequest | SipResponse;
};
type Completed = {
  readonly state: 'completed';
  readonly path: Path;
  readonly response: SipResponse;
  readonly retransmitAfterMs: number;
};
type Confirmed = { readonly state: 'confirmed' };
type Accepted = { readonly state: 'accepted' };
type Terminated = { readonly state: 'terminated' };

/** The transaction as a value. Each state keeps only what it may still have to send. */
export type InviteServer = Proceeding | Completed | Confirmed | Accepted | Terminated;

type Step = [InviteServer, TransactionEffect[]];

const CONFIRMED: Confirmed = { state: 'confirmed' };
const ACCEPTED: Accepted = { state: 'accepted' };
const END: Terminated = { state: 'terminated' };

/** Delivers the INVITE and sees to it that a 100 goes out if the user does not answer within 200 ms. */
export function startInviteServer(request: SipRequest, options: PathOptions): Step {
  return [
    { state: 'proceeding', path: pathOf(options), last: request },
    [startTimer('trying', TRYING_AFTER_MS), { kind: 'deliver-request', request }],
  ];
}

/** The next state and what is to be done. An input that means nothing in a state changes nothing. */
export function stepInviteServer(transaction: InviteServer, input: ServerInput): Step {
  switch (transaction.state) {
    case 'proceeding':
      return whileProceeding(transaction, input);
    case 'completed':
      return whileCompleted(transaction, input);
    case 'confirmed':
      return input.kind === 'timer' && input.timer === 'I' ? [END, [TERMINATED]] : [transaction, []];
    case 'accepted':
      return whileAccepted(input);
    case 'terminated':
      return [transaction, []];
  }
}

function whileProceeding(proceeding: Proceeding, input: ServerInput): Step {
  const { last, path } = proceeding;
  switch (input.kind) {
    case 'respond':
      return respond(proceeding, input.response);
    case 'request':
      return [proceeding, last.kind === 'response' && input.request.method === 'INVITE' ? [send(last)] : []];
    case 'timer': {
      if (input.timer !== 'trying' || last.kind === 'response') return [proceeding, []];
      const trying = responseTo(last, 100);
      return [{ state: 'proceeding', path, last: trying }, [send(trying)]];
    }
    case 'transport-failed':
      return [proceeding, [TRANSPORT_FAILED]];
  }
}

function respond({ path, last }: Proceeding, response: SipResponse): Step {
  const effects: TransactionEffect[] = last.kind === 'request' ? [stopTimer('trying')] : [];
  effects.push(send(response));
  if (response.status < 200) return [{ state: 'proceeding', path, last: response }, effects];
  if (response.status < 300) return [ACCEPTED, [...effects, startTimer('L', patienceMs(path))]];
  const retransmitAfterMs = path.timers.t1Ms;
  if (!path.reliable) effects.push(startTimer('G', retransmitAfterMs));
  effects.push(startTimer('H', patienceMs(path)));
  return [{ state: 'completed', path, response, retransmitAfterMs }, effects];
}

function whileCompleted(completed: Completed, input: ServerInput): Step {
  const { path, response } = completed;
  const stopG = path.reliable ? [] : [stopTimer('G')];
  if (input.kind === 'request') {
    if (input.request.method !== 'ACK') return [completed, [send(response)]];
    const stops = [...stopG, stopTimer('H')];
    if (path.reliable) return [END, [...stops, TERMINATED]];
    return [CONFIRMED, [...stops, startTimer('I', path.timers.t4Ms)]];
  }
  if (input.kind === 'timer' && input.timer === 'G') {
    const retransmitAfterMs = Math.min(2 * completed.retransmitAfterMs, path.timers.t2Ms);
    return [{ ...completed, retransmitAfterMs }, [send(response), startTimer('G', retransmitAfterMs)]];
  }
  if (input.kind === 'timer' && input.timer === 'H') return [END, [...stopG, TIMED_OUT, TERMINATED]];
  if (input.kind === 'transport-failed') return [completed, [TRANSPORT_FAILED]];
  return [completed, []];
}

/** The user repeats its 2xx itself, until the ACK comes (RFC 3261 §13.3.1.4). */
function whileAccepted(input: ServerInput): Step {
  switch (input.kind) {
    case 'respond': {
      const isSuccess = input.response.status >= 200 && input.response.status < 300;
      return [ACCEPTED, isSuccess ? [send(input.response)] : []];
    }
    case 'request': {
      const { request } = input;
      return [ACCEPTED, request.method === 'ACK' ? [{ kind: 'deliver-request', request }] : []];
    }
    case 'timer':
      return input.timer === 'L' ? [END, [TERMINATED]] : [ACCEPTED, []];
    case 'transport-failed':
      return [ACCEPTED, [TRANSPORT_FAILED]];
  }
}
