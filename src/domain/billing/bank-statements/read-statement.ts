import { accept, type Result, refuse } from '../../refusal/index.ts';
import type { Money } from '../money.ts';
import { type Currency, isCurrency } from '../money-currency.ts';
import { cellsOf, linesOf } from '../tariffs/index.ts';
import { type DecimalMark, decimalMarkOf, readAmount } from './statement-amounts.ts';
import { readHeader, type StatementColumns } from './statement-columns.ts';
import { type DayOrder, dayOrderOf, readDay } from './statement-days.ts';

/** Money that came in, as a bank statement says. */
export type StatementLine = {
  /** In the file, counted from 1. */
  readonly line: number;
  /** `2026-11-25` */
  readonly day: string;
  readonly time?: string;
  readonly amount: Money;
  readonly payer?: string;
  readonly remark?: string;
  /**
   * What tells this money from all other, made of what the bank says of it: the same in each statement that has it.
   * Where two lines are alike in everything they are told apart by their order.
   */
  readonly fingerprint: string;
};

/** A line that cannot be read, and why. */
export type StatementFault = { readonly line: number; readonly detail: string };

export type StatementReading = {
  readonly lines: readonly StatementLine[];
  readonly faults: readonly StatementFault[];
  /** How many lines are of money that went out. */
  readonly debits: number;
};

/** The header stands below a few lines about the account. */
const HEADER_WITHIN_LINES = 40;

type Row = { readonly line: number; readonly cells: readonly string[] };

/** How this statement writes numbers and days, as all its lines together tell. */
type Manner = { readonly currency: Currency; readonly mark: DecimalMark; readonly order: DayOrder };

/**
 * Reads a bank's CSV: columns by their Korean or English headers, any separator, lines about the account above.
 * Each line is judged alone; those that cannot be read are told by number.
 * @param currency of the account, where the statement has no column for it
 * @returns refused with `bank-statement-unreadable`
 */
export function readStatement(
  text: string,
  currency: Currency,
): Result<StatementReading, 'bank-statement-unreadable'> {
  const numbered = [...linesOf(text)].map((line, at) => ({ line: at + 1, text: line }));
  const header = numbered
    .slice(0, HEADER_WITHIN_LINES)
    .map(({ line, text: cells }) => ({ line, columns: readHeader(cells) }))
    .find(({ columns }) => columns !== undefined);
  if (header?.columns === undefined) {
    return refuse(
      'bank-statement-unreadable',
      'No line of it names a column for the day and one for money that came in: 거래일시 and 입금액, or Date and Amount.',
    );
  }
  const { columns } = header;
  const faults: StatementFault[] = [];
  const rows = numbered.slice(header.line).flatMap(({ line, text: cells }): Row[] => {
    if (cells.trim() === '') return [];
    const read = cellsOf(cells, columns.separator);
    if (read === undefined) faults.push({ line, detail: 'A quote is not closed.' });
    return read === undefined || isSum(read, columns) ? [] : [{ line, cells: read }];
  });
  const manner = mannerOf(rows, columns, currency);
  if (!manner.ok) return manner;
  return accept(readRows(rows, columns, manner.value, faults));
}

function mannerOf(
  rows: readonly Row[],
  columns: StatementColumns,
  currency: Currency,
): Result<Manner, 'bank-statement-unreadable'> {
  const { credit, debit, amount, balance, date } = columns.at;
  const places = [credit, debit, amount, balance].filter((place) => place !== undefined);
  const mark = decimalMarkOf(rows.flatMap(({ cells }) => places.map((place) => cells[place] ?? '')));
  const order = dayOrderOf(rows.map(({ cells }) => cells[date ?? -1] ?? ''));
  if (mark === 'contradictory' || order === 'contradictory') {
    const what = mark === 'contradictory' ? 'amounts' : 'days';
    return refuse(
      'bank-statement-unreadable',
      `Its ${what} are written in two ways that contradict each other.`,
    );
  }
  return accept({ currency, mark, order });
}

function readRows(
  rows: readonly Row[],
  columns: StatementColumns,
  manner: Manner,
  faults: StatementFault[],
): StatementReading {
  const lines: StatementLine[] = [];
  const seen = new Map<string, number>();
  let debits = 0;
  for (const row of rows) {
    const read = readRow(row, columns, manner);
    if (read === 'debit') debits += 1;
    else if (typeof read === 'string') faults.push({ line: row.line, detail: read });
    else {
      const count = (seen.get(read.fingerprint) ?? 0) + 1;
      seen.set(read.fingerprint, count);
      lines.push(count === 1 ? read : { ...read, fingerprint: `${read.fingerprint}|${count}` });
    }
  }
  return { lines, faults: faults.sort((one, other) => one.line - other.line), debits };
}

/** @returns the money of a row, that it went out, or what is wrong with the row */
function readRow(
  { line, cells }: Row,
  columns: StatementColumns,
  manner: Manner,
): StatementLine | 'debit' | (string & {}) {
  const cell = (name: keyof StatementColumns['at']) => {
    const place = columns.at[name];
    return place === undefined ? '' : clean(cells[place] ?? '');
  };
  const currency = cell('currency') === '' ? manner.currency : cell('currency').toUpperCase();
  if (!isCurrency(currency)) return `"${currency}" is no currency.`;
  const amount = amountOf(cell, currency, manner.mark);
  if (typeof amount === 'string') return amount;
  const read = readDay(cell('date'), manner.order);
  if (read === undefined) return `"${cell('date')}" is no day, or could be one of two.`;
  const { day, time = cell('time') } = read;
  const payer = cell('payer');
  const remark = columns.remarks
    .map((place) => clean(cells[place] ?? ''))
    .filter((text) => text !== '')
    .join(' ');
  const told = cell('bankId') === '' ? [time, cell('balance'), payer, remark] : [cell('bankId')];
  return {
    line,
    day,
    ...(time === '' ? {} : { time }),
    amount,
    ...(payer === '' ? {} : { payer }),
    ...(remark === '' ? {} : { remark }),
    fingerprint: [day, currency, amount.micros, ...told].join('|'),
  };
}

/** @returns what came in, `debit` where money went out, or what is wrong */
function amountOf(
  cell: (name: 'amount' | 'credit' | 'debit' | 'direction') => string,
  currency: Currency,
  mark: DecimalMark,
): Money | 'debit' | (string & {}) {
  const isFilled = (text: string) => /[1-9]/.test(text);
  const text = isFilled(cell('credit')) ? cell('credit') : cell('amount');
  if (!isFilled(text)) return isFilled(cell('debit')) ? 'debit' : 'It names no amount.';
  const amount = readAmount(text, currency, mark);
  if (amount === undefined) return `"${text}" is no amount of ${currency}, or could be one of two.`;
  const isOut = /^(출금|지급|debit|dr|d|withdrawal)/i.test(cell('direction'));
  return amount.micros < 0n || (text === cell('amount') && isOut) ? 'debit' : amount;
}

/** Lines at the end that add up the others. */
function isSum(cells: readonly string[], { at }: StatementColumns): boolean {
  const isDated = /\d/.test(cells[at.date ?? -1] ?? '');
  return !isDated && cells.some((cell) => /^(합계|총계|소계|총|total|sum)/i.test(cell.normalize('NFKC')));
}

function clean(cell: string): string {
  return cell.normalize('NFKC').replace(/\p{C}/gu, ' ').replace(/\s+/g, ' ').trim();
}
