import type { Selectable } from 'kysely';
import { countryOf, numberForSale, type Order, type OrderEffect } from '../../domain/market/index.ts';
import type { CountryCode } from '../../domain/numbering/index.ts';
import type { MarketTables } from './market-tables.ts';

export type OrderRow = Selectable<MarketTables['number_orders']>;

/** What an order is to its number; absent where that stays as it is. */
export type ClaimColumns = Partial<Pick<OrderRow, 'claim' | 'claim_until_ms'>>;

/** The columns of an order that its state decides. */
export function stateColumns(order: Order): Omit<OrderRow, 'id' | keyof ClaimColumns | keyof QuoteColumns> {
  return {
    state: order.state,
    held_until_ms: 'heldUntilMs' in order ? BigInt(order.heldUntilMs) : null,
    payment_reference: ('paymentReference' in order && order.paymentReference) || null,
    confirmed_at_ms: timeOf('confirmedAtMs' in order ? order.confirmedAtMs : undefined),
    paid_at_ms: timeOf('paidAtMs' in order ? order.paidAtMs : undefined),
    released_at_ms: timeOf('releasedAtMs' in order ? order.releasedAtMs : undefined),
    ended_at_ms: timeOf('endedAtMs' in order ? order.endedAtMs : undefined),
  };
}

type QuoteColumns = Pick<
  OrderRow,
  'member_id' | 'kind' | 'country_code' | 'subscriber' | 'currency' | 'price_micros' | 'quoted_at_ms'
>;

/** The columns of an order that never change. */
export function quoteColumns(order: Order): { readonly id: string } & QuoteColumns {
  return {
    id: order.id,
    member_id: order.memberId,
    kind: order.number.kind,
    country_code: countryOf(order.number) ?? '',
    subscriber: order.number.subscriber,
    currency: order.price.currency,
    price_micros: order.price.micros,
    quoted_at_ms: BigInt(order.quotedAtMs),
  };
}

/** What the effects make of the claim. */
export function claimColumns(effects: readonly OrderEffect[]): ClaimColumns {
  for (const effect of effects) {
    switch (effect.kind) {
      case 'hold-number':
      case 'extend-hold':
        return { claim: 'held', claim_until_ms: BigInt(effect.untilMs) };
      case 'assign-number':
      case 'give-number-again':
        return { claim: 'assigned', claim_until_ms: null };
      case 'quarantine-number':
        return { claim: 'quarantine', claim_until_ms: BigInt(effect.untilMs) };
      case 'free-number':
        return { claim: null, claim_until_ms: null };
      case 'record-payment':
      case 'update-payment':
      case 'post':
    }
  }
  return {};
}

export function orderOf(row: OrderRow): Order {
  const order = {
    id: row.id,
    memberId: row.member_id,
    number: numberForSale(row.kind, row.country_code as CountryCode, row.subscriber),
    state: row.state,
    price: { currency: row.currency, micros: row.price_micros },
    quotedAtMs: Number(row.quoted_at_ms),
    heldUntilMs: row.held_until_ms,
    paymentReference: row.payment_reference,
    confirmedAtMs: row.confirmed_at_ms,
    paidAtMs: row.paid_at_ms,
    releasedAtMs: row.released_at_ms,
    endedAtMs: row.ended_at_ms,
  };
  // What is null in SQL is absent in an order; which parts a state has was decided when it was stored.
  return Object.fromEntries(
    Object.entries(order)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  ) as Order;
}

function timeOf(ms: number | undefined): bigint | null {
  return ms === undefined ? null : BigInt(ms);
}
