import { freshBranch, freshToken } from './fresh.ts';
import type { RawPhone } from './raw-phone.ts';
import { field, fields, type RawMessage } from './reading.ts';
import { silence } from './silence.ts';

/** A call that rings at a raw phone. */
export class IncomingCall {
  readonly invite: RawMessage;
  readonly #phone: RawPhone;
  readonly #tag = freshToken();

  /** The next call that rings at this phone. */
  static async at(phone: RawPhone, timeoutMs?: number): Promise<IncomingCall> {
    const isInvite = (m: RawMessage) => m.status === 0 && m.method === 'INVITE';
    return new IncomingCall(phone, await phone.next('an INVITE', isInvite, timeoutMs));
  }

  private constructor(phone: RawPhone, invite: RawMessage) {
    this.#phone = phone;
    this.invite = invite;
  }

  /** Answers the INVITE; from 200 on with a description of silence. `headers` are whole lines. */
  respond(status: number, reason = 'Test', headers: readonly string[] = []): void {
    this.#respondTo(this.invite, status, reason, headers, status === 200 ? silence() : '');
  }

  /** Waits for the ACK. */
  acknowledged(timeoutMs?: number): Promise<RawMessage> {
    return this.#request('ACK', timeoutMs);
  }

  /** Waits until the caller gives up, and says what is to be said then (RFC 3261 §9.2). */
  async cancelled(timeoutMs?: number): Promise<RawMessage> {
    const cancel = await this.#request('CANCEL', timeoutMs);
    this.#respondTo(cancel, 200, 'OK', []);
    this.respond(487, 'Request Terminated');
    return cancel;
  }

  /** Waits until the other side hangs up, and agrees. */
  async hungUp(timeoutMs?: number): Promise<RawMessage> {
    const bye = await this.#request('BYE', timeoutMs);
    this.#respondTo(bye, 200, 'OK', []);
    return bye;
  }

  /** Hangs up, and returns the answer. */
  bye(): Promise<RawMessage> {
    const { text, callId } = this.invite;
    const target = /<([^>]*)>/.exec(field(text, 'Contact'))?.[1] ?? '';
    const headers = [
      `From: ${field(text, 'To')};tag=${this.#tag}`,
      `To: ${field(text, 'From')}`,
      `Call-ID: ${callId}`,
      'CSeq: 1 BYE',
    ];
    this.#phone.wire.send(this.#phone.print('BYE', target, headers, '', freshBranch()));
    return this.#phone.next(
      'the answer to BYE',
      (m) => m.callId === callId && m.method === 'BYE' && m.status >= 200,
    );
  }

  #request(method: string, timeoutMs?: number): Promise<RawMessage> {
    const { callId } = this.invite;
    return this.#phone.next(
      method,
      (m) => m.callId === callId && m.status === 0 && m.text.startsWith(`${method} `),
      timeoutMs,
    );
  }

  #respondTo(request: RawMessage, status: number, reason: string, more: readonly string[], body = ''): void {
    const copied = ['Via', 'Record-Route', 'From', 'Call-ID', 'CSeq'].flatMap((name) =>
      fields(request.text, name).map((value) => `${name}: ${value}`),
    );
    const to = field(request.text, 'To');
    const lines = [
      `SIP/2.0 ${status} ${reason}`,
      ...copied,
      `To: ${to.includes(';tag=') ? to : `${to};tag=${this.#tag}`}`,
      `Contact: ${this.#phone.contact}`,
      ...more,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ];
    this.#phone.wire.send(lines.join('\r\n'));
  }
}
