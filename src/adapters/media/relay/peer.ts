import { isBehindNat } from './address.ts';

export type Place = { readonly address: string; readonly port: number };

/**
 * Where one side is, for RTP or for RTCP, and from where alone its packets are taken.
 *
 * - `described`: exactly where its description says.
 * - behind a NAT: the description names a private address that its signalling does not come from. Then it is at the
 *   signalling's address, on the port that its first good packet comes from: the latch. A stranger would have to share
 *   that address. Until the latch falls nothing is sent: a private address in our own network is not the phone's.
 * - the latch moves where the side has described itself anew, and where a packet from the same address goes on with the
 *   same sender's number (SSRC), as after a NAT has forgotten a port: no one who does not hear the call knows it.
 */
export class Peer {
  readonly #signalledFrom: string | undefined;
  #wantsSound = false;
  #expected: Place | undefined;
  #isBehindNat = false;
  #found: Place | undefined;
  #mayMove = false;

  /** @param signalledFrom absent where the description is believed, whatever address it names */
  constructor(signalledFrom: string | undefined) {
    this.#signalledFrom = signalledFrom;
  }

  /**
   * The side has described itself, again or for the first time.
   * @param expected undefined where it wants no sound for now: it is still where it was, and may send
   */
  describe(expected: Place | undefined): void {
    this.#wantsSound = expected !== undefined;
    this.#mayMove = true;
    if (expected === undefined) return;
    if (expected.address !== this.#expected?.address || expected.port !== this.#expected.port)
      this.#found = undefined;
    this.#expected = expected;
    this.#isBehindNat =
      this.#signalledFrom !== undefined && isBehindNat(expected.address, this.#signalledFrom);
  }

  /** Where to send to; undefined where it wants nothing, or was not found yet. */
  get place(): Place | undefined {
    if (!this.#wantsSound) return undefined;
    return this.#isBehindNat ? this.#found : this.#expected;
  }

  /** Whether a packet that looks good is this side's; the latch falls by it. */
  accepts(address: string, port: number, isSameSender: () => boolean): boolean {
    const known = this.#isBehindNat ? this.#found : this.#expected;
    if (known !== undefined && known.port === port && known.address === address) {
      this.#mayMove = false;
      return true;
    }
    if (!this.#isBehindNat || address !== this.#signalledFrom) return false;
    if (known !== undefined && !this.#mayMove && !isSameSender()) return false;
    this.#found = { address, port };
    this.#mayMove = false;
    return true;
  }
}
