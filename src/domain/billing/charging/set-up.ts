import type { ExchangeRate } from '../ledger/index.ts';
import type { Money } from '../money.ts';
import type { Agreement } from '../settlement/index.ts';

/** How calls are charged, as the operator has set it up (R23). */
export type ChargingSetUp = {
  /** The plan of members who have none of their own; without one their calls are not charged. */
  readonly defaultPlan?: string;
  /** Plans by which a call may be sold for less than it costs us. */
  readonly plansBelowCost: readonly string[];
  /** What currencies are worth in each other, for comparing a price with a cost. */
  readonly exchangeRates: readonly ExchangeRate[];
  /** At most one a trunk. */
  readonly agreements: readonly Agreement[];
  /** How much of calls a member may spend in a day of UTC, at most one a currency. */
  readonly dailyLimits: readonly Money[];
  /** Below which credit a member is told, at most one a currency. */
  readonly lowBalances: readonly Money[];
  /** How many calls that cost something a member may begin in a minute. */
  readonly callsPerMinute?: number;
  /** Whom alarms are mailed to. */
  readonly alarmMail?: string;
};

/** Where nothing is set up, nothing is charged. */
export const NOTHING_CHARGED: ChargingSetUp = {
  plansBelowCost: [],
  exchangeRates: [],
  agreements: [],
  dailyLimits: [],
  lowBalances: [],
};

/** What of a member's calls is its own affair; what is absent is as for everybody. */
export type CallingTerms = {
  /** The retail tariff of its calls. */
  readonly plan?: string;
  /** Numbers that it does not want called: digits with which they begin, or `operator:…`. */
  readonly barredPrefixes: readonly string[];
  /** Whether numbers of premium services are called, which are barred by default. */
  readonly callsPremium: boolean;
  /** How much of calls it may spend in a day of UTC. */
  readonly dailyLimit?: Money;
  /** How many calls that cost something it may begin in a minute. */
  readonly callsPerMinute?: number;
  /** Whether a voice tells the caller what a call costs before anybody rings; not so where absent. */
  readonly announcesPrice?: boolean;
};

export const USUAL_TERMS: CallingTerms = { barredPrefixes: [], callsPremium: false };
