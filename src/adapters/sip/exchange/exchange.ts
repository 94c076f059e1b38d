import { dialogKeyOfRequest } from '../../../protocols/sip/dialog/index.ts';
import {
  type HeaderField,
  headerValue,
  maxForwards,
  responseTo,
  type SipRequest,
  toTag,
} from '../../../protocols/sip/message/index.ts';
import type { Caller } from '../../../services/caller.ts';
import type { ErrandOffer } from '../../../services/connect-call.ts';
import type { CodeCaller } from '../../../services/ports/index.ts';
import { keyInInfo } from '../../media/index.ts';
import type { EndpointUser, IncomingRequest } from '../endpoint/index.ts';
import type { Flow } from '../network/index.ts';
import type { CallKeeper } from './carried-call.ts';
import { CodeCalls, type CodeCallsOptions } from './code-calls.ts';
import type { ExchangeContext } from './context.ts';
import { IncomingCalls } from './incoming-calls.ts';
import type { Leg } from './leg.ts';
import { type Connect, type ConnectErrand, withoutLoops } from './offer.ts';
import { PagerMessages } from './pager-messages.ts';
import { unsupportedOptions } from './passed-headers.ts';
import { Relay } from './relay.ts';
import { TakeOvers } from './take-over.ts';
import { Transfers } from './transfers.ts';

/** Who a request proved to be from, or the answer to one that did not. */
export type Authenticate = (
  incoming: IncomingRequest,
) => Known | { readonly kind: 'answered' } | { readonly kind: 'errand'; readonly errand: ErrandOffer };

type Known = {
  readonly kind: 'known';
  readonly caller: Caller;
  /** To be called once when nothing of what began with the request is left: the channel it came by is free. */
  readonly onOver?: () => void;
};

export type ExchangeOptions = {
  readonly context: ExchangeContext;
  readonly authenticate: Authenticate;
  readonly connect: Connect;
  /** Finds what another process of ours asks for. */
  readonly connectErrand?: ConnectErrand;
  readonly onRegister: (incoming: IncomingRequest) => void;
  readonly onClosed: (flow: Flow) => void;
  /** Whether a terminal may take over the conversations of another one (RFC 3891); only its own unless said. */
  readonly mayReplace?: (terminalId: string, replacedTerminalId: string) => boolean;
  /** A call has something new that its record has to show. */
  readonly onKeep: CallKeeper['onKeep'];
  /** What calls that speak a code go by. */
  readonly codeCalls?: CodeCallsOptions;
};

/** What is served outside of dialogs. */
const ALLOWED = 'INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, MESSAGE, INFO, UPDATE, PRACK, REFER';

/** Methods that end here: a message that took all its hops has arrived (RFC 3261 §16.3, step 3, is for those that go on). */
const ENDS_HERE = new Set(['BYE', 'OPTIONS', 'REGISTER']);

/** Methods that live within dialogs only. */
const WITHIN_DIALOGS = new Set(['BYE', 'INFO', 'PRACK', 'REFER', 'UPDATE']);

/** The SIP face of the call exchange: every request that arrives finds here who serves it. */
export class SipExchange implements EndpointUser {
  readonly #options: ExchangeOptions;
  readonly #context: ExchangeContext;
  readonly #relay: Relay;
  readonly #calls: IncomingCalls;
  readonly #messages: PagerMessages;
  readonly #takeOvers: TakeOvers;
  /** Calls telephones to speak codes; absent where it was not set up. */
  readonly codeCaller: CodeCaller | undefined;

  constructor(options: ExchangeOptions) {
    const { context } = options;
    const connect = withoutLoops(context, options.connect);
    this.#options = options;
    this.#context = context;
    this.#relay = new Relay(context);
    const keeper: CallKeeper = {
      onKeep: options.onKeep,
      onRefer: (call, leg, refer) => transfers.refer(call, leg, refer),
    };
    const transfers = new Transfers(context, keeper, connect);
    const connectErrand = options.connectErrand ?? noErrands;
    this.#calls = new IncomingCalls(context, keeper, connect, connectErrand);
    this.#messages = new PagerMessages(context, connect, connectErrand);
    this.codeCaller = options.codeCalls && new CodeCalls(context, keeper, options.codeCalls);
    this.#takeOvers = new TakeOvers(context, options.mayReplace ?? isSame);
  }

  onRequest(incoming: IncomingRequest): void {
    const { request } = incoming;
    if (maxForwards(request) === 0 && !ENDS_HERE.has(request.method)) {
      this.#answer(incoming, 483);
      return;
    }
    const unsupported = unsupportedOptions(request);
    if (unsupported.length > 0) {
      this.#answer(incoming, 420, [{ name: 'Unsupported', value: unsupported.join(', ') }]);
    } else if (toTag(request) === undefined) this.#outside(incoming);
    else this.#within(incoming);
  }

  onAck(ack: SipRequest, source: Flow): void {
    const leg = this.#context.legs.find(dialogKeyOfRequest(ack));
    if (leg !== undefined && isFrom(leg, source)) leg.receiveAck(ack);
  }

  onClosed(flow: Flow): void {
    this.#options.onClosed(flow);
  }

  #outside(incoming: IncomingRequest): void {
    const { method } = incoming.request;
    switch (method) {
      case 'REGISTER':
        this.#options.onRegister(incoming);
        break;
      case 'OPTIONS':
        this.#answer(incoming, 200, [
          { name: 'Allow', value: ALLOWED },
          { name: 'Accept', value: 'application/sdp' },
          { name: 'Supported', value: 'replaces, timer' },
        ]);
        break;
      case 'INVITE':
      case 'MESSAGE': {
        const sender = this.#options.authenticate(incoming);
        if (sender.kind === 'known') this.#serve(incoming, sender);
        else if (sender.kind === 'errand') this.#run(incoming, sender.errand);
        break;
      }
      default:
        if (WITHIN_DIALOGS.has(method)) this.#answer(incoming, 481);
        else if (method === 'SUBSCRIBE' || method === 'PUBLISH') this.#answer(incoming, 489);
        else this.#answer(incoming, 405, [{ name: 'Allow', value: ALLOWED }]);
    }
  }

  /** Another process of ours has decided already whom it is for. */
  #run(incoming: IncomingRequest, errand: ErrandOffer): void {
    if (incoming.request.method === 'INVITE') this.#calls.errand(incoming, errand);
    else this.#messages.errand(incoming, errand);
  }

  #serve(incoming: IncomingRequest, { caller, onOver = () => {} }: Known): void {
    const isInvite = incoming.request.method === 'INVITE';
    if (headerValue(incoming.request, 'Replaces') === undefined) {
      if (isInvite) this.#calls.invite(incoming, caller, onOver);
      else this.#messages.message(incoming, caller);
      if (isInvite) return;
    } else if (!isInvite) {
      // RFC 3891 §3: it belongs to INVITE only.
      this.#answer(incoming, 400);
    } else if (caller.kind === 'terminal') this.#takeOvers.invite(incoming, caller.terminalId);
    // The conversations of our phones are nobody else's to take.
    else this.#answer(incoming, 403);
    onOver();
  }

  #within(incoming: IncomingRequest): void {
    const { request, source } = incoming;
    const leg = this.#context.legs.find(dialogKeyOfRequest(request));
    // Tags can be overheard: only the phone itself, at its own address, may speak in its dialog.
    const isOver = leg?.isClosed === true && request.method !== 'BYE';
    if (leg === undefined || isOver || !isFrom(leg, source)) {
      this.#answer(incoming, 481);
      return;
    }
    const outOfOrder = leg.receive(request, source);
    if (outOfOrder !== undefined) {
      this.#relay.answer(incoming, leg, outOfOrder);
      return;
    }
    switch (request.method) {
      case 'BYE':
        incoming.respond(responseTo(request, 200));
        if (leg.isClosed) leg.close();
        else leg.owner.onBye(leg);
        break;
      case 'INVITE':
        this.#relay.invite(incoming, leg);
        break;
      case 'UPDATE':
        this.#relay.update(incoming, leg);
        break;
      case 'PRACK':
        this.#relay.prack(incoming, leg);
        break;
      case 'REFER':
        leg.owner.onRefer(leg, incoming);
        break;
      case 'OPTIONS':
        this.#answer(incoming, 200, [{ name: 'Allow', value: ALLOWED }]);
        break;
      case 'SUBSCRIBE':
        this.#answer(incoming, 489);
        break;
      case 'INFO':
        if (leg.owner.onInfo === undefined) this.#relay.other(incoming, leg);
        else this.#hear(incoming, leg);
        break;
      default:
        this.#relay.other(incoming, leg);
    }
  }

  /** A key for our own voice. */
  #hear(incoming: IncomingRequest, leg: Leg): void {
    const { request } = incoming;
    incoming.respond(responseTo(request, 200));
    const key = keyInInfo(headerValue(request, 'Content-Type') ?? '', request.body);
    if (key !== undefined) leg.owner.onInfo?.(leg, key);
  }

  #answer(incoming: IncomingRequest, status: number, headers: readonly HeaderField[] = []): void {
    const response = responseTo(incoming.request, status, undefined, this.#context.endpoint.newTag());
    incoming.respond({ ...response, headers: [...response.headers, ...headers] });
  }
}

function isSame(terminalId: string, replacedTerminalId: string): boolean {
  return terminalId === replacedTerminalId;
}

function isFrom(leg: Leg, source: Flow): boolean {
  return leg.flow.address === source.address;
}

/** A process alone has no others that could ask it. */
function noErrands(): never {
  throw new Error('an errand where there is one process only');
}
