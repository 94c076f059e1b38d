import type { DocumentTexts } from '../../domain/billing/documents/index.ts';
import { PAGE, type Sheet, type Style } from './sheet.ts';

const HEAD: Style = { font: 'bold', size: 8, colour: '#1a1a1a' };
const CELL: Style = { font: 'regular', size: 9, colour: '#1a1a1a' };
const DARK = '#1a1a1a';
const LIGHT = '#d9d9d9';

const PADDING = 3.5;
const BETWEEN = 12;

/** More of one description is cut: a row never takes more than half a page. */
const MOST_LINES = 24;

type Column = DocumentTexts['columns'][number];

/** The least that each column has; the description takes what is left of the page. */
const LEAST_WIDTHS: Readonly<Record<Column['what'], number>> = {
  description: 0,
  period: 112,
  quantity: 44,
  'unit-price': 50,
  amount: 62,
};

/** No column but the description's is wider, however long its texts. */
const MOST_WIDTH = 120;

type Place = { readonly left: number; readonly width: number; readonly align: 'start' | 'end' };

/** Prints the lines of a document, with the head of the table again on each page. */
export function printTable(sheet: Sheet, { columns, rows }: DocumentTexts): void {
  const places = placesOf(sheet, columns, rows);
  printHead(sheet, columns, places);
  for (const row of rows) {
    const cells = row.map((text, at) => sheet.lines(text, places[at]?.width ?? 0, CELL, MOST_LINES));
    const height = rowHeight(sheet, cells, CELL);
    if (!sheet.fits(height)) {
      sheet.newPage();
      printHead(sheet, columns, places);
    }
    printRow(sheet, cells, places, CELL);
    sheet.y += height;
    sheet.rule(sheet.y, PAGE.left, PAGE.right, LIGHT, 0.5);
  }
}

function printHead(sheet: Sheet, columns: readonly Column[], places: readonly Place[]): void {
  const cells = columns.map(({ heading }, at) => sheet.lines(heading, places[at]?.width ?? 0, HEAD, 2));
  printRow(sheet, cells, places, HEAD);
  sheet.y += rowHeight(sheet, cells, HEAD);
  sheet.rule(sheet.y, PAGE.left, PAGE.right, DARK, 0.8);
}

function printRow(
  sheet: Sheet,
  cells: readonly (readonly string[])[],
  places: readonly Place[],
  style: Style,
): void {
  cells.forEach((lines, at) => {
    const place = places[at];
    if (place === undefined) return;
    const { left, width, align } = place;
    sheet.write(lines, align === 'start' ? left : left + width, sheet.y + PADDING, style, align);
  });
}

function rowHeight(sheet: Sheet, cells: readonly (readonly string[])[], style: Style): number {
  return Math.max(...cells.map(({ length }) => length)) * sheet.lineHeight(style) + 2 * PADDING;
}

/** Where the columns are: each as wide as its longest text, within bounds. */
function placesOf(
  sheet: Sheet,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly Place[] {
  const widths = columns.map(({ what, heading }, at) => {
    if (what === 'description') return 0;
    const wanted = Math.max(
      sheet.width(heading, HEAD),
      ...longest(rows, at).map((text) => sheet.width(text, CELL)),
    );
    return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTHS[what], wanted));
  });
  const others = widths.reduce((sum, width) => sum + width + BETWEEN, 0) - BETWEEN;
  let left: number = PAGE.left;
  return columns.map(({ what }, at) => {
    const width = what === 'description' ? PAGE.right - PAGE.left - others : (widths[at] ?? 0);
    const place: Place = {
      left,
      width,
      align: what === 'description' || what === 'period' ? 'start' : 'end',
    };
    left += width + BETWEEN;
    return place;
  });
}

/** The longest texts of a column by letters, of which one is the widest as near as it matters. */
function longest(rows: readonly (readonly string[])[], at: number): readonly string[] {
  return rows
    .map((row) => row[at] ?? '')
    .sort((one, other) => other.length - one.length)
    .slice(0, 3);
}
