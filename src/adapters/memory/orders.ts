import {
  countryOf,
  type NumberForSale,
  type Order,
  type OrderEffect,
  type Payment,
} from '../../domain/market/index.ts';
import { orderEvents } from '../../services/order-events.ts';
import type { NumberClaim, OrderStore, OrderWrite, WebhookStore } from '../../services/ports/index.ts';

/** The numbers of a block share all digits but the last three. */
const BLOCK_DIGITS = 3;
const BLOCK_SIZE = 1_000;

/** Orders, claims and payments in memory; nothing awaits between a check and what depends on it. */
export class MemoryOrders implements OrderStore {
  readonly #orders = new Map<string, Order>();
  readonly #claims = new Map<string, NumberClaim>();
  readonly #payments = new Map<string, Payment>();
  /** How many numbers of a block are sold or in quarantine. */
  readonly #sold = new Map<string, number>();
  readonly #webhooks: Pick<WebhookStore, 'record'>;

  /** @param webhooks what is told of orders */
  constructor(webhooks: Pick<WebhookStore, 'record'>) {
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

  async findPayment(id: string): Promise<Payment | undefined> {
    return this.#payments.get(id);
  }

  async findPaymentByNotice(noticeId: string): Promise<Payment | undefined> {
    return [...this.#payments.values()].find((payment) => payment.noticeId === noticeId);
  }

  async listPayments({
    orderId,
    disposition,
    before,
    limit,
  }: Parameters<OrderStore['listPayments']>[0]): Promise<readonly Payment[]> {
    return newestFirst([...this.#payments.values()], before, limit, (payment) => {
      return (
        (orderId === undefined || payment.orderId === orderId) &&
        (disposition === undefined || payment.disposition === disposition)
      );
    });
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
      case 'record-payment': {
        const isKnown = [...this.#payments.values()].some(
          ({ noticeId }) => noticeId === effect.payment.noticeId,
        );
        return isKnown ? 'notice-known' : undefined;
      }
      case 'update-payment':
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
        this.#payments.set(effect.payment.id, effect.payment);
        return;
      case 'update-payment': {
        const isDue = this.#payments.get(effect.payment.id)?.disposition === 'refund-due';
        if (isDue) this.#payments.set(effect.payment.id, effect.payment);
      }
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

function newestFirst<Item extends { readonly id: string }>(
  items: readonly Item[],
  before: string | undefined,
  limit: number,
  matches: (item: Item) => boolean,
): readonly Item[] {
  return items
    .filter((item) => (before === undefined || item.id < before) && matches(item))
    .sort((one, other) => (one.id > other.id ? -1 : 1))
    .slice(0, limit);
}
