import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hearKeyBy, type KeyBearer, NO_KEYS } from './key-presses.ts';

type Heard = readonly [KeyBearer, string, number];

function pressed(...heard: Heard[]): string {
  let state = NO_KEYS;
  let keys = '';
  for (const [bearer, digit, atMs] of heard) {
    const [next, isPressed] = hearKeyBy(state, bearer, digit, atMs);
    state = next;
    if (isPressed) keys += digit;
  }
  return keys;
}

describe('R18: a key that comes in several ways is one key', () => {
  it('one bearer alone is believed, whichever it is', () => {
    for (const bearer of ['tones', 'info', 'events'] as const)
      expect(pressed([bearer, '1', 0], [bearer, '1', 150], [bearer, '2', 300])).toBe('112');
  });

  it('a gateway that lets the tones through beside its events', () => {
    const heard: Heard[] = [
      ['tones', '4', 40],
      ['events', '4', 60],
      ['events', '4', 260],
      ['tones', '4', 290],
      ['events', '2', 460],
      ['tones', '2', 480],
    ];
    expect(pressed(...heard)).toBe('442');
  });

  it('a phone that sends INFO after each event', () => {
    expect(pressed(['events', '1', 0], ['info', '1', 90], ['events', '2', 200], ['info', '2', 290])).toBe(
      '12',
    );
  });

  it('INFO that comes first is the same key, once', () => {
    expect(pressed(['info', '1', 0], ['events', '1', 30], ['info', '1', 200], ['events', '1', 230])).toBe(
      '11',
    );
  });

  it('a surer bearer with another key, or much later, is another key', () => {
    expect(pressed(['tones', '1', 0], ['events', '2', 50])).toBe('12');
    expect(pressed(['tones', '1', 0], ['events', '1', 1_500])).toBe('11');
  });

  it('whatever comes by the surest bearer is heard from its second key on', () => {
    const key = fc.tuple(fc.constantFrom<KeyBearer>('tones', 'info', 'events'), fc.constantFrom('1', '2'));
    fc.assert(
      fc.property(fc.array(key, { maxLength: 20 }), (list) => {
        const heard = list.map(([bearer, digit], index): Heard => [bearer, digit, index * 100]);
        const events = list.filter(([bearer]) => bearer === 'events').length;
        const keys = pressed(...heard);
        expect(keys.length).toBeGreaterThanOrEqual(events - 1);
        expect(keys.length).toBeLessThanOrEqual(list.length);
      }),
    );
  });
});
