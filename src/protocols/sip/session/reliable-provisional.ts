/*
 * Reliable provisional responses, the side that sends them: RFC 3262 §3.
 *
 *     provisional: give it the next RSeq, send,
 *     start retransmit (T1) and give-up (64·T1)
 *                      |
 *    +------+          v          +----------------+   retransmit: send again, double
 *    | idle |-------------------->| unacknowledged |   provisional: queue
 *    |      |<--------------------|                |   2xx: hold while a session
 *    +------+  PRACK: 200;        +----------------+        description is unacknowledged
 *        |     send the next of        |       |
 *        |     the queue, if any       |       | give-up:
 *        | final: send                 | final | 504 to the INVITE
 *        v                             v       v
 *    +-----------------------------------------------+
 *    | closed                                        |  PRACK of what was left over: 200
 *    +-----------------------------------------------+
 *
 * A second one is sent only after the first was acknowledged, so that a response cannot overtake another.
 */
import { cseq, type SipRequest, type SipResponse, withHeader } from '../message/index.ts';
import type { Timers } from '../transaction/index.ts';
import { namesOption } from './option-tags.ts';
import { rackOf } from './rack.ts';
import { describesSession } from './session-description.ts';

type Sent = { readonly response: SipResponse; readonly rseq: number; readonly retransmitAfterMs: number };

/** The reliable provisional responses to one INVITE. */
export type ReliableProvisionals = {
  readonly state: 'idle' | 'unacknowledged' | 'closed';
  readonly t1Ms: number;
  readonly nextRseq: number;
  /** What waits for its PRACK; in `closed`, what a late PRACK may still acknowledge. */
  readonly sent?: Sent;
  readonly queue: readonly SipResponse[];
  /** The 2xx that may not overtake an unacknowledged session description. */
  readonly held?: SipResponse;
};

export type ProvisionalInput =
  /** A 101-199 response, without RSeq and Require. */
  | { readonly kind: 'provisional'; readonly response: SipResponse }
  | { readonly kind: 'final'; readonly response: SipResponse }
  | { readonly kind: 'prack'; readonly prack: SipRequest }
  | { readonly kind: 'timer'; readonly timer: 'retransmit' | 'give-up' };

export type ProvisionalEffect =
  /** To be handed to the INVITE server transaction. */
  | { readonly kind: 'send'; readonly response: SipResponse }
  | { readonly kind: 'start-timer'; readonly timer: 'retransmit' | 'give-up'; readonly afterMs: number }
  | { readonly kind: 'stop-timer'; readonly timer: 'retransmit' | 'give-up' }
  /** The PRACK is to be answered with 200; it may hold an answer or an offer. */
  | { readonly kind: 'acknowledged'; readonly prack: SipRequest }
  /** The PRACK acknowledges nothing (481), or is malformed (400). */
  | {
      readonly kind: 'refuse-prack';
      readonly prack: SipRequest;
      readonly status: number;
      readonly detail: string;
    }
  /** The response was never acknowledged: answer the INVITE with 504. */
  | { readonly kind: 'give-up'; readonly status: 504 };

type Step = [ReliableProvisionals, ProvisionalEffect[]];

const STOP_BOTH: readonly ProvisionalEffect[] = [
  { kind: 'stop-timer', timer: 'retransmit' },
  { kind: 'stop-timer', timer: 'give-up' },
];

/**
 * Whether provisional responses to this INVITE are to be sent reliably (RFC 3262 §3): `required` all but 100,
 * `supported` as we like, `unsupported` none.
 */
export function reliabilityOf(invite: SipRequest): 'required' | 'supported' | 'unsupported' {
  if (namesOption(invite, 'Require', '100rel')) return 'required';
  return namesOption(invite, 'Supported', '100rel') ? 'supported' : 'unsupported';
}

/** @param firstRseq chosen at random in 1 … 2^31 − 1 (RFC 3262 §3) */
export function reliableProvisionals(firstRseq: number, timers: Timers): ReliableProvisionals {
  return { state: 'idle', t1Ms: timers.t1Ms, nextRseq: firstRseq, queue: [] };
}

/** The next state and what is to be done. */
export function stepReliableProvisionals(all: ReliableProvisionals, input: ProvisionalInput): Step {
  switch (input.kind) {
    case 'provisional':
      return provide(all, input.response);
    case 'final':
      return finish(all, input.response);
    case 'prack':
      return acknowledge(all, input.prack);
    case 'timer':
      return all.state === 'unacknowledged' && all.sent !== undefined
        ? fire(all, all.sent, input.timer)
        : [all, []];
  }
}

function provide(all: ReliableProvisionals, response: SipResponse): Step {
  if (all.state === 'closed' || all.held !== undefined) return [all, []];
  if (all.state === 'unacknowledged') return [{ ...all, queue: [...all.queue, response] }, []];
  const rseq = all.nextRseq;
  const numbered = withHeader(addRequire(response), 'RSeq', String(rseq));
  const sent: Sent = { response: numbered, rseq, retransmitAfterMs: all.t1Ms };
  return [
    { ...all, state: 'unacknowledged', nextRseq: rseq + 1, sent },
    [
      { kind: 'send', response: numbered },
      { kind: 'start-timer', timer: 'retransmit', afterMs: all.t1Ms },
      { kind: 'start-timer', timer: 'give-up', afterMs: 64 * all.t1Ms },
    ],
  ];
}

function finish(all: ReliableProvisionals, response: SipResponse): Step {
  if (all.state === 'closed') return [all, []];
  if (response.status < 300 && hasUnacknowledgedSession(all)) return [{ ...all, held: response }, []];
  const stops = all.state === 'unacknowledged' ? STOP_BOTH : [];
  return [{ ...all, state: 'closed', queue: [] }, [...stops, { kind: 'send', response }]];
}

function hasUnacknowledgedSession({ sent, queue }: ReliableProvisionals): boolean {
  return (sent !== undefined && describesSession(sent.response)) || queue.some(describesSession);
}

function acknowledge(all: ReliableProvisionals, prack: SipRequest): Step {
  const refuse = (status: number, detail: string): Step => [
    all,
    [{ kind: 'refuse-prack', prack, status, detail }],
  ];
  const rack = rackOf(prack);
  if (!rack.ok) return refuse(400, rack.problem.detail);
  const { sent, ...others } = all;
  const answers = sent === undefined ? undefined : cseq(sent.response);
  if (
    rack.value.rseq !== sent?.rseq ||
    rack.value.cseq !== answers?.number ||
    rack.value.method !== answers.method
  ) {
    return refuse(481, 'The PRACK acknowledges no response that waits for it.');
  }
  const acknowledged: ProvisionalEffect = { kind: 'acknowledged', prack };
  if (all.state === 'closed') return [others, [acknowledged]];
  const [next, effects] = goOn({ ...others, state: 'idle' });
  return [next, [...STOP_BOTH, acknowledged, ...effects]];
}

/** The next of the queue; and the 2xx that waited, once no session description is left. */
function goOn(idle: ReliableProvisionals): Step {
  const { held, ...others } = idle;
  if (held !== undefined && !hasUnacknowledgedSession(idle)) return finish(others, held);
  const [first, ...queue] = idle.queue;
  if (first === undefined) return [idle, []];
  const [next, effects] = provide({ ...others, queue }, first);
  return [held === undefined ? next : { ...next, held }, effects];
}

function fire(all: ReliableProvisionals, sent: Sent, timer: 'retransmit' | 'give-up'): Step {
  if (timer === 'give-up') {
    const { sent: _, held: __, ...others } = all;
    return [{ ...others, state: 'closed', queue: [] }, [...STOP_BOTH, { kind: 'give-up', status: 504 }]];
  }
  const retransmitAfterMs = 2 * sent.retransmitAfterMs;
  return [
    { ...all, sent: { ...sent, retransmitAfterMs } },
    [
      { kind: 'send', response: sent.response },
      { kind: 'start-timer', timer: 'retransmit', afterMs: retransmitAfterMs },
    ],
  ];
}

function addRequire(response: SipResponse): SipResponse {
  return { ...response, headers: [...response.headers, { name: 'Require', value: '100rel' }] };
}
