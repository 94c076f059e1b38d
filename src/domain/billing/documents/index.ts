/** Receipts, invoices, credit notes and statements as values, and the words on them. */

export { checkDocument, soundDocument } from './check-document.ts';
export { type CivilDay, civilDayOf, isTimeZone } from './civil-day.ts';
export {
  type BillingDocument,
  DOCUMENT_KINDS,
  DOCUMENT_LANGUAGES,
  type DocumentContent,
  type DocumentKind,
  type DocumentLanguage,
  type DocumentLine,
  type DocumentParty,
  type DocumentPayment,
  type DocumentPeriod,
  type DocumentQuantity,
  type DocumentTax,
  documentLanguageOf,
} from './document.ts';
export { type DocumentSeries, documentNumber, seriesOf } from './document-number.ts';
export { type DocumentTexts, textsOf } from './document-texts.ts';
export { printDay, printGrouped, printPeriod, printTotal } from './printing.ts';
export {
  coinMicros,
  printRate,
  readTaxation,
  type Taxation,
  type Taxed,
  taxed,
  taxOn,
  taxWithin,
} from './tax.ts';
