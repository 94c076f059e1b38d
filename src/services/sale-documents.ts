import type { Bill } from '../domain/billing/bills/index.ts';
import {
  type DocumentContent,
  type DocumentKind,
  type DocumentLanguage,
  type DocumentLine,
  type DocumentParty,
  type DocumentPayment,
  type DocumentPeriod,
  documentLanguageOf,
  taxWithin,
} from '../domain/billing/documents/index.ts';
import type { Money } from '../domain/billing/index.ts';
import type { Payment } from '../domain/billing/payments/index.ts';
import { type Order, printNumberForSale } from '../domain/market/index.ts';
import type { Member } from '../domain/members/index.ts';
import { anniversary } from '../domain/renewals/index.ts';
import type { DocumentSubject, DocumentToIssue, ListedDocument, ServicePorts } from './ports/index.ts';

export type DocumentPorts = Pick<ServicePorts, 'documents' | 'identifiers' | 'members' | 'settings'>;

/** In which years, months and days are counted where the operator has set nothing else. */
export const USUAL_TIME_ZONE = 'UTC';

/** The time zone of the seller: years of numbers, months of invoices and days of documents are counted in it. */
export function sellerTimeZone({ settings }: Pick<ServicePorts, 'settings'>): string {
  return settings.sellerTimeZone ?? USUAL_TIME_ZONE;
}

/** What a document is to be about, before it is known who sells and who buys. */
type Sold = {
  readonly kind: Exclude<DocumentKind, 'settlement-statement'>;
  readonly memberId: string;
  readonly subject: DocumentSubject;
  readonly amount: Money;
  readonly taxMicros: bigint;
  readonly atMs: number;
  readonly lines: (language: DocumentLanguage) => readonly DocumentLine[];
  readonly payment?: DocumentPayment;
  readonly dueAtMs?: number;
  readonly period?: DocumentPeriod;
  readonly corrects?: string;
};

/** The receipt for a number that was bought (R9). */
export function receiptOfOrder(
  ports: DocumentPorts,
  order: Order,
  payment: Payment,
): Promise<DocumentToIssue[]> {
  const atMs = payment.acceptedAtMs ?? payment.recordedAtMs;
  return issued(ports, {
    kind: 'receipt',
    memberId: order.memberId,
    subject: { kind: 'order', id: order.id },
    amount: payment.amount,
    taxMicros: payment.taxMicros,
    atMs,
    lines: (language) => [yearLine(ports, order, payment.amount, atMs, language)],
    payment: paymentOf(payment, atMs),
  });
}

/** The receipt for a bill that money paid. */
export function receiptOfBill(
  ports: DocumentPorts,
  bill: Bill,
  payment: DocumentPayment,
  taxMicros: bigint,
): Promise<DocumentToIssue[]> {
  return issued(ports, { ...aboutBill(bill), kind: 'receipt', taxMicros, atMs: payment.paidAtMs, payment });
}

/** The invoice for a bill that is to be paid: another year of a number, or the calls of a month. */
export function invoiceOfBill(
  ports: DocumentPorts,
  bill: Bill,
  lines?: readonly DocumentLine[],
): Promise<DocumentToIssue[]> {
  const { taxation } = ports.settings;
  // Credit is taxed when it is spent.
  const isTaxed = bill.kind !== 'top-up' && taxation !== undefined;
  return issued(ports, {
    ...aboutBill(bill),
    kind: 'invoice',
    taxMicros: isTaxed ? taxWithin(bill.amount, taxation.ratePerMillion).tax.micros : 0n,
    atMs: bill.createdAtMs,
    dueAtMs: bill.dueAtMs,
    ...(bill.period === undefined ? {} : { period: bill.period }),
    ...(lines === undefined ? {} : { lines: () => lines }),
  });
}

/** The credit note for money that went back although it had paid for something. */
export async function creditNote(
  ports: DocumentPorts,
  payment: Payment,
  paidFor: { readonly order?: Order; readonly bill?: Bill },
  atMs: number,
): Promise<DocumentToIssue[]> {
  const { order, bill } = paidFor;
  const subject = subjectOf(payment);
  const memberId = order?.memberId ?? bill?.memberId ?? payment.subject?.id;
  if (payment.acceptedAtMs === undefined || subject === undefined || memberId === undefined) return [];
  const receipt = await receiptOf(ports, payment);
  return issued(ports, {
    kind: 'credit-note',
    memberId,
    subject,
    amount: payment.amount,
    taxMicros: payment.taxMicros,
    atMs,
    lines: (language) => [
      {
        description:
          order === undefined ? WORDS[language][bill?.kind ?? 'top-up'](bill) : numberText(order, language),
        amount: payment.amount,
      },
    ],
    ...(receipt === undefined ? {} : { corrects: receipt.number }),
  });
}

/** The receipt for credit that money became of which nobody had asked for. */
export function receiptOfCredit(
  ports: DocumentPorts,
  memberId: string,
  payment: Payment,
): Promise<DocumentToIssue[]> {
  const atMs = payment.acceptedAtMs ?? payment.recordedAtMs;
  return issued(ports, {
    kind: 'receipt',
    memberId,
    subject: { kind: 'payment', id: payment.id },
    amount: payment.amount,
    taxMicros: payment.taxMicros,
    atMs,
    lines: (language) => [{ description: WORDS[language]['top-up'](undefined), amount: payment.amount }],
    payment: paymentOf(payment, atMs),
  });
}

/** The receipt for what a payment paid; undefined where there is none. */
export async function receiptOf(
  { documents }: Pick<ServicePorts, 'documents'>,
  payment: Payment,
): Promise<ListedDocument | undefined> {
  const subject = subjectOf(payment);
  if (subject === undefined) return undefined;
  return (await documents.list({ subject, kind: 'receipt', limit: 1 }))[0];
}

/** How a payment is named on a receipt. */
export function paymentOf({ channel, noticeId }: Payment, paidAtMs: number): DocumentPayment {
  return { method: channel === 'card' ? 'card' : 'bank-deposit', reference: shortened(noticeId), paidAtMs };
}

/** What the documents about a payment are about; the credit of a member is known by the payment itself. */
function subjectOf({ id, subject }: Payment): DocumentSubject | undefined {
  if (subject === undefined) return undefined;
  return subject.kind === 'member' ? { kind: 'payment', id } : { kind: subject.kind, id: subject.id };
}

type BillWords = (bill: Bill | undefined) => string;

const WORDS: Readonly<
  Record<DocumentLanguage, Readonly<Record<Bill['kind'], BillWords> & { number: string }>>
> = {
  en: {
    number: 'Telephone number',
    'top-up': () => 'Prepaid credit',
    renewal: (bill) => `Another year: ${bill?.description ?? ''}`,
    invoice: () => 'Calls',
  },
  ko: {
    number: '전화번호',
    'top-up': () => '선불 충전',
    renewal: (bill) => `번호 연장: ${bill?.description ?? ''}`,
    invoice: () => '통화료',
  },
};

function aboutBill(bill: Bill): Pick<Sold, 'memberId' | 'subject' | 'amount' | 'lines'> {
  const { id, memberId, amount, kind } = bill;
  return {
    memberId,
    subject: { kind: 'bill', id },
    amount,
    lines: (language) => [
      {
        description: WORDS[language][kind](bill),
        ...(bill.period === undefined ? {} : { period: bill.period }),
        amount,
      },
    ],
  };
}

function numberText({ number }: Order, language: DocumentLanguage): string {
  return `${WORDS[language].number} ${printNumberForSale(number)}`;
}

function yearLine(
  ports: DocumentPorts,
  order: Order,
  price: Money,
  fromMs: number,
  language: DocumentLanguage,
): DocumentLine {
  return {
    description: numberText(order, language),
    period: { fromMs, untilMs: anniversary(fromMs, 1, sellerTimeZone(ports)) },
    quantity: { count: 1n, unit: 'year' },
    unitPrice: price,
    amount: price,
  };
}

/** The document, or none where the operator has not said who sells. */
async function issued(ports: DocumentPorts, sold: Sold): Promise<DocumentToIssue[]> {
  const { seller, taxation } = ports.settings;
  const member = await ports.members.find(sold.memberId);
  if (seller === undefined || member === undefined) return [];
  const { memberId, subject, amount, taxMicros, atMs, lines, ...rest } = sold;
  const language = documentLanguageOf(member.language);
  const tax = { ...amount, micros: taxMicros };
  const net = { ...amount, micros: amount.micros - taxMicros };
  const content: DocumentContent = {
    ...rest,
    issuedAtMs: atMs,
    timeZone: sellerTimeZone(ports),
    language,
    seller,
    buyer: buyerOf(member),
    lines: lines(language),
    // Prices are asked for with the tax in them, and so they stand here.
    taxIs: 'included',
    taxes:
      taxMicros === 0n || taxation === undefined
        ? []
        : [{ name: taxation.name, ratePerMillion: taxation.ratePerMillion, net, tax }],
    total: amount,
    notes: [],
  };
  return [{ id: ports.identifiers.next(), memberId, subject, content }];
}

/** So long are texts on documents at most. */
const LONGEST_TEXT = 500;
const MOST_LINES = 20;

/** Who buys. What members write of themselves may be anything, and must not keep a payment from being recorded. */
function buyerOf({ identity }: Member): DocumentParty {
  const lines = identity.address.split('\n').map((line) => shortened(line.trim()));
  const addressLines = lines.filter((line) => line !== '').slice(0, MOST_LINES);
  return { name: shortened(identity.name.trim()) || '—', addressLines };
}

function shortened(text: string): string {
  return text.slice(0, LONGEST_TEXT);
}
