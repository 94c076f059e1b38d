import { Happenings } from '../phones/happenings.ts';
import { answerChallenge } from './digest.ts';
import { freshBranch, freshToken } from './fresh.ts';
import { type RawMessage, readRaw } from './reading.ts';
import { openWire, type Wire, type WireOptions } from './wire.ts';

export type RawPhoneOptions = WireOptions & {
  readonly user: string;
  readonly password: string;
  readonly algorithm?: 'MD5' | 'SHA-256';
};

const ANSWER_TIMEOUT_MS = 10_000;

/**
 * A SIP phone without sound and without manners: it sends what a test tells it, once, and shows every answer with
 * its exact code.
 */
export class RawPhone {
  readonly user: string;
  readonly #options: RawPhoneOptions;
  readonly #messages = new Happenings<RawMessage>();
  #wire: Wire | undefined;

  static async open(options: RawPhoneOptions): Promise<RawPhone> {
    const phone = new RawPhone(options);
    phone.#wire = await openWire(options, (text) => phone.#messages.add(readRaw(text)));
    return phone;
  }

  private constructor(options: RawPhoneOptions) {
    this.user = options.user;
    this.#options = options;
  }

  get server(): string {
    return this.#options.server;
  }

  get contact(): string {
    return `<sip:${this.user}@127.0.0.1:${this.wire.localPort};transport=${this.wire.transport.toLowerCase()}>`;
  }

  get wire(): Wire {
    if (this.#wire === undefined) throw new Error(`${this.user} is not open.`);
    return this.#wire;
  }

  /** The next message that matches and no test has seen yet. */
  next(what: string, matches: (message: RawMessage) => boolean, timeoutMs = ANSWER_TIMEOUT_MS) {
    return this.#messages.next(`${this.user}: ${what}`, matches, timeoutMs);
  }

  /** Whether a message that matches has come, seen or not. */
  hasReceived(matches: (message: RawMessage) => boolean): boolean {
    return this.#messages.all.some(matches);
  }

  /**
   * Sends a request outside of any dialog, answers the challenge where there is one, and returns the final answer.
   * `headers` are whole lines.
   */
  async ask(method: string, uri: string, headers: readonly string[] = [], body = ''): Promise<RawMessage> {
    const callId = freshToken();
    const send = (cseq: number, more: readonly string[]) => {
      this.wire.send(
        this.print(
          method,
          uri,
          [
            `From: <sip:${this.user}@${this.server}>;tag=${callId}`,
            `To: <${method === 'REGISTER' ? `sip:${this.user}@${this.server}` : uri}>`,
            `Call-ID: ${callId}`,
            `CSeq: ${cseq} ${method}`,
            ...headers,
            ...more,
          ],
          body,
        ),
      );
      return this.next(
        `the answer to ${method}`,
        (m) => m.callId === callId && m.cseq === cseq && m.status >= 200,
      );
    };
    const first = await send(1, []);
    const authorization = this.answerTo(first, method, uri);
    return authorization === undefined ? first : send(2, [authorization]);
  }

  /** Registers its own address; 200 is the usual answer. */
  register(expiresSeconds = 300): Promise<RawMessage> {
    return this.ask('REGISTER', `sip:${this.server}`, [
      `Contact: ${this.contact}`,
      `Expires: ${expiresSeconds}`,
    ]);
  }

  /** The Authorization line for a 401, or undefined where the message asks for none. */
  answerTo(message: RawMessage, method: string, uri: string): string | undefined {
    if (message.status !== 401) return undefined;
    const answer = answerChallenge(message.text, { ...this.#options, method, uri });
    return answer === undefined ? undefined : `Authorization: ${answer}`;
  }

  /** A request as text, with a Via of its own; `branch` where it has to be that of another. */
  print(method: string, uri: string, headers: readonly string[], body = '', branch = freshBranch()): string {
    const { transport, localPort } = this.wire;
    return [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/${transport} 127.0.0.1:${localPort};branch=${branch};rport`,
      'Max-Forwards: 70',
      ...headers,
      ...(body === '' || headers.some((each) => each.startsWith('Content-Type'))
        ? []
        : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
  }

  close(): void {
    this.wire.close();
  }
}
