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
