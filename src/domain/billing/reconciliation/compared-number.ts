import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Country } from '../../numbering/index.ts';

/** How numbers are written in records. */
export type NumberWriting =
  /** International, or national of a country: they are compared in E.164. */
  | { readonly kind: 'telephone'; readonly country?: Country }
  /** As the network writes its own: only their digits are compared. */
  | { readonly kind: 'as-written' };

/** Reads numbers of records, each once. */
export class NumberCells {
  readonly #writing: NumberWriting;
  readonly #known = new Map<string, string>();

  constructor(writing: NumberWriting) {
    this.#writing = writing;
  }

  /** @returns digits by which the same numbers are the same; empty where there are none, as of anonymous callers */
  read(cell: string): string {
    const known = this.#known.get(cell);
    if (known !== undefined) return known;
    const read = digitsOf(cell, this.#writing);
    this.#known.set(cell, read);
    return read;
  }
}

/** `+44 20 7946 0000`, `0044…`, `44…`, `sip:+44…@carrier.example`, `020 7946 0000` with its country. */
function digitsOf(cell: string, writing: NumberWriting): string {
  const user = cell.replace(/^(?:sips?|tel):/i, '').replace(/[@;].*$/, '');
  const plain = user.replaceAll(/[\s().\-/']/g, '');
  if (!/^\+?\d+$/.test(plain)) return '';
  if (writing.kind === 'as-written' || plain.startsWith('+')) return plain.replace('+', '');
  // E.123 has no prefix but +; networks write 00 to each other, whatever is dialled in their countries.
  if (plain.startsWith('00')) return plain.slice(2);
  if (plain.startsWith('0') && writing.country !== undefined) {
    const parsed = parsePhoneNumberFromString(plain, writing.country);
    if (parsed?.isPossible() === true) return parsed.number.slice(1);
  }
  return plain;
}
