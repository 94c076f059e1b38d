import type { SipMessage, SipRequest } from '../../../protocols/sip/message/index.ts';
import {
  type ClientInput,
  type InviteClient,
  type NonInviteClient,
  startInviteClient,
  startNonInviteClient,
  stepInviteClient,
  stepNonInviteClient,
  type TransactionEffect,
} from '../../../protocols/sip/transaction/index.ts';
import type { Timers } from '../../../services/ports/index.ts';
import type { Flow } from '../network/index.ts';
import type { ResponseListener } from './endpoint-user.ts';
import { type Deed, TimedSteps } from './timed-machine.ts';

/** What a client transaction needs around it. */
export type ClientTransactionHost = {
  readonly timers: Timers;
  transmit(message: SipMessage, to: Flow, onFailure: () => void): void;
  /** The transaction is over: no message belongs to it any more. */
  onTerminated(key: string): void;
};

type State = InviteClient | NonInviteClient;
type Step = (state: State, input: ClientInput) => [State, TransactionEffect[]];

const NOBODY: ResponseListener = { onResponse: () => {}, onTimeout: () => {}, onUnreachable: () => {} };

/** A request that was sent, until no response to it can arrive. */
export class ClientTransaction extends TimedSteps<State, ClientInput, TransactionEffect> {
  readonly #host: ClientTransactionHost;
  readonly #key: string;
  readonly #to: Flow;
  readonly #isInvite: boolean;
  /** Who waits for responses; nobody once the last one has come. */
  #listener: ResponseListener;
  /** How far an INVITE is, which decides whether it may be cancelled (RFC 3261 §9.1). */
  #progress: 'calling' | 'proceeding' | 'final' = 'calling';
  /** Sends the CANCEL that waits for a provisional response. */
  #pendingCancel: (() => void) | undefined;

  constructor(
    host: ClientTransactionHost,
    key: string,
    method: string,
    to: Flow,
    listener: ResponseListener = NOBODY,
  ) {
    const isInvite = method === 'INVITE';
    super((isInvite ? stepInviteClient : stepNonInviteClient) as Step, host.timers);
    this.#host = host;
    this.#key = key;
    this.#to = to;
    this.#isInvite = isInvite;
    this.#listener = listener;
  }

  /** Sends the request; apart from the constructor, so that whoever hears of its end already knows the transaction. */
  start(request: SipRequest): void {
    const path = { reliable: this.#to.transport !== 'udp' };
    this.begin(this.#isInvite ? startInviteClient(request, path) : startNonInviteClient(request, path));
  }

  /** RFC 3261 §9.1: not before a provisional response, and not after a final one. */
  cancel(sendCancel: () => void): void {
    const cancel = () => {
      this.input({ kind: 'cancelled' });
      sendCancel();
    };
    if (this.#progress === 'proceeding') cancel();
    else if (this.#progress === 'calling') this.#pendingCancel = cancel;
  }

  protected override perform(effect: Deed<TransactionEffect>): void {
    switch (effect.kind) {
      case 'send':
        this.#host.transmit(effect.message, this.#to, () => this.input({ kind: 'transport-failed' }));
        break;
      case 'deliver-response': {
        const { status } = effect.response;
        this.#progress = status < 200 ? 'proceeding' : 'final';
        if (this.#progress === 'proceeding') this.#pendingCancel?.();
        this.#pendingCancel = undefined;
        this.#listener.onResponse(effect.response, this.#to);
        // Only a 2xx to an INVITE may come again.
        if (status >= 300 || (status >= 200 && !this.#isInvite)) this.#listener = NOBODY;
        break;
      }
      case 'timed-out':
        this.#progress = 'final';
        this.#listener.onTimeout();
        break;
      case 'transport-failed':
        this.#progress = 'final';
        this.#listener.onUnreachable();
        break;
      case 'terminated':
        this.#host.onTerminated(this.#key);
        break;
    }
  }
}
