import type { RequestParts } from '../../../protocols/sip/dialog/index.ts';
import {
  cseq,
  headerValue,
  lasting,
  type SipMessage,
  type SipRequest,
} from '../../../protocols/sip/message/index.ts';
import {
  describesSession,
  type GlareVerdict,
  judgeRequest,
  mayInvite,
  NO_SESSION,
  type OfferAnswer,
  observe,
  type Side,
} from '../../../protocols/sip/session/index.ts';
import { allows } from './passed-headers.ts';

/** The session description that was last sent to a phone, for the refreshes of our side. */
export type Description = {
  readonly contentType: string;
  /** A character a byte: an array of bytes would cost the collector more than all else of a leg. */
  readonly body: string;
};

/** What a message says that carries a description again. */
export function describing({
  contentType,
  body,
}: Description): Required<Pick<RequestParts, 'headers' | 'body'>> {
  return { headers: [{ name: 'Content-Type', value: contentType }], body: Buffer.from(body, 'latin1') };
}

/** What was offered, answered and said of abilities in one dialog, by watching its messages. */
export class LegSession {
  #offers: OfferAnswer = NO_SESSION;
  #lastDescription: Description | undefined;
  #allowsUpdate = false;
  #inviteCseq = 0;

  /** What the phone was told last of the session that it has; an offer that was refused is taken back. */
  get lastDescription(): Description | undefined {
    return this.#lastDescription;
  }

  /** Whether the phone takes UPDATE. */
  get allowsUpdate(): boolean {
    return this.#allowsUpdate;
  }

  /** The number of the INVITE that our side sent last, which a PRACK has to name (RFC 3262 §7.2). */
  get inviteCseq(): number {
    return this.#inviteCseq;
  }

  /** Whether our side may make an offer by INVITE now (RFC 3261 §14.1). */
  get mayInvite(): boolean {
    return mayInvite(this.#offers);
  }

  /** Whether a description that the phone sends now answers an offer of ours. */
  get isAnswering(): boolean {
    return this.#offers.offer?.by === 'local';
  }

  judge(request: SipRequest): GlareVerdict {
    return judgeRequest(this.#offers, request);
  }

  observe(by: Side, message: SipMessage): void {
    this.#offers = observe(this.#offers, by, message);
    if (by === 'local' && message.kind === 'request' && message.method === 'INVITE') {
      this.#inviteCseq = cseq(message).number;
    }
    if (by === 'local' && describesSession(message)) {
      const contentType = headerValue(message, 'Content-Type') ?? 'application/sdp';
      const body = Buffer.from(message.body).toString('latin1');
      this.#lastDescription = { contentType: lasting(contentType), body };
    }
    if (by === 'remote' && headerValue(message, 'Allow') !== undefined) {
      this.#allowsUpdate = allows(message, 'UPDATE');
    }
  }

  /** The offer that came after this description was refused. */
  takeBack(description: Description | undefined): void {
    this.#lastDescription = description;
  }
}
