import { sameDigest } from './response.ts';

/** Signs a text with a key only this server has; the signature is unguessable and holds neither quotes nor dots. */
export type Sign = (text: string) => string;

/** Whom a nonce is for and which one it is. */
export type NonceOrigin = {
  /** Counts the nonces of this server: what the nonce counts are kept by. */
  readonly serial: number;
  /** The network it is handed to; nobody else can use it, so that wrong answers can be blamed on who gave them. */
  readonly audience: string;
};

export type NonceReading =
  | { readonly kind: 'fresh'; readonly serial: number }
  /** Too old, handed to another network, or made by another server or before a restart. */
  | { readonly kind: 'stale' };

const STALE: NonceReading = { kind: 'stale' };
const NONCE = /^([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.([^.]{16,64})$/;

/**
 * Makes a nonce that says itself when it was made (RFC 7616 §5.4): nothing is kept of a challenge, so that
 * a flood of requests without password costs no memory.
 */
export function makeNonce({ serial, audience }: NonceOrigin, nowMs: number, sign: Sign): string {
  const stamp = `${nowMs.toString(36)}.${serial.toString(36)}`;
  return `${stamp}.${sign(`${stamp}.${audience}`)}`;
}

/** Reads a nonce that came back from a network. */
export function readNonce(
  nonce: string,
  audience: string,
  { nowMs, lifetimeMs }: { readonly nowMs: number; readonly lifetimeMs: number },
  sign: Sign,
): NonceReading {
  const match = NONCE.exec(nonce);
  if (match === null) return STALE;
  const [, madeAt = '', serial = '', signature = ''] = match;
  if (!sameDigest(sign(`${madeAt}.${serial}.${audience}`), signature)) return STALE;
  return nowMs - Number.parseInt(madeAt, 36) > lifetimeMs
    ? STALE
    : { kind: 'fresh', serial: Number.parseInt(serial, 36) };
}
