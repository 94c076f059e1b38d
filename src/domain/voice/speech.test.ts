import { describe, expect, it } from 'vitest';
import { spokenCallOffer, spokenCode, spokenNumber } from './speech.ts';

describe('what is spoken', () => {
  it('R17: a code is said digit by digit, twice', () => {
    const once = ['your-code-is', 'digit-4', 'digit-2', 'digit-7', 'digit-1'];
    expect(spokenCode('4271')).toEqual([...once, 'pause', ...once]);
  });

  it('R3: a number is said in its groups, with # and without +', () => {
    expect(spokenNumber('+82 20')).toEqual(['digit-8', 'digit-2', 'pause', 'digit-2', 'digit-0']);
    expect(spokenNumber('62#01')).toEqual(['digit-6', 'digit-2', 'digit-hash', 'digit-0', 'digit-1']);
    expect(spokenNumber('anonymous')).toEqual([]);
  });

  it('R18: a called telephone hears who calls, or that the number is withheld', () => {
    expect(spokenCallOffer('02')).toEqual(['call-from', 'digit-0', 'digit-2', 'pause', 'press-one']);
    expect(spokenCallOffer(undefined)).toEqual(['call-from-withheld', 'pause', 'press-one']);
  });
});
