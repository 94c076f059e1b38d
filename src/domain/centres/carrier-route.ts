import type { Currency } from '../billing/index.ts';

/** What a carrier takes calls for: all numbers that begin with the prefix. */
export type CarrierRoute = {
  /** The trunk by its name. */
  readonly trunk: string;
  /** Digits of E.164 without `+`: `8210`; at most 15. */
  readonly prefix: string;
  /** What a minute costs us, in millionths of the currency's major unit; of routes it is only compared. */
  readonly costPerMinute: bigint;
  readonly currency: Currency;
  readonly priority: number;
  /** Shares calls between routes that are equal in all else, 1 to 1000. */
  readonly weight: number;
};
