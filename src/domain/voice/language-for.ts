import type { Language } from '../members/index.ts';
import type { CountryCode } from '../numbering/index.ts';

/** Countries whose people are spoken to in a language of ours; everybody else in English where that is spoken. */
const OF_COUNTRY: Readonly<Record<string, Language>> = { '082': 'ko', '081': 'ja' };

/**
 * The language a caller is spoken to in (R22): the member's own wherever the member calls from, since every language
 * is there in every centre; else that of the caller's country where the centre speaks it; else the centre's first.
 * @param centre the languages of the centre, the first one first
 */
export function languageFor({
  member,
  centre,
  callerCountry,
}: {
  readonly member?: Language | undefined;
  readonly centre: readonly Language[];
  readonly callerCountry?: CountryCode | undefined;
}): Language {
  if (member !== undefined) return member;
  const ofCountry = callerCountry === undefined ? undefined : (OF_COUNTRY[callerCountry] ?? 'en');
  if (ofCountry !== undefined && centre.includes(ofCountry)) return ofCountry;
  return centre[0] ?? 'en';
}
