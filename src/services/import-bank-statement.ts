import {
  findReferences,
  readStatement,
  type StatementFault,
  type StatementLine,
} from '../domain/billing/bank-statements/index.ts';
import { stepBill } from '../domain/billing/bills/index.ts';
import type { Currency } from '../domain/billing/index.ts';
import type { MoneyEffect, PaymentDisposition } from '../domain/billing/payments/index.ts';
import { stepOrder } from '../domain/market/index.ts';
import { type Actor, permit } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';
import { type PaymentPorts, receivePayment } from './receive-payment.ts';

export type ImportBankStatement = {
  readonly actor: Actor;
  /** The bank's CSV. */
  readonly text: string;
  /** Of the account, where the statement names none. */
  readonly currency: Currency;
  /** Says what would become of each line, and does nothing. */
  readonly isDryRun: boolean;
  /** Lets others have their turn between lines. */
  readonly pause: () => Promise<void>;
};

/** What became, or would become, of one line. */
export type ImportedLine = StatementLine & {
  /** `known`: it was recorded before, of this statement or another. */
  readonly outcome: PaymentDisposition | 'known';
  readonly paymentReference?: string;
  readonly reason?: string;
};

export type StatementImport = {
  readonly lines: readonly ImportedLine[];
  readonly faults: readonly StatementFault[];
  /** How many lines were of money that went out. */
  readonly debits: number;
};

type ImportPorts = PaymentPorts & Pick<ServicePorts, 'hash'>;

/**
 * Records the money that came in by a bank's statement. Each line is a payment notice of its own: the same statement
 * again, and statements that overlap, are the same money. What names an order or a bill pays it; all other money waits
 * among the unallocated payments.
 * @returns refused with `bank-statement-unreadable`, or as `permit` does
 */
export async function importBankStatement(
  ports: ImportPorts,
  { actor, text, currency, isDryRun, pause }: ImportBankStatement,
): Promise<Result<StatementImport>> {
  const permitted = permit(actor, 'record-payment');
  if (!permitted.ok) return permitted;
  const read = readStatement(text, currency);
  if (!read.ok) return read;
  const noticeOf = ({ fingerprint }: StatementLine) => `bank/${ports.hash.sha256(fingerprint)}`;
  const known = new Set(await ports.payments.knownNotices(read.value.lines.map(noticeOf)));
  const lines: ImportedLine[] = [];
  for (const line of read.value.lines) {
    const noticeId = noticeOf(line);
    if (known.has(noticeId)) lines.push({ ...line, outcome: 'known' });
    else lines.push(await (isDryRun ? foresee(ports, line) : take(ports, line, noticeId)));
    await pause();
  }
  return accept({ ...read.value, lines });
}

async function take(ports: ImportPorts, line: StatementLine, noticeId: string): Promise<ImportedLine> {
  const { amount, payer, remark } = line;
  const paymentReference = await referenceIn(ports, line);
  const named = paymentReference === undefined ? {} : { paymentReference };
  const told = { ...(payer === undefined ? {} : { payer }), ...(remark === undefined ? {} : { remark }) };
  const notice = { noticeId, channel: 'bank', amount, ...named, ...told } as const;
  const received = await receivePayment(ports, notice, 'keep');
  // Somebody else imports the same statement at this moment.
  if (!received.ok) return { ...line, ...named, outcome: 'known' };
  const { disposition, reason } = received.value.payment;
  return { ...line, ...named, outcome: disposition, ...(reason === undefined ? {} : { reason }) };
}

/** What would become of a line; nothing is kept. */
async function foresee(ports: ImportPorts, line: StatementLine): Promise<ImportedLine> {
  const paymentReference = await referenceIn(ports, line);
  if (paymentReference === undefined) return { ...line, outcome: 'unallocated' };
  const deposit = { id: '', noticeId: '', channel: 'bank', amount: line.amount } as const;
  const input = { kind: 'deposited', deposit, nowMs: ports.clock.nowMs() } as const;
  const order = await ports.orders.findByPaymentReference(paymentReference);
  const bill = await ports.bills.findByPaymentReference(paymentReference);
  const stepped = order === undefined ? bill && stepBill(bill, input) : stepOrder(order, input);
  if (stepped?.ok !== true) return { ...line, paymentReference, outcome: 'unallocated' };
  const effects: readonly (MoneyEffect | { readonly kind: string })[] = stepped.value[1];
  const recorded = effects.find((effect) => 'payment' in effect);
  const outcome =
    recorded !== undefined && 'payment' in recorded ? recorded.payment.disposition : 'unallocated';
  return { ...line, paymentReference, outcome };
}

/** The one order or bill that a line names; undefined where it names none, or several. */
async function referenceIn(
  { orders, bills }: Pick<ServicePorts, 'bills' | 'orders'>,
  { remark = '', payer = '' }: StatementLine,
): Promise<string | undefined> {
  const named: string[] = [];
  // Each apart, since the end of one and the beginning of the other make no reference.
  const references = new Set([...findReferences(remark), ...findReferences(payer)]);
  for (const reference of references) {
    const isThere =
      (await orders.findByPaymentReference(reference)) ?? (await bills.findByPaymentReference(reference));
    if (isThere !== undefined) named.push(reference);
  }
  return named.length === 1 ? named[0] : undefined;
}
