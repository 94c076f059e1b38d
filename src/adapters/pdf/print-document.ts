import { type BillingDocument, type DocumentTexts, textsOf } from '../../domain/billing/documents/index.ts';
import type { Fonts } from './fonts.ts';
import { PAGE, Sheet, type Style } from './sheet.ts';
import { printTable } from './table.ts';

const INK = '#1a1a1a';
const PALE = '#6b6b6b';
const TITLE: Style = { font: 'bold', size: 20, colour: INK };
const NAME: Style = { font: 'bold', size: 10, colour: INK };
const TEXT: Style = { font: 'regular', size: 9, colour: INK };
const LABEL: Style = { font: 'regular', size: 8, colour: PALE };
const TOTAL: Style = { font: 'bold', size: 12, colour: INK };
const FOOTER: Style = { font: 'regular', size: 7.5, colour: PALE };

const GAP = 16;
const HALF = (PAGE.right - PAGE.left - GAP) / 2;
const SECOND = PAGE.left + HALF + GAP;
const FACT_LABEL = 74;
/** Puts the title on the line of the first fact. */
const TITLE_RISE = 1.16 * (TITLE.size - TEXT.size);
/** Puts a smaller label on the line that its value stands on: letters reach 1.16 of their size above it. */
const LABEL_DROP = 1.16 * (TEXT.size - LABEL.size);

/** What of an address is printed at most: more would leave no room for what is paid for. */
const MOST_ADDRESS_LINES = 10;

/**
 * Prints a document on A4: the same document is the same bytes.
 * @returns the PDF, with its text selectable and the letters it uses in it
 */
export async function printDocument(document: BillingDocument, fonts: Fonts): Promise<Uint8Array> {
  const texts = textsOf(document);
  const title = `${texts.title} ${document.number}`;
  const sheet = new Sheet(fonts, {
    title,
    author: document.seller.name,
    subject: document.buyer.name,
    language: document.language,
    createdAtMs: document.issuedAtMs,
  });
  printHead(sheet, texts);
  printParties(sheet, texts);
  printTable(sheet, texts);
  printSums(sheet, texts);
  printPayment(sheet, texts);
  printNotes(sheet, texts);
  sheet.eachPage((page, of) => {
    const y = PAGE.height - 44;
    sheet.write(sheet.lines(title, HALF, FOOTER, 1), PAGE.left, y, FOOTER);
    sheet.write([`${page} / ${of}`], PAGE.right, y, FOOTER, 'end');
  });
  return sheet.finish();
}

/** The title at the left, number and dates at the right. */
function printHead(sheet: Sheet, { title, facts }: DocumentTexts): void {
  sheet.write(sheet.lines(title, HALF, TITLE, 2), PAGE.left, sheet.y - TITLE_RISE, TITLE);
  let y = sheet.y;
  for (const { label, value } of facts) {
    const lines = sheet.lines(value, HALF - FACT_LABEL, TEXT, 3);
    sheet.write([label], SECOND, y + LABEL_DROP, LABEL);
    sheet.write(lines, SECOND + FACT_LABEL, y, TEXT);
    y += lines.length * sheet.lineHeight(TEXT) + 1;
  }
  sheet.y = Math.max(y, sheet.y + sheet.lineHeight(TITLE)) + 26;
}

/** Seller and buyer side by side. */
function printParties(sheet: Sheet, { seller, buyer }: DocumentTexts): void {
  const ends = [
    { party: seller, x: PAGE.left },
    { party: buyer, x: SECOND },
  ].map(({ party, x }) => {
    let y = sheet.y;
    const put = (lines: readonly string[], style: Style) => {
      sheet.write(lines, x, y, style);
      y += lines.length * sheet.lineHeight(style);
    };
    put([party.heading], LABEL);
    put(sheet.lines(party.name, HALF, NAME, 3), NAME);
    const address = party.address.flatMap((line) => sheet.lines(line, HALF, TEXT, 4));
    put(address.slice(0, MOST_ADDRESS_LINES), TEXT);
    for (const number of party.numbers) put(sheet.lines(number, HALF, TEXT, 3), TEXT);
    return y;
  });
  sheet.y = Math.max(...ends) + 22;
}

/** Nets and taxes, and the total below a line; all of it on one page. */
function printSums(sheet: Sheet, { sums, total }: DocumentTexts): void {
  const labels = sums.map(({ label }) => sheet.lines(label, HALF / 2, TEXT, 2));
  const height = labels.reduce((all, lines) => all + lines.length * sheet.lineHeight(TEXT) + 2, 0);
  const totalHeight = sheet.lineHeight(TOTAL) + 14;
  if (!sheet.fits(height + totalHeight + 8)) sheet.newPage();
  sheet.y += 8;
  sums.forEach(({ value }, at) => {
    const lines = labels[at] ?? [];
    sheet.write(lines, SECOND, sheet.y, TEXT);
    sheet.write([value], PAGE.right, sheet.y, TEXT, 'end');
    sheet.y += lines.length * sheet.lineHeight(TEXT) + 2;
  });
  sheet.rule(sheet.y + 3, SECOND, PAGE.right, INK, 0.8);
  sheet.write([total.label], SECOND, sheet.y + 7, TOTAL);
  sheet.write([total.value], PAGE.right, sheet.y + 7, TOTAL, 'end');
  sheet.y += totalHeight + 16;
}

function printPayment(sheet: Sheet, { payment }: DocumentTexts): void {
  const values = payment.map(({ value }) => sheet.lines(value, HALF, TEXT, 3));
  const height = values.reduce((all, lines) => all + lines.length * sheet.lineHeight(TEXT) + 1, 0);
  if (!sheet.fits(height)) sheet.newPage();
  payment.forEach(({ label }, at) => {
    const lines = values[at] ?? [];
    sheet.write([label], PAGE.left, sheet.y + LABEL_DROP, LABEL);
    sheet.write(lines, PAGE.left + FACT_LABEL, sheet.y, TEXT);
    sheet.y += lines.length * sheet.lineHeight(TEXT) + 1;
  });
  if (payment.length > 0) sheet.y += 14;
}

/** Remarks, which may go on on the next page. */
function printNotes(sheet: Sheet, { notes }: DocumentTexts): void {
  for (const note of notes) {
    for (const line of sheet.lines(note, PAGE.right - PAGE.left, LABEL)) {
      if (!sheet.fits(sheet.lineHeight(LABEL))) sheet.newPage();
      sheet.write([line], PAGE.left, sheet.y, LABEL);
      sheet.y += sheet.lineHeight(LABEL);
    }
    sheet.y += 3;
  }
}
