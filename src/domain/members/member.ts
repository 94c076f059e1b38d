import type { CountryCode } from '../numbering/index.ts';

/** Individuals buy personal numbers, enterprises buy enterprise numbers (R2). */
export type MemberKind = 'individual' | 'enterprise';

/** The language a member is served in. */
export type Language = 'ko' | 'en' | 'ja';

export const LANGUAGES: readonly Language[] = ['ko', 'en', 'ja'];

/** A number the member holds at another VoIP operator (R10). */
export type NumberElsewhere = {
  /** The operator's name as the member knows it. */
  readonly operator: string;
  /** The number as that operator writes it. */
  readonly number: string;
};

/** Who a member is: what the registration form asks for (R10). */
export type Identity = {
  /** Of the person, or the firm of the enterprise. */
  readonly name: string;
  readonly address: string;
  /** What proves it: number of an identity card, passport or business registration. */
  readonly documentReference?: string;
};

export type Member = {
  /** A UUID, version 7. */
  readonly id: string;
  readonly kind: MemberKind;
  readonly identity: Identity;
  readonly language: Language;
  /** Lower case. */
  readonly email: string;
  /** A telephone of the PSTN where the member can be reached, E.164: `+82262006200` (R10). */
  readonly reachableNumber: string;
  readonly numbersElsewhere: readonly NumberElsewhere[];
  readonly registeredAtMs: number;
};

/** A place of an enterprise: what the country code after `#` picks (R3). */
export type Branch = {
  readonly memberId: string;
  readonly countryCode: CountryCode;
  /** As the enterprise calls it: `Seoul office`. */
  readonly name: string;
  readonly openedAtMs: number;
};

/** What can ring and call for a member (R18), as the member sees it. */
export type Terminal = {
  /** A UUID, version 7. */
  readonly id: string;
  readonly memberId: string;
  /** The branch it rings for; only of an enterprise's terminal. */
  readonly branchCountryCode?: CountryCode;
  /** Where it is now: whose emergency numbers and dialling rules it uses. */
  readonly countryCode: CountryCode;
  /** As the member calls it: `phone on my desk`. */
  readonly name: string;
  /** The SIP user name, unique in the service. */
  readonly user: string;
  /** HA1 of RFC 8760 §2.3 in lower-case hexadecimal; the password itself is not kept. */
  readonly secrets: { readonly md5: string; readonly sha256: string };
  readonly addedAtMs: number;
};
