import type { Direction } from '../../../../protocols/sdp/index.ts';

/** Where our sound is, and what our next description says of it. */
export type LocalSound = {
  readonly address: string;
  readonly port: number;
  /** The session of the origin line, the same in all descriptions of a call. */
  readonly sessionId: number;
  /** Grows by one with every new description (RFC 3264 §8). */
  readonly version: number;
  readonly direction: Direction;
};

/** What offer and answer have agreed on. */
export type SoundTerms = {
  readonly remote: { readonly address: string; readonly port: number };
  readonly law: 'PCMU' | 'PCMA';
  readonly telephoneEvents?: number;
  /** As seen from here. */
  readonly direction: Direction;
};

/** Whether the other side wants to hear nothing or may only be heard: it holds us. */
export function holdsUs({ direction }: SoundTerms): boolean {
  return direction === 'recvonly' || direction === 'inactive';
}
