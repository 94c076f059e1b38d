import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyInInfo } from './info-key.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a key in SIP INFO', () => {
  it.each([
    ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', '5'],
    ['application/dtmf-relay', 'Signal= 5\r\nDuration= 160', '5'],
    ['Application/DTMF-Relay; charset=utf-8', 'Duration=100\nsignal=*\n', '*'],
    ['application/dtmf-relay', 'Signal=11\r\n', '#'],
    ['application/dtmf-relay', 'Signal=d', 'D'],
    ['application/dtmf', '7', '7'],
    ['application/dtmf', ' 10\r\n', '*'],
  ])('%s with %j is %s', (type, body, key) => {
    expect(keyInInfo(type, bytes(body))).toBe(key);
  });

  it.each([
    ['application/dtmf-relay', 'Signal=\r\nDuration=160'],
    ['application/dtmf-relay', 'Signal=16'],
    ['application/dtmf-relay', 'Signal=55'],
    ['application/dtmf-relay', 'Duration=5'],
    ['application/dtmf', ''],
    ['application/media_control+xml', '5'],
    ['', '5'],
    ['application/dtmf', `5${' '.repeat(1_000)}`],
  ])('%s with %j is none', (type, body) => {
    expect(keyInInfo(type, bytes(body))).toBeUndefined();
  });

  it('whatever comes is a key or none', () => {
    const types = fc.constantFrom('application/dtmf', 'application/dtmf-relay', 'text/plain');
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 40 }), (type, body) => {
        expect(keyInInfo(type, body) ?? '0').toMatch(/^[0-9*#A-D]$/);
      }),
    );
  });
});
