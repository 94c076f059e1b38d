/*
 * The non-INVITE server transaction: RFC 3261 §17.2.2.
 *
 *          request received: to the user
 *                      |
 *                 +--------+            +------------+
 *     request:    | trying |    1xx     | proceeding |  1xx from the user: send
 *     absorbed    |        |----------->|            |  request: send the last 1xx
 *                 +--------+    send    +------------+
 *                      | 200-699          |         |
 *                      | send, start J    |         | failed transport
 *                      v                  |         |
 *                 +-----------+  200-699  |         |
 *    request:     | completed |<----------+         |
 *    send again   |           |                     |
 *                 +-----------+                     |
 *                      | J, or failed transport     |
 *                      v                            v
 *                 +------------------------------------+
 *                 |            terminated              |
 *                 +------------------------------------+
 *
 * On a reliable transport completed is left at once, since J is 0.
 */
import type { SipRequest, SipResponse } from '../message/index.ts';
import {
  SEND_AGAIN,
  type ServerInput,
  send,
  startTimer,
  stopTimer,
  TERMINATED,
  TRANSPORT_FAILED,
  type TransactionEffect,
} from './effect.ts';
import { type Path, type PathOptions, pathOf, patienceMs } from './timers.ts';

type Trying = { readonly state: 'trying'; readonly path: Path };
type Proceeding = { readonly state: 'proceeding'; readonly path: Path; readonly response: SipResponse };
type Completed = { readonly state: 'completed' };
type Terminated = { readonly state: 'terminated' };

/** The transaction as a value. The request itself is never needed again, and its final response is kept as bytes. */
export type NonInviteServer = Trying | Proceeding | Completed | Terminated;

type Step = [NonInviteServer, TransactionEffect[]];

const COMPLETED: Completed = { state: 'completed' };
const END: Terminated = { state: 'terminated' };

/** Delivers the request. */
export function startNonInviteServer(request: SipRequest, options: PathOptions): Step {
  return [{ state: 'trying', path: pathOf(options) }, [{ kind: 'deliver-request', request }]];
}

/** The next state and what is to be done. An input that means nothing in a state changes nothing. */
export function stepNonInviteServer(transaction: NonInviteServer, input: ServerInput): Step {
  switch (transaction.state) {
    case 'trying':
      return input.kind === 'respond' ? respond(transaction.path, input.response) : [transaction, []];
    case 'proceeding':
      return whileProceeding(transaction, input);
    case 'completed':
      return whileCompleted(input);
    case 'terminated':
      return [transaction, []];
  }
}

function respond(path: Path, response: SipResponse): Step {
  if (response.status < 200) return [{ state: 'proceeding', path, response }, [send(response)]];
  if (path.reliable) return [END, [send(response), TERMINATED]];
  return [COMPLETED, [send(response), startTimer('J', patienceMs(path))]];
}

function whileProceeding(proceeding: Proceeding, input: ServerInput): Step {
  switch (input.kind) {
    case 'respond':
      return respond(proceeding.path, input.response);
    case 'request':
      return [proceeding, [send(proceeding.response)]];
    case 'transport-failed':
      return [END, [TRANSPORT_FAILED, TERMINATED]];
    case 'timer':
      return [proceeding, []];
  }
}

/** A second final response of the user is discarded (RFC 3261 §17.2.2). */
function whileCompleted(input: ServerInput): Step {
  switch (input.kind) {
    case 'request':
      return [COMPLETED, [SEND_AGAIN]];
    case 'timer':
      return input.timer === 'J' ? [END, [TERMINATED]] : [COMPLETED, []];
    case 'transport-failed':
      return [END, [stopTimer('J'), TRANSPORT_FAILED, TERMINATED]];
    case 'respond':
      return [COMPLETED, []];
  }
}
