/** Names things for ever. */
export type Identifiers = {
  /** A UUID of version 7 (RFC 9562 §5.7): later ones sort behind earlier ones. */
  next(): string;
};

/** Chance that nobody can foresee. */
export type Randomness = {
  /** That many bytes from the system's secure generator. */
  bytes(count: number): Uint8Array;
};

/** One-way functions over UTF-8 text; the result in lower-case hexadecimal. */
export type Hash = {
  md5(text: string): string;
  sha256(text: string): string;
};
