import { randomBytes } from 'node:crypto';
import { printSession, type RelayableSession, relayedSession } from '../../../protocols/sdp/index.ts';

/**
 * What one side is shown of the other through a relay. Whoever the other is, and whatever its phone numbers its own
 * descriptions with, this side sees one session that has versions: RFC 3264 §8 asks for the same id, and for one
 * version more where something has changed, and only there.
 */
export class ViewedSession {
  readonly #sessionId = String(randomBytes(6).readUIntBE(0, 6));
  #version = 0n;
  #shown = '';

  /** Writes the description with the relay's place in it. */
  show(described: RelayableSession, place: { readonly address: string; readonly port: number }): string {
    const as = (version: bigint) =>
      printSession(
        relayedSession(described, place, {
          username: '-',
          sessionId: this.#sessionId,
          version: String(version),
        }),
      );
    if (this.#shown !== '' && as(this.#version) === this.#shown) return this.#shown;
    this.#version += 1n;
    this.#shown = as(this.#version);
    return this.#shown;
  }
}
