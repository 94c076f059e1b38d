import { type Money, sameMoney } from '../../domain/billing/index.ts';
import type { MoneyEffect } from '../../domain/billing/payments/index.ts';
import { countryOf, type NumberForSale, type Order, type OrderEffect } from '../../domain/market/index.ts';
import { orderEvents } from '../../services/order-events.ts';
import type {
  DocumentToIssue,
  MoneyWrite,
  NumberClaim,
  OrderStore,
  OrderWrite,
  WebhookStore,
} from '../../services/ports/index.ts';
import { newestFirst } from './newest-first.ts';
import type { MemoryPayments } from './payments.ts';
import type { MemoryTerms } from './renewals.ts';

/** The numbers of a block share all digits but the last three. */
const BLOCK_DIGITS = 3;
const BLOCK_SIZE = 1_000;

/** What stands beside orders, and is kept with them. */
export type OrderParts = {
  readonly payments: MemoryPayments;
  readonly terms: MemoryTerms;
  readonly webhooks: Pick<WebhookStore, 'record'>;
};

/** Orders and claims in memory; nothing awaits between a check and what depends on it. */
export class MemoryOrders implements OrderStore {
  readonly #orders = new Map<string, Order>();
  readonly #claims = new Map<string, NumberClaim>();
  readonly #payments: MemoryPayments;
  /** How many numbers of a block are sold or in quarantine. */
  readonly #sold = new Map<string, number>();
  readonly #terms: MemoryTerms;
  readonly #webhooks: Pick<WebhookStore, 'record'>;

  /** @param parts `webhooks` is what is told of orders */
  constructor({ payments, terms, webhooks }: OrderParts) {
    this.#payments = payments;
    this.#terms = terms;
    this.#webhooks = webhooks;
  }

  async keep(
    before: Order | undefined,
    after: Order,
    effects: readonly OrderEffect[],
    nowMs: number,
    documents: readonly DocumentToIssue[] = [],
  ): Promise<OrderWrite> {
    const obstacle = this.obstacle(before, after, effects, nowMs);
    if (obstacle !== undefined) return obstacle;
    const write = this.#payments.keepNow(effects.filter(isOfMoney), documents);
    if (write !== 'kept') return write;
    this.set(after, effects);
    for (const effect of effects) this.#keepTerm(after, effect, nowMs);
    await this.#webhooks.record(orderEvents(before, after));
    return 'kept';
  }

  /** What keeps an order's new state from being kept. */
  obstacle(
    before: Order | undefined,
    after: Order,
    effects: readonly OrderEffect[],
    nowMs: number,
  ): Exclude<OrderWrite, MoneyWrite> | undefined {
    if (this.#orders.get(after.id)?.state !== before?.state) return 'order-changed';
    const isPossible = effects.every((effect) => this.#isPossible(after, effect, nowMs));
    return isPossible ? undefined : 'number-claimed';
  }

  /** Keeps an order, and what its effects make of the number. */
  set(order: Order, effects: readonly OrderEffect[]): void {
    this.#orders.set(order.id, order);
    for (const effect of effects) this.#perform(order, effect);
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

  /** The years of a number begin when it is assigned, and end when it is given back. */
  #keepTerm(order: Order, effect: OrderEffect, nowMs: number): void {
    if (effect.kind === 'assign-number') this.#terms.begin(order, effect.paidAtMs, effect.paidUntilMs);
    if (effect.kind === 'quarantine-number') this.#terms.end(order.id, nowMs);
  }

  /** Whether an effect can be performed. */
  #isPossible({ id, number }: Order, effect: OrderEffect, nowMs: number): boolean {
    const key = keyOf(number.kind, countryOf(number), number.subscriber);
    switch (effect.kind) {
      case 'hold-number':
        return this.#claimAt(key, nowMs) === undefined;
      case 'extend-hold':
      case 'assign-number':
      case 'quarantine-number':
      case 'give-number-again':
        return this.#claims.get(key)?.orderId === id;
      case 'record-payment':
      case 'update-payment':
      case 'post':
      case 'free-number':
        return true;
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
      case 'give-number-again':
        this.#claims.set(key, { orderId, memberId, state: 'assigned' });
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
