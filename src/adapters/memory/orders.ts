import { type Money, sameMoney } from '../../domain/billing/index.ts';
import type { MoneyEffect } from '../../domain/billing/payments/index.ts';
import { countryOf, type NumberForSale, type Order, type OrderEffect } from '../../domain/market/index.ts';
import { orderEvents } from '../../services/order-events.ts';
import type { NumberClaim, OrderStore, OrderWrite, WebhookStore } from '../../services/ports/index.ts';
import { newestFirst } from './newest-first.ts';
import type { MemoryPayments } from './payments.ts';

/** The numbers of a block share all digits but the last three. */
const BLOCK_DIGITS = 3;
const BLOCK_SIZE = 1_000;

/** Orders and claims in memory; nothing awaits between a check and what depends on it. */
export class MemoryOrders implements OrderStore {
  readonly #orders = new Map<string, Order>();
  readonly #claims = new Map<string, NumberClaim>();
  readonly #payments: MemoryPayments;
  /** How many numbers of a block are sold or in quarantine. */
  readonly #sold = new Map<string, number>();
  readonly #webhooks: Pick<WebhookStore, 'record'>;

  /** @param webhooks what is told of orders */
  constructor(payments: MemoryPayments, webhooks: Pick<WebhookStore, 'record'>) {
    this.#payments = payments;
    this.#webhooks = webhooks;
  }

  async keep(
    before: Order | undefined,
    after: Order,
    effects: readonly OrderEffect[],
    nowMs: number,
  ): Promise<OrderWrite> {
    if (this.#orders.get(after.id)?.state !== before?.state) return 'order-changed';
    for (const effect of effects) {
      const obstacle = this.#obstacle(after, effect, nowMs);
      if (obstacle !== undefined) return obstacle;
    }
    const write = this.#payments.keepNow(effects.filter(isOfMoney));
    if (write !== 'kept') return write;
    this.#orders.set(after.id, after);
    for (const effect of effects) this.#perform(after, effect);
    await this.#webhooks.record(orderEvents(before, after));
    return 'kept';
  }

  async find(id: string): Promise<Order | undefined> {
    return this.#orders.get(id);
  }

  async findByPaymentReference(reference: string): Promise<Order | undefined> {
    return this.#all().find((order) => 'paymentReference' in order && order.paymentReference === reference);
  }

  async list({
    memberId,
    state,
    before,
    limit,
  }: Parameters<OrderStore['list']>[0]): Promise<readonly Order[]> {
    return newestFirst(this.#all(), before, limit, (order) => {
      return (
        (memberId === undefined || order.memberId === memberId) &&
        (state === undefined || order.state === state)
      );
    });
  }

  async overdue(nowMs: number, limit: number): Promise<readonly Order[]> {
    const late = this.#all().filter((order) => 'heldUntilMs' in order && order.heldUntilMs <= nowMs);
    return late.slice(0, limit);
  }

  async endQuarantines(nowMs: number): Promise<number> {
    const over = [...this.#claims].filter(
      ([, { state, untilMs = nowMs }]) => state === 'quarantine' && untilMs <= nowMs,
    );
    for (const [key, claim] of over) this.#drop(key, claim);
    return over.length;
  }

  async countOpen(memberId: string, nowMs: number): Promise<number> {
    return this.#all().filter(
      (order) => order.memberId === memberId && 'heldUntilMs' in order && order.heldUntilMs > nowMs,
    ).length;
  }

  async claim(number: NumberForSale, nowMs: number): Promise<NumberClaim | undefined> {
    return this.#claimAt(keyOf(number.kind, countryOf(number), number.subscriber), nowMs);
  }

  async free(
    ...[kind, country, subscribers, nowMs]: Parameters<OrderStore['free']>
  ): Promise<readonly string[]> {
    return subscribers.filter((digits) => this.#claimAt(keyOf(kind, country, digits), nowMs) === undefined);
  }

  async soldOutBlocks(
    ...[kind, country, prefix, from, limit]: Parameters<OrderStore['soldOutBlocks']>
  ): Promise<readonly string[]> {
    const start = keyOf(kind, country, '');
    return [...this.#sold]
      .filter(([key, count]) => count === BLOCK_SIZE && key.startsWith(start + prefix))
      .map(([key]) => key.slice(start.length))
      .filter((block) => block >= from)
      .sort()
      .slice(0, limit);
  }

  async awaiting(amount: Money, limit: number): Promise<readonly Order[]> {
    return this.#all()
      .filter(({ state, price }) => state === 'awaiting-payment' && sameMoney(price, amount))
      .slice(0, limit);
  }

  async numbersOf(memberId: string): Promise<readonly NumberForSale[]> {
    return this.assigned()
      .filter((order) => order.memberId === memberId)
      .map(({ number }) => number);
  }

  /** The orders whose numbers are in service, in the order they were made. */
  assigned(): readonly Order[] {
    return this.#all().filter(({ state }) => state === 'assigned');
  }

  #all(): Order[] {
    return [...this.#orders.values()];
  }

  #claimAt(key: string, nowMs: number): NumberClaim | undefined {
    const claim = this.#claims.get(key);
    return claim?.untilMs !== undefined && claim.untilMs <= nowMs ? undefined : claim;
  }

  /** What keeps an effect from being performed. */
  #obstacle({ id, number }: Order, effect: OrderEffect, nowMs: number): OrderWrite | undefined {
    const key = keyOf(number.kind, countryOf(number), number.subscriber);
    switch (effect.kind) {
      case 'hold-number':
        return this.#claimAt(key, nowMs) === undefined ? undefined : 'number-claimed';
      case 'extend-hold':
      case 'assign-number':
      case 'quarantine-number':
        return this.#claims.get(key)?.orderId === id ? undefined : 'number-claimed';
      case 'record-payment':
      case 'update-payment':
      case 'post':
      case 'free-number':
        return undefined;
    }
  }

  #perform({ id: orderId, memberId, number }: Order, effect: OrderEffect): void {
    const key = keyOf(number.kind, countryOf(number), number.subscriber);
    const before = this.#claims.get(key);
    switch (effect.kind) {
      case 'hold-number':
        if (before !== undefined) this.#drop(key, before);
        this.#claims.set(key, { orderId, memberId, state: 'held', untilMs: effect.untilMs });
        return;
      case 'extend-hold':
        this.#claims.set(key, { orderId, memberId, state: 'held', untilMs: effect.untilMs });
        return;
      case 'assign-number':
        this.#claims.set(key, { orderId, memberId, state: 'assigned' });
        this.#count(key, 1);
        return;
      case 'quarantine-number':
        this.#claims.set(key, { orderId, memberId, state: 'quarantine', untilMs: effect.untilMs });
        return;
      case 'free-number':
        if (before?.orderId === orderId) this.#drop(key, before);
        return;
      case 'record-payment':
      case 'update-payment':
      case 'post':
    }
  }

  #drop(key: string, claim: NumberClaim): void {
    this.#claims.delete(key);
    if (claim.state === 'quarantine') this.#count(key, -1);
  }

  #count(key: string, change: number): void {
    const block = key.slice(0, -BLOCK_DIGITS);
    this.#sold.set(block, (this.#sold.get(block) ?? 0) + change);
  }
}

function keyOf(kind: NumberForSale['kind'], countryCode: string | undefined, subscriber: string): string {
  return `${kind} ${countryCode ?? ''} ${subscriber}`;
}

function isOfMoney(effect: OrderEffect): effect is MoneyEffect {
  return effect.kind === 'record-payment' || effect.kind === 'update-payment' || effect.kind === 'post';
}
