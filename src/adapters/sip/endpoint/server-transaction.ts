import type { SipMessage, SipRequest } from '../../../protocols/sip/message/index.ts';
import {
  type InviteServer,
  type NonInviteServer,
  type ServerInput,
  startInviteServer,
  startNonInviteServer,
  stepInviteServer,
  stepNonInviteServer,
  type TransactionEffect,
} from '../../../protocols/sip/transaction/index.ts';
import type { Timers } from '../../../services/ports/index.ts';
import type { Flow } from '../network/index.ts';
import type { IncomingRequest } from './endpoint-user.ts';
import { type Deed, TimedSteps } from './timed-machine.ts';

/** What a server transaction needs around it. */
export type ServerTransactionHost = {
  readonly timers: Timers;
  /** Sends a message. @returns its bytes */
  transmit(message: SipMessage, to: Flow, onFailure: () => void): Buffer;
  transmitBytes(bytes: Buffer, to: Flow, onFailure: () => void): void;
  onRequest(incoming: IncomingRequest): void;
  onAck(ack: SipRequest, source: Flow): void;
  /** The transaction is over: no message belongs to it any more. */
  onTerminated(key: string): void;
};

type State = InviteServer | NonInviteServer;
type Step = (state: State, input: ServerInput) => [State, TransactionEffect[]];

/** A request that arrived, until nothing of it can arrive again. */
export class ServerTransaction extends TimedSteps<State, ServerInput, TransactionEffect> {
  readonly #host: ServerTransactionHost;
  readonly #key: string;
  readonly #source: Flow;
  readonly #to: Flow;
  /** Until its final response: the transaction lives on for half a minute, and the request shall not. */
  #incoming: IncomingRequest | undefined;
  #cancelled = false;
  /** The final response of a non-INVITE transaction, a character a byte: no other form of it takes less room. */
  #finalBytes = '';

  /** @param to where its responses go */
  constructor(host: ServerTransactionHost, key: string, request: SipRequest, source: Flow, to: Flow) {
    super((request.method === 'INVITE' ? stepInviteServer : stepNonInviteServer) as Step, host.timers);
    this.#host = host;
    this.#key = key;
    this.#source = source;
    this.#to = to;
    this.#incoming = {
      request,
      source,
      respond: (response) => this.input({ kind: 'respond', response }),
    };
  }

  /** Hands the request on; apart from the constructor, so that whoever is asked already knows the transaction. */
  start(request: SipRequest): void {
    const path = { reliable: this.#source.transport !== 'udp' };
    this.begin(
      request.method === 'INVITE' ? startInviteServer(request, path) : startNonInviteServer(request, path),
    );
  }

  /** A CANCEL came for it: whoever serves it hears of the first one, unless it is answered already. */
  cancel(cancel: SipRequest): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#incoming?.onCancel?.(cancel);
  }

  protected override perform(effect: Deed<TransactionEffect>): void {
    switch (effect.kind) {
      case 'send': {
        const bytes = this.#host.transmit(effect.message, this.#to, () => this.#failed());
        if (effect.message.kind === 'request' || effect.message.status < 200) break;
        // The user of an INVITE repeats its answer himself, or the machine has it.
        if (this.#incoming !== undefined && this.#incoming.request.method !== 'INVITE') {
          this.#finalBytes = bytes.toString('latin1');
        }
        this.#incoming = undefined;
        break;
      }
      case 'send-again':
        this.#host.transmitBytes(Buffer.from(this.#finalBytes, 'latin1'), this.#to, () => this.#failed());
        break;
      case 'deliver-request':
        if (effect.request.method === 'ACK') this.#host.onAck(effect.request, this.#source);
        else if (this.#incoming !== undefined) this.#host.onRequest(this.#incoming);
        break;
      case 'terminated':
        this.#host.onTerminated(this.#key);
        break;
    }
  }

  #failed(): void {
    this.input({ kind: 'transport-failed' });
  }
}
