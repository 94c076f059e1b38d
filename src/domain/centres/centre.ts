import type { Language } from '../members/index.ts';
import type { CountryCode } from '../numbering/index.ts';

declare const centreCode: unique symbol;

/** The name of a communication centre: capital letters, digits and hyphens, at most 16: `KR`, `US-WEST`. */
export type CentreCode = string & { readonly [centreCode]: true };

/** What a centre or a trunk takes: `draining` carries the calls it has and takes no new ones, `closed` has none. */
export type ServiceState = 'open' | 'draining' | 'closed';

/** Who runs a centre (¶55): we, or a partner whose centre is reached through a trunk of ours. */
export type CentreRun =
  | { readonly kind: 'own' }
  | {
      readonly kind: 'partner';
      /** The trunk, by its name, that leads to the partner. */
      readonly trunk: string;
      /** What the agreement is filed under. */
      readonly agreement: string;
    };

/** A communication centre: the point of presence of a country or region, through which its calls go (R1). */
export type Centre = {
  readonly code: CentreCode;
  readonly name: string;
  /** The countries whose calls it carries; several centres may carry those of one. */
  readonly countries: readonly CountryCode[];
  readonly run: CentreRun;
  readonly state: ServiceState;
  /** How many calls it carries at once. */
  readonly capacityCalls: number;
  /** What its announcements are spoken in, the first one first. */
  readonly languages: readonly Language[];
  /** Of the centres of a country the one with the lowest takes the calls. */
  readonly priority: number;
  /** Shares calls between centres of the same priority, 1 to 1000. */
  readonly weight: number;
  /** The trunk, by its name, to which emergency calls from its countries go; without one there is no help here. */
  readonly emergencyTrunk?: string;
  /** Local numbers, E.164, behind which a voice asks for the number wanted (R18). */
  readonly accessNumbers: readonly string[];
};
