import { accept, type Fault, type Result, refuseAll } from '../../refusal/index.ts';
import { isPayable, type Money } from '../money.ts';
import { isTimeZone } from './civil-day.ts';
import type { DocumentContent, DocumentLine, DocumentParty, DocumentPeriod } from './document.ts';
import { coinMicros, taxOn, taxWithin } from './tax.ts';

const MOST_LINES = 20_000;
const LONGEST_TEXT = 500;
const MOST_TEXTS = 20;
const MOST_TAXES = 10;

/** What a date of JavaScript can hold, which is what time zones are asked for. */
const LAST_MS = 8.64e15;

/**
 * Checks a document that is made of what came from outside.
 * @returns it, or `document-invalid` with everything that is wrong, sums that do not add up among it
 */
export function checkDocument(content: DocumentContent): Result<DocumentContent, 'document-invalid'> {
  const faults = faultsOf(content);
  if (faults.length === 0) return accept(content);
  const { pointer, detail } = faults[0] as Fault;
  return refuseAll('document-invalid', `The document cannot be issued: ${pointer}: ${detail}`, faults);
}

/**
 * The same for a document that this system made.
 * @throws Error where something is wrong: that is a bug, and must not reach paper
 */
export function soundDocument<Content extends DocumentContent>(content: Content): Content {
  const checked = checkDocument(content);
  if (!checked.ok) throw new Error(checked.refusal.detail);
  return content;
}

function faultsOf(content: DocumentContent): Fault[] {
  const faults = [...textFaults(content), ...timeFaults(content)];
  const currencies = new Set(amountsOf(content).map(({ currency }) => currency));
  if (currencies.size > 1) {
    const list = [...currencies].join(' and ');
    // Sums of several currencies mean nothing: there is no more to check.
    return [...faults, { pointer: '/total', detail: `The amounts are in ${list}: use one currency.` }];
  }
  return [...faults, ...content.lines.flatMap(lineFaults), ...sumFaults(content)];
}

function amountsOf({ lines, taxes, total }: DocumentContent): readonly Money[] {
  return [
    total,
    ...lines.flatMap(({ amount, unitPrice }) => (unitPrice === undefined ? [amount] : [amount, unitPrice])),
    ...taxes.flatMap(({ net, tax }) => [net, tax]),
  ];
}

function textFaults({ seller, buyer, lines, taxes, payment, corrects, notes }: DocumentContent): Fault[] {
  const texts: [string, string | undefined][] = [
    ...partyTexts('/seller', seller),
    ...partyTexts('/buyer', buyer),
    ...lines.map(({ description }, at): [string, string] => [`/lines/${at}/description`, description]),
    ...taxes.map(({ name }, at): [string, string] => [`/taxes/${at}/name`, name]),
    ...notes.map((note, at): [string, string] => [`/notes/${at}`, note]),
    ['/payment/reference', payment?.reference],
    ['/corrects', corrects],
  ];
  const wrong = texts
    .filter(([, text]) => text !== undefined && (text.trim() === '' || text.length > LONGEST_TEXT))
    .map(([pointer]) => ({ pointer, detail: `Write 1 to ${LONGEST_TEXT} characters.` }));
  const counts: [string, number, number][] = [
    ['/lines', lines.length, MOST_LINES],
    ['/taxes', taxes.length, MOST_TAXES],
    ['/notes', notes.length, MOST_TEXTS],
    ['/seller/addressLines', seller.addressLines.length, MOST_TEXTS],
    ['/buyer/addressLines', buyer.addressLines.length, MOST_TEXTS],
  ];
  const many = counts
    .filter(([, count, most]) => count > most)
    .map(([pointer, , most]) => ({ pointer, detail: `There are more than ${most}.` }));
  return [...wrong, ...many];
}

function partyTexts(pointer: string, party: DocumentParty): [string, string | undefined][] {
  return [
    [`${pointer}/name`, party.name],
    [`${pointer}/registrationNumber`, party.registrationNumber],
    [`${pointer}/taxNumber`, party.taxNumber],
    ...party.addressLines.map((line, at): [string, string] => [`${pointer}/addressLines/${at}`, line]),
  ];
}

function timeFaults({ timeZone, issuedAtMs, dueAtMs, payment, period, lines }: DocumentContent): Fault[] {
  const times: [string, number | undefined][] = [
    ['/issuedAtMs', issuedAtMs],
    ['/dueAtMs', dueAtMs],
    ['/payment/paidAtMs', payment?.paidAtMs],
  ];
  const periods: [string, DocumentPeriod | undefined][] = [
    ['/period', period],
    ...lines.map((line, at): [string, DocumentPeriod | undefined] => [`/lines/${at}/period`, line.period]),
  ];
  const isTime = (atMs: number) => Number.isInteger(atMs) && Math.abs(atMs) <= LAST_MS;
  return [
    ...(isTimeZone(timeZone)
      ? []
      : [{ pointer: '/timeZone', detail: `"${timeZone}" is no time zone, as Asia/Seoul.` }]),
    ...times
      .filter(([, atMs]) => atMs !== undefined && !isTime(atMs))
      .map(([pointer]) => ({ pointer, detail: 'It is no time in milliseconds.' })),
    ...periods
      .filter(([, part]) => part !== undefined && !(isTime(part.fromMs) && isTime(part.untilMs)))
      .map(([pointer]) => ({ pointer, detail: 'It has no times in milliseconds.' })),
    ...periods
      .filter(([, part]) => part !== undefined && part.fromMs >= part.untilMs)
      .map(([pointer]) => ({ pointer, detail: 'It ends before it begins.' })),
  ];
}

/** What a line says of a quantity and the price of one has to make its amount; calls are rounded one by one. */
function lineFaults({ quantity, unitPrice, amount }: DocumentLine, at: number): Fault[] {
  if (quantity === undefined || unitPrice === undefined || quantity.unit === 'second') return [];
  if (quantity.count * unitPrice.micros === amount.micros) return [];
  return [{ pointer: `/lines/${at}/amount`, detail: 'It is not the quantity times the price of one.' }];
}

function sumFaults(content: DocumentContent): Fault[] {
  const { kind, lines, taxIs, taxes, total } = content;
  const linesSum = sumOf(lines.map(({ amount }) => amount));
  const net = sumOf(taxes.map((tax) => tax.net));
  const gross = net + sumOf(taxes.map(({ tax }) => tax));
  const faults: Fault[] = [];
  const expect = (isRight: boolean, pointer: string, detail: string) => {
    if (!isRight) faults.push({ pointer, detail });
  };
  const isTaxed = taxes.length > 0;
  expect(!isTaxed || gross === total.micros, '/total', 'Nets and taxes do not add up to it.');
  if (isTaxed && taxIs === 'added') expect(linesSum === net, '/taxes', 'The lines do not add up to the net.');
  else expect(linesSum === total.micros, '/total', 'The lines do not add up to it.');
  taxes.forEach((tax, at) => {
    expect(isTaxOf(content, tax), `/taxes/${at}/tax`, 'It is not the tax at that rate.');
  });
  if (kind !== 'settlement-statement') {
    expect(total.micros >= 0n, '/total', 'It is below zero: issue a credit note.');
    expect(isPayable(total), '/total', 'There are no coins for it.');
  }
  return faults;
}

/** Whether a tax fits its rate: to the coin, or to a coin a line where it was taken line by line. */
function isTaxOf(
  { taxIs, lines }: DocumentContent,
  { net, tax, ratePerMillion }: DocumentContent['taxes'][0],
) {
  if (!Number.isInteger(ratePerMillion) || ratePerMillion < 0) return false;
  const gross = { ...net, micros: net.micros + tax.micros };
  const right = taxIs === 'included' ? taxWithin(gross, ratePerMillion) : taxOn(net, ratePerMillion);
  const difference = tax.micros - right.tax.micros;
  const most = coinMicros(net.currency) * BigInt(Math.max(0, lines.length - 1));
  return difference <= most && -difference <= most;
}

function sumOf(amounts: readonly Money[]): bigint {
  return amounts.reduce((sum, { micros }) => sum + micros, 0n);
}
