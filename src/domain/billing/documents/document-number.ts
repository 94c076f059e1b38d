import { civilDayOf } from './civil-day.ts';
import type { DocumentContent, DocumentKind, DocumentParty } from './document.ts';

const LETTERS: Readonly<Record<DocumentKind, string>> = {
  receipt: 'R',
  invoice: 'I',
  'credit-note': 'C',
  'settlement-statement': 'S',
};

/** The documents that are numbered together: one after the other, without gaps. */
export type DocumentSeries = {
  /** The seller as the tax office knows it, or its name. */
  readonly seller: string;
  readonly kind: DocumentKind;
  /** In the document's time zone. */
  readonly year: number;
};

/** The series a document belongs to. */
export function seriesOf(
  content: Pick<DocumentContent, 'seller' | 'kind' | 'issuedAtMs' | 'timeZone'>,
): DocumentSeries {
  const { seller, kind, issuedAtMs, timeZone } = content;
  return { seller: sellerKey(seller), kind, year: civilDayOf(issuedAtMs, timeZone).year };
}

function sellerKey({ name, taxNumber }: DocumentParty): string {
  return taxNumber ?? name;
}

/**
 * A document's number: `R-2026-000123`.
 * @param place its place in the series, from 1 on
 */
export function documentNumber({ kind, year }: DocumentSeries, place: number): string {
  return `${LETTERS[kind]}-${year}-${String(place).padStart(6, '0')}`;
}
