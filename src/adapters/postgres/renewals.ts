import { type Kysely, sql, type Transaction } from 'kysely';
import type { Term } from '../../domain/renewals/index.ts';
import type { RenewalStore, TermChange, TermWrite } from '../../services/ports/index.ts';
import { keepBill } from './bills.ts';
import type { Database } from './database-tables.ts';
import { issueDocument } from './documents.ts';
import { insertEvents } from './insert-events.ts';
import { updateRow } from './keep-order.ts';
import { keepPayments, moneyWriteOf, postLines } from './keep-payments.ts';
import { updateTerm } from './keep-terms.ts';
import { termOf } from './term-rows.ts';

/** Leaves a transaction without a trace, and says why. */
class NothingKept extends Error {
  readonly write: TermWrite;

  constructor(write: TermWrite) {
    super(write);
    this.write = write;
  }
}

/** For how long numbers are their members', in PostgreSQL. */
export function createRenewalStore(kysely: Kysely<Database>): RenewalStore {
  const terms = () => kysely.selectFrom('number_terms').selectAll();
  return {
    async keep(before, after, change) {
      try {
        await kysely.transaction().execute((transaction) => keepAll(transaction, before, after, change));
        return 'kept';
      } catch (thrown) {
        return thrown instanceof NothingKept ? thrown.write : moneyWriteOf(thrown);
      }
    },
    async find(orderId) {
      const row = await terms().where('order_id', '=', orderId).executeTakeFirst();
      return row && termOf(row);
    },
    async ofMember(memberId) {
      const held = terms()
        .where('member_id', '=', memberId)
        .where('state', 'in', ['current', 'due', 'grace']);
      return (await held.orderBy('order_id').execute()).map(termOf);
    },
    async ofOrders(orderIds) {
      if (orderIds.length === 0) return [];
      return (await terms().where('order_id', 'in', orderIds).execute()).map(termOf);
    },
    async takeDue(nowMs, untilMs, limit) {
      const { rows } = await sql<Parameters<typeof termOf>[0]>`
        with due as (
          select order_id from number_terms where next_move_at_ms <= ${nowMs}
          order by next_move_at_ms limit ${limit} for update skip locked)
        update number_terms set next_move_at_ms = ${untilMs} from due
        where number_terms.order_id = due.order_id
        returning number_terms.*
      `.execute(kysely);
      return rows.map(termOf);
    },
  };
}

/** Rows are locked in the order in which the sale of a number locks them: order, term, bill. */
async function keepAll(
  transaction: Transaction<Database>,
  before: Term,
  after: Term,
  { bill, order, money = [], events = [], documents = [] }: TermChange,
): Promise<void> {
  if (order !== undefined) {
    const write = await updateRow(transaction, order.before, order.after, order.effects);
    if (write !== 'kept') throw new NothingKept(write);
  }
  if (!(await updateTerm(transaction, before, after))) throw new NothingKept('term-changed');
  if (bill !== undefined && !(await keepBill(transaction, bill.before, bill.after))) {
    throw new NothingKept('bill-changed');
  }
  await keepPayments(transaction, money);
  await insertEvents(transaction, events);
  await postLines(transaction, money);
  for (const document of documents) await issueDocument(transaction, document);
}
