import {
  type IncomingRequest,
  type OutgoingRequest,
  TimedMachine,
} from '../../../src/adapters/sip/endpoint/index.ts';
import {
  ackWithin,
  confirmDialog,
  type Dialog,
  dialogKey,
  dialogOfUac,
  dialogOfUas,
  refreshTarget,
  requestWithin,
} from '../../../src/protocols/sip/dialog/index.ts';
import {
  cseq,
  type HeaderField,
  headerValue,
  responseTo,
  type SipRequest,
  type SipResponse,
} from '../../../src/protocols/sip/message/index.ts';
import {
  type AcceptedInvite,
  type AcceptedInviteEffect,
  type AcceptedInviteInput,
  answerSessionTimer,
  type SessionTimer,
  type SessionTimerEffect,
  type SessionTimerInput,
  type SessionTimerTerms,
  sessionTimerOffer,
  sessionTimerTerms,
  startAcceptedInvite,
  startSessionTimer,
  stepAcceptedInvite,
  stepSessionTimer,
} from '../../../src/protocols/sip/session/index.ts';
import { DEFAULT_TIMERS } from '../../../src/protocols/sip/transaction/index.ts';
import type { PhoneLine } from './living-phone.ts';

const PATIENCE_MS = 150_000;

/** One conversation of a living phone, from the first INVITE until it no longer believes in it. */
export class Conversation {
  state: 'dialling' | 'ringing' | 'talking' | 'over' = 'over';
  /** Whose session it was told of last. */
  hears = '';
  /** The number of the relay by which it hears that; empty where directly. */
  via = '';
  /** What it heard of the last transfer it asked for. */
  transferred = '';
  readonly #line: PhoneLine;
  #dialog: Dialog | undefined;
  /** The INVITE that rings, or that is answered with a 2xx that waits for its ACK. */
  #incoming: IncomingRequest | undefined;
  #outgoing: OutgoingRequest | undefined;
  #accepted: TimedMachine<AcceptedInvite, AcceptedInviteInput, AcceptedInviteEffect> | undefined;
  #hangsUpOnAck = false;
  #isChanging = false;
  #timer: TimedMachine<SessionTimer, SessionTimerInput, SessionTimerEffect> | undefined;

  private constructor(line: PhoneLine) {
    this.#line = line;
  }

  static dial(line: PhoneLine, user: string): Conversation {
    const conversation = new Conversation(line);
    conversation.#dial(user);
    conversation.#losePatience();
    return conversation;
  }

  static ring(line: PhoneLine, incoming: IncomingRequest): Conversation {
    const conversation = new Conversation(line);
    conversation.#ring(incoming);
    conversation.#losePatience();
    return conversation;
  }

  /** Whether a request with this key of its dialog belongs here. */
  is(key: string | undefined): boolean {
    return this.#dialog !== undefined && dialogKey(this.#dialog) === key;
  }

  /** The value by which another conversation may be told to take this one's place. */
  get replaces(): string {
    const { callId = '', localTag = '', remoteTag = '' } = this.#dialog ?? {};
    return `${callId};to-tag=${remoteTag};from-tag=${localTag}`;
  }

  answer(): void {
    const incoming = this.#incoming;
    if (this.state !== 'ringing' || incoming === undefined) return;
    this.state = 'talking';
    if (this.#dialog !== undefined) this.#dialog = confirmDialog(this.#dialog);
    this.#accept(incoming);
  }

  /** Gives up, refuses or hangs up, whatever fits. */
  hangUp(): void {
    const incoming = this.#incoming;
    if (this.state === 'dialling') this.#outgoing?.cancel();
    else if (this.state === 'ringing' && incoming !== undefined) {
      incoming.respond(responseTo(incoming.request, 486, undefined, this.#dialog?.localTag));
      this.#end();
    } else if (this.state === 'talking') this.#bye();
  }

  change(): void {
    if (this.state !== 'talking' || this.#isChanging || this.#accepted !== undefined) return;
    this.#isChanging = true;
    const sent = this.#send('INVITE', this.#described(), (response) => {
      if (response !== undefined && response.status < 200) return;
      this.#isChanging = false;
      if (response !== undefined && response.status < 300) {
        this.#acknowledge(sent.request, response);
        this.#time(sessionTimerTerms(response, this.#policy()));
      } else this.#lookForDeath(response?.status);
    });
  }

  /** @param target the Refer-To */
  transfer(target: string): void {
    if (this.state !== 'talking') return;
    this.#send('REFER', { headers: [{ name: 'Refer-To', value: target }] }, () => {});
  }

  receive(incoming: IncomingRequest): void {
    const { request } = incoming;
    switch (request.method) {
      case 'BYE':
        incoming.respond(responseTo(request, 200));
        this.#end();
        break;
      case 'INVITE':
        if (this.#isChanging || this.#accepted !== undefined) incoming.respond(responseTo(request, 491));
        else this.#accept(incoming);
        break;
      case 'UPDATE':
        this.#refreshed(incoming);
        break;
      case 'NOTIFY':
        this.transferred = Buffer.from(request.body).toString().trim();
        incoming.respond(responseTo(request, 200));
        break;
      default:
        incoming.respond(responseTo(request, 200));
    }
  }

  acknowledged(ack: SipRequest): void {
    this.#hear(ack);
    this.#accepted?.input({ kind: 'ack', ack });
    this.#accepted = undefined;
    if (this.#hangsUpOnAck) this.#bye();
  }

  /** The phone has lost its power: its timers stop. */
  forget(): void {
    this.#end();
  }

  /** A person tires of a phone that rings, or of listening to one, where nothing else ends it. */
  #losePatience(): void {
    this.#line.clock.schedule(PATIENCE_MS, () => {
      if (this.state !== 'talking') this.hangUp();
    });
  }

  #dial(user: string): void {
    const { endpoint, exchange, name, contact } = this.#line;
    this.state = 'dialling';
    const invite: SipRequest = {
      kind: 'request',
      method: 'INVITE',
      uri: `sip:${user}@omnidial.example`,
      headers: [
        { name: 'Max-Forwards', value: '70' },
        { name: 'From', value: `<sip:${name}@omnidial.example>;tag=${endpoint.newTag()}` },
        { name: 'To', value: `<sip:${user}@omnidial.example>` },
        { name: 'Call-ID', value: endpoint.newCallId() },
        { name: 'CSeq', value: '1 INVITE' },
        { name: 'Contact', value: contact },
        { name: 'Allow', value: 'INVITE, ACK, BYE, CANCEL, UPDATE, REFER, NOTIFY' },
        ...this.#described().headers,
      ],
      body: this.#described().body,
    };
    this.#outgoing = endpoint.send(invite, exchange, {
      onResponse: (response) => this.#heard(invite, response),
      onTimeout: () => this.#end(),
      onUnreachable: () => this.#end(),
    });
  }

  #heard(invite: SipRequest, response: SipResponse): void {
    if (response.status <= 100) return;
    if (response.status >= 300) {
      this.#end();
      return;
    }
    if (response.status < 200) return;
    const dialog = dialogOfUac(invite, response);
    if (!dialog.ok) return;
    if (this.state === 'dialling') {
      this.#dialog = dialog.value;
      this.state = 'talking';
      this.#time(sessionTimerTerms(response, this.#policy()));
    }
    this.#acknowledge(invite, response, dialog.value);
  }

  #ring(incoming: IncomingRequest): void {
    const tag = this.#line.endpoint.newTag();
    const dialog = dialogOfUas(incoming.request, tag, this.#line.contact);
    this.#incoming = incoming;
    this.state = 'ringing';
    if (dialog.ok) this.#dialog = dialog.value;
    incoming.respond(this.#told(incoming.request, 180));
    incoming.onCancel = () => {
      if (this.state !== 'ringing') return;
      incoming.respond(responseTo(incoming.request, 487, undefined, tag));
      this.#end();
    };
  }

  /** Answers an INVITE, and repeats the answer until its ACK; without one it hangs up (RFC 3261 §13.3.1.4). */
  #accept(incoming: IncomingRequest): void {
    const { request } = incoming;
    this.#hear(request);
    const timer = answerSessionTimer(request, this.#policy());
    const ok = this.#told(request, 200);
    const headers = timer.kind === 'agreed' ? timer.headers : [];
    const { body, headers: bodyHeaders } = this.#described();
    if (this.#dialog !== undefined)
      this.#dialog = refreshTarget(this.#dialog, headerValue(request, 'Contact'));
    this.#accepted = new TimedMachine(stepAcceptedInvite, this.#timers(), (deed) => {
      if (deed.kind === 'send') incoming.respond(deed.response);
      else if (deed.kind === 'end-session') {
        this.#accepted = undefined;
        this.#bye();
      }
    });
    const answer = { ...ok, headers: [...ok.headers, ...bodyHeaders, ...headers], body };
    this.#accepted.begin(startAcceptedInvite(answer, DEFAULT_TIMERS));
    if (timer.kind === 'agreed') this.#time(timer.terms);
  }

  #refreshed(incoming: IncomingRequest): void {
    const timer = answerSessionTimer(incoming.request, this.#policy());
    if (timer.kind !== 'agreed') return;
    const ok = this.#told(incoming.request, 200);
    incoming.respond({ ...ok, headers: [...ok.headers, ...timer.headers] });
    this.#time(timer.terms);
  }

  /** The callee waits with its BYE for the ACK (RFC 3261 §15). */
  #bye(): void {
    if (this.state === 'over') return;
    if (this.#accepted !== undefined) {
      this.#hangsUpOnAck = true;
      return;
    }
    this.#send('BYE', {}, () => {});
    this.#end();
  }

  #end(): void {
    this.state = 'over';
    this.#accepted?.input({ kind: 'session-ended' });
    this.#accepted = undefined;
    this.#timer?.input({ kind: 'session-ended' });
    this.#timer = undefined;
  }

  #time(terms: SessionTimerTerms): void {
    if (this.state === 'over') return;
    if (this.#timer !== undefined) {
      this.#timer.input({ kind: 'refreshed', terms });
      return;
    }
    this.#timer = new TimedMachine(stepSessionTimer, this.#timers(), (deed) => {
      if (deed.kind === 'end-session') this.#bye();
      else if (deed.kind === 'refresh') this.#refresh();
    });
    this.#timer.begin(startSessionTimer(terms));
  }

  #refresh(): void {
    this.#send('UPDATE', { headers: sessionTimerOffer(this.#policy(), 'uac') }, (response) => {
      if (response !== undefined && response.status < 300)
        this.#time(sessionTimerTerms(response, this.#policy()));
      else this.#lookForDeath(response?.status);
    });
  }

  #hear({ body }: { readonly body: Uint8Array }): void {
    if (body.length === 0) return;
    const [hears = '', via = ''] = Buffer.from(body).toString().slice('session of '.length).split(' via ');
    this.hears = hears;
    [this.via = ''] = via.split(' ');
  }

  #lookForDeath(status: number | undefined): void {
    if (status !== undefined && status !== 408 && status !== 481) return;
    this.#accepted = undefined;
    this.#bye();
  }

  #send(
    method: string,
    parts: { readonly headers?: readonly HeaderField[]; readonly body?: Uint8Array },
    onResponse: (response: SipResponse | undefined) => void,
  ): OutgoingRequest {
    if (this.#dialog === undefined) throw new Error(`${this.#line.name} is in no dialog.`);
    const [dialog, request] = requestWithin(this.#dialog, method, parts);
    this.#dialog = dialog;
    return this.#line.endpoint.send(request, this.#line.exchange, {
      onResponse,
      onTimeout: () => onResponse(undefined),
      onUnreachable: () => onResponse(undefined),
    });
  }

  /** Where the 2xx made the offer, the ACK answers it; a 2xx to a call that is over is hung up as well. */
  #acknowledge(invite: SipRequest, response: SipResponse, dialog = this.#dialog): void {
    if (dialog === undefined) return;
    this.#hear(response);
    const answers = invite.body.length === 0 && response.body.length > 0;
    this.#line.endpoint.acknowledge(
      ackWithin(dialog, cseq(response).number, answers ? this.#described() : {}),
      this.#line.exchange,
    );
  }

  #told(request: SipRequest, status: number): SipResponse {
    const response = responseTo(request, status, undefined, this.#dialog?.localTag);
    const own = [
      { name: 'Contact', value: this.#line.contact },
      { name: 'Allow', value: 'INVITE, ACK, BYE, CANCEL, UPDATE, REFER, NOTIFY' },
    ];
    return { ...response, headers: [...response.headers, ...own] };
  }

  #described(): { readonly headers: readonly HeaderField[]; readonly body: Uint8Array } {
    const headers = [
      { name: 'Content-Type', value: 'application/sdp' },
      { name: 'Supported', value: 'timer' },
    ];
    return { headers, body: Buffer.from(`session of ${this.#line.name}`) };
  }

  #policy(): { readonly intervalSeconds: number; readonly minSeconds: number } {
    return { intervalSeconds: this.#line.intervalSeconds, minSeconds: 90 };
  }

  #timers(): { start(afterMs: number, run: () => void): () => void } {
    return { start: (afterMs, run) => this.#line.clock.schedule(afterMs, run) };
  }
}
