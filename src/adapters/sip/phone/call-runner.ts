import { headerValue, parseAddress, type SipRequest } from '../../../protocols/sip/message/index.ts';
import type { StopTimer, Timers } from '../../../services/ports/index.ts';
import { type Account, credentialsFor } from '../digest-client.ts';
import type { IncomingRequest, OutgoingRequest, SipEndpoint } from '../endpoint/index.ts';
import type { Flow } from '../network/index.ts';
import {
  type Call,
  type CallEffect,
  type CallEvent,
  type CallInput,
  type CallStep,
  type CallTimer,
  ownsRequest,
  type SoundTerms,
  stepCall,
} from './call/index.ts';

/** What a call cannot do itself. */
export type CallSurroundings = {
  readonly endpoint: SipEndpoint;
  readonly timers: Timers;
  readonly account: Account | undefined;
  /** Where a URI is sent; undefined where its host is a name and there is no server to ask. */
  flowOf(uri: string): Flow | undefined;
  connect(terms: SoundTerms): void;
  tell(event: CallEvent): void;
  /** The last thing that is heard of the call. */
  forget(): void;
};

/** A call with its timers running and its messages sent: inputs are taken one after the other. */
export class CallRunner {
  readonly #around: CallSurroundings;
  readonly #timers = new Map<CallTimer, StopTimer>();
  /** The transaction behind each request that was received, for as long as the call may answer it. */
  readonly #incoming = new WeakMap<SipRequest, IncomingRequest>();
  readonly #waiting: CallInput[] = [];
  #invite: OutgoingRequest | undefined;
  #call: Call = { state: 'ended' };
  #isPerforming = false;

  constructor(around: CallSurroundings) {
    this.#around = around;
  }

  /** The call as it is now. */
  get call(): Call {
    return this.#call;
  }

  /** Takes the first step. @param invite where we are called: what is to be answered */
  begin([call, effects]: CallStep, invite?: IncomingRequest): void {
    if (invite !== undefined) this.#remember(invite);
    this.#call = call;
    this.#performAll(effects);
  }

  /** What the user wants, and what happens; never performed in the middle of another input. */
  input(input: CallInput): void {
    this.#waiting.push(input);
    if (!this.#isPerforming) this.#goOn();
  }

  /** Takes a request where it belongs to this call. @returns whether it does */
  receive(incoming: IncomingRequest): boolean {
    if (!ownsRequest(this.#call, incoming.request)) return false;
    this.#remember(incoming);
    this.input({ kind: 'request', request: incoming.request });
    return true;
  }

  /** Takes the ACK for a 2xx where it belongs to this call. @returns whether it does */
  receiveAck(ack: SipRequest): boolean {
    if (!ownsRequest(this.#call, ack)) return false;
    this.input({ kind: 'ack', ack });
    return true;
  }

  #remember(incoming: IncomingRequest): void {
    this.#incoming.set(incoming.request, incoming);
    if (incoming.request.method === 'INVITE') {
      incoming.onCancel = (cancel) => this.input({ kind: 'cancelled', cancel });
    }
  }

  #goOn(): void {
    for (let input = this.#waiting.shift(); input !== undefined; input = this.#waiting.shift()) {
      const [call, effects] = stepCall(this.#call, input);
      this.#call = call;
      this.#performAll(effects);
    }
  }

  #performAll(effects: readonly CallEffect[]): void {
    this.#isPerforming = true;
    for (const effect of effects) this.#perform(effect);
    this.#isPerforming = false;
    if (this.#waiting.length > 0) this.#goOn();
  }

  #perform(effect: CallEffect): void {
    switch (effect.kind) {
      case 'send':
        this.#send(effect.request);
        break;
      case 'acknowledge': {
        const flow = this.#around.flowOf(nextHopOf(effect.ack));
        if (flow !== undefined) this.#around.endpoint.acknowledge(effect.ack, flow);
        break;
      }
      case 'cancel':
        this.#invite?.cancel();
        break;
      case 'respond':
        this.#incoming.get(effect.request)?.respond(effect.response);
        break;
      case 'start-timer':
        this.#start(effect.timer, effect.afterMs);
        break;
      case 'stop-timer':
        this.#stop(effect.timer);
        break;
      case 'connect':
        this.#around.connect(effect.terms);
        break;
      case 'tell':
        this.#around.tell(effect.event);
        break;
      case 'forget':
        this.#around.forget();
        break;
    }
  }

  #send(request: SipRequest): void {
    const { endpoint, account, flowOf } = this.#around;
    const flow = flowOf(nextHopOf(request));
    if (flow === undefined) {
      this.#waiting.push({ kind: 'no-response', request, status: 503 });
      return;
    }
    const sent = endpoint.send(request, flow, {
      onResponse: (response) => {
        const { credentials } = credentialsFor(account, request, response);
        const answer = credentials === undefined ? {} : { credentials };
        this.input({ kind: 'response', request, response, ...answer });
      },
      onTimeout: () => this.input({ kind: 'no-response', request, status: 408 }),
      onUnreachable: () => this.input({ kind: 'no-response', request, status: 503 }),
    });
    if (request.method === 'INVITE') this.#invite = sent;
  }

  #start(timer: CallTimer, afterMs: number): void {
    this.#stop(timer);
    const stop = this.#around.timers.start(afterMs, () => {
      this.#timers.delete(timer);
      this.input({ kind: 'timer', timer });
    });
    this.#timers.set(timer, stop);
  }

  #stop(timer: CallTimer): void {
    this.#timers.get(timer)?.();
    this.#timers.delete(timer);
  }
}

/** The first router, or the one addressed (RFC 3261 §8.1.2). */
function nextHopOf(request: SipRequest): string {
  const route = headerValue(request, 'Route');
  const router = route === undefined ? undefined : parseAddress(route);
  return router?.ok ? router.value.uri : request.uri;
}
