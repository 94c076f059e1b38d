import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageRing } from './message-ring.ts';

const message = fc.record({
  direction: fc.constantFrom('received' as const, 'sent' as const),
  address: fc.constantFrom('192.0.2.1', '2001:db8::1'),
  port: fc.integer({ min: 0, max: 65_535 }),
  bytes: fc.uint8Array({ minLength: 0, maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
});

describe('the ring of messages', () => {
  it('holds the last ones whole and in order, however they fit', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 80 }), (messages) => {
        const ring = new MessageRing(400, 10);
        messages.forEach(({ direction, address, port, bytes }, atMs) => {
          ring.keep(direction, atMs, address, port, bytes);
        });
        const found = [...ring.find(() => true)];
        const expected = messages.map((each, atMs) => ({ atMs, ...each }));
        expect(found).toEqual(expected.slice(expected.length - found.length));
        // Two of the longest and a wrap always fit in the memory.
        expect(found.length).toBeGreaterThanOrEqual(Math.min(messages.length, 2));
        expect(found.length).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('leaves out what is larger than itself', () => {
    const ring = new MessageRing(100, 10);
    ring.keep('sent', 1, '192.0.2.1', 5060, Buffer.alloc(200));
    expect([...ring.find(() => true)]).toEqual([]);
  });
});
