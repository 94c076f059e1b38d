/** A call as both sides know it, so that it can be found again in the records of the other. */
export type ComparedCall = {
  /** Digits of E.164; absent where the call did not show who called. */
  readonly caller?: string;
  /** Digits of E.164, or as a network writes its own numbers. */
  readonly called: string;
  /** When it was answered, in milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly durationMs: number;
};

/** A charge of ours. */
export type OurCall = ComparedCall & {
  readonly callId: string;
  readonly leg: string;
  /** In millionths of the settlement's currency. */
  readonly micros: bigint;
};

/** A line of the other network's records. */
export type TheirCall = ComparedCall & {
  /** Where it is in their file, from 1 on. */
  readonly line: number;
  /** What they ask for it; absent where their records have no prices. */
  readonly price?: TheirPrice;
};

/** A price that may have been rounded when it was written. */
export type TheirPrice = {
  readonly micros: bigint;
  /** Half of the last decimal that was written: what the price may be more or less. */
  readonly roundedByMicros: bigint;
};
