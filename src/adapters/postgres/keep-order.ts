import { type Kysely, sql, type Transaction } from 'kysely';
import type { Order, OrderEffect } from '../../domain/market/index.ts';
import { orderEvents } from '../../services/order-events.ts';
import type { DocumentToIssue, OrderWrite } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';
import { issueDocument } from './documents.ts';
import { insertEvents } from './insert-events.ts';
import { isOfMoney, keepPayments, moneyWriteOf, postLines } from './keep-payments.ts';
import { beginTerm, endTerm } from './keep-terms.ts';
import { claimColumns, quoteColumns, stateColumns } from './order-rows.ts';

/** The numbers of a block share all digits but the last three. */
export const BLOCK_DIGITS = 3;

/** Leaves a transaction without a trace, and says why. */
class NothingKept extends Error {
  readonly write: OrderWrite;

  constructor(write: OrderWrite) {
    super(write);
    this.write = write;
  }
}

/** Keeps a new order that holds its number, unless somebody has a claim on it that is not past its time. */
export async function insertOrder(
  kysely: Kysely<Database>,
  order: Order,
  effects: readonly OrderEffect[],
  nowMs: number,
): Promise<OrderWrite> {
  if (await insertUnlessClaimed(kysely, order, effects)) return 'kept';
  return leavingNoTrace(kysely, async (transaction) => {
    await endOverdueClaim(transaction, order, nowMs);
    if (!(await insertUnlessClaimed(transaction, order, effects))) throw new NothingKept('number-claimed');
  });
}

/** Keeps the new state of an order that is still in the state it was read in. */
export async function updateOrder(
  kysely: Kysely<Database>,
  before: Order,
  after: Order,
  effects: readonly OrderEffect[],
  nowMs: number,
  documents: readonly DocumentToIssue[],
): Promise<OrderWrite> {
  const money = effects.filter(isOfMoney);
  const events = orderEvents(before, after);
  const isOfTerm = effects.some(({ kind }) => kind === 'assign-number' || kind === 'quarantine-number');
  if (money.length === 0 && events.length === 0 && !isOfTerm) {
    return updateRow(kysely, before, after, effects);
  }
  return leavingNoTrace(kysely, async (transaction) => {
    // First, since of two payments at once the second then finds the order changed.
    const write = await updateRow(transaction, before, after, effects);
    if (write !== 'kept') throw new NothingKept(write);
    await keepTerm(transaction, after, effects, nowMs);
    await keepPayments(transaction, money);
    await insertEvents(transaction, events);
    // Last, since sales of the same block wait for each other from here to the commit.
    if (effects.some(({ kind }) => kind === 'assign-number')) await countSold(transaction, after, 1);
    await postLines(transaction, money);
    for (const document of documents) await issueDocument(transaction, document);
  });
}

/** The years of a number begin when it is assigned, and end when it is given back. */
async function keepTerm(
  transaction: Transaction<Database>,
  order: Order,
  effects: readonly OrderEffect[],
  nowMs: number,
): Promise<void> {
  for (const effect of effects) {
    if (effect.kind === 'assign-number') {
      await beginTerm(transaction, order, effect.paidAtMs, effect.paidUntilMs);
    }
    if (effect.kind === 'quarantine-number') await endTerm(transaction, order.id, nowMs);
  }
}

/** Makes quarantined numbers free whose time is over, and says how many. */
export async function endQuarantines(kysely: Kysely<Database>, nowMs: number): Promise<number> {
  const { rows } = await sql<{ readonly ended: bigint }>`
    with over as (
      select id from number_orders where claim = 'quarantine' and claim_until_ms <= ${nowMs}
      order by id for update skip locked),
    ended as (
      update number_orders set claim = null, claim_until_ms = null from over where number_orders.id = over.id
      returning kind, country_code, left(subscriber, ${-BLOCK_DIGITS}::integer) as block),
    counted as (
      update number_blocks set sold = sold - freed.count
      from (select kind, country_code, block, count(*)::integer as count from ended group by 1, 2, 3) as freed
      where (number_blocks.kind, number_blocks.country_code, number_blocks.block)
        = (freed.kind, freed.country_code, freed.block))
    select count(*) as ended from ended
  `.execute(kysely);
  return Number(rows[0]?.ended ?? 0n);
}

async function leavingNoTrace(
  kysely: Kysely<Database>,
  run: (transaction: Transaction<Database>) => Promise<void>,
): Promise<OrderWrite> {
  try {
    await kysely.transaction().execute(run);
    return 'kept';
  } catch (thrown) {
    if (thrown instanceof NothingKept) return thrown.write;
    return moneyWriteOf(thrown);
  }
}

/** The index on claims decides who was first: it makes the second wait for the first one's commit. */
async function insertUnlessClaimed(
  kysely: Kysely<Database>,
  order: Order,
  effects: readonly OrderEffect[],
): Promise<boolean> {
  const inserted = await kysely
    .insertInto('number_orders')
    .values({
      claim: null,
      claim_until_ms: null,
      ...quoteColumns(order),
      ...stateColumns(order),
      ...claimColumns(effects),
    })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'country_code', 'subscriber']).where('claim', 'is not', null).doNothing(),
    )
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

async function endOverdueClaim(kysely: Kysely<Database>, order: Order, nowMs: number): Promise<void> {
  const { kind, country_code, subscriber } = quoteColumns(order);
  const { rows } = await sql<{ readonly claim: string }>`
    with overdue as (
      select id, claim from number_orders
      where kind = ${kind} and country_code = ${country_code} and subscriber = ${subscriber}
        and claim is not null and claim_until_ms <= ${nowMs}
      for update)
    update number_orders set claim = null, claim_until_ms = null from overdue where number_orders.id = overdue.id
    returning overdue.claim
  `.execute(kysely);
  if (rows[0]?.claim === 'quarantine') await countSold(kysely, order, -1);
}

/** Keeps the row of an order that is still in the state it was read in. */
export async function updateRow(
  kysely: Kysely<Database>,
  before: Order,
  after: Order,
  effects: readonly OrderEffect[],
): Promise<OrderWrite> {
  const needsClaim = effects.some(({ kind }) =>
    ['extend-hold', 'assign-number', 'quarantine-number', 'give-number-again'].includes(kind),
  );
  let query = kysely
    .updateTable('number_orders')
    .set({ ...stateColumns(after), ...claimColumns(effects) })
    .where('id', '=', before.id)
    .where('state', '=', before.state)
    .returning('id');
  if (needsClaim) query = query.where('claim', 'is not', null);
  if ((await query.executeTakeFirst()) !== undefined) return 'kept';
  const stands = await kysely
    .selectFrom('number_orders')
    .select('state')
    .where('id', '=', before.id)
    .executeTakeFirst();
  return stands?.state === before.state ? 'number-claimed' : 'order-changed';
}

async function countSold(kysely: Kysely<Database>, order: Order, change: number): Promise<void> {
  const { kind, country_code, subscriber } = quoteColumns(order);
  await sql`
    insert into number_blocks (kind, country_code, block, sold)
    values (${kind}, ${country_code}, ${subscriber.slice(0, -BLOCK_DIGITS)}, ${change})
    on conflict (kind, country_code, block) do update set sold = number_blocks.sold + excluded.sold
  `.execute(kysely);
}
