import { accept, type Result, refuse } from '../../../domain/refusal/index.ts';
import { type RelayableSession, relayableAnswer, relayableOffer } from '../../../protocols/sdp/index.ts';
import type { Parsed } from '../../../protocols/sip/message/index.ts';
import type { RelaySide } from '../../../services/ports/index.ts';
import { isReachable } from './address.ts';

/** What was agreed, seen from the relay: each side's description in force. */
export type Agreed = Readonly<Record<RelaySide, RelayableSession>>;

export function otherSide(side: RelaySide): RelaySide {
  return side === 'caller' ? 'callee' : 'caller';
}

/**
 * Which descriptions are in force. An offer is not, until it is answered: where it is refused nothing comes, and what
 * was agreed before goes on (RFC 3264 §8). An offer may be answered more than once: early, by another callee, at last.
 */
export class Negotiation {
  /** Our address, of the family that the relay can send in. */
  readonly #address: string;
  #agreed: Agreed | undefined;
  readonly #offers: Partial<Record<RelaySide, RelayableSession>> = {};

  constructor(address: string) {
    this.#address = address;
  }

  get agreed(): Agreed | undefined {
    return this.#agreed;
  }

  /** Whether a side listens to nothing or says nothing: then silence is no sign of a call that is gone. */
  get isOnHold(): boolean {
    const { caller, callee } = this.#agreed ?? {};
    return caller?.direction !== 'sendrecv' || callee?.direction !== 'sendrecv';
  }

  /** Reads an offer; `media-not-relayed` where nothing in it can be relayed. */
  readOffer(sdp: string): Result<RelayableSession> {
    return this.#reachable(relayableOffer(sdp));
  }

  /** Keeps it until it is answered. */
  offer(from: RelaySide, described: RelayableSession): void {
    this.#offers[from] = described;
  }

  /** Reads the answer to the other side's last offer. */
  readAnswer(from: RelaySide, sdp: string): Result<RelayableSession> {
    const offered = this.#offers[otherSide(from)];
    if (offered === undefined) return refuse('media-not-relayed', 'Nothing was offered that this answers.');
    return this.#reachable(relayableAnswer(sdp, offered.index));
  }

  /** Puts it in force, together with the offer that it answers. */
  answer(from: RelaySide, described: RelayableSession): Agreed | undefined {
    const offered = this.#offers[otherSide(from)];
    if (offered === undefined) return undefined;
    this.#agreed =
      from === 'caller' ? { caller: described, callee: offered } : { caller: offered, callee: described };
    return this.#agreed;
  }

  #reachable(read: Parsed<RelayableSession>): Result<RelayableSession> {
    if (!read.ok) return refuse('media-not-relayed', read.problem.detail);
    const address = read.value.wanted?.address;
    if (address === undefined || isReachable(address, this.#address)) return accept(read.value);
    return refuse('media-not-relayed', 'The sound is wanted at no address that the relay can send to.');
  }
}

/** What a relay says that has ended. */
export const RELAY_CLOSED = refuse('media-not-relayed', 'The relay of this call is closed.');
