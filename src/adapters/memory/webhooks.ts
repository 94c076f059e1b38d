import {
  type Delivery,
  type EndpointEffect,
  hears,
  stepDelivery,
  type WebhookEndpoint,
  type WebhookEvent,
} from '../../domain/webhooks/index.ts';
import type {
  ClaimedDeliveries,
  ClaimLimits,
  DeliveryFilter,
  EndpointFilter,
  EventDelivery,
  ListedDelivery,
  PruneLimits,
  WebhookStore,
} from '../../services/ports/index.ts';

type Lease = { readonly lease: string; readonly untilMs: number };
type Kept = { readonly sequence: number; readonly event: WebhookEvent; delivery: Delivery };

/** Endpoints, events and deliveries in memory; nothing awaits between a check and what depends on it. */
export class MemoryWebhooks implements WebhookStore {
  readonly #endpoints = new Map<string, WebhookEndpoint>();
  readonly #events = new Set<string>();
  /** In the order in which they were recorded. */
  #kept: Kept[] = [];
  readonly #leases = new Map<string, Lease>();
  /** In the order of their last turns. */
  #turns: string[] = [];
  #count = 0;

  async add(endpoint: WebhookEndpoint, most: number): Promise<'added' | 'too-many'> {
    const others = [...this.#endpoints.values()].filter(({ memberId }) => memberId === endpoint.memberId);
    if (others.length >= most) return 'too-many';
    this.#endpoints.set(endpoint.id, endpoint);
    return 'added';
  }

  async find(id: string): Promise<WebhookEndpoint | undefined> {
    return this.#endpoints.get(id);
  }

  async list({ memberId, before, limit }: EndpointFilter): Promise<readonly WebhookEndpoint[]> {
    return [...this.#endpoints.values()]
      .filter((endpoint) => memberId === undefined || endpoint.memberId === memberId)
      .filter(({ id }) => before === undefined || id < before)
      .sort((one, other) => (one.id < other.id ? 1 : -1))
      .slice(0, limit);
  }

  async change(
    before: WebhookEndpoint,
    after: WebhookEndpoint,
    effects: readonly EndpointEffect[],
    nowMs: number,
  ): Promise<boolean> {
    if (this.#endpoints.get(before.id)?.version !== before.version) return false;
    this.#endpoints.set(after.id, { ...after, version: before.version + 1 });
    this.#perform(after.id, effects, nowMs);
    return true;
  }

  async remove(id: string): Promise<boolean> {
    this.#kept = this.#kept.filter(({ delivery }) => delivery.endpointId !== id);
    return this.#endpoints.delete(id);
  }

  async record(events: readonly WebhookEvent[]): Promise<void> {
    this.recordNow(events);
  }

  /** The same without waiting, for stores that keep something along with it. */
  recordNow(events: readonly WebhookEvent[]): void {
    for (const event of events) {
      const listeners = [...this.#endpoints.values()].filter(
        (endpoint) => endpoint.state === 'open' && hears(endpoint, event),
      );
      if (this.#events.has(event.id) || listeners.length === 0) continue;
      this.#events.add(event.id);
      for (const { id } of listeners) this.#add(id, event);
    }
  }

  async recordFor(endpointId: string, event: WebhookEvent): Promise<void> {
    if (!this.#endpoints.has(endpointId) || this.#events.has(event.id)) return;
    this.#events.add(event.id);
    this.#add(endpointId, event);
  }

  async claim({ nowMs, leaseMs, endpoints, deliveries }: ClaimLimits): Promise<readonly ClaimedDeliveries[]> {
    const claimed: ClaimedDeliveries[] = [];
    const byTurn = [...this.#endpoints.values()].sort(
      (one, other) => this.#turns.indexOf(one.id) - this.#turns.indexOf(other.id),
    );
    for (const endpoint of byTurn) {
      if (claimed.length >= endpoints) break;
      const { id, state, restUntilMs } = endpoint;
      if (state !== 'open' || restUntilMs > nowMs || (this.#leases.get(id)?.untilMs ?? 0) > nowMs) continue;
      const due = this.#pendingOf(id).filter(
        ({ delivery }) => delivery.state === 'pending' && delivery.dueAtMs <= nowMs,
      );
      if (due.length === 0) continue;
      this.#count += 1;
      const lease = String(this.#count);
      this.#leases.set(id, { lease, untilMs: nowMs + leaseMs });
      this.#turns = [...this.#turns.filter((each) => each !== id), id];
      claimed.push({ endpoint, lease, due: due.slice(0, deliveries).map(eventDeliveryOf) });
    }
    return claimed;
  }

  async keep(
    { endpoint: { id, version }, lease }: ClaimedDeliveries,
    after: WebhookEndpoint,
    effects: readonly EndpointEffect[],
    deliveries: readonly Delivery[],
    nowMs: number,
  ): Promise<void> {
    for (const delivery of deliveries) {
      const kept = this.#keptOf(id, delivery.eventId);
      if (kept?.delivery.state === 'pending') kept.delivery = delivery;
    }
    if (this.#endpoints.get(id)?.version !== version || this.#leases.get(id)?.lease !== lease) return;
    this.#endpoints.set(id, after);
    this.#perform(id, effects, nowMs);
  }

  async release({ endpoint: { id }, lease }: ClaimedDeliveries): Promise<void> {
    if (this.#leases.get(id)?.lease === lease) this.#leases.delete(id);
  }

  async delivery(endpointId: string, eventId: string): Promise<EventDelivery | undefined> {
    const kept = this.#keptOf(endpointId, eventId);
    return kept && eventDeliveryOf(kept);
  }

  async deliveries({ endpointId, state, before, limit }: DeliveryFilter): Promise<readonly ListedDelivery[]> {
    return this.#kept
      .filter(({ delivery }) => delivery.endpointId === endpointId)
      .filter(({ delivery }) => state === undefined || delivery.state === state)
      .filter(({ sequence }) => before === undefined || sequence < Number(before))
      .toReversed()
      .slice(0, limit)
      .map((kept) => ({ ...eventDeliveryOf(kept), cursor: String(kept.sequence) }));
  }

  async replay(delivery: Delivery): Promise<void> {
    const kept = this.#keptOf(delivery.endpointId, delivery.eventId);
    if (kept !== undefined) kept.delivery = delivery;
  }

  async replayGivenUp(endpointId: string, sinceMs: number, nowMs: number): Promise<number> {
    const lost = this.#kept.filter(
      ({ delivery }) =>
        delivery.endpointId === endpointId &&
        delivery.state === 'given-up' &&
        delivery.givenUpAtMs >= sinceMs,
    );
    for (const kept of lost) kept.delivery = stepDelivery(kept.delivery, { kind: 'replay', nowMs });
    return lost.length;
  }

  async prune({ nowMs, endedBeforeMs, mostWaiting }: PruneLimits): Promise<ReadonlyMap<string, number>> {
    this.#kept = this.#kept.filter(({ delivery }) => endOf(delivery) >= endedBeforeMs);
    const givenUp = new Map<string, number>();
    for (const { id, state } of this.#endpoints.values()) {
      const waiting = this.#pendingOf(id);
      if (state === 'disabled') {
        for (const kept of waiting) this.#giveUp(kept, 'endpoint-disabled', nowMs);
        continue;
      }
      const surplus = waiting.slice(0, Math.max(0, waiting.length - mostWaiting));
      for (const kept of surplus) this.#giveUp(kept, 'queue-full', nowMs);
      if (surplus.length > 0) givenUp.set(id, surplus.length);
    }
    return givenUp;
  }

  #add(endpointId: string, event: WebhookEvent): void {
    this.#count += 1;
    const delivery: Delivery = {
      ...{ endpointId, eventId: event.id, tries: 0, attempts: [] },
      ...{ state: 'pending', dueAtMs: 0 },
    };
    this.#kept.push({ sequence: this.#count, event, delivery });
  }

  #keptOf(endpointId: string, eventId: string): Kept | undefined {
    return this.#kept.find(
      ({ delivery }) => delivery.endpointId === endpointId && delivery.eventId === eventId,
    );
  }

  #pendingOf(endpointId: string): Kept[] {
    return this.#kept.filter(
      ({ delivery }) => delivery.endpointId === endpointId && delivery.state === 'pending',
    );
  }

  #perform(endpointId: string, effects: readonly EndpointEffect[], nowMs: number): void {
    for (const { kind } of effects) {
      for (const kept of this.#pendingOf(endpointId)) {
        if (kind === 'give-up-waiting') this.#giveUp(kept, 'endpoint-disabled', nowMs);
        if (kind === 'hurry-waiting' && kept.delivery.state === 'pending') {
          kept.delivery = { ...kept.delivery, dueAtMs: Math.min(kept.delivery.dueAtMs, nowMs) };
        }
      }
    }
  }

  #giveUp(kept: Kept, reason: 'endpoint-disabled' | 'queue-full', nowMs: number): void {
    kept.delivery = stepDelivery(kept.delivery, { kind: 'give-up', reason, nowMs });
  }
}

function eventDeliveryOf({ delivery, event }: Kept): EventDelivery {
  return { delivery, event };
}

/** When it ended; never, of what is pending. */
function endOf(delivery: Delivery): number {
  switch (delivery.state) {
    case 'pending':
      return Number.POSITIVE_INFINITY;
    case 'delivered':
      return delivery.deliveredAtMs;
    case 'given-up':
      return delivery.givenUpAtMs;
  }
}
