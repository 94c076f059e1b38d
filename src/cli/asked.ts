import { countryCodeOf, parseCountry } from '../domain/numbering/index.ts';
import { CalledWrongly, type VerbCall, type VerbOption } from './service-command.ts';

/** A country as people give it, two letters or three digits, as the service takes it. */
export function countryCodeAsked(text: string): string;
export function countryCodeAsked(text: string | undefined): string | undefined;
export function countryCodeAsked(text: string | undefined): string | undefined {
  if (text === undefined || /^\d{3}$/.test(text)) return text;
  const country = parseCountry(text);
  if (country.ok) return countryCodeOf(country.value);
  throw new CalledWrongly(`"${text}" is no country: write two letters (KR) or a country code (082).`);
}

/** Options of every list. */
export const PAGE_OPTIONS: Readonly<Record<string, VerbOption>> = {
  limit: { value: '<n>', about: 'how many at most' },
  after: { value: '<cursor>', about: 'the page after that one' },
};

export function pageAsked({ option }: VerbCall) {
  return { limit: option('limit'), after: option('after') };
}

/** The option that says whose something is. */
export const MEMBER_OPTION: Readonly<Record<string, VerbOption>> = {
  member: { value: '<id>', about: 'whose; your own where absent' },
};

/** A path with an id in it that came from outside. */
export function pathOf(...segments: readonly string[]): string {
  return `/v1/${segments.map((segment) => encodeURIComponent(segment)).join('/')}`;
}

/** The parts that were given. */
export function given<Parts extends Record<string, unknown>>(parts: Parts): Partial<Parts> {
  return Object.fromEntries(
    Object.entries(parts).filter(([, value]) => value !== undefined),
  ) as Partial<Parts>;
}
