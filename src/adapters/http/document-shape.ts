import { z } from 'zod';
import {
  DOCUMENT_KINDS,
  DOCUMENT_LANGUAGES,
  type DocumentLine,
  type DocumentParty,
  type DocumentPeriod,
} from '../../domain/billing/documents/index.ts';
import { type IssuedDocument, type ListedDocument, SUBJECT_KINDS } from '../../services/ports/index.ts';
import { definite } from './definite.ts';
import { time, timeText } from './responses.ts';
import { money, shownMoney } from './shapes.ts';

export const documentKind = z.enum(DOCUMENT_KINDS);
export const subjectKind = z.enum(SUBJECT_KINDS);

const belonging = {
  id: z.string(),
  number: z.string().describe('Without gaps for each seller, kind and year: `R-2026-000123`.'),
  kind: documentKind,
  memberId: z.string().optional().describe('Absent where it is no member’s: of carriers and partners.'),
  subject: z.object({ kind: subjectKind, id: z.string() }).describe('What it is about.'),
  issuedAt: time,
  total: money,
};

/** A document in a list. */
export const listedDocument = z.object(belonging).meta({ id: 'ListedDocument' });

const party = z.object({
  name: z.string(),
  addressLines: z.array(z.string()),
  registrationNumber: z.string().optional(),
  taxNumber: z.string().optional(),
});

const period = z.object({ from: time, until: time.describe('No longer part of it.') });

const documentLine = z.object({
  description: z.string(),
  period: period.optional(),
  quantity: z
    .object({
      count: z.string().describe('A whole number, as text: it may be larger than a JSON number holds.'),
      unit: z.enum(['piece', 'call', 'month', 'year', 'second']),
    })
    .optional(),
  unitPrice: money.optional().describe('Of one; of seconds the price of a minute.'),
  amount: money,
});

/** A document with all that stands on it. */
export const documentShown = z
  .object({
    ...belonging,
    language: z.enum(DOCUMENT_LANGUAGES),
    timeZone: z.string().describe('In which its days are counted: `Asia/Seoul`.'),
    seller: party,
    buyer: party,
    period: period.optional(),
    dueAt: time.optional(),
    corrects: z.string().optional().describe('The number of the document that this one corrects.'),
    lines: z.array(documentLine),
    taxIs: z.enum(['included', 'added']).describe('Whether the lines have the tax in them.'),
    taxes: z.array(
      z.object({
        name: z.string(),
        ratePerMillion: z.int().describe('100000 is 10 %.'),
        net: money,
        tax: money,
      }),
    ),
    payment: z
      .object({
        method: z.enum(['bank-deposit', 'card', 'credit', 'offset']),
        reference: z.string(),
        paidAt: time,
      })
      .optional(),
    notes: z.array(z.string()),
  })
  .meta({ id: 'Document' });

export function shownListedDocument({
  issuedAtMs,
  total,
  ...rest
}: ListedDocument): z.infer<typeof listedDocument> {
  return { ...rest, issuedAt: timeText(issuedAtMs), total: shownMoney(total) };
}

export function shownDocument({
  id,
  memberId,
  subject,
  document,
}: IssuedDocument): z.infer<typeof documentShown> {
  const { kind, number, language, timeZone, taxIs, dueAtMs, payment } = document;
  return definite({
    id,
    number,
    kind,
    memberId,
    subject,
    issuedAt: timeText(document.issuedAtMs),
    total: shownMoney(document.total),
    language,
    timeZone,
    seller: shownParty(document.seller),
    buyer: shownParty(document.buyer),
    period: document.period && shownPeriod(document.period),
    dueAt: dueAtMs === undefined ? undefined : timeText(dueAtMs),
    corrects: document.corrects,
    lines: document.lines.map(shownLine),
    taxIs,
    taxes: document.taxes.map(({ net, tax, ...rest }) => ({
      ...rest,
      net: shownMoney(net),
      tax: shownMoney(tax),
    })),
    payment: payment && {
      method: payment.method,
      reference: payment.reference,
      paidAt: timeText(payment.paidAtMs),
    },
    notes: [...document.notes],
  });
}

function shownParty({ addressLines, ...rest }: DocumentParty): z.infer<typeof party> {
  return { ...rest, addressLines: [...addressLines] };
}

function shownPeriod({ fromMs, untilMs }: DocumentPeriod): z.infer<typeof period> {
  return { from: timeText(fromMs), until: timeText(untilMs) };
}

function shownLine(line: DocumentLine): z.infer<typeof documentLine> {
  const { description, quantity, unitPrice, amount } = line;
  return definite({
    description,
    period: line.period && shownPeriod(line.period),
    quantity: quantity && { count: quantity.count.toString(), unit: quantity.unit },
    unitPrice: unitPrice && shownMoney(unitPrice),
    amount: shownMoney(amount),
  });
}
