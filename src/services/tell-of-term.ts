import { printMoney } from '../domain/billing/index.ts';
import { printNumberForSale, QUARANTINE_MS } from '../domain/market/index.ts';
import { stepTerm, type Term } from '../domain/renewals/index.ts';
import type { ServicePorts } from './ports/index.ts';
import { publishAssigned, publishReleased } from './publish-number.ts';
import { type AskedYear, letterOf } from './renewal-mails.ts';
import { sellerTimeZone } from './sale-documents.ts';

type TellPorts = Pick<
  ServicePorts,
  'bills' | 'bus' | 'members' | 'orders' | 'proofs' | 'renewals' | 'settings'
>;

/**
 * Tells what has become of a number's years: the exchange, where the number goes out of service or comes back, and the
 * member by mail. It is noted once that is done; whoever dies in between has it done again.
 * @returns the term with nothing left to tell, `not-now` where the mail server takes nothing, undefined where somebody
 *   else changed the term
 */
export async function tellOfTerm(
  ports: TellPorts,
  term: Term,
  nowMs: number,
): Promise<Term | 'not-now' | undefined> {
  const { notice } = term;
  if (notice === undefined) return term;
  await tellExchange(ports, term, nowMs);
  if (!(await writeTo(ports, term))) return 'not-now';
  const stepped = stepTerm(term, { kind: 'told', notice, nowMs }, QUARANTINE_MS);
  if (!stepped.ok) return undefined;
  const [after] = stepped.value;
  return (await ports.renewals.keep(term, after, {}, nowMs)) === 'kept' ? after : undefined;
}

async function tellExchange(ports: TellPorts, term: Term, nowMs: number): Promise<void> {
  if (term.notice !== 'lapsed' && term.notice !== 'restored') return;
  const order = await ports.orders.find(term.orderId);
  if (order === undefined) return;
  if (term.notice === 'restored' && order.state === 'assigned') publishAssigned(ports, order);
  if (term.notice !== 'lapsed') return;
  // While nobody else can have bought the number: later, the news would be of theirs.
  const claim = await ports.orders.claim(order.number, nowMs);
  if (claim === undefined || (claim.orderId === order.id && claim.state !== 'assigned')) {
    publishReleased(ports, order);
  }
}

/** @returns false where the mail server did not take the letter; who has no address is told by events alone */
async function writeTo(ports: TellPorts, term: Term): Promise<boolean> {
  const { mailer } = ports.proofs;
  const member = mailer && (await ports.members.find(term.memberId));
  if (mailer === undefined || member === undefined || member.email === '') return true;
  const order = await ports.orders.find(term.orderId);
  if (order === undefined) return true;
  const { language, email: to } = member;
  const letter = letterOf(term, language, {
    number: printNumberForSale(order.number),
    timeZone: sellerTimeZone(ports),
    ...(await askedFor(ports, term)),
  });
  return letter === undefined || (await mailer.send({ to, language, ...letter })).ok;
}

/** What the open bill asks for, and where it is paid to. */
async function askedFor(ports: TellPorts, term: Term): Promise<Pick<AskedYear, 'bill'>> {
  const bill = 'billId' in term ? await ports.bills.find(term.billId) : undefined;
  if (bill?.state !== 'open') return {};
  const account = ports.settings.depositAccounts[bill.amount.currency];
  const depositTo = account && `${account.bank} ${account.account} (${account.holder})`;
  return {
    bill: {
      amount: printMoney(bill.amount),
      reference: bill.paymentReference,
      ...(depositTo === undefined ? {} : { depositTo }),
    },
  };
}
