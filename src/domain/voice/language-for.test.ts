import { describe, expect, it } from 'vitest';
import type { CountryCode } from '../numbering/index.ts';
import { languageFor } from './language-for.ts';

const KOREA = '082' as CountryCode;
const JAPAN = '081' as CountryCode;
const GERMANY = '049' as CountryCode;

describe('R22: the language a caller is spoken to in', () => {
  it('is the member’s own in every centre', () => {
    expect(languageFor({ member: 'ja', centre: ['ko', 'en'], callerCountry: KOREA })).toBe('ja');
  });

  it('is else that of the caller’s country where the centre speaks it', () => {
    expect(languageFor({ centre: ['en', 'ja'], callerCountry: JAPAN })).toBe('ja');
    expect(languageFor({ centre: ['ko', 'en'], callerCountry: GERMANY })).toBe('en');
  });

  it('is else what the centre speaks first', () => {
    expect(languageFor({ centre: ['ko', 'en'], callerCountry: JAPAN })).toBe('ko');
    expect(languageFor({ centre: ['ja'] })).toBe('ja');
    expect(languageFor({ centre: [] })).toBe('en');
  });
});
