/** One request as its repetitions are recognised by. */
export type IdempotentRequest = {
  /** What the client sent as `Idempotency-Key`. */
  readonly key: string;
  /** Who asks: keys of different people never meet. */
  readonly actorId: string;
  /** Method and path: `POST /v1/number-orders`. */
  readonly route: string;
  /** A digest of the body. */
  readonly bodyHash: string;
};

/** An answer to be given again. */
export type StoredAnswer = { readonly status: number; readonly body: string };

export type IdempotencyClaim =
  /** Nobody has asked this before: the caller has to finish or abandon it. */
  | { readonly kind: 'first' }
  | { readonly kind: 'answered'; readonly answer: StoredAnswer }
  | { readonly kind: 'in-flight' }
  /** The key was used for something else. */
  | { readonly kind: 'reused' };

/** Remembers the answers to requests that must not be carried out twice, over a restart too. */
export type IdempotencyStore = {
  /**
   * Claims a request.
   * @param leaseUntilMs from when on an unfinished claim counts as abandoned: its process has died
   * @param expiresAtMs from when on an answer is forgotten
   */
  claim(
    request: IdempotentRequest,
    nowMs: number,
    leaseUntilMs: number,
    expiresAtMs: number,
  ): Promise<IdempotencyClaim>;
  finish(request: IdempotentRequest, answer: StoredAnswer): Promise<void>;
  /** Nothing was carried out: the request may come again. */
  abandon(request: IdempotentRequest): Promise<void>;
  /** Forgets what has expired. @returns how many answers */
  prune(nowMs: number): Promise<number>;
};
