import { describe, expect, it } from 'vitest';
import { centreOf } from '../../../test/support/network-parts.ts';
import { countryCodeOf } from '../numbering/index.ts';
import type { Centre } from './centre.ts';
import { chooseCentres } from './choose-centre.ts';

const [KR, US] = [countryCodeOf('KR'), countryCodeOf('US')];

function choose(centres: readonly Centre[], calls: Readonly<Record<string, number>> = {}, random = () => 0) {
  const { chosen, verdicts } = chooseCentres(centres, KR, ({ code }) => calls[code] ?? 0, random);
  return { chosen: chosen.map(({ code }) => code), told: verdicts.map(({ sentence }) => sentence) };
}

describe('R1: the centres of a country', () => {
  it('are those that serve it, whoever else they serve', () => {
    const centres = [
      centreOf('SEOUL'),
      centreOf('YORK', { countries: [US] }),
      centreOf('ALL', { countries: [US, KR] }),
    ];
    expect(choose(centres).chosen).toEqual(['SEOUL', 'ALL']);
    expect(choose([]).chosen).toEqual([]);
  });

  it('come by their priority, and equals as their weights draw them', () => {
    const centres = [
      centreOf('LAST', { priority: 20 }),
      centreOf('ONE', { weight: 1 }),
      centreOf('THREE', { weight: 3 }),
    ];
    expect(choose(centres, {}, () => 0.24).chosen).toEqual(['ONE', 'THREE', 'LAST']);
    expect(choose(centres, {}, () => 0.26).chosen).toEqual(['THREE', 'ONE', 'LAST']);
  });

  it('are left out where they take no calls, and why is told of all that serve it', () => {
    const centres = [
      centreOf('SEOUL'),
      centreOf('BUSAN', { run: { kind: 'partner', trunk: 'busan', agreement: '7' } }),
      centreOf('FULL', { capacityCalls: 3 }),
      centreOf('DRAINING', { state: 'draining' }),
      centreOf('CLOSED', { state: 'closed' }),
      centreOf('YORK', { countries: [US] }),
    ];
    expect(choose(centres, { FULL: 3, SEOUL: 9 })).toEqual({
      chosen: ['SEOUL', 'BUSAN'],
      told: [
        'The centre SEOUL carries it, our own.',
        'The centre BUSAN carries it, a partner’s, reached by the trunk busan.',
        'The centre FULL is full: it carries 3 calls.',
        'The centre DRAINING takes no calls: it is draining.',
        'The centre CLOSED takes no calls: it is closed.',
      ],
    });
  });
});
