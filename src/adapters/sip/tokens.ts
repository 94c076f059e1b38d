import type { Randomness } from '../../services/ports/index.ts';

/** 80 bits: tags need 32 at least (RFC 3261 §19.3), and nobody shall guess the name of a dialog. */
const BYTES = 10;
const POOL_BYTES = 500 * BYTES;

/** Makes words of 20 letters and digits for tags, branches and Call-IDs, from chance fetched for many at once. */
export function createTokens(randomness: Randomness): () => string {
  let pool = '';
  let at = 0;
  return () => {
    if (at >= pool.length) {
      pool = Buffer.from(randomness.bytes(POOL_BYTES)).toString('hex');
      at = 0;
    }
    at += 2 * BYTES;
    // A slice would keep the whole pool alive for as long as a dialog lives.
    return Buffer.from(pool.slice(at - 2 * BYTES, at), 'latin1').toString('latin1');
  };
}
