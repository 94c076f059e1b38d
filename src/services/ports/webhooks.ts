import type {
  Delivery,
  EndpointEffect,
  SendOutcome,
  WebhookEndpoint,
  WebhookEvent,
} from '../../domain/webhooks/index.ts';

/** A delivery and what is delivered. */
export type EventDelivery = { readonly delivery: Delivery; readonly event: WebhookEvent };

/** A delivery in a list, and where the list goes on after it. */
export type ListedDelivery = EventDelivery & { readonly cursor: string };

export type EndpointFilter = {
  /** Whose; absent: everybody's, operators' among them. */
  readonly memberId?: string;
  /** Endpoints made before the one with this id, newest first. */
  readonly before?: string;
  readonly limit: number;
};

export type DeliveryFilter = {
  readonly endpointId: string;
  readonly state?: Delivery['state'];
  /** The cursor of a delivery: those recorded before it, newest first. */
  readonly before?: string;
  readonly limit: number;
};

/** Work on one endpoint that nobody else has until the lease ends. */
export type ClaimedDeliveries = {
  readonly endpoint: WebhookEndpoint;
  /** Names the claim. */
  readonly lease: string;
  /** What is due, in the order in which it was recorded. */
  readonly due: readonly EventDelivery[];
};

export type ClaimLimits = {
  readonly nowMs: number;
  /** After so long others may claim the same, since whoever claimed it has died. */
  readonly leaseMs: number;
  readonly endpoints: number;
  /** Of each endpoint. */
  readonly deliveries: number;
};

export type PruneLimits = {
  readonly nowMs: number;
  /** What ended before is forgotten. */
  readonly endedBeforeMs: number;
  /** How many may wait for one endpoint; the oldest beyond that are given up. */
  readonly mostWaiting: number;
};

/** Endpoints, the events they hear, and how far each is on its way. */
export type WebhookStore = {
  /** Adds an endpoint unless its owner has `most` already. */
  add(endpoint: WebhookEndpoint, most: number): Promise<'added' | 'too-many'>;
  find(id: string): Promise<WebhookEndpoint | undefined>;
  list(filter: EndpointFilter): Promise<readonly WebhookEndpoint[]>;
  /**
   * Keeps what the owner changed, with a version one higher, and performs the effects.
   * @returns whether it was still as it was read
   */
  change(
    before: WebhookEndpoint,
    after: WebhookEndpoint,
    effects: readonly EndpointEffect[],
    nowMs: number,
  ): Promise<boolean>;
  /** Removes an endpoint with its deliveries. @returns whether there was one */
  remove(id: string): Promise<boolean>;

  /** Records events for all open endpoints that hear of them; those known by their ids already stay as they are. */
  record(events: readonly WebhookEvent[]): Promise<void>;
  /** Records an event for one endpoint, whatever it wants to hear. */
  recordFor(endpointId: string, event: WebhookEvent): Promise<void>;

  /** Claims open endpoints that do not rest and for which something is due, those first that had their turn longest ago. */
  claim(limits: ClaimLimits): Promise<readonly ClaimedDeliveries[]>;
  /**
   * Keeps what attempts came to, and performs the effects, all or nothing. A delivery that is not pending any more
   * stays as it is, and so does an endpoint that was claimed by somebody else since or changed by its owner.
   */
  keep(
    claimed: ClaimedDeliveries,
    after: WebhookEndpoint,
    effects: readonly EndpointEffect[],
    deliveries: readonly Delivery[],
    nowMs: number,
  ): Promise<void>;
  /** Gives a claim back before its time. */
  release(claimed: ClaimedDeliveries): Promise<void>;

  delivery(endpointId: string, eventId: string): Promise<EventDelivery | undefined>;
  deliveries(filter: DeliveryFilter): Promise<readonly ListedDelivery[]>;
  /** Keeps a delivery that its owner wants sent again. */
  replay(delivery: Delivery): Promise<void>;
  /** Makes pending again what was given up since then. @returns how many */
  replayGivenUp(endpointId: string, sinceMs: number, nowMs: number): Promise<number>;

  /** Forgets what is old, and gives up what is too much. @returns how many were given up, by endpoint */
  prune(limits: PruneLimits): Promise<ReadonlyMap<string, number>>;
};

/** One event on its way to a URL. */
export type WebhookMessage = {
  readonly url: string;
  /** Of the event. */
  readonly id: string;
  readonly atMs: number;
  readonly body: string;
  /** The keys that sign, in base64. */
  readonly keys: readonly string[];
};

export type WebhookSender = {
  /** Signs an event and sends it once; never rejects, and takes 15 seconds at most. */
  send(message: WebhookMessage): Promise<SendOutcome>;
};

/** Where events may be sent, as far as a URL alone says. */
export type WebhookTargets = {
  /** Whether receivers may be in a network of one's own, and be spoken to without TLS there. */
  readonly allowsPrivate: boolean;
  /** Why nothing can be sent to this URL, in a sentence; undefined where something can. */
  fault(url: string): string | undefined;
};
