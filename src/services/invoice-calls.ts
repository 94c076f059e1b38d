import type { OpenBill } from '../domain/billing/bills/index.ts';
import { coinMicros, type DocumentLine } from '../domain/billing/documents/index.ts';
import type { Currency } from '../domain/billing/index.ts';
import { memberOfAccount, type PostedTransfer } from '../domain/billing/ledger/index.ts';
import type { Period } from '../domain/billing/settlement/index.ts';
import { billOf } from './ask-for-payment.ts';
import { closedMonth } from './closed-month.ts';
import type { ServicePorts } from './ports/index.ts';
import { type DocumentPorts, invoiceOfBill } from './sale-documents.ts';

export type InvoicePorts = DocumentPorts &
  Pick<ServicePorts, 'bills' | 'clock' | 'ledger' | 'randomness' | 'settlements'>;

/** How long an invoice may be paid before it is late. */
export const INVOICE_TERM_MS = 14 * 24 * 3_600_000;

const ACCOUNTS_AT_ONCE = 500;

/**
 * Sends the members that may owe us an invoice for the calls of last month (R23), one a member, currency and month,
 * however often and by however many processes it is done. A call that became known late, or was corrected, is in the
 * invoice of the month in which that was. Fractions of a coin, which nobody can pay, are the seller's.
 * @returns how many were sent; undefined where last month cannot be invoiced yet
 * @throws the first failure, once all other members have been looked at
 */
export async function invoiceCalls(
  ports: InvoicePorts,
  { nowMs }: { readonly nowMs: number },
): Promise<number | undefined> {
  const closed = await closedMonth(ports, nowMs);
  if (closed === undefined) return undefined;
  const { month, cutLine } = closed;
  let sent = 0;
  const failures: unknown[] = [];
  for await (const { account, currency } of owingAccounts(ports)) {
    const invoiced = { memberId: memberOfAccount(account) ?? '', currency };
    try {
      if (await invoiceMember(ports, invoiced, month, cutLine)) sent += 1;
    } catch (failure) {
      failures.push(failure);
    }
  }
  if (failures.length > 0) throw failures[0];
  return sent;
}

/** Accounts of members that were granted a credit limit. */
async function* owingAccounts({ ledger }: Pick<ServicePorts, 'ledger'>) {
  for (let after: readonly [string, string] | undefined; ; ) {
    const limits = { prefix: 'member/', limit: ACCOUNTS_AT_ONCE };
    const page = await ledger.balances(after === undefined ? limits : { ...limits, after });
    yield* page.filter(({ floorMicros = 0n }) => floorMicros < 0n);
    const last = page.at(-1);
    if (last === undefined || page.length < ACCOUNTS_AT_ONCE) return;
    after = [last.account, last.currency];
  }
}

type Invoiced = { readonly memberId: string; readonly currency: Currency };

async function invoiceMember(
  ports: InvoicePorts,
  { memberId, currency }: Invoiced,
  month: Period,
  cutLine: number,
): Promise<boolean> {
  const last = await ports.bills.lastInvoice(memberId, currency);
  const lastUntilMs = last?.period?.untilMs;
  if (lastUntilMs !== undefined && lastUntilMs >= month.untilMs) return false;
  // The first invoice begins with its month: what was before was paid in advance.
  const before = { untilMs: lastUntilMs ?? month.fromMs, cutLine: last?.cutLine ?? cutLine };
  const { untilMs } = month;
  const legs = ports.settlements.legs({ account: `member/${memberId}`, currency, untilMs, cutLine, before });
  const usage = await usageOf(legs, currency);
  const micros = usage.reduce((sum, { amount }) => sum + amount.micros, 0n);
  const payable = micros - (micros % coinMicros(currency));
  if (payable <= 0n) return false;
  const wanted = {
    memberId,
    kind: 'invoice',
    amount: { currency, micros: payable },
    description: `Calls of ${month.name.slice(0, 7)}`,
    period: { fromMs: month.fromMs, untilMs },
    cutLine,
    dueAtMs: ports.clock.nowMs() + INVOICE_TERM_MS,
  } as const;
  const bill = billOf(ports, wanted);
  const fraction = micros - payable;
  const lines = fraction === 0n ? usage : [...usage, roundedOff(currency, fraction)];
  const entries = fraction === 0n ? [] : [waived(bill, fraction)];
  const documents = await invoiceOfBill(ports, bill, lines);
  return (await ports.bills.keep(undefined, bill, [{ kind: 'post', entries }], documents)) === 'kept';
}

/** What was used, by destination, in the order of their names. */
async function usageOf(
  pages: ReturnType<ServicePorts['settlements']['legs']>,
  currency: Currency,
): Promise<readonly DocumentLine[]> {
  const used = new Map<string, { seconds: number; micros: bigint }>();
  for await (const legs of pages) {
    for (const { charge, micros, billedSeconds } of legs) {
      if (charge.kind !== 'sale') continue;
      const sum = used.get(charge.destination) ?? { seconds: 0, micros: 0n };
      used.set(charge.destination, { seconds: sum.seconds + billedSeconds, micros: sum.micros + micros });
    }
  }
  return [...used]
    .filter(([, { micros }]) => micros !== 0n)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([destination, { seconds, micros }]) => ({
      description: destination.trim() === '' ? '—' : destination,
      // A correction may take off more than there was.
      ...(seconds < 0 ? {} : { quantity: { count: BigInt(seconds), unit: 'second' as const } }),
      amount: { currency, micros },
    }));
}

function roundedOff(currency: Currency, fraction: bigint): DocumentLine {
  return { description: '±', amount: { currency, micros: -fraction } };
}

/** What nobody can pay is owed no longer. */
function waived({ id, memberId, amount, createdAtMs }: OpenBill, fraction: bigint): PostedTransfer {
  return {
    kind: 'posted',
    id: `bill/${id}/rounding`,
    debit: 'rounding',
    credit: `member/${memberId}`,
    currency: amount.currency,
    micros: fraction,
    purpose: 'rounding',
    subject: `bill/${id}`,
    atMs: createdAtMs,
  };
}
