import {
  attemptOf,
  bodyOf,
  type EndpointEffect,
  judge,
  keyOf,
  signing,
  stepDelivery,
  stepEndpoint,
  type WebhookEndpoint,
} from '../domain/webhooks/index.ts';
import type {
  ClaimedDeliveries,
  Clock,
  EventDelivery,
  StopTimer,
  Timers,
  WebhookSender,
  WebhookStore,
} from './ports/index.ts';
import { timeOf } from './time-text.ts';

/** How deliveries behave; the defaults are what the service runs with. */
export type DeliveryOptions = {
  /** How often it is looked for what is due. */
  readonly lookEveryMs: number;
  /** How many endpoints are sent to at once. */
  readonly endpointsAtOnce: number;
  /** After so long without an outcome others take over what this process claimed. */
  readonly leaseMs: number;
  /** How many events of an endpoint are claimed at once. */
  readonly batchSize: number;
  /** Where so many wait for an endpoint, several are sent to it at once, and may arrive out of order. */
  readonly backlog: number;
  readonly atOnceInBacklog: number;
};

const DEFAULTS: DeliveryOptions = {
  lookEveryMs: 1_000,
  endpointsAtOnce: 32,
  leaseMs: 30_000,
  batchSize: 200,
  backlog: 100,
  atOnceInBacklog: 8,
};

/** The longest a sender takes, and some more for the outcome to be kept. */
const LAST_SEND_MS = 20_000;

export type DeliveryDependencies = {
  readonly store: WebhookStore;
  readonly sender: WebhookSender;
  readonly clock: Clock;
  readonly timers: Timers;
  /** 0 ≤ chance < 1. */
  readonly chance: () => number;
  /** Tells the owner that nothing is sent any more. */
  readonly tellOwner: (endpoint: WebhookEndpoint) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
};

/**
 * Sends events to the endpoints that hear of them, at least once each. Every process does it; an endpoint is one
 * process's at a time, so that its events come in their order. A process that dies leaves its claims to the others.
 */
export class WebhookDeliverer {
  readonly #dependencies: DeliveryDependencies;
  readonly #options: DeliveryOptions;
  readonly #turns = new Set<Promise<void>>();
  #looking: Promise<void> = Promise.resolve();
  #isLooking = false;
  /** Whether it is to be looked again as soon as a look has ended. */
  #isMoreDue = false;
  #stopTimer: StopTimer | undefined;
  #isStopped = false;

  constructor(dependencies: DeliveryDependencies, options: Partial<DeliveryOptions> = {}) {
    this.#dependencies = dependencies;
    this.#options = { ...DEFAULTS, ...options };
  }

  start(): void {
    this.#lookAfter(this.#options.lookEveryMs);
  }

  /**
   * Begins nothing more, and waits for what is under way: as long as the sender takes, or until it is closed. What
   * was not answered by then was not the endpoint's fault, and is sent again by whoever comes next.
   */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopTimer?.();
    await this.#looking;
    await Promise.all(this.#turns);
  }

  #lookAfter(afterMs: number): void {
    if (this.#isStopped || this.#isLooking) return;
    this.#stopTimer?.();
    this.#stopTimer = this.#dependencies.timers.start(afterMs, () => {
      this.#isLooking = true;
      this.#looking = this.#look();
    });
  }

  async #look(): Promise<void> {
    const { endpointsAtOnce, leaseMs, batchSize, lookEveryMs } = this.#options;
    const free = endpointsAtOnce - this.#turns.size;
    try {
      const limits = { leaseMs, endpoints: free, deliveries: batchSize };
      const nowMs = this.#dependencies.clock.nowMs();
      const claims = free > 0 ? await this.#dependencies.store.claim({ nowMs, ...limits }) : [];
      for (const claimed of claims) this.#begin(claimed, nowMs + leaseMs - LAST_SEND_MS);
    } catch (error) {
      this.#dependencies.onFailure(error);
    }
    this.#isLooking = false;
    this.#lookAfter(this.#isMoreDue ? 0 : lookEveryMs);
    this.#isMoreDue = false;
  }

  #begin(claimed: ClaimedDeliveries, endMs: number): void {
    const turn: Promise<void> = this.#serve(claimed, endMs)
      .then((isMoreDue) => {
        if (!isMoreDue) return;
        this.#isMoreDue = this.#isLooking;
        this.#lookAfter(0);
      })
      .catch((error: unknown) => this.#dependencies.onFailure(error))
      .finally(() => this.#turns.delete(turn));
    this.#turns.add(turn);
  }

  /** One endpoint's turn. @returns whether more is due that need not wait */
  async #serve(claimed: ClaimedDeliveries, endMs: number): Promise<boolean> {
    const { clock, store } = this.#dependencies;
    const { backlog, atOnceInBacklog, batchSize } = this.#options;
    const width = claimed.due.length >= backlog ? atOnceInBacklog : 1;
    let endpoint = claimed.endpoint;
    try {
      for (let from = 0; from < claimed.due.length; from += width) {
        if (this.#isStopped || clock.nowMs() >= endMs) return true;
        const [after, effects] = await this.#send(
          { ...claimed, endpoint },
          claimed.due.slice(from, from + width),
        );
        endpoint = after;
        if (endpoint.state !== 'open' || endpoint.restUntilMs > clock.nowMs()) return false;
        // Older events than those in hand are due now, and go first.
        if (effects.some(({ kind }) => kind === 'hurry-waiting')) return true;
      }
      return claimed.due.length >= batchSize;
    } finally {
      await store.release(claimed);
    }
  }

  /** Sends some events at once and keeps what came of it. @returns the endpoint as it is then, and what that effected */
  async #send(
    claimed: ClaimedDeliveries,
    due: readonly EventDelivery[],
  ): Promise<readonly [WebhookEndpoint, readonly EndpointEffect[]]> {
    const { clock, store, tellOwner } = this.#dependencies;
    const all = await Promise.all(due.map((each) => this.#try(claimed.endpoint, each)));
    const tried = all.filter(({ outcome }) => !this.#isStopped || outcome.kind === 'answered');
    const nowMs = clock.nowMs();
    let { endpoint } = claimed;
    const effects: EndpointEffect[] = [];
    for (const { verdict } of tried) {
      const [after, more] = stepEndpoint(endpoint, { kind: 'tried', verdict, nowMs });
      endpoint = after;
      effects.push(...more);
    }
    const deliveries = tried.map(({ delivery }) => delivery);
    await store.keep(claimed, endpoint, effects, deliveries, nowMs);
    if (effects.some(({ kind }) => kind === 'tell-owner')) await tellOwner(endpoint);
    return [endpoint, effects];
  }

  async #try({ url, secrets }: WebhookEndpoint, { delivery, event }: EventDelivery) {
    const { clock, sender, chance } = this.#dependencies;
    const atMs = clock.nowMs();
    const outcome = await sender.send({
      url,
      id: event.id,
      atMs,
      body: bodyOf(event, timeOf(event.occurredAtMs)),
      keys: signing(secrets, atMs).map(keyOf),
    });
    const verdict = judge(outcome);
    const attempt = attemptOf(outcome, atMs, Math.max(0, clock.nowMs() - atMs));
    return {
      outcome,
      verdict,
      delivery: stepDelivery(delivery, { kind: 'tried', attempt, verdict, chance: chance() }),
    };
  }
}
