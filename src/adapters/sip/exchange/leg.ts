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
} from '../../../protocols/sip/message/index.ts';
import {
  type AcceptedInvite,
  type AcceptedInviteEffect,
  type AcceptedInviteInput,
  describesSession,
  type GlareVerdict,
  judgeRequest,
  mayInvite,
  NO_SESSION,
  type OfferAnswer,
  observe,
  type SessionTimerTerms,
  type Side,
  startAcceptedInvite,
  stepAcceptedInvite,
} from '../../../protocols/sip/session/index.ts';
import { type IncomingRequest, type OutgoingRequest, TimedMachine } from '../endpoint/index.ts';
import type { Flow } from '../network/index.ts';
import type { ExchangeContext } from './context.ts';
import { allows } from './passed-headers.ts';
import { flowWithin } from './reach.ts';
import { SessionClock } from './session-clock.ts';

/** Whoever has put the leg into a call. */
export type LegOwner = {
  /** The phone hung up; the BYE is already answered. */
  onBye(leg: Leg): void;
  /** The phone is gone without a word: no ACK, no refresh, or its dialog does not exist any more. */
  onLost(leg: Leg): void;
  /** The phone wants its partner sent elsewhere; to be answered by the owner (RFC 3515). */
  onRefer(leg: Leg, refer: IncomingRequest): void;
};

/** The session description that was last sent to a phone, for the refreshes of our side. */
export type Description = { readonly contentType: string; readonly body: Uint8Array };

/** What comes of an INVITE within a dialog. */
export type InviteListener = {
  onProvisional(response: SipResponse): void;
  /** @param acknowledge sends the ACK, once, with the answer where the 2xx made the offer */
  onSuccess(response: SipResponse, acknowledge: (parts?: RequestParts) => void): void;
  /** @param response absent where there was none: 408 for silence, 503 for a broken transport */
  onFailure(status: number, response?: SipResponse): void;
};

export type LegOptions = {
  readonly dialog: Dialog;
  readonly flow: Flow;
  readonly owner: LegOwner;
  /** Whose phone it is. */
  readonly terminalId: string;
};

/** Our end of one dialog with one phone. Legs come in pairs: what one phone says is told to the other's. */
export class Leg {
  readonly flow: Flow;
  readonly terminalId: string;
  owner: LegOwner;
  /** The leg of the phone that is talked to; none while a transfer is under way. */
  peer: Leg | undefined;
  readonly #context: ExchangeContext;
  readonly #sessionClock: SessionClock;
  #dialog: Dialog;
  #offers: OfferAnswer = NO_SESSION;
  #accepted: TimedMachine<AcceptedInvite, AcceptedInviteInput, AcceptedInviteEffect> | undefined;
  #lastDescription: Description | undefined;
  #allowsUpdate = false;
  /** The number of the INVITE that our side sent last, which a PRACK has to name (RFC 3262 §7.2). */
  #inviteCseq = 0;
  #closed = false;

  constructor(context: ExchangeContext, { dialog, flow, owner, terminalId }: LegOptions) {
    this.#context = context;
    this.#dialog = dialog;
    this.flow = flow;
    this.owner = owner;
    this.terminalId = terminalId;
    this.#sessionClock = new SessionClock(context.timers, this);
    context.legs.add(dialog, this);
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
    return this.#inviteCseq;
  }

  get allowsUpdate(): boolean {
    return this.#allowsUpdate;
  }

  get lastDescription(): Description | undefined {
    return this.#lastDescription;
  }

  /** Keeps count of offers and answers: called for everything sent and received in the dialog that has a part in them. */
  observe(by: Side, message: SipMessage): void {
    this.#offers = observe(this.#offers, by, message);
    if (by === 'local' && message.kind === 'request' && message.method === 'INVITE') {
      this.#inviteCseq = cseq(message).number;
    }
    if (by === 'local' && describesSession(message)) {
      const contentType = headerValue(message, 'Content-Type') ?? 'application/sdp';
      this.#lastDescription = { contentType, body: message.body };
    }
    if (by === 'remote' && headerValue(message, 'Allow') !== undefined) {
      this.#allowsUpdate = allows(message, 'UPDATE');
    }
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
  receive(request: SipRequest): 500 | undefined {
    const received = receiveWithin(this.#dialog, request);
    if (!received.ok) return received.status;
    this.#dialog = received.dialog;
    return undefined;
  }

  judge(request: SipRequest): GlareVerdict {
    return judgeRequest(this.#offers, request);
  }

  get mayInvite(): boolean {
    return mayInvite(this.#offers) && !this.#closed;
  }

  /** Begins or goes on to time the session. */
  time(terms: SessionTimerTerms): void {
    if (!this.#closed) this.#sessionClock.agreed(terms);
  }

  /** Sends a request other than INVITE, ACK and CANCEL. @param onFinal also for silence (408) and a broken transport (503) */
  request(
    method: string,
    parts: RequestParts,
    onFinal: (status: number, response?: SipResponse) => void,
  ): OutgoingRequest {
    const sent = this.#next(method, parts);
    return this.#context.endpoint.send(sent, this.#way(), {
      onResponse: (response) => {
        this.observe('remote', response);
        if (response.status < 200) return;
        onFinal(response.status, response);
        this.#lookForDeath(method, response.status);
      },
      onTimeout: () => this.#silence(method, 408, sent, onFinal),
      onUnreachable: () => this.#silence(method, 503, sent, onFinal),
    });
  }

  /** Sends an INVITE that changes or refreshes the session. Only where `mayInvite` says so. */
  invite(parts: RequestParts, listener: InviteListener): OutgoingRequest {
    const sent = this.#next('INVITE', parts);
    let ack: SipRequest | undefined;
    let succeeded = false;
    const acknowledge = (ackParts: RequestParts = {}) => {
      ack = this.acknowledge(sent, ackParts);
    };
    return this.#context.endpoint.send(sent, this.#way(), {
      onResponse: (response) => {
        if (succeeded) {
          if (ack !== undefined) this.#context.endpoint.acknowledge(ack, this.#way());
          return;
        }
        this.observe('remote', response);
        if (response.status < 200) {
          listener.onProvisional(response);
        } else if (response.status < 300) {
          succeeded = true;
          this.moved(response);
          listener.onSuccess(response, acknowledge);
        } else {
          listener.onFailure(response.status, response);
          this.#lookForDeath('INVITE', response.status);
        }
      },
      onTimeout: () => this.#silence('INVITE', 408, sent, listener.onFailure),
      onUnreachable: () => this.#silence('INVITE', 503, sent, listener.onFailure),
    });
  }

  /** Sends the ACK for a 2xx to our INVITE, and returns it for the repetitions of that 2xx. */
  acknowledge(invite: SipRequest, parts: RequestParts = {}): SipRequest {
    const ack = ackWithin(this.#dialog, invite, parts);
    this.observe('local', ack);
    this.#context.endpoint.acknowledge(ack, this.#way());
    return ack;
  }

  /** Sends a 2xx to the phone's INVITE, again and again until its ACK comes (RFC 3261 §13.3.1.4). */
  accept(incoming: IncomingRequest, response: SipResponse, onAcknowledged: (ack: SipRequest) => void): void {
    this.observe('local', response);
    const { timers, sipTimers } = this.#context;
    this.#accepted = new TimedMachine(stepAcceptedInvite, timers, (deed) => {
      if (deed.kind === 'send') incoming.respond(deed.response);
      else if (deed.kind === 'acknowledged') onAcknowledged(deed.ack);
      else if (deed.kind === 'end-session') this.owner.onLost(this);
    });
    this.#accepted.begin(startAcceptedInvite(response, sipTimers));
  }

  /** The ACK for our 2xx, or a repetition of it. */
  receiveAck(ack: SipRequest): void {
    this.observe('remote', ack);
    const accepted = this.#accepted;
    this.#accepted = undefined;
    accepted?.input({ kind: 'ack', ack });
  }

  /**
   * Hangs up (RFC 3261 §15.1.1) and forgets the leg when the phone has answered, so that a BYE that crosses ours
   * still finds it.
   */
  bye(reason: string): void {
    if (this.#closed) return;
    this.#stop();
    const sent = this.#next('BYE', { headers: [{ name: 'Reason', value: reason }] });
    const forget = () => this.#context.legs.remove(this.#dialog);
    this.#context.endpoint.send(sent, this.#way(), {
      onResponse: ({ status }) => status >= 200 && forget(),
      onTimeout: forget,
      onUnreachable: forget,
    });
  }

  /** Forgets the leg: the phone hung up, or its early dialog came to nothing. */
  close(): void {
    if (this.#closed) return;
    this.#stop();
    this.#context.legs.remove(this.#dialog);
  }

  #stop(): void {
    this.#closed = true;
    if (this.peer?.peer === this) this.peer.peer = undefined;
    this.peer = undefined;
    this.#sessionClock.end();
    this.#accepted?.input({ kind: 'session-ended' });
    this.#accepted = undefined;
  }

  #next(method: string, parts: RequestParts): SipRequest {
    const [dialog, request] = requestWithin(this.#dialog, method, parts);
    this.#dialog = dialog;
    this.observe('local', request);
    return request;
  }

  #way(): Flow {
    return flowWithin(this.#dialog, this.flow);
  }

  /** Silence counts as an answer of 408, and a broken transport as 503 (RFC 3261 §8.1.3.1). */
  #silence(method: string, status: 408 | 503, sent: SipRequest, onFinal: (status: number) => void): void {
    // What was asked will not be answered: an offer in it is void.
    this.observe('remote', { ...responseOfSilence(sent), status });
    onFinal(status);
    this.#lookForDeath(method, status);
  }

  /** RFC 3261 §12.2.1.2, RFC 5057 §5.1: 481 and 408 say that the dialog is no more. */
  #lookForDeath(method: string, status: number): void {
    if (this.#closed || method === 'BYE') return;
    if (status === 481 || status === 408) this.owner.onLost(this);
  }
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
