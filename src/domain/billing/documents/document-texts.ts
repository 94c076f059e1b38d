import type { BillingDocument, DocumentLine, DocumentParty } from './document.ts';
import { printDay, printGrouped, printPeriod, printQuantity, printTotal } from './printing.ts';
import { printRate } from './tax.ts';
import { type DocumentWords, PER_MINUTE, WORDS } from './words.ts';

/** Something with its name before it. */
export type Labelled = { readonly label: string; readonly value: string };

export type PartyTexts = {
  readonly heading: string;
  readonly name: string;
  readonly address: readonly string[];
  /** Of registers and of the tax office, each with what it is. */
  readonly numbers: readonly string[];
};

export type ColumnTexts = {
  readonly what: 'description' | 'period' | 'quantity' | 'unit-price' | 'amount';
  readonly heading: string;
};

/** All that stands on a document, in its language, from top to bottom; where it stands is left to whoever prints it. */
export type DocumentTexts = {
  readonly title: string;
  readonly facts: readonly Labelled[];
  readonly seller: PartyTexts;
  readonly buyer: PartyTexts;
  /** Those that at least one line fills. */
  readonly columns: readonly ColumnTexts[];
  /** One text for each column. */
  readonly rows: readonly (readonly string[])[];
  /** Nets and taxes. */
  readonly sums: readonly Labelled[];
  readonly total: Labelled;
  readonly payment: readonly Labelled[];
  readonly notes: readonly string[];
};

/** A document in words. */
export function textsOf(document: BillingDocument): DocumentTexts {
  const words = WORDS[document.language];
  const { kind, seller, buyer, taxIs, taxes, notes } = document;
  const columns = columnsOf(document, words);
  const isStatement = kind === 'settlement-statement';
  return {
    title: words.titles[kind],
    facts: factsOf(document, words),
    seller: partyTexts(seller, words.seller, words),
    buyer: partyTexts(buyer, isStatement ? words.partner : words.buyer, words),
    columns,
    rows: document.lines.map((line) => columns.map(({ what }) => cellOf(line, what, document))),
    sums: sumsOf(document, words),
    total: totalOf(document, words),
    payment: paymentOf(document, words),
    notes: taxes.length > 0 && taxIs === 'included' ? [words.taxIncluded, ...notes] : notes,
  };
}

function factsOf(document: BillingDocument, words: DocumentWords): readonly Labelled[] {
  const { number, issuedAtMs, period, dueAtMs, corrects, timeZone, language } = document;
  const day = (atMs: number) => printDay(atMs, timeZone, language);
  return present([
    [words.number, number],
    [words.issued, day(issuedAtMs)],
    [words.period, period && printPeriod(period, timeZone)],
    [words.due, dueAtMs === undefined ? undefined : day(dueAtMs)],
    [words.corrects, corrects],
  ]);
}

function partyTexts(party: DocumentParty, heading: string, words: DocumentWords): PartyTexts {
  const { name, addressLines, registrationNumber, taxNumber } = party;
  const numbers = present([
    [words.registrationNumber, registrationNumber],
    [words.taxNumber, taxNumber],
  ]);
  return {
    heading,
    name,
    address: addressLines,
    numbers: numbers.map(({ label, value }) => `${label} ${value}`),
  };
}

function columnsOf({ lines, total }: BillingDocument, words: DocumentWords): readonly ColumnTexts[] {
  const all: readonly (ColumnTexts & { readonly isFilled: boolean })[] = [
    { what: 'description', heading: words.description, isFilled: true },
    { what: 'period', heading: words.period, isFilled: lines.some(({ period }) => period !== undefined) },
    {
      what: 'quantity',
      heading: words.quantity,
      isFilled: lines.some(({ quantity }) => quantity !== undefined),
    },
    {
      what: 'unit-price',
      heading: words.unitPrice,
      isFilled: lines.some(({ unitPrice }) => unitPrice !== undefined),
    },
    { what: 'amount', heading: `${words.amount} (${total.currency})`, isFilled: true },
  ];
  return all.filter(({ isFilled }) => isFilled).map(({ what, heading }) => ({ what, heading }));
}

function cellOf(line: DocumentLine, what: ColumnTexts['what'], document: BillingDocument): string {
  const { description, period, quantity, unitPrice, amount } = line;
  switch (what) {
    case 'description':
      return description;
    case 'period':
      return period === undefined ? '' : printPeriod(period, document.timeZone);
    case 'quantity':
      return quantity === undefined ? '' : printQuantity(quantity, document.language);
    case 'unit-price':
      if (unitPrice === undefined) return '';
      return `${printGrouped(unitPrice)}${quantity?.unit === 'second' ? PER_MINUTE[document.language] : ''}`;
    case 'amount':
      return printGrouped(amount);
  }
}

function sumsOf({ taxes }: BillingDocument, words: DocumentWords): readonly Labelled[] {
  return taxes.flatMap(({ name, ratePerMillion, net, tax }) => {
    const named = `${words.taxNames[name] ?? name} ${printRate(ratePerMillion)}`;
    const netLabel = taxes.length === 1 ? words.net : `${words.net} (${named})`;
    return [
      { label: netLabel, value: printGrouped(net) },
      { label: named, value: printGrouped(tax) },
    ];
  });
}

function totalOf({ kind, total, language }: BillingDocument, words: DocumentWords): Labelled {
  if (kind !== 'settlement-statement' || total.micros >= 0n) {
    return { label: words.totals[kind], value: printTotal(total, language) };
  }
  const owed = { ...total, micros: -total.micros };
  return { label: words.totals['owed-to-seller'], value: printTotal(owed, language) };
}

function paymentOf(
  { payment, timeZone, language }: BillingDocument,
  words: DocumentWords,
): readonly Labelled[] {
  if (payment === undefined) return [];
  const { method, reference, paidAtMs } = payment;
  return present([
    [words.payment, words.paymentMethods[method]],
    [words.reference, reference],
    [words.paidOn, printDay(paidAtMs, timeZone, language)],
  ]);
}

/** The parts that there are. */
function present(parts: readonly (readonly [string, string | undefined])[]): readonly Labelled[] {
  return parts.flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]));
}
