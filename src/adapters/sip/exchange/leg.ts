import {
  ackWithin,
  confirmDialog,
  type Dialog,
  type RequestParts,
  receiveWithin,
  refreshTarget,
  requestWithin,
} from '../../../protocols/sip/dialog/index.ts';
import {
  cseq,
  headerValue,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  withHeader,
} from '../../../protocols/sip/message/index.ts';
import {
  type GlareVerdict,
  policyAfter422,
  type SessionTimerPolicy,
  type SessionTimerTerms,
  type Side,
} from '../../../protocols/sip/session/index.ts';
import type { RelaySide } from '../../../services/ports/index.ts';
import { isChallenge } from '../digest-client.ts';
import type { IncomingRequest, OutgoingRequest, ResponseListener } from '../endpoint/index.ts';
import type { Flow } from '../network/index.ts';
import { AwaitedAck } from './awaited-ack.ts';
import type { ExchangeContext } from './context.ts';
import type { InviteListener, LegOwner } from './leg-owner.ts';
import { type Description, LegSession } from './leg-session.ts';
import type { Passage } from './passage.ts';
import { flowWithin } from './reach.ts';
import { SessionClock } from './session-clock.ts';
import { UnderWay } from './under-way.ts';

export type LegOptions = {
  readonly dialog: Dialog;
  readonly flow: Flow;
  readonly owner: LegOwner;
  /** Whose phone it is, where it is one of ours. */
  readonly terminalId?: string;
  /** What the phone is asked for, where it wanted more than everyone is. */
  readonly sessionPolicy?: SessionTimerPolicy;
  /** Whether its sound needs the relay: another network is behind it, or a NAT. */
  readonly needsRelay?: boolean;
  /** Answers a network that wants to know who we are, also within the dialog. */
  readonly challenged?: Challenged;
};

/** A request again with credentials, where the response asks for some that we have. */
export type Challenged = (response: SipResponse, request: SipRequest) => SipRequest | undefined;

/** Whose a closed leg is: what still arrives for it concerns no call, and keeps none alive. */
const NOBODY: LegOwner = { onBye: () => {}, onLost: () => {}, onRefer: () => {} };

/** Our end of one dialog with one phone. Legs come in pairs: what one phone says is told to the other's. */
export class Leg {
  /** Absent where another network is behind it. */
  readonly terminalId: string | undefined;
  owner: LegOwner;
  /** The leg of the phone that is talked to; none while a transfer is under way. */
  peer: Leg | undefined;
  /** By what its descriptions pass to the other phone, where not directly, and on which side of it this one is. */
  passage: Passage | undefined;
  side: RelaySide = 'callee';
  readonly needsRelay: boolean;
  readonly #context: ExchangeContext;
  readonly #sessionClock: SessionClock;
  readonly #challenged: Challenged | undefined;
  #flow: Flow;
  #dialog: Dialog;
  /** Our 2xx that the phone has not acknowledged yet. */
  #awaitedAck: AwaitedAck | undefined;
  /** Whether the phone has acknowledged any 2xx of ours, and so knows that the call is answered. */
  #wasAcknowledged = false;
  /** Why the call ended before the phone acknowledged our first 2xx: its BYE waits for that (RFC 3261 §15). */
  #byeAfterAck: string | undefined;
  /** Sends the ACK for the phone's 2xx, which waits for the other phone's. */
  #owedAck: (() => void) | undefined;
  readonly #session = new LegSession();
  readonly #underWay = new UnderWay();
  #sessionPolicy: SessionTimerPolicy;
  #closed = false;

  constructor(
    context: ExchangeContext,
    {
      dialog,
      flow,
      owner,
      terminalId,
      sessionPolicy = context.sessionPolicy,
      needsRelay = false,
      challenged,
    }: LegOptions,
  ) {
    this.#context = context;
    this.#dialog = dialog;
    this.#flow = flow;
    this.#sessionPolicy = sessionPolicy;
    this.owner = owner;
    this.terminalId = terminalId;
    this.needsRelay = needsRelay;
    this.#challenged = challenged;
    this.#sessionClock = new SessionClock(context.timers, this);
    context.legs.add(dialog, this);
  }

  /** The way by which the phone was heard last: a phone that opens its connection anew has another port. */
  get flow(): Flow {
    return this.#flow;
  }

  get dialog(): Dialog {
    return this.#dialog;
  }

  /** Whether it was hung up or came to nothing, and is only remembered for what may still arrive. */
  get isClosed(): boolean {
    return this.#closed;
  }

  get isConfirmed(): boolean {
    return this.#dialog.state === 'confirmed';
  }

  get inviteCseq(): number {
    return this.#session.inviteCseq;
  }

  get allowsUpdate(): boolean {
    return this.#session.allowsUpdate;
  }

  get lastDescription(): Description | undefined {
    return this.#session.lastDescription;
  }

  /** Keeps count of offers and answers: called for everything sent and received in the dialog that has a part in them. */
  observe(by: Side, message: SipMessage): void {
    this.#session.observe(by, message);
  }

  /** The call is answered. @param response the phone's 2xx, where it is the callee */
  confirm(response?: SipResponse): void {
    this.#dialog = confirmDialog(this.#dialog, response);
  }

  /** The phone moved. @param message a request that was accepted, or a 2xx */
  moved(message: SipMessage): void {
    this.#dialog = refreshTarget(this.#dialog, headerValue(message, 'Contact'));
  }

  /** Checks the order of a request and counts it; the status to refuse it with, where it is out of order. */
  receive(request: SipRequest, source: Flow): 500 | undefined {
    const received = receiveWithin(this.#dialog, request);
    this.#flow = source;
    if (!received.ok) return received.status;
    this.#dialog = received.dialog;
    return undefined;
  }

  judge(request: SipRequest): GlareVerdict {
    return this.#session.judge(request);
  }

  /** Whether a description that the phone sends now answers an offer of ours. */
  get isAnswering(): boolean {
    return this.#session.isAnswering;
  }

  get mayInvite(): boolean {
    return this.#session.mayInvite && !this.#closed;
  }

  get sessionPolicy(): SessionTimerPolicy {
    return this.#sessionPolicy;
  }

  /** The phone refused with 422: whether it may be asked again, with the interval it wants (RFC 4028 §7.3). */
  tryLonger(refusal: SipResponse | undefined): boolean {
    const longer = refusal === undefined ? undefined : policyAfter422(this.#sessionPolicy, refusal);
    if (longer === undefined || this.#closed) return false;
    this.#sessionPolicy = longer;
    return true;
  }

  /** Begins or goes on to time the session. */
  time(terms: SessionTimerTerms): void {
    if (!this.#closed) this.#sessionClock.agreed(terms);
  }

  /** Asks whether the other end still knows the call; where it does not, or says nothing, the owner is told. */
  askWhetherItLives(): void {
    if (!this.#closed) this.#sessionClock.ask();
  }

  /** What is to be done where the leg is closed before something else happened. @returns what takes it back */
  whenClosed(run: () => void): () => void {
    if (this.#closed) {
      run();
      return () => {};
    }
    return this.#underWay.add(run);
  }

  /** Sends a request other than INVITE, ACK and CANCEL. @param onFinal once, also where no answer came: see `InviteListener` */
  request(
    method: string,
    parts: RequestParts,
    onFinal: (status: number, response?: SipResponse) => void,
  ): OutgoingRequest {
    const before = this.#session.lastDescription;
    const sent = this.#next(method, parts);
    const settle = this.#settling((status, response) => {
      if (status >= 300) this.#session.takeBack(before);
      onFinal(status, response);
    });
    return this.#ask(sent, {
      onResponse: (response) => {
        this.observe('remote', response);
        if (response.status < 200) return;
        settle(response.status, response);
        this.#lookForDeath(method, response.status);
      },
      onTimeout: () => this.#silence(method, 408, sent, settle),
      onUnreachable: () => this.#silence(method, 503, sent, settle),
    });
  }

  /** Sends an INVITE that changes or refreshes the session. Only where `mayInvite` says so. */
  invite(parts: RequestParts, listener: InviteListener): OutgoingRequest {
    const before = this.#session.lastDescription;
    const sent = this.#next('INVITE', parts);
    let repeatAck: (() => void) | undefined;
    const acknowledge = (ackParts: RequestParts = {}) => {
      repeatAck ??= this.acknowledge(cseq(outgoing.request).number, ackParts);
    };
    let succeeded = false;
    const settle = this.#settling((status, response) => {
      if (status < 300 && response !== undefined) {
        listener.onSuccess(response, acknowledge);
        return;
      }
      this.#session.takeBack(before);
      // Where the leg is closed nobody waits for an answer, but the phone may still be thinking.
      if (this.#closed) outgoing.cancel();
      listener.onFailure(status, response);
    });
    const outgoing = this.#ask(sent, {
      onResponse: (response) => {
        if (succeeded) {
          repeatAck?.();
          return;
        }
        this.observe('remote', response);
        if (response.status < 200) {
          listener.onProvisional(response);
        } else if (response.status < 300) {
          succeeded = true;
          this.moved(response);
          if (this.#closed) acknowledge();
          else this.owesAck(acknowledge);
          settle(response.status, response);
        } else {
          settle(response.status, response);
          this.#lookForDeath('INVITE', response.status);
        }
      },
      onTimeout: () => this.#silence('INVITE', 408, sent, settle),
      onUnreachable: () => this.#silence('INVITE', 503, sent, settle),
    });
    return outgoing;
  }

  /** The phone has sent a 2xx that waits for the other phone's ACK; a BYE of ours sends it before (RFC 3261 §15). */
  owesAck(acknowledge: () => void): void {
    this.#owedAck = acknowledge;
  }

  /**
   * Sends the ACK for a 2xx to our INVITE of that number.
   * @returns what sends it again where the phone repeats its 2xx because the ACK was lost; it keeps no leg alive
   */
  acknowledge(inviteCseq: number, parts: RequestParts = {}): () => void {
    this.#owedAck = undefined;
    const dialog = this.#dialog;
    const way = this.#way();
    const { endpoint } = this.#context;
    const ack = ackWithin(dialog, inviteCseq, parts);
    this.observe('local', ack);
    endpoint.acknowledge(ack, way);
    return repeating(endpoint, way, dialog, inviteCseq, parts);
  }

  /**
   * Sends a 2xx to the phone's INVITE, again and again until its ACK comes.
   * @param onAcknowledged without an ACK where a later request of the phone stands in for it
   */
  accept(incoming: IncomingRequest, response: SipResponse, onAcknowledged: (ack?: SipRequest) => void): void {
    this.observe('local', response);
    this.#awaitedAck = new AwaitedAck(this.#context, incoming, response, {
      onAcknowledged,
      onNever: () => {
        this.#awaitedAck = undefined;
        if (this.#byeAfterAck !== undefined) this.#sendBye(this.#byeAfterAck);
        else this.owner.onLost(this);
      },
    });
  }

  /** The ACK for our 2xx, or a repetition of it. */
  receiveAck(ack: SipRequest): void {
    this.observe('remote', ack);
    const awaited = this.#awaitedAck;
    if (awaited?.isFor(ack) !== true) return;
    this.#awaitedAck = undefined;
    this.#wasAcknowledged = true;
    if (this.#byeAfterAck === undefined) {
      awaited.acknowledged(ack);
      return;
    }
    awaited.stop();
    this.#sendBye(this.#byeAfterAck);
  }

  /** A new INVITE of the phone shows that it has our 2xx to the one before, whose ACK was lost (RFC 5407 §3.1.4). */
  receiveLaterInvite(): void {
    const awaited = this.#awaitedAck;
    this.#awaitedAck = undefined;
    awaited?.acknowledged();
  }

  /**
   * Hangs up (RFC 3261 §15.1.1) and forgets the leg when the phone has answered, so that a BYE that crosses ours
   * still finds it. An early dialog of the phone's own INVITE is only forgotten: that INVITE has its final response.
   */
  bye(reason: string): void {
    if (this.#closed) return;
    if (!this.isConfirmed && this.#dialog.role === 'uas') {
      this.close();
      return;
    }
    this.#owedAck?.();
    this.#stop();
    if (this.#awaitedAck !== undefined && !this.#wasAcknowledged) {
      this.#byeAfterAck = reason;
      return;
    }
    this.#awaitedAck?.stop();
    this.#awaitedAck = undefined;
    this.#sendBye(reason);
  }

  /** Forgets the leg: the phone hung up, or its early dialog came to nothing. */
  close(): void {
    const awaited = this.#awaitedAck;
    if (this.#closed && awaited === undefined) return;
    this.#awaitedAck = undefined;
    awaited?.stop();
    this.#stop();
    this.#context.legs.remove(this.#dialog);
  }

  #stop(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.peer?.peer === this) this.peer.peer = undefined;
    this.peer = undefined;
    this.#sessionClock.end();
    this.owner = NOBODY;
    this.#session.takeBack(undefined);
    this.#underWay.endAll();
  }

  #sendBye(reason: string): void {
    this.#byeAfterAck = undefined;
    const sent = this.#next('BYE', { headers: [{ name: 'Reason', value: reason }] });
    const forget = () => this.#context.legs.remove(this.#dialog);
    this.#ask(sent, {
      onResponse: ({ status }) => status >= 200 && forget(),
      onTimeout: forget,
      onUnreachable: forget,
    });
  }

  /** Sends a request; where a network wants to know who we are, once more with credentials (RFC 3261 §22.2). */
  #ask(sent: SipRequest, listener: ResponseListener): OutgoingRequest {
    const { endpoint } = this.#context;
    const challenged = this.#challenged;
    if (challenged === undefined) return endpoint.send(sent, this.#way(), listener);
    let outgoing = endpoint.send(sent, this.#way(), {
      onTimeout: () => listener.onTimeout(),
      onUnreachable: () => listener.onUnreachable(),
      onResponse: (response, source) => {
        const again = isChallenge(response) ? challenged(response, sent) : undefined;
        if (again === undefined) {
          listener.onResponse(response, source);
          return;
        }
        this.observe('remote', response);
        this.#dialog = { ...this.#dialog, localCseq: this.#dialog.localCseq + 1 };
        const { method } = cseq(again);
        const numbered = withHeader(again, 'CSeq', `${this.#dialog.localCseq} ${method}`);
        this.observe('local', numbered);
        outgoing = endpoint.send(numbered, this.#way(), listener);
      },
    });
    return {
      get request() {
        return outgoing.request;
      },
      cancel: (reason) => outgoing.cancel(reason),
    };
  }

  /** Calls back once: with the final response, or with 487 where the leg is closed before (RFC 3261 §15.1.2). */
  #settling(onFinal: (status: number, response?: SipResponse) => void): typeof onFinal {
    let isOpen = true;
    let takeBack = () => {};
    const settle: typeof onFinal = (status, response) => {
      if (!isOpen) return;
      isOpen = false;
      takeBack();
      onFinal(status, response);
    };
    takeBack = this.whenClosed(() => settle(487));
    return settle;
  }

  #next(method: string, parts: RequestParts): SipRequest {
    const [dialog, request] = requestWithin(this.#dialog, method, parts);
    this.#dialog = dialog;
    this.observe('local', request);
    return request;
  }

  #way(): Flow {
    return flowWithin(this.#dialog, this.#flow);
  }

  /** Silence counts as an answer of 408, and a broken transport as 503 (RFC 3261 §8.1.3.1). */
  #silence(method: string, status: 408 | 503, sent: SipRequest, onFinal: (status: number) => void): void {
    // What was asked will not be answered: an offer in it is void.
    this.observe('remote', { ...responseOfSilence(sent), status });
    onFinal(status);
    this.#lookForDeath(method, status);
  }

  /** RFC 3261 §12.2.1.2: 481 and 408 say that the dialog is no more. */
  #lookForDeath(method: string, status: number): void {
    if (this.#closed || !endsTheCall(method)) return;
    if (status === 481 || status === 408) this.owner.onLost(this);
  }
}

/**
 * Whether 481 or silence to a request ends the call. A NOTIFY belongs to its subscription (RFC 5057 §5.1), and the 481
 * of a PRACK means a response (RFC 3262 §3).
 */
function endsTheCall(method: string): boolean {
  return method === 'INVITE' || method === 'UPDATE' || method === 'INFO';
}

function responseOfSilence(request: SipRequest): SipResponse {
  const { number, method } = cseq(request);
  return {
    kind: 'response',
    status: 408,
    reason: '',
    headers: [{ name: 'CSeq', value: `${number} ${method}` }],
    body: new Uint8Array(0),
  };
}

/** Apart from the leg, whose scope it would otherwise keep; and of the dialog, since an ACK is seldom repeated. */
function repeating(
  endpoint: ExchangeContext['endpoint'],
  way: Flow,
  dialog: Dialog,
  inviteCseq: number,
  parts: RequestParts,
): () => void {
  return () => endpoint.acknowledge(ackWithin(dialog, inviteCseq, parts), way);
}
