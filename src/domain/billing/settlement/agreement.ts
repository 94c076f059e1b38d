import type { Currency } from '../money-currency.ts';

/** How long the periods are that are settled together. */
export const PERIOD_KINDS = ['month', 'half-month', 'week'] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** What was agreed with the network behind a trunk about money (R23, ¶79). */
export type Agreement = {
  readonly trunk: string;
  /** What is settled and paid in. */
  readonly currency: Currency;
  /** Of the IANA database: periods begin at midnight there. */
  readonly timeZone: string;
  readonly period: PeriodKind;
  /** What we owe for calls that go out there; absent where the routes of the trunk say it, or none go. */
  readonly outboundTariff?: string;
  /** What calls cost that come from there to our own numbers; absent where they cost nothing. */
  readonly inboundTariff?: string;
  /** Who pays for those: the other network, or we, where calls to us are free for its callers. */
  readonly inboundPaidBy: 'other' | 'us';
  /** What the other network owes for calls that we carry on to third ones; absent where we carry none on. */
  readonly transitTariff?: string;
  /** How far the clocks of both sides may be apart where records are compared. */
  readonly toleranceSeconds: number;
  readonly partner: Partner;
};

/** Whom statements are made out to. */
export type Partner = {
  readonly name: string;
  readonly addressLines: readonly string[];
  /** Where statements are sent to. */
  readonly email?: string;
};
