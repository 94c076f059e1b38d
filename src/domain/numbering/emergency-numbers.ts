import type { Country } from './country-code.ts';

/**
 * Which numbers call for help, by country: the numbers, then the countries that have them. 112 stands where the
 * fixed network answers it too. Common knowledge of the world's numbering plans; to be checked for a country
 * before a centre opens there.
 */
const EMERGENCY_NUMBERS: readonly (readonly [numbers: string, countries: string])[] = [
  ['112 119 113 111 122 118 127', 'KR'],
  ['110 119 118', 'JP'],
  ['110 119 120 122 112', 'CN'],
  ['999 112 992', 'HK'],
  ['999 112 110', 'MO'],
  ['110 119 112 113 118', 'TW'],
  ['999 995 993 112 911', 'SG'],
  ['999 112 994', 'MY'],
  ['191 199 1669 112 911', 'TH'],
  ['113 114 115 112', 'VN'],
  ['110 112 113 118 119', 'ID'],
  ['911 112 117', 'PH'],
  ['117 118 119', 'KH'],
  ['191 190 195', 'LA'],
  ['199 191 192', 'MM'],
  ['993 991 995', 'BN'],
  ['112', 'TL'],
  ['101 102 103 105', 'MN'],
  ['119', 'KP'],
  ['112 100 101 102 108', 'IN'],
  ['15 115 16 112 1122', 'PK'],
  ['999', 'BD'],
  ['119 118 110 1990', 'LK'],
  ['100 101 102', 'NP'],
  ['113 112 110', 'BT'],
  ['119 102 118', 'MV'],
  ['119 112 102', 'AF'],
  ['911 112 988', 'US CA'],
  ['911 112', 'PR VI GU AS MP'],
  ['911', 'BS BM KY AG AI VG TC MS GD LC VC DM KN DO SX'],
  ['119 110 911 112', 'JM'],
  ['911 211 311 511', 'BB'],
  ['990 999 811 911', 'TT'],
  ['911', 'MX GT HN SV NI CR PA EC UY PY VE'],
  ['123 112 119 132', 'CO'],
  ['105 106 116 117 911', 'PE'],
  ['110 118 119', 'BO'],
  ['131 132 133', 'CL'],
  ['911 100 101 107', 'AR'],
  ['190 192 193 112 911', 'BR'],
  ['911 912 913', 'GY'],
  ['115 112', 'SR'],
  ['104 105 106', 'CU'],
  ['114 115 116 118', 'HT'],
  ['911 90', 'BZ'],
  ['100 911', 'AW'],
  ['911 912', 'CW'],
  ['911', 'BQ'],
  ['999 112', 'GB GG JE IM GI IE'],
  ['999', 'FK SH AC TA'],
  ['112 15 17 18 114', 'FR GP MQ GF RE YT BL MF PM NC PF WF'],
  ['112 110', 'DE'],
  ['112 122 133 140 144', 'AT'],
  ['112 117 118 144', 'CH LI'],
  ['112 113 115 118', 'IT SM VA'],
  ['112 061 062 091 080 085', 'ES'],
  ['112', 'PT NL FI AX SE DK FO GL IS'],
  ['112 110 113', 'NO SJ'],
  ['112 100 101', 'BE'],
  ['112 113', 'LU'],
  ['112 110 116 118', 'AD'],
  ['112 15 17 18', 'MC'],
  ['112 100 166 199', 'GR'],
  ['112 199', 'CY'],
  ['112', 'MT'],
  ['112 997 998 999', 'PL'],
  ['112 150 155 158 156', 'CZ'],
  ['112 150 155 158', 'SK'],
  ['112 104 105 107', 'HU'],
  ['112 113', 'SI'],
  ['112 192 193 194', 'HR MK'],
  ['112 192 193 194', 'RS XK'],
  ['112 122 123 124', 'ME BA'],
  ['112 127 128 129', 'AL'],
  ['112', 'RO'],
  ['112 150 160 166', 'BG'],
  ['112', 'EE'],
  ['112 110 113', 'LV'],
  ['112 101 102 103', 'LT'],
  ['112 101 102 103 104', 'RU UA'],
  ['101 102 103 104 112', 'BY KZ KG UZ TJ AM AZ'],
  ['01 02 03', 'TM'],
  ['112', 'MD GE'],
  ['112 110 155 156', 'TR'],
  ['100 101 102 112', 'IL'],
  ['100 101 102', 'PS'],
  ['911 999 997 998 112', 'SA'],
  ['999 998 997 112', 'AE'],
  ['999 112', 'QA BH KW'],
  ['9999 112', 'OM'],
  ['911 112', 'JO'],
  ['112 140 175', 'LB'],
  ['110 112 113', 'SY'],
  ['104 115 122', 'IQ'],
  ['110 112 115 125', 'IR'],
  ['191 194 199', 'YE'],
  ['122 123 180 112', 'EG'],
  ['999 998 777', 'SD'],
  ['193 190', 'LY'],
  ['190 197 198', 'TN'],
  ['14 17 1548 112', 'DZ'],
  ['19 15 177 112', 'MA EH'],
  ['10111 10177 112 107', 'ZA'],
  ['112 199', 'NG'],
  ['999 112 911', 'KE'],
  ['999 112', 'UG'],
  ['112 114 115', 'TZ'],
  ['112 912', 'RW'],
  ['112 113 117', 'BI'],
  ['911 907 939', 'ET'],
  ['888', 'SO'],
  ['17 18', 'DJ'],
  ['112 191 192 193', 'GH'],
  ['110 111 170 180 185', 'CI'],
  ['17 18 1515', 'SN'],
  ['17 18', 'ML NE BF TD'],
  ['117 118', 'BJ TG GN CG'],
  ['112 117 118 119', 'CM'],
  ['911', 'LR'],
  ['999 019', 'SL'],
  ['116 117 118', 'GM'],
  ['1730 18', 'GA'],
  ['112 113 115', 'AO'],
  ['112 117 119', 'MZ'],
  ['999 112 991 993', 'ZM'],
  ['999 112 993 994 995', 'ZW'],
  ['999 998 997', 'BW'],
  ['10111 112', 'NA'],
  ['123 124 121', 'LS'],
  ['999 977 933', 'SZ'],
  ['997 998 999', 'MW'],
  ['117 118 124', 'MG'],
  ['999 112 114 115', 'MU'],
  ['999 112', 'SC'],
  ['130 131 132', 'CV'],
  ['000 112 106', 'AU CX CC'],
  ['111 112', 'NZ TK'],
  ['999 112', 'CK NU'],
  ['911 917 910', 'FJ'],
  ['000 111 112', 'PG'],
  ['999', 'SB KI'],
  ['112', 'VU'],
  ['911 999', 'WS TO TV'],
  ['110', 'NR'],
  ['911', 'FM MH PW'],
];

const BY_COUNTRY = new Map<Country, ReadonlySet<string>>();
for (const [numbers, countries] of EMERGENCY_NUMBERS) {
  for (const country of countries.split(' ')) BY_COUNTRY.set(country as Country, new Set(numbers.split(' ')));
}

/** What is meant where a country's own numbers are not known: the number of the GSM networks (3GPP TS 22.101 §10). */
const EVERYWHERE: ReadonlySet<string> = new Set(['112']);

/** The longest emergency number, so that longer strings need no look-up. */
const LONGEST = Math.max(
  ...EMERGENCY_NUMBERS.flatMap(([numbers]) => numbers.split(' ').map(({ length }) => length)),
);

/** Whether digits, the whole string, call for help in the country where the terminal is. */
export function isEmergencyNumber(digits: string, country: Country): boolean {
  return digits.length <= LONGEST && emergencyNumbersOf(country).has(digits);
}

/** Whether digits call for help in any country. */
export function isEmergencyNumberAnywhere(digits: string): boolean {
  return (
    digits.length <= LONGEST && [EVERYWHERE, ...BY_COUNTRY.values()].some((numbers) => numbers.has(digits))
  );
}

/** The emergency numbers of a country, the general one first. */
export function emergencyNumbersOf(country: Country): ReadonlySet<string> {
  return BY_COUNTRY.get(country) ?? EVERYWHERE;
}
