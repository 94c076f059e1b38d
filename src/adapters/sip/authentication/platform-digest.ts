import { hash, randomBytes } from 'node:crypto';
import type { Hashes, Sign } from '../../../protocols/sip/digest/index.ts';

/** The hash functions of Node in one call each, which costs less than half of `createHash`. */
export const platformHashes: Hashes = {
  md5: (text) => hash('md5', text),
  sha256: (text) => hash('sha256', text),
};

/** 22 characters of base64url hold 132 bits: more than anybody can guess. */
const SIGNATURE_LENGTH = 22;

/**
 * Signs with two nested SHA-256, each with a key of its own: the construction behind HMAC (NMAC), so that nobody can
 * lengthen a signed text. Node has hashes in one call, and for HMAC only an object, which costs twice as much
 * and is one more for the garbage collector. The keys are new at every start, so that no nonce outlives the memory of
 * which were used.
 */
export function createSigner(): Sign {
  const [inner, outer] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
  return (text) =>
    hash('sha256', outer + hash('sha256', inner + text), 'base64url').slice(0, SIGNATURE_LENGTH);
}
