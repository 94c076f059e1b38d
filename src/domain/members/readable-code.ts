/** Crockford's alphabet: digits and letters without those that are taken for others (i, l, o, u). */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Random bytes as text that can be read aloud and typed: eight characters for every five bytes.
 * @param bytes a multiple of five, so that no bits are left over
 */
export function readableCode(bytes: Uint8Array): string {
  let code = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      code += ALPHABET[(pending >> bits) & 31];
      pending &= (1 << bits) - 1;
    }
  }
  return code;
}
