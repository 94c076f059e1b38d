/*
 * Prefixes as numbers: a million of them are a column of numbers, not a million texts.
 */

/** The first digits as a number with a 1 in front, so that leading zeros count: at most 2·10¹⁵, exact in a double. */
export function prefixKey(digits: string, length: number): number {
  let key = 1;
  for (let at = 0; at < length; at += 1) key = key * 10 + (digits.charCodeAt(at) - 48);
  return key;
}

/** Spreads keys over the places of a table. @returns 31 bits */
export function hashOfKey(key: number): number {
  const high = Math.floor(key / 4_294_967_296);
  const mixed = Math.imul((key >>> 0) ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35) >>> 1;
}
