import { BILL_REFERENCES, type Bill, type OpenBill, payFromCredit } from '../domain/billing/bills/index.ts';
import { printPeriod } from '../domain/billing/documents/index.ts';
import type { Money } from '../domain/billing/index.ts';
import { availableMicros, memberAccount } from '../domain/billing/ledger/index.ts';
import {
  type Order,
  printNumberForSale,
  QUARANTINE_MS,
  renewalPriceIn,
  stepOrder,
} from '../domain/market/index.ts';
import { anniversary, isMoveDue, stepTerm, type Term, type TermEffect } from '../domain/renewals/index.ts';
import { paymentReference } from './payment-reference.ts';
import type { ServicePorts, TermChange } from './ports/index.ts';
import { invoiceOfBill, receiptOfBill, sellerTimeZone } from './sale-documents.ts';
import { tellOfTerm } from './tell-of-term.ts';
import { termEvents } from './term-events.ts';

export type RenewalPorts = Pick<
  ServicePorts,
  | 'bills'
  | 'bus'
  | 'catalogue'
  | 'documents'
  | 'identifiers'
  | 'ledger'
  | 'members'
  | 'orders'
  | 'proofs'
  | 'randomness'
  | 'renewals'
  | 'settings'
>;

/** How many numbers something was done about. */
export type Renewals = { readonly looked: number };

const BATCH = 100;

/** What a process took and did not finish, and letters that no server took, come again after this. */
const TAKEN_FOR_MS = 6 * 3_600_000;

/** A number has so few steps to make at a time: a reminder, its end, and what is told of them. */
const MOST_STEPS = 10;

/**
 * Does what time asks for about the years of numbers (R24): bills and reminders, years from credit, and numbers that
 * nobody paid for go out of service. Several processes may do it at once: each takes numbers of its own, and what
 * one keeps the others find changed.
 * @throws the first failure, once all others have been looked at; that number comes again later
 */
export async function renewNumbers(
  ports: RenewalPorts,
  { nowMs }: { readonly nowMs: number },
): Promise<Renewals> {
  let looked = 0;
  const failures: unknown[] = [];
  for (;;) {
    const due = await ports.renewals.takeDue(nowMs, nowMs + TAKEN_FOR_MS, BATCH);
    for (const term of due) {
      await look(ports, term, nowMs).catch((failure: unknown) => failures.push(failure));
    }
    looked += due.length;
    if (due.length < BATCH) break;
  }
  if (failures.length > 0) throw failures[0];
  return { looked };
}

async function look(ports: RenewalPorts, taken: Term, nowMs: number): Promise<void> {
  let term: Term | undefined = taken;
  let isTelling = true;
  for (let step = 0; step < MOST_STEPS && term !== undefined; step += 1) {
    if (term.notice !== undefined && isTelling) {
      const told: Term | 'not-now' | undefined = await tellOfTerm(ports, term, nowMs);
      // Mail that does not go out keeps nobody's number in service.
      if (told === 'not-now') isTelling = false;
      else term = told;
    } else if (isMoveDue(term, nowMs)) {
      term = await move(ports, term, nowMs);
    } else return;
  }
}

/** @returns the term as it is kept; undefined where somebody else was faster */
async function move(ports: RenewalPorts, term: Term, nowMs: number): Promise<Term | undefined> {
  const order = await ports.orders.find(term.orderId);
  if (order === undefined) return undefined;
  const range = await ports.catalogue.rangeOf(order.number);
  const price = range === undefined ? order.price : renewalPriceIn(range, ports.settings.taxation);
  const billId = ports.identifiers.next();
  const shared = { price, billId, timeZone: sellerTimeZone(ports), nowMs };
  if (term.mode === 'from-credit' && (await hasCredit(ports, term.memberId, price))) {
    const write = await step(ports, term, order, { kind: 'credit-offered', ...shared });
    // The credit went elsewhere meanwhile: a bill is sent.
    if (write !== 'credit-exceeded') return write;
  }
  const write = await step(ports, term, order, { kind: 'time', ...shared });
  return write === 'credit-exceeded' ? undefined : write;
}

/** Years are taken from what a member has, never from what it may owe. */
async function hasCredit(
  { ledger }: Pick<ServicePorts, 'ledger'>,
  memberId: string,
  { currency, micros }: Money,
): Promise<boolean> {
  const balance = await ledger.balance(memberAccount(memberId), currency);
  const floorMicros = balance.floorMicros ?? 0n;
  const available = availableMicros({ ...balance, floorMicros: floorMicros > 0n ? floorMicros : 0n });
  return micros > 0n && available !== undefined && available >= micros;
}

type Moved = Extract<Parameters<typeof stepTerm>[1], { readonly kind: 'time' | 'credit-offered' }>;

async function step(
  ports: RenewalPorts,
  before: Term,
  order: Order,
  input: Moved,
): Promise<Term | 'credit-exceeded' | undefined> {
  const stepped = stepTerm(before, input, QUARANTINE_MS);
  if (!stepped.ok) return undefined;
  const [after, effects] = stepped.value;
  if (after === before) return undefined;
  const { nowMs } = input;
  const change = await changeOf(ports, before, order, effects, nowMs);
  if (change === undefined) return undefined;
  const events = termEvents(after, order, effects, nowMs);
  const write = await ports.renewals.keep(before, after, { ...change, events }, nowMs);
  if (write === 'kept') return after;
  return write === 'credit-exceeded' ? write : undefined;
}

/** What is kept with a step. @returns undefined where the number's order is not as it has to be */
async function changeOf(
  ports: RenewalPorts,
  before: Term,
  order: Order,
  effects: readonly TermEffect[],
  nowMs: number,
): Promise<TermChange | undefined> {
  let change: TermChange = {};
  for (const effect of effects) {
    switch (effect.kind) {
      case 'ask': {
        const { billId, amount, dueAtMs } = effect;
        const bill = { ...billFor(ports, before, order, billId, amount, nowMs), dueAtMs };
        const documents = await invoiceOfBill(ports, bill);
        change = { ...change, bill: { before: undefined, after: bill }, documents };
        break;
      }
      case 'take-credit':
        change = { ...change, ...(await paidFromCredit(ports, before, order, effect, nowMs)) };
        break;
      case 'limit-bill': {
        const bill = await ports.bills.find(effect.billId);
        if (bill?.state !== 'open') break;
        change = { ...change, bill: { before: bill, after: { ...bill, expiresAtMs: effect.untilMs } } };
        break;
      }
      case 'take-number': {
        const stepped = stepOrder(order, { kind: 'given-back', nowMs });
        if (!stepped.ok || order.state !== 'assigned') return undefined;
        const [released, orderEffects] = stepped.value;
        change = { ...change, order: { before: order, after: released, effects: orderEffects } };
        break;
      }
      case 'cancel-bill':
      case 'give-number-again':
      case 'tell':
        break;
    }
  }
  return change;
}

/** The bill for the next year that is open, or a new one, as it is when the member's credit has paid it. */
async function paidFromCredit(
  ports: RenewalPorts,
  before: Term,
  order: Order,
  { billId, amount }: Extract<TermEffect, { readonly kind: 'take-credit' }>,
  nowMs: number,
): Promise<TermChange> {
  const known = 'billId' in before ? await ports.bills.find(before.billId) : undefined;
  // Who was asked already pays what was asked.
  const open = known?.state === 'open' ? known : undefined;
  const asked = open ?? billFor(ports, before, order, billId, amount, nowMs);
  const { bill, entries, taxMicros } = payFromCredit(asked, ports.settings.taxation, nowMs);
  const payment = { method: 'credit', reference: bill.paymentReference, paidAtMs: nowMs } as const;
  return {
    bill: { before: open, after: bill satisfies Bill },
    money: [{ kind: 'post', entries }],
    documents: await receiptOfBill(ports, bill, payment, taxMicros),
  };
}

function billFor(
  ports: RenewalPorts,
  { memberId, orderId, startedAtMs, years, paidUntilMs }: Term,
  { number }: Order,
  id: string,
  amount: Money,
  nowMs: number,
): OpenBill {
  const timeZone = sellerTimeZone(ports);
  const period = { fromMs: paidUntilMs, untilMs: anniversary(startedAtMs, years + 1, timeZone) };
  return {
    id,
    memberId,
    kind: 'renewal',
    orderId,
    amount,
    description: `${printNumberForSale(number)}, ${printPeriod(period, timeZone)}`,
    paymentReference: paymentReference(ports.randomness, BILL_REFERENCES.renewal),
    createdAtMs: nowMs,
    dueAtMs: nowMs,
    period,
    state: 'open',
  };
}
