import {
  parseMessage,
  printMessage,
  responseTo,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  topVia,
} from '../../../protocols/sip/message/index.ts';
import {
  type ClientInput,
  cancelFor,
  cancelledTransactionKey,
  clientTransactionKey,
  type InviteClient,
  type InviteServer,
  type NonInviteClient,
  type NonInviteServer,
  type ServerInput,
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
} from '../../../protocols/sip/transaction/index.ts';
import type { Timers } from '../../../services/ports/index.ts';
import type { Flow, Network } from '../network/index.ts';
import type { EndpointUser, IncomingRequest, OutgoingRequest, ResponseListener } from './endpoint-user.ts';
import { type Deed, TimedMachine } from './timed-machine.ts';
import { printHost, responseFlow, stampSource, withOwnVia } from './via-stamp.ts';

/** What was sent or received, for whoever draws ladders; `bytes` may be kept and must not be changed. */
export type Observer = (
  direction: 'received' | 'sent',
  bytes: Buffer,
  message: SipMessage,
  flow: Flow,
) => void;

export type EndpointOptions = {
  readonly network: Network;
  readonly timers: Timers;
  /** Text of letters and digits that nobody can guess, at least 64 bits of it. */
  readonly newToken: () => string;
  readonly observer?: Observer;
  /** How many requests may be under way before further ones are turned away with 503. */
  readonly mostServerTransactions?: number;
};

type ServerTransaction = {
  readonly machine: TimedMachine<InviteServer | NonInviteServer, ServerInput, TransactionEffect>;
  readonly source: Flow;
  /** Until its final response: the transaction lives on for half a minute, and the request shall not. */
  incoming: IncomingRequest | undefined;
  cancelled: boolean;
};

type ClientTransaction = {
  readonly machine: TimedMachine<InviteClient | NonInviteClient, ClientInput, TransactionEffect>;
  /** Who waits for responses; nobody once the last one has come. */
  listener: ResponseListener;
  /** How far an INVITE is, which decides whether it may be cancelled (RFC 3261 §9.1). */
  progress: 'calling' | 'proceeding' | 'final';
  /** The CANCEL that waits for a provisional response. */
  pendingCancel?: () => void;
};

const NOBODY: ResponseListener = { onResponse: () => {}, onTimeout: () => {}, onUnreachable: () => {} };

const MOST_SERVER_TRANSACTIONS = 200_000;

/** How long a client is asked to wait when too much is under way. */
const RETRY_AFTER_SECONDS = 5;

/**
 * The transaction layer over a network (RFC 3261 §17): whoever uses it sends requests, answers those that
 * arrive, and is spared retransmissions, matching, timers and CANCEL's bookkeeping.
 */
export class SipEndpoint {
  readonly #network: Network;
  readonly #timers: Timers;
  readonly #newToken: () => string;
  readonly #observer: Observer | undefined;
  readonly #mostServerTransactions: number;
  readonly #servers = new Map<string, ServerTransaction>();
  readonly #clients = new Map<string, ClientTransaction>();
  #user: EndpointUser | undefined;

  constructor(options: EndpointOptions) {
    this.#network = options.network;
    this.#timers = options.timers;
    this.#newToken = options.newToken;
    this.#observer = options.observer;
    this.#mostServerTransactions = options.mostServerTransactions ?? MOST_SERVER_TRANSACTIONS;
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
    return { request: sent, cancel: (reason) => this.#cancel(sent, to, transaction, reason) };
  }

  /** Sends the ACK for a 2xx, which belongs to no transaction (RFC 3261 §13.2.2.4). */
  acknowledge(ack: SipRequest, to: Flow): void {
    const local = this.#network.localAddress(to);
    this.#transmit(withOwnVia(ack, local, `z9hG4bK${this.#newToken()}`), to, () => {});
  }

  #startClient(sent: SipRequest, to: Flow, listener: ResponseListener): ClientTransaction {
    const key = clientTransactionKey(sent);
    const path = { reliable: to.transport !== 'udp' };
    const isInvite = sent.method === 'INVITE';
    const perform = (effect: Deed<TransactionEffect>) =>
      this.#performClient(key, transaction, { to, isInvite }, effect);
    const machine = isInvite
      ? new TimedMachine(stepInviteClient, this.#timers, perform)
      : new TimedMachine(stepNonInviteClient, this.#timers, perform);
    const transaction: ClientTransaction = {
      machine: machine as ClientTransaction['machine'],
      listener,
      progress: 'calling',
    };
    this.#clients.set(key, transaction);
    transaction.machine.begin(isInvite ? startInviteClient(sent, path) : startNonInviteClient(sent, path));
    return transaction;
  }

  #performClient(
    key: string,
    transaction: ClientTransaction,
    { to, isInvite }: { readonly to: Flow; readonly isInvite: boolean },
    effect: Deed<TransactionEffect>,
  ): void {
    switch (effect.kind) {
      case 'send':
        this.#transmit(effect.message, to, () => transaction.machine.input({ kind: 'transport-failed' }));
        break;
      case 'deliver-response':
        transaction.progress = effect.response.status < 200 ? 'proceeding' : 'final';
        if (transaction.progress === 'proceeding') transaction.pendingCancel?.();
        delete transaction.pendingCancel;
        transaction.listener.onResponse(effect.response, to);
        // Only a 2xx to an INVITE may come again.
        if (effect.response.status >= 300 || (transaction.progress === 'final' && !isInvite)) {
          transaction.listener = NOBODY;
        }
        break;
      case 'timed-out':
        transaction.progress = 'final';
        transaction.listener.onTimeout();
        break;
      case 'transport-failed':
        transaction.progress = 'final';
        transaction.listener.onUnreachable();
        break;
      case 'terminated':
        this.#clients.delete(key);
        break;
    }
  }

  /** RFC 3261 §9.1: not before a provisional response, and not after a final one. */
  #cancel(invite: SipRequest, to: Flow, transaction: ClientTransaction, reason?: string): void {
    const cancel = () => {
      transaction.machine.input({ kind: 'cancelled' });
      this.#startClient(cancelFor(invite, reason), to, NOBODY);
    };
    if (transaction.progress === 'proceeding') cancel();
    else if (transaction.progress === 'calling') transaction.pendingCancel = cancel;
  }

  #receive(bytes: Buffer, from: Flow): void {
    const message = parseMessage(bytes);
    if (!message.ok) {
      const { answerable, problem } = message;
      if (answerable !== undefined)
        this.#refuse(stampSource(answerable, from), from, problem.status, problem.detail);
      return;
    }
    this.#observer?.('received', bytes, message.value, from);
    if (message.value.kind === 'response') this.#receiveResponse(message.value);
    else this.#receiveRequest(stampSource(message.value, from), from);
  }

  #receiveResponse(response: SipResponse): void {
    // A response nobody waits for any more is dropped (RFC 3261 §18.1.2).
    this.#clients.get(clientTransactionKey(response))?.machine.input({ kind: 'response', response });
  }

  #receiveRequest(request: SipRequest, source: Flow): void {
    const key = serverTransactionKey(request);
    const known = this.#servers.get(key);
    if (known !== undefined) known.machine.input({ kind: 'request', request });
    else if (request.method === 'ACK') this.#user?.onAck(request, source);
    else if (this.#servers.size >= this.#mostServerTransactions) {
      this.#refuse(request, source, 503, 'Too many requests are under way.');
    } else this.#serve(key, request, source);
  }

  #serve(key: string, request: SipRequest, source: Flow): void {
    const path = { reliable: source.transport !== 'udp' };
    const to = responseFlow(request, source, topVia(request)?.port);
    const perform = (effect: Deed<TransactionEffect>) => this.#performServer(key, transaction, to, effect);
    const isInvite = request.method === 'INVITE';
    const machine = (
      isInvite
        ? new TimedMachine(stepInviteServer, this.#timers, perform)
        : new TimedMachine(stepNonInviteServer, this.#timers, perform)
    ) as ServerTransaction['machine'];
    const incoming: IncomingRequest = {
      request,
      source,
      respond: (response) => machine.input({ kind: 'respond', response }),
    };
    const transaction: ServerTransaction = { machine, source, incoming, cancelled: false };
    this.#servers.set(key, transaction);
    machine.begin(isInvite ? startInviteServer(request, path) : startNonInviteServer(request, path));
  }

  #performServer(
    key: string,
    transaction: ServerTransaction,
    to: Flow,
    effect: Deed<TransactionEffect>,
  ): void {
    switch (effect.kind) {
      case 'send':
        this.#transmit(effect.message, to, () => transaction.machine.input({ kind: 'transport-failed' }));
        if (effect.message.kind === 'response' && effect.message.status >= 200) {
          transaction.incoming = undefined;
        }
        break;
      case 'deliver-request':
        if (effect.request.method === 'ACK') this.#user?.onAck(effect.request, transaction.source);
        else if (transaction.incoming !== undefined) this.#deliver(transaction.incoming);
        break;
      case 'terminated':
        this.#servers.delete(key);
        break;
    }
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
    if (cancelled === undefined || cancelled.cancelled) return;
    cancelled.cancelled = true;
    cancelled.incoming?.onCancel?.(incoming.request);
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

  #transmit(message: SipMessage, to: Flow, onFailure: () => void): void {
    const bytes = printMessage(message);
    this.#observer?.('sent', bytes, message, to);
    this.#network.send(bytes, to, onFailure);
  }
}
