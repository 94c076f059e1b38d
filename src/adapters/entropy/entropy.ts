import { hash, randomBytes } from 'node:crypto';
import type { Clock, Hash, Identifiers, Randomness } from '../../services/ports/index.ts';

const POOL_BYTES = 4_096;
let pool = new Uint8Array(0);
let taken = 0;

/**
 * The generator of the system. A few bytes cost as much as some thousands (2 µs), so that they are fetched together;
 * none is given twice.
 */
export const systemRandomness: Randomness = {
  bytes(count) {
    if (count > POOL_BYTES / 4) return randomBytes(count);
    if (taken + count > pool.length) {
      pool = randomBytes(POOL_BYTES);
      taken = 0;
    }
    taken += count;
    return pool.slice(taken - count, taken);
  },
};

/** MD5 for SIP phones that know nothing better, SHA-256 for all else. */
export const systemHash: Hash = {
  md5: (text) => hash('md5', text),
  sha256: (text) => hash('sha256', text),
};

const SEQUENCE_BITS = 12;

/**
 * UUIDs of version 7 (RFC 9562 §5.7): 48 bits of milliseconds, a counter within the millisecond (§6.2, method 1), and
 * chance. Those of one process sort in the order they were made, even where its clock is set back.
 */
export function createIdentifiers(clock: Clock, randomness: Randomness): Identifiers {
  let lastMs = 0;
  let sequence = 0;
  return {
    next() {
      const nowMs = clock.nowMs();
      sequence = nowMs > lastMs ? 0 : sequence + 1;
      if (nowMs > lastMs) lastMs = nowMs;
      // More than the counter holds were made in one millisecond: the next millisecond is lent.
      if (sequence >> SEQUENCE_BITS > 0) {
        lastMs += 1;
        sequence = 0;
      }
      return printUuid(lastMs, sequence, randomness.bytes(8));
    },
  };
}

function printUuid(ms: number, sequence: number, chance: Uint8Array): string {
  const time = ms.toString(16).padStart(12, '0');
  const versioned = (0x7000 | sequence).toString(16);
  const variant = (0x80 | ((chance[0] ?? 0) & 0x3f)).toString(16);
  const rest = Buffer.from(chance.subarray(1)).toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-${versioned}-${variant}${rest.slice(0, 2)}-${rest.slice(2)}`;
}
