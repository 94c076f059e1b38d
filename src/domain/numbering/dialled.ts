import type { Address } from './address.ts';
import type { Country, CountryCode } from './country-code.ts';
import type { E164 } from './e164.ts';
import type { EnterpriseNumber } from './enterprise-number.ts';
import type { OperatorPlan } from './operator-plan.ts';
import type { PersonalNumber } from './personal-number.ts';

/** Whose number digits are: a PIN, an enterprise number, or a number a member had before and keeps (R19). */
export type HeldAs = 'personal' | 'enterprise' | 'alias';

/** What is known of numbers in use, as a pure look-up of the whole string. */
export type NumberRegistry = {
  /** `digits` as dialled, without separators: `0262006200082`, `62006200`. */
  readonly holds: (digits: string) => HeldAs | undefined;
};

/** Where, by whom and against what a string was dialled. */
export type DialContext = {
  /** The caller's home: whose access prefix, trunk prefix and national numbers are meant. */
  readonly from: CountryCode;
  /** Where the terminal is at this moment: whose emergency numbers count. */
  readonly presentIn: CountryCode;
  /** The country more exactly, where several share the code; else the main one of the code is meant. */
  readonly presentCountry?: Country;
  /** The caller's area with its trunk prefix (`02`), where it is known: for numbers dialled without one. */
  readonly areaCode?: string;
  readonly registry: NumberRegistry;
  readonly operators: readonly OperatorPlan[];
  /** The SIP domain of the service: `sip:0262006200082@<it>` is the number, not somebody's address. */
  readonly ownDomain?: string;
};

/** A member's number from elsewhere, found by exactly what was dialled. */
export type HeldAlias = { readonly kind: 'alias'; readonly digits: string };

/** The readings of which two may be possible at once. */
export type PlanReading =
  | { readonly kind: 'own'; readonly number: PersonalNumber | EnterpriseNumber | HeldAlias }
  | {
      readonly kind: 'pstn';
      readonly number: E164;
      readonly form: 'international' | 'access-prefix' | 'national' | 'local';
    }
  | {
      readonly kind: 'operator';
      readonly operatorId: string;
      readonly digits: string;
      /** As the operator wants it. */
      readonly converted: string;
    };

export type Reading =
  | PlanReading
  | Address
  | { readonly kind: 'emergency'; readonly number: string; readonly country: Country }
  | { readonly kind: 'ambiguous'; readonly readings: readonly PlanReading[] }
  /** `detail` says in a sentence what is missing. */
  | { readonly kind: 'incomplete'; readonly detail: string }
  /** `detail` says in a sentence why it is nothing. */
  | { readonly kind: 'unknown'; readonly detail: string };

/** What somebody dialled: as it was typed, in its context, and what it was read as, once (R12). */
export type Dialled = Reading & { readonly raw: string; readonly context: DialContext };

/** The steps of the classification, in their order. */
export type StepCode =
  | 'characters'
  | 'emergency'
  | 'address'
  | 'domain'
  | 'enterprise-suffix'
  | 'international'
  | 'registry'
  | 'operator-plan'
  | 'personal-shape'
  | 'access-prefix'
  | 'national'
  | 'local'
  | 'verdict';

/** One decision of a reading. */
export type ReadingStep = {
  readonly code: StepCode;
  /** Whether the string was found to be this. */
  readonly fits: boolean;
  readonly sentence: string;
};
