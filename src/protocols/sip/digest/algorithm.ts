/** The algorithms that are spoken here (RFC 8760 §2.1). */
export type DigestAlgorithm = 'MD5' | 'SHA-256';

export const STRONGEST_FIRST: readonly DigestAlgorithm[] = ['SHA-256', 'MD5'];

/** One-shot hash functions of the platform: text in as UTF-8, lower-case hexadecimal out. */
export type Hashes = {
  readonly md5: (text: string) => string;
  readonly sha256: (text: string) => string;
};

/** The algorithm by its name, which has no case; where none is named it is MD5 (RFC 7616 §3.3). */
export function algorithmNamed(name: string | undefined): DigestAlgorithm | undefined {
  if (name === undefined) return 'MD5';
  const upper = name.toUpperCase();
  return upper === 'MD5' || upper === 'SHA-256' ? upper : undefined;
}

/** The hash function of an algorithm. */
export function hashOf(algorithm: DigestAlgorithm, hashes: Hashes): (text: string) => string {
  return algorithm === 'MD5' ? hashes.md5 : hashes.sha256;
}

/** How many hexadecimal digits a response of the algorithm has. */
export function digestLength(algorithm: DigestAlgorithm): number {
  return algorithm === 'MD5' ? 32 : 64;
}
