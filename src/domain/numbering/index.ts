/** Whatever may be dialled: country codes, own numbers, E.164, operators' plans, and the reading of any string. */

export { type Address, readDomain, readMailbox, readSipUri } from './address.ts';
export { compilePattern } from './compiled-pattern.ts';
export {
  COUNTRY_CODES,
  type Country,
  type CountryCode,
  callingCodeOf,
  countriesOf,
  countryCodeOf,
  isCountryCode,
  isNonGeographicCode,
  mainCountryOf,
  parseCountry,
  parseCountryCode,
} from './country-code.ts';
export type {
  DialContext,
  Dialled,
  HeldAlias,
  HeldAs,
  NumberRegistry,
  PlanReading,
  Reading,
  ReadingStep,
  StepCode,
} from './dialled.ts';
export { countryCodeOfE164, type E164, formatE164, isPremiumRate, parseE164 } from './e164.ts';
export { emergencyNumbersOf, isEmergencyNumberAnywhere } from './emergency-numbers.ts';
export {
  type EnterpriseNumber,
  formatEnterpriseNumber,
  parseEnterpriseNumber,
  registeredEnterpriseNumber,
} from './enterprise-number.ts';
export { accessPrefixText, nationalDigitsOf, nationalNumber } from './national-form.ts';
export {
  type Conversion,
  convertForOperator,
  type OperatorPlan,
  type OperatorRule,
  operatorPlan,
  type WrittenRule,
} from './operator-plan.ts';
export {
  formatPersonalNumber,
  type PersonalNumber,
  parsePersonalNumber,
  personalNumberOf,
  pstnNumberOf,
  registeredPersonalNumber,
} from './personal-number.ts';
export { hashOfKey, prefixKey } from './prefix-key.ts';
export { explainDialled, readDialled } from './read-dialled.ts';
export { textOfReading } from './reading-text.ts';
export { sipUserOf } from './sip-user.ts';
