import type { CountryCode } from '../numbering/index.ts';
import type { AliasProof } from './alias-proof.ts';

/** What else than our numbers leads to a member: what they had before (R19), and names (R17). */
export type AliasKind = 'pstn' | 'operator' | 'email' | 'domain';

export const ALIAS_KINDS: readonly AliasKind[] = ['pstn', 'operator', 'email', 'domain'];

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

/** What a member says leads to it, and how far that is proven. */
export type Alias = AliasFact & {
  /** A UUID, version 7. */
  readonly id: string;
  readonly claimedAtMs: number;
  /** What the DNS has to say of a domain, by which nobody else can prove it. */
  readonly recordToken?: string;
  readonly proof: AliasProof;
  /** How often it was changed, so that two changes at once do not become one. */
  readonly version: number;
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

/** The name of an alias without what else is known of it. */
export function aliasNameOf({ kind, value, operatorId }: AliasName): AliasName {
  return { kind, value, ...(operatorId === undefined ? {} : { operatorId }) };
}

/** An alias as the exchange looks it up. */
export function aliasFactOf({ memberId, fallbackCountryCode, ...alias }: Alias): AliasFact {
  const fallback = fallbackCountryCode === undefined ? {} : { fallbackCountryCode };
  return { ...aliasNameOf(alias), memberId, ...fallback };
}
