import { Happenings } from '../phones/happenings.ts';
import { freshBranch, freshToken } from './fresh.ts';
import type { RawPhone } from './raw-phone.ts';
import { field, type RawMessage } from './reading.ts';
import { silence } from './silence.ts';

const ANSWER_TIMEOUT_MS = 10_000;
const LONGEST_RINGING_MS = 60_000;

/** A call that a raw phone makes, from its first INVITE on. */
export class OutgoingCall {
  readonly callId = freshToken();
  readonly #phone: RawPhone;
  readonly #uri: string;
  readonly #from: string;
  readonly #headers: readonly string[];
  readonly #answers = new Happenings<RawMessage>();
  #cseq = 1;
  #branch = freshBranch();
  #to: string;
  #target: string;

  /** Calls a number (the user part of a SIP URI); `headers` are whole lines for the INVITE. */
  constructor(phone: RawPhone, number: string, headers: readonly string[] = []) {
    const uri = `sip:${number}@${phone.server}`;
    this.#phone = phone;
    this.#uri = uri;
    this.#target = uri;
    this.#from = `<sip:${phone.user}@${phone.server}>;tag=${freshToken()}`;
    this.#to = `<${uri}>`;
    this.#headers = headers;
    this.#invite([]);
    // Whoever waits for an answer finds out by himself that none came.
    this.#followAnswers().catch(() => {});
  }

  /** The next answer that is neither 100 nor a challenge that could be met. */
  answer(timeoutMs = ANSWER_TIMEOUT_MS): Promise<RawMessage> {
    return this.#answers.next('an answer to INVITE', () => true, timeoutMs);
  }

  /** The final answer, whatever came before. */
  async final(timeoutMs?: number): Promise<RawMessage> {
    for (;;) {
      const answer = await this.answer(timeoutMs);
      if (answer.status >= 200) return answer;
    }
  }

  /** Gives up (RFC 3261 §9.1), once something provisional came. */
  cancel(): void {
    this.#send('CANCEL', this.#uri, this.#cseq, this.#branch);
  }

  /** Hangs up, and returns the answer. */
  bye(): Promise<RawMessage> {
    this.#cseq += 1;
    const cseq = this.#cseq;
    this.#send('BYE', this.#target, cseq);
    return this.#phone.next(
      'the answer to BYE',
      (m) => m.callId === this.callId && m.method === 'BYE' && m.cseq === cseq && m.status >= 200,
    );
  }

  /** Waits until the other side hangs up, and agrees. */
  async hungUp(timeoutMs?: number): Promise<RawMessage> {
    const bye = await this.#phone.next(
      'a BYE',
      (m) => m.callId === this.callId && m.status === 0 && m.method === 'BYE',
      timeoutMs,
    );
    const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map(
      (name) => `${name}: ${field(bye.text, name)}`,
    );
    this.#phone.wire.send(['SIP/2.0 200 OK', ...copied, 'Content-Length: 0', '', ''].join('\r\n'));
    return bye;
  }

  /** Meets the challenge, acknowledges the final answer, and keeps what a test may ask for. */
  async #followAnswers(): Promise<void> {
    for (;;) {
      const isAnswer = (m: RawMessage) =>
        m.callId === this.callId && m.method === 'INVITE' && m.status > 100 && m.cseq === this.#cseq;
      const answer = await this.#phone.next('an answer to INVITE', isAnswer, LONGEST_RINGING_MS);
      if (answer.status >= 200 && this.#settle(answer)) continue;
      this.#answers.add(answer);
      if (answer.status >= 200) return;
    }
  }

  /** @returns whether it was a challenge, and the INVITE has been sent again */
  #settle(answer: RawMessage): boolean {
    this.#to = field(answer.text, 'To');
    if (answer.status < 300) {
      this.#target = /<([^>]*)>/.exec(field(answer.text, 'Contact'))?.[1] ?? this.#uri;
      this.#send('ACK', this.#target, this.#cseq);
      return false;
    }
    // RFC 3261 §17.1.1.3: of the same transaction, and so with its branch.
    this.#send('ACK', this.#uri, this.#cseq, this.#branch);
    const authorization = this.#phone.answerTo(answer, 'INVITE', this.#uri);
    if (authorization === undefined || this.#cseq > 1) return false;
    this.#to = `<${this.#uri}>`;
    this.#cseq += 1;
    this.#branch = freshBranch();
    this.#invite([authorization]);
    return true;
  }

  #invite(more: readonly string[]): void {
    this.#send('INVITE', this.#uri, this.#cseq, this.#branch, [...this.#headers, ...more], silence());
  }

  #send(
    method: string,
    uri: string,
    cseq: number,
    branch = freshBranch(),
    more: readonly string[] = [],
    body = '',
  ): void {
    const headers = [
      `From: ${this.#from}`,
      `To: ${method === 'CANCEL' || method === 'INVITE' ? `<${this.#uri}>` : this.#to}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: ${this.#phone.contact}`,
      ...more,
    ];
    this.#phone.wire.send(this.#phone.print(method, uri, headers, body, branch));
  }
}
