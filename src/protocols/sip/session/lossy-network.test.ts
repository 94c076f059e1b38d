import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sipRequest } from '../../../../test/support/sip-messages.ts';
import { VirtualClock } from '../../../../test/support/virtual-clock.ts';
import { ackWithin, dialogOfUac } from '../dialog/index.ts';
import {
  cseq,
  prependHeader,
  responseTo,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  withHeader,
} from '../message/index.ts';
import {
  DEFAULT_TIMERS,
  serverTransactionKey,
  startInviteClient,
  startInviteServer,
  startNonInviteClient,
  startNonInviteServer,
  stepInviteClient,
  stepInviteServer,
  stepNonInviteClient,
  stepNonInviteServer,
  type TransactionEffect,
} from '../transaction/index.ts';
import {
  type AcceptedInvite,
  type AcceptedInviteEffect,
  startAcceptedInvite,
  stepAcceptedInvite,
} from './accepted-invite.ts';

/** What happens to one datagram: the delays after which its copies arrive. None: it is lost. */
type Fate = readonly number[];

const LONGEST_DELAY_MS = 100;
/** The timers leave seven INVITEs in 32 s, so that with six losses one round trip is spared. */
const MOST_LOSSES = 6;

const delay = fc.integer({ min: 1, max: LONGEST_DELAY_MS });
const fates: fc.Arbitrary<Fate[]> = fc
  .array(fc.array(delay, { minLength: 0, maxLength: 3 }), { maxLength: 60 })
  .map((all) => {
    let losses = 0;
    return all.filter((copies) => copies.length > 0 || ++losses <= MOST_LOSSES);
  });

type Transaction = { step(input: { readonly kind: string }): void; readonly state: () => string };

/** Runs a pure machine on the clock: its timers are events, and its other effects go to `perform`. */
function onClock<State extends { readonly state: string }, Input, Effect extends { readonly kind: string }>(
  clock: VirtualClock,
  [first, effects]: [State, Effect[]],
  step: (state: State, input: Input) => [State, Effect[]],
  perform: (effect: Effect) => void,
): Transaction {
  let state = first;
  const stops = new Map<string, () => void>();
  const performAll = (all: readonly Effect[]) => {
    for (const effect of all) {
      const { kind, timer = '', afterMs = 0 } = effect as { kind: string; timer?: string; afterMs?: number };
      if (kind === 'start-timer' || kind === 'stop-timer') stops.get(timer)?.();
      if (kind === 'start-timer') {
        stops.set(
          timer,
          clock.schedule(afterMs, () => input({ kind: 'timer', timer })),
        );
      } else if (kind !== 'stop-timer') perform(effect);
    }
  };
  const input = (each: object) => {
    const [next, more] = step(state, each as Input);
    state = next;
    performAll(more);
  };
  performAll(effects);
  return { step: input, state: () => state.state };
}

/** Alice's client and Bob's server with a bad network between them; what their users see is logged. */
class Call {
  readonly clock = new VirtualClock();
  readonly alice: string[] = [];
  readonly bob: string[] = [];
  readonly #fates: Fate[];
  readonly #request: SipRequest;
  readonly #status: number;
  readonly #answerAfterMs: number;
  readonly #reliable: boolean;
  #client: Transaction | undefined;
  #server: Transaction | undefined;
  #lastOfBob: SipMessage | undefined;
  #accepted: Transaction | undefined;

  constructor(
    method: string,
    status: number,
    network: { fates: Fate[]; answerAfterMs: number; reliable: boolean },
  ) {
    this.#request = sipRequest(method);
    this.#status = status;
    this.#fates = [...network.fates];
    this.#answerAfterMs = network.answerAfterMs;
    this.#reliable = network.reliable;
  }

  run(): { client: string | undefined; server: string | undefined } {
    const perform = (effect: TransactionEffect) => this.#atAlice(effect);
    const path = { reliable: this.#reliable };
    this.#client =
      this.#request.method === 'INVITE'
        ? onClock(this.clock, startInviteClient(this.#request, path), stepInviteClient, perform)
        : onClock(this.clock, startNonInviteClient(this.#request, path), stepNonInviteClient, perform);
    this.clock.run();
    return { client: this.#client.state(), server: this.#server?.state() };
  }

  #carry(message: SipMessage, arrive: (message: SipMessage) => void): void {
    const fate = this.#fates.shift() ?? [1];
    for (const afterMs of this.#reliable ? [1] : fate) this.clock.schedule(afterMs, () => arrive(message));
  }

  #atAlice(effect: TransactionEffect): void {
    if (effect.kind === 'send') this.#carry(effect.message, (message) => this.#arriveAtBob(message));
    else if (effect.kind === 'deliver-response') this.#hear(effect.response);
    else this.alice.push(effect.kind);
  }

  #hear(response: SipResponse): void {
    if (response.status < 200) return;
    this.alice.push(String(response.status));
    if (this.#request.method === 'INVITE' && response.status < 300) this.#acknowledge(response);
  }

  #acknowledge(response: SipResponse): void {
    const dialog = dialogOfUac(this.#request, response);
    if (!dialog.ok) throw new Error(dialog.problem.detail);
    const ack = prependHeader(
      ackWithin(dialog.value, this.#request),
      'Via',
      'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-ack',
    );
    this.#carry(ack, (message) => this.#arriveAtBob(message));
  }

  #arriveAtBob(message: SipMessage): void {
    if (message.kind !== 'request') return;
    const isOurs = serverTransactionKey(message) === serverTransactionKey(this.#request);
    if (isOurs && this.#server !== undefined)
      this.#server.step({ kind: 'request', request: message } as never);
    else if (isOurs && message.method !== 'ACK') this.#offer(message);
    else if (cseq(message).method === 'ACK') this.#accepted?.step({ kind: 'ack', ack: message } as never);
  }

  #offer(request: SipRequest): void {
    const perform = (effect: TransactionEffect) => this.#atBob(effect);
    const path = { reliable: this.#reliable };
    this.#server =
      request.method === 'INVITE'
        ? onClock(this.clock, startInviteServer(request, path), stepInviteServer, perform)
        : onClock(this.clock, startNonInviteServer(request, path), stepNonInviteServer, perform);
    this.clock.schedule(this.#answerAfterMs, () => this.#answer(request));
  }

  #answer(request: SipRequest): void {
    const answer = responseTo(request, this.#status, undefined, 'bob-1');
    const response = withHeader(answer, 'Contact', '<sip:bob@192.0.2.2>');
    const isAccepted = request.method === 'INVITE' && this.#status < 300;
    if (!isAccepted) {
      this.#respond(response);
      return;
    }
    this.#accepted = onClock<AcceptedInvite, never, AcceptedInviteEffect>(
      this.clock,
      startAcceptedInvite(response, DEFAULT_TIMERS),
      stepAcceptedInvite,
      (effect) => (effect.kind === 'send' ? this.#respond(effect.response) : this.bob.push(effect.kind)),
    );
  }

  #respond(response: SipResponse): void {
    this.#server?.step({ kind: 'respond', response } as never);
  }

  #atBob(effect: TransactionEffect): void {
    if (effect.kind === 'send') this.#sendToAlice(effect.message);
    else if (effect.kind !== 'send-again') this.bob.push(effect.kind);
    else if (this.#lastOfBob !== undefined) this.#sendToAlice(this.#lastOfBob);
  }

  #sendToAlice(message: SipMessage): void {
    this.#lastOfBob = message;
    this.#carry(message, (arrived) => this.#client?.step({ kind: 'response', response: arrived } as never));
  }
}

const network = fc.record({
  fates,
  answerAfterMs: fc.integer({ min: 0, max: 20_000 }),
  reliable: fc.boolean(),
});

describe('over a network that loses, repeats and reorders, on any transport', () => {
  it('an INVITE that is refused: one final response, one request, and the ACK arrives', () => {
    fc.assert(
      fc.property(network, fc.constantFrom(302, 486, 603), (bad, status) => {
        const call = new Call('INVITE', status, bad);
        expect(call.run()).toEqual({ client: 'terminated', server: 'terminated' });
        expect(call.alice).toEqual([String(status), 'terminated']);
        expect(call.bob).toEqual(['deliver-request', 'terminated']);
      }),
    );
  });

  it('an INVITE that is accepted: the 2xx arrives, and its ACK once for the user', () => {
    fc.assert(
      fc.property(network, (bad) => {
        const call = new Call('INVITE', 200, bad);
        expect(call.run()).toEqual({ client: 'terminated', server: 'terminated' });
        expect(new Set(call.alice)).toEqual(new Set(['200', 'terminated']));
        expect(call.bob).toEqual(['deliver-request', 'acknowledged', 'terminated']);
      }),
    );
  });

  it('a request that is no INVITE: one final response and one request', () => {
    const quick = network.map((bad) => ({ ...bad, answerAfterMs: bad.answerAfterMs % 10_000 }));
    fc.assert(
      fc.property(quick, fc.constantFrom(200, 404), (bad, status) => {
        const call = new Call('OPTIONS', status, bad);
        expect(call.run()).toEqual({ client: 'terminated', server: 'terminated' });
        expect(call.alice).toEqual([String(status), 'terminated']);
        expect(call.bob).toEqual(['deliver-request', 'terminated']);
      }),
    );
  });

  it('where nothing arrives, the client times out after 64*T1', () => {
    const call = new Call('INVITE', 200, { fates: Array(20).fill([]), answerAfterMs: 0, reliable: false });
    call.run();
    expect(call.alice).toEqual(['timed-out', 'terminated']);
    expect(call.clock.nowMs()).toBe(32_000);
  });
});
