import type { CountryCode } from '../numbering/index.ts';
import type { Centre } from './centre.ts';
import { inOrder } from './weighted.ts';

/** Why a centre carries a call, or does not. */
export type CentreVerdict = { readonly centre: Centre; readonly fits: boolean; readonly sentence: string };

/**
 * The centres that carry a call to a country (R1, R13): those that serve it, are open and not full, by priority and
 * then drawn by weight. Own and partner's are the same here (¶55).
 * @param callsIn how many calls a centre carries now
 */
export function chooseCentres(
  centres: readonly Centre[],
  countryCode: CountryCode,
  callsIn: (centre: Centre) => number,
  random: () => number,
): { readonly chosen: readonly Centre[]; readonly verdicts: readonly CentreVerdict[] } {
  const serving = centres.filter(({ countries }) => countries.includes(countryCode));
  const verdicts = serving.map((centre) => verdictOf(centre, callsIn(centre)));
  const fit = verdicts.filter(({ fits }) => fits).map(({ centre }) => centre);
  return { chosen: inOrder(fit, random), verdicts };
}

function verdictOf(centre: Centre, calls: number): CentreVerdict {
  const { code, state, capacityCalls, run } = centre;
  if (state !== 'open')
    return { centre, fits: false, sentence: `The centre ${code} takes no calls: it is ${state}.` };
  if (calls >= capacityCalls) {
    return { centre, fits: false, sentence: `The centre ${code} is full: it carries ${calls} calls.` };
  }
  const whose = run.kind === 'own' ? 'our own' : `a partner’s, reached by the trunk ${run.trunk}`;
  return { centre, fits: true, sentence: `The centre ${code} carries it, ${whose}.` };
}
