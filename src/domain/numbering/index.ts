/** Whatever may be dialled: country codes, own numbers, E.164, operators' plans, and the reading of any string. */
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
export { type E164, formatE164, parseE164 } from './e164.ts';
export { type EnterpriseNumber, formatEnterpriseNumber, parseEnterpriseNumber } from './enterprise-number.ts';
export {
  formatPersonalNumber,
  type PersonalNumber,
  parsePersonalNumber,
  pstnNumberOf,
} from './personal-number.ts';
export { sipUserOf } from './sip-user.ts';
