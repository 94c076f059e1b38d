import { REASON_PHRASES } from '../../../protocols/sip/message/index.ts';
import type { Leg } from './leg.ts';

const SIPFRAG = 'message/sipfrag;version=2.0';

/** How long the subscription a REFER makes may last at most (RFC 3515 §2.4.4). */
const EXPIRES_SECONDS = 180;

/** Tells the phone that sent a REFER what becomes of it (RFC 3515 §2.4.5). */
export class ReferProgress {
  readonly #leg: Leg;
  readonly #event: string;
  #last = 0;
  #over: boolean;

  /**
   * @param id the CSeq of the REFER, which tells it from another one in the same dialog (RFC 3515 §2.4.6)
   * @param wanted whether the phone wants to be told at all (RFC 4488 §4)
   */
  constructor(leg: Leg, id: number, wanted: boolean) {
    this.#leg = leg;
    this.#event = `refer;id=${id}`;
    this.#over = !wanted;
  }

  /** @param status of the new call; a final one ends the subscription, and so does a phone that refuses to be told */
  tell(status: number): void {
    if (this.#over || this.#leg.isClosed || status === this.#last) return;
    this.#last = status;
    this.#over = status >= 200;
    const state = this.#over ? 'terminated;reason=noresource' : `active;expires=${EXPIRES_SECONDS}`;
    const headers = [
      { name: 'Event', value: this.#event },
      { name: 'Subscription-State', value: state },
      { name: 'Content-Type', value: SIPFRAG },
    ];
    const body = Buffer.from(`SIP/2.0 ${status} ${REASON_PHRASES[status] ?? 'Unknown'}\r\n`);
    this.#leg.request('NOTIFY', { headers, body }, (answer) => {
      if (answer >= 300) this.#over = true;
    });
  }
}
