import { randomBytes } from 'node:crypto';

/** A tag or Call-ID that nobody has used. */
export function freshToken(): string {
  return randomBytes(6).toString('hex');
}

/** A branch of RFC 3261 §8.1.1.7 that nobody has used. */
export function freshBranch(): string {
  return `z9hG4bK${freshToken()}`;
}
