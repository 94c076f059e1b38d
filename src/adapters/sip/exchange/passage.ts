import type { RequestParts } from '../../../protocols/sip/dialog/index.ts';
import type { MediaRelay, RelaySide, RelayStatistics } from '../../../services/ports/index.ts';

/** Whether a description opens a negotiation or ends it (RFC 3264). */
export type DescriptionRole = 'offer' | 'answer';

type Onward = (body: Uint8Array | undefined) => void;

const UTF8 = new TextDecoder();

/**
 * How what two phones say of their sound passes from the one to the other: through the relay, which puts itself into
 * the place of either. A relay in another process answers later; nothing overtakes what waits for it.
 */
export class Passage {
  readonly #relay: MediaRelay;
  /** What waits for its turn; absent where nothing does. */
  #waiting: (() => void)[] | undefined;
  #statistics: RelayStatistics | Promise<RelayStatistics> | undefined;

  constructor(relay: MediaRelay) {
    this.#relay = relay;
  }

  /**
   * Passes what one side says.
   * @param onward called with what the other side is to see, or with nothing where it cannot be relayed
   */
  pass(from: RelaySide, role: DescriptionRole, body: Uint8Array, onward: Onward): void {
    if (this.#waiting === undefined) this.#pass(from, role, body, onward);
    else this.#waiting.push(() => this.#pass(from, role, body, onward));
  }

  /** What says nothing of the sound keeps its place behind what does. */
  inTurn(run: () => void): void {
    if (this.#waiting === undefined) run();
    else this.#waiting.push(run);
  }

  /** Beeps to a side, where the relay can. */
  beep(to: RelaySide): void {
    this.#relay.beep(to);
  }

  /** What went through it, also after its end. */
  statistics(): RelayStatistics | Promise<RelayStatistics> {
    return this.#statistics ?? this.#relay.statistics();
  }

  /** May be called again. */
  close(): void {
    if (this.#statistics !== undefined) return;
    this.#statistics = this.#relay.statistics();
    this.#relay.close();
  }

  #pass(from: RelaySide, role: DescriptionRole, body: Uint8Array, onward: Onward): void {
    // What waited until the end is not asked any more: a relay in another process would begin anew.
    if (this.#statistics !== undefined) {
      onward(undefined);
      return;
    }
    const passed = this.#relay[role](from, UTF8.decode(body));
    if (!(passed instanceof Promise)) {
      onward(passed.ok ? Buffer.from(passed.value) : undefined);
      return;
    }
    this.#waiting = [];
    passed.then((result) => {
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      onward(result.ok ? Buffer.from(result.value) : undefined);
      for (const run of waiting) this.inTurn(run);
    });
  }
}

/**
 * Passes a description, or nothing, by a passage or directly where there is none.
 * @param onward called with what the other side is to see; undefined where it cannot be relayed
 */
export function passBody(
  passage: Passage | undefined,
  from: RelaySide,
  role: DescriptionRole,
  body: Uint8Array,
  onward: Onward,
): void {
  if (passage === undefined) onward(body);
  else if (body.length === 0) passage.inTurn(() => onward(body));
  else passage.pass(from, role, body, onward);
}

const NO_BODY = new Uint8Array(0);

type Acknowledge = (parts?: RequestParts) => void;

/**
 * Sends the ACK for a 2xx of the callee's; where that had made the offer, with the caller's answer as the callee is to
 * see it. What cannot be relayed goes without: then the callee ends the call (RFC 3261 §13.2.2.4).
 */
export function passingBack(passage: Passage | undefined, acknowledge: Acknowledge): Acknowledge {
  if (passage === undefined) return acknowledge;
  return (parts = {}) =>
    passBody(passage, 'caller', 'answer', parts.body ?? NO_BODY, (body = NO_BODY) =>
      acknowledge({ ...parts, body }),
    );
}
