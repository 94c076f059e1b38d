import { type DigestAlgorithm, type Hashes, hashOf } from './algorithm.ts';
import type { Credentials } from './credentials.ts';

/** What the response to a challenge is computed of (RFC 7616 §3.4.1). */
export type ResponseInput = {
  readonly algorithm: DigestAlgorithm;
  /** The hash of `username:realm:password`, which is what a server keeps of the password. */
  readonly ha1: string;
  readonly nonce: string;
  readonly method: string;
  readonly uri: string;
  readonly auth?: { readonly cnonce: string; readonly nonceCount: number };
};

/** The hash of `username:realm:password` (A1 of RFC 7616 §3.4.2). */
export function digestSecret(
  {
    username,
    realm,
    password,
  }: { readonly username: string; readonly realm: string; readonly password: string },
  algorithm: DigestAlgorithm,
  hashes: Hashes,
): string {
  return hashOf(algorithm, hashes)(`${username}:${realm}:${password}`);
}

/** The response in lower-case hexadecimal. */
export function digestResponse(
  { algorithm, ha1, nonce, method, uri, auth }: ResponseInput,
  hashes: Hashes,
): string {
  const hash = hashOf(algorithm, hashes);
  const ha2 = hash(`${method}:${uri}`);
  return auth === undefined
    ? hash(`${ha1}:${nonce}:${ha2}`)
    : hash(`${ha1}:${nonce}:${printNonceCount(auth.nonceCount)}:${auth.cnonce}:auth:${ha2}`);
}

/** Whether the credentials were made by one who knows the password behind `ha1`, for a request of this method. */
export function verifyResponse(
  credentials: Credentials,
  ha1: string,
  method: string,
  hashes: Hashes,
): boolean {
  return sameDigest(digestResponse({ ...credentials, ha1, method }, hashes), credentials.response);
}

/** The nonce count as its eight digits. */
export function printNonceCount(count: number): string {
  return count.toString(16).padStart(8, '0');
}

/** Compares in a time that does not depend on where the texts differ. */
export function sameDigest(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at += 1) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}
