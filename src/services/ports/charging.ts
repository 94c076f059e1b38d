import type { CallingTerms, ChargingSetUp } from '../../domain/billing/charging/index.ts';

/** How calls are charged, and the revision at which it was read. */
export type ChargingRevision = { readonly revision: bigint; readonly setUp: ChargingSetUp };

/** What was agreed with a member about its calls. */
export type MemberTerms = { readonly memberId: string; readonly terms: CallingTerms };

/** Keeps how calls are charged (R23). */
export type ChargingStore = {
  load(): Promise<ChargingRevision>;
  /** @returns the new revision, or undefined where somebody else changed it since that one */
  change(revision: bigint, setUp: ChargingSetUp): Promise<bigint | undefined>;
  /** @returns undefined where the member has the usual ones */
  termsOf(memberId: string): Promise<CallingTerms | undefined>;
  /** @returns false where there is no such member */
  setTerms(memberId: string, terms: CallingTerms): Promise<boolean>;
  /** Of all members that have other terms than the usual ones, in batches. */
  allTerms(): AsyncIterable<readonly MemberTerms[]>;
};
