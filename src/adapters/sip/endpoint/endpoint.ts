import {
  lasting,
  parseMessage,
  printMessage,
  responseTo,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  topVia,
} from '../../../protocols/sip/message/index.ts';
import {
  cancelFor,
  cancelledTransactionKey,
  clientTransactionKey,
  serverTransactionKey,
} from '../../../protocols/sip/transaction/index.ts';
import type { Timers } from '../../../services/ports/index.ts';
import type { Flow, Network } from '../network/index.ts';
import { ClientTransaction, type ClientTransactionHost } from './client-transaction.ts';
import type { EndpointUser, IncomingRequest, OutgoingRequest, ResponseListener } from './endpoint-user.ts';
import { ServerTransaction, type ServerTransactionHost } from './server-transaction.ts';
import { printHost, responseFlow, stampSource, withOwnVia } from './via-stamp.ts';

/** What was sent or received, for whoever draws ladders; `bytes` may be kept and must not be changed. */
export type Observer = (direction: 'received' | 'sent', bytes: Buffer, flow: Flow) => void;

export type EndpointOptions = {
  readonly network: Network;
  readonly timers: Timers;
  /** Text of letters and digits that nobody can guess, at least 64 bits of it. */
  readonly newToken: () => string;
  readonly observer?: Observer;
  /** How many requests may be under way before further ones are turned away with 503. */
  readonly mostServerTransactions?: number;
};

const MOST_SERVER_TRANSACTIONS = 200_000;

/** How long a client is asked to wait when too much is under way. */
const RETRY_AFTER_SECONDS = 5;

/**
 * The transaction layer over a network (RFC 3261 §17): whoever uses it sends requests, answers those that
 * arrive, and is spared retransmissions, matching, timers and CANCEL's bookkeeping.
 */
export class SipEndpoint {
  readonly #network: Network;
  readonly #newToken: () => string;
  readonly #observer: Observer | undefined;
  readonly #mostServerTransactions: number;
  readonly #servers = new Map<string, ServerTransaction>();
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #serverHost: ServerTransactionHost;
  readonly #clientHost: ClientTransactionHost;
  #user: EndpointUser | undefined;

  constructor(options: EndpointOptions) {
    this.#network = options.network;
    this.#newToken = options.newToken;
    this.#observer = options.observer;
    this.#mostServerTransactions = options.mostServerTransactions ?? MOST_SERVER_TRANSACTIONS;
    const { timers } = options;
    const transmit = (message: SipMessage, to: Flow, onFailure: () => void) =>
      this.#transmit(message, to, onFailure);
    this.#serverHost = {
      timers,
      transmit,
      transmitBytes: (bytes, to, onFailure) => this.#transmitBytes(bytes, to, onFailure),
      onRequest: (incoming) => this.#deliver(incoming),
      onAck: (ack, source) => this.#user?.onAck(ack, source),
      onTerminated: (key) => this.#servers.delete(key),
    };
    this.#clientHost = { timers, transmit, onTerminated: (key) => this.#clients.delete(key) };
  }

  /** Begins to hear the network. */
  start(user: EndpointUser): void {
    this.#user = user;
    this.#network.listen({
      onMessage: (bytes, from) => this.#receive(bytes, from),
      onClosed: (flow) => user.onClosed(flow),
    });
  }

  /** How many transactions are alive, for the metrics. */
  get transactions(): { readonly server: number; readonly client: number } {
    return { server: this.#servers.size, client: this.#clients.size };
  }

  newTag(): string {
    return this.#newToken();
  }

  newCallId(): string {
    return `${this.#newToken()}${this.#newToken()}`;
  }

  /** Our Contact value for a neighbour: `<sip:user@host:port;transport=tcp>`. */
  contact(flow: Flow, user?: string): string {
    const { address, port, transport } = this.#network.localAddress(flow);
    const userPart = user === undefined ? '' : `${user}@`;
    return `<sip:${userPart}${printHost(address)}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}>`;
  }

  /** Whether an address is one we listen on: a call sent there would come back (RFC 3261 §16.3). */
  isOwnAddress(flow: Flow): boolean {
    const { address, port } = this.#network.localAddress(flow);
    return address === flow.address && port === flow.port;
  }

  /**
   * Sends a request in a transaction of its own.
   * @param request any but ACK and CANCEL, without our Via
   */
  send(request: SipRequest, to: Flow, listener: ResponseListener): OutgoingRequest {
    const local = this.#network.localAddress(to);
    const sent = withOwnVia(request, local, `z9hG4bK${this.#newToken()}`);
    const transaction = this.#startClient(sent, to, listener);
    return {
      request: sent,
      cancel: (reason) => transaction.cancel(() => this.#startClient(cancelFor(sent, reason), to)),
    };
  }

  /** Sends the ACK for a 2xx, which belongs to no transaction (RFC 3261 §13.2.2.4). */
  acknowledge(ack: SipRequest, to: Flow): void {
    const local = this.#network.localAddress(to);
    this.#transmit(withOwnVia(ack, local, `z9hG4bK${this.#newToken()}`), to, () => {});
  }

  #startClient(sent: SipRequest, to: Flow, listener?: ResponseListener): ClientTransaction {
    const key = lasting(clientTransactionKey(sent));
    const transaction = new ClientTransaction(this.#clientHost, key, sent.method, to, listener);
    this.#clients.set(key, transaction);
    transaction.start(sent);
    return transaction;
  }

  #receive(bytes: Buffer, from: Flow): void {
    const message = parseMessage(bytes);
    if (!message.ok) {
      const { answerable, problem } = message;
      if (answerable !== undefined)
        this.#refuse(stampSource(answerable, from), from, problem.status, problem.detail);
      return;
    }
    this.#observer?.('received', bytes, from);
    if (message.value.kind === 'response') this.#receiveResponse(message.value);
    else this.#receiveRequest(stampSource(message.value, from), from);
  }

  #receiveResponse(response: SipResponse): void {
    // A response nobody waits for any more is dropped (RFC 3261 §18.1.2).
    this.#clients.get(clientTransactionKey(response))?.input({ kind: 'response', response });
  }

  #receiveRequest(request: SipRequest, source: Flow): void {
    const key = serverTransactionKey(request);
    const known = this.#servers.get(key);
    if (known !== undefined) known.input({ kind: 'request', request });
    else if (request.method === 'ACK') this.#user?.onAck(request, source);
    else if (this.#servers.size >= this.#mostServerTransactions) {
      this.#refuse(request, source, 503, 'Too many requests are under way.');
    } else this.#serve(key, request, source);
  }

  #serve(receivedKey: string, request: SipRequest, source: Flow): void {
    const key = lasting(receivedKey);
    const to = responseFlow(request, source, topVia(request)?.port);
    const transaction = new ServerTransaction(this.#serverHost, key, request, source, to);
    this.#servers.set(key, transaction);
    transaction.start(request);
  }

  #deliver(incoming: IncomingRequest): void {
    if (incoming.request.method === 'CANCEL') this.#receiveCancel(incoming);
    else this.#user?.onRequest(incoming);
  }

  /** RFC 3261 §9.2: the CANCEL is answered for itself; the INVITE is answered by whoever serves it. */
  #receiveCancel(incoming: IncomingRequest): void {
    const cancelled = this.#servers.get(cancelledTransactionKey(incoming.request));
    incoming.respond(
      responseTo(incoming.request, cancelled === undefined ? 481 : 200, undefined, this.newTag()),
    );
    cancelled?.cancel(incoming.request);
  }

  /** Answers without a transaction, for what deserves no memory. */
  #refuse(request: SipRequest, source: Flow, status: number, detail: string): void {
    if (request.method === 'ACK') return;
    const response = responseTo(request, status, undefined, this.newTag());
    const warning = { name: 'Warning', value: `399 omnidial "${detail.replaceAll('"', "'")}"` };
    const retryAfter = status === 503 ? [{ name: 'Retry-After', value: String(RETRY_AFTER_SECONDS) }] : [];
    const told = { ...response, headers: [...response.headers, warning, ...retryAfter] };
    this.#transmit(told, responseFlow(request, source, topVia(request)?.port), () => {});
  }

  #transmit(message: SipMessage, to: Flow, onFailure: () => void): Buffer {
    const bytes = printMessage(message);
    this.#transmitBytes(bytes, to, onFailure);
    return bytes;
  }

  #transmitBytes(bytes: Buffer, to: Flow, onFailure: () => void): void {
    this.#observer?.('sent', bytes, to);
    this.#network.send(bytes, to, onFailure);
  }
}
