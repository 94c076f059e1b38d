import type { CountryCode } from '../numbering/index.ts';

/** What else than our numbers leads to a member: what they had before (R19), and names (R17). */
export type AliasKind = 'pstn' | 'operator' | 'email' | 'domain';

/** Under what a member is reached besides the numbers bought. */
export type AliasName = {
  readonly kind: AliasKind;
  /**
   * Canonical: E.164 (`+82262006200`), the digits of a number at an operator, an address in lower case, a domain in
   * lower-case A-labels.
   */
  readonly value: string;
  /** The operator whose number it is. */
  readonly operatorId?: string;
};

/** One that is proven, as the exchange looks it up. */
export type AliasFact = AliasName & {
  readonly memberId: string;
  /** The branch that a domain reaches where the caller's country has none. */
  readonly fallbackCountryCode?: CountryCode;
};

/** Whether and when a member's own PSTN telephone rings for calls to the member (R18). */
export type FollowMe = {
  readonly memberId: string;
  /** The verified number, E.164. */
  readonly number: string;
  /** `with` the other terminals, or `after` them. */
  readonly mode: 'with' | 'after';
  /** How long the others ring alone. */
  readonly afterMs: number;
};
