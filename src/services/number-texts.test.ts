import { describe, expect, it } from 'vitest';
import { registeredEnterpriseNumber, registeredPersonalNumber } from '../domain/numbering/index.ts';
import { NumberTexts } from './number-texts.ts';

describe('the texts of numbers', () => {
  it('are the canonical ones, also the second time', () => {
    const texts = new NumberTexts();
    for (let round = 0; round < 2; round += 1) {
      expect(texts.textOf(registeredPersonalNumber('0262006200082'))).toBe('02-6200-6200-082');
      expect(texts.textOf(registeredEnterpriseNumber('62006200'))).toBe('6200-6200');
    }
  });
});
