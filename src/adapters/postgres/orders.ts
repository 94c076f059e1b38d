import { type Kysely, sql } from 'kysely';
import { countryOf, type NumberForSale, numberForSale } from '../../domain/market/index.ts';
import type { CountryCode } from '../../domain/numbering/index.ts';
import type { NumberClaim, OrderStore } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';
import { endQuarantines, insertOrder, updateOrder } from './keep-order.ts';
import { orderOf } from './order-rows.ts';

const BLOCK_SIZE = 1_000;

/** Orders and the claims they have on numbers, in PostgreSQL. */
export function createOrderStore(kysely: Kysely<Database>): OrderStore {
  return {
    keep: (before, after, effects, nowMs, documents = []) =>
      before === undefined
        ? insertOrder(kysely, after, effects, nowMs)
        : updateOrder(kysely, before, after, effects, nowMs, documents),
    endQuarantines: (nowMs) => endQuarantines(kysely, nowMs),
    ...orderReads(kysely),
    ...numberReads(kysely),
  };
}

function orderReads(
  kysely: Kysely<Database>,
): Pick<OrderStore, 'awaiting' | 'countOpen' | 'find' | 'findByPaymentReference' | 'list' | 'overdue'> {
  const orders = () => kysely.selectFrom('number_orders').selectAll();
  return {
    async find(id) {
      const row = await orders().where('id', '=', id).executeTakeFirst();
      return row && orderOf(row);
    },
    async findByPaymentReference(reference) {
      const row = await orders().where('payment_reference', '=', reference).executeTakeFirst();
      return row && orderOf(row);
    },
    async list({ memberId, state, before, limit }) {
      let query = orders().orderBy('id', 'desc').limit(limit);
      if (memberId !== undefined) query = query.where('member_id', '=', memberId);
      if (state !== undefined) query = query.where('state', '=', state);
      if (before !== undefined) query = query.where('id', '<', before);
      return (await query.execute()).map(orderOf);
    },
    async overdue(nowMs, limit) {
      const late = orders().where('held_until_ms', '<=', BigInt(nowMs)).orderBy('held_until_ms').limit(limit);
      return (await late.execute()).map(orderOf);
    },
    async awaiting({ currency, micros }, limit) {
      const query = orders().where('state', '=', 'awaiting-payment').where('currency', '=', currency);
      return (await query.where('price_micros', '=', micros).orderBy('id').limit(limit).execute()).map(
        orderOf,
      );
    },
    async countOpen(memberId, nowMs) {
      const { count } = await kysely
        .selectFrom('number_orders')
        .select(({ fn }) => fn.countAll<bigint>().as('count'))
        .where('member_id', '=', memberId)
        .where('held_until_ms', '>', BigInt(nowMs))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}

function numberReads(
  kysely: Kysely<Database>,
): Pick<OrderStore, 'claim' | 'free' | 'numbersOf' | 'soldOutBlocks'> {
  return {
    claim: (number, nowMs) => findClaim(kysely, number, nowMs),
    async free(kind, countryCode, subscribers, nowMs) {
      // The limit keeps each number a look into the index, whatever the planner believes of the table.
      const { rows } = await sql<{ readonly subscriber: string }>`
        select wanted.subscriber
        from unnest(${subscribers}::text[]) with ordinality as wanted (subscriber, place)
        left join lateral (
          select true as is_claimed from number_orders
          where kind = ${kind} and country_code = ${countryCode ?? ''}
            and number_orders.subscriber = wanted.subscriber collate "C" and claim is not null
            and (claim = 'assigned' or claim_until_ms > ${nowMs})
          limit 1) as claimed on true
        where claimed.is_claimed is null
        order by wanted.place
      `.execute(kysely);
      return rows.map(({ subscriber }) => subscriber);
    },
    async soldOutBlocks(kind, countryCode, prefix, from, limit) {
      const rows = await kysely
        .selectFrom('number_blocks')
        .select('block')
        .where('kind', '=', kind)
        .where('country_code', '=', countryCode ?? '')
        .where('block', '>=', from)
        .where('block', '>=', prefix)
        .where('block', '<=', `${prefix}:`)
        .where('sold', '>=', BLOCK_SIZE)
        .orderBy('block')
        .limit(limit)
        .execute();
      return rows.map(({ block }) => block);
    },
    async numbersOf(memberId) {
      const rows = await kysely
        .selectFrom('number_orders')
        .select(['kind', 'country_code', 'subscriber'])
        .where('member_id', '=', memberId)
        .where('claim', '=', 'assigned')
        .orderBy('id')
        .execute();
      return rows.map((row) => numberForSale(row.kind, row.country_code as CountryCode, row.subscriber));
    },
  };
}

async function findClaim(
  kysely: Kysely<Database>,
  number: NumberForSale,
  nowMs: number,
): Promise<NumberClaim | undefined> {
  const row = await kysely
    .selectFrom('number_orders')
    .select(['id', 'member_id', 'claim', 'claim_until_ms'])
    .where('kind', '=', number.kind)
    .where('country_code', '=', countryOf(number) ?? '')
    .where('subscriber', '=', number.subscriber)
    .where('claim', 'is not', null)
    .executeTakeFirst();
  if (row === undefined || row.claim === null) return undefined;
  const claim = { orderId: row.id, memberId: row.member_id, state: row.claim };
  if (row.claim_until_ms === null) return claim;
  const untilMs = Number(row.claim_until_ms);
  return untilMs > nowMs ? { ...claim, untilMs } : undefined;
}
