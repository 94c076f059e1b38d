import { describe, expect, it } from 'vitest';
import { centreOf, trunkOf } from '../../../test/support/network-parts.ts';
import { countryCodeOf, type E164 } from '../numbering/index.ts';
import { CarrierTable } from './carrier-table.ts';
import { CentreNetwork, type NetworkParts } from './network.ts';

const [KR, US, JP] = [countryCodeOf('KR'), countryCodeOf('US'), countryCodeOf('JP')];
const SECRETS = { md5: '', sha256: '' };

function networkOf(parts: Partial<NetworkParts> = {}): CentreNetwork {
  return new CentreNetwork({ centres: [], trunks: [], operators: [], ...parts }, new CarrierTable());
}

describe('R1: what is set up is found', () => {
  const centre = centreOf('KR', { accessNumbers: ['+82262006299'] });
  const trunk = trunkOf('kt');
  const operator = { id: 'tello', name: 'Tello', rules: [], trunks: ['kt'] };
  const network = networkOf({ centres: [centre], trunks: [trunk], operators: [operator] });

  it('by its name', () => {
    expect(network.centreCoded('KR')).toBe(centre);
    expect(network.trunkNamed('kt')).toBe(trunk);
    expect(network.operatorOf('tello')).toBe(operator);
  });

  it.each(['', 'nobody', 'constructor'])('and nothing by the name %j', (name) => {
    expect([network.centreCoded(name), network.trunkNamed(name), network.operatorOf(name)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('R18: a centre by its access number', () => {
    expect(network.accessCentreOf('+82262006299' as E164)).toBe('KR');
    expect(network.accessCentreOf('+82262006298' as E164)).toBeUndefined();
  });
});

describe('domain.md §4: whose call it is', () => {
  const network = networkOf({
    trunks: [
      trunkOf('wide', { inbound: { addresses: ['192.0.2.0/25', '2001:db8::/32'], transit: false } }),
      trunkOf('one', { inbound: { addresses: ['192.0.2.200'], transit: false } }),
      trunkOf('digest', {
        inbound: { addresses: [], digest: { user: 'dora', secrets: SECRETS }, transit: false },
      }),
      trunkOf('out'),
    ],
  });

  it.each([
    ['192.0.2.1', 'wide'],
    ['::ffff:192.0.2.1', 'wide'],
    ['2001:db8:7::1', 'wide'],
    ['192.0.2.200', 'one'],
    ['192.0.2.201', undefined],
    ['198.51.100.1', undefined],
    ['::1', undefined],
    ['', undefined],
  ])('from %s it is the trunk %s', (address, name) => {
    expect(network.trunkOfSource(address)?.name).toBe(name);
  });

  it('by the user that a trunk proves itself by', () => {
    expect(network.trunkOfDigestUser('dora')?.name).toBe('digest');
    expect(network.trunkOfDigestUser('Dora')).toBeUndefined();
    expect(network.trunkOfDigestUser('')).toBeUndefined();
  });
});

it('the emergency trunks of a country are those of all its centres', () => {
  const network = networkOf({
    centres: [
      centreOf('SEOUL', { emergencyTrunk: 'kt' }),
      centreOf('BUSAN', { emergencyTrunk: 'sk', countries: [KR, JP] }),
      centreOf('JEJU'),
      centreOf('YORK', { emergencyTrunk: 'kt', countries: [US] }),
      centreOf('LOST', { emergencyTrunk: 'nobody' }),
    ],
    trunks: [trunkOf('kt'), trunkOf('sk')],
  });
  const namesFor = (country: typeof KR) =>
    network.emergencyTrunksOf(country).map(({ centre, trunk }) => `${centre.code} ${trunk.name}`);
  expect(namesFor(KR)).toEqual(['SEOUL kt', 'BUSAN sk']);
  expect(namesFor(JP)).toEqual(['BUSAN sk']);
  expect(namesFor(countryCodeOf('FR'))).toEqual([]);
});

it('R15: plans are those of the operators, and one that cannot be used is none', () => {
  const conversion = { kind: 'as-dialled' as const };
  const good = { id: 'tello', name: 'Tello', rules: [{ pattern: '555[0-9]{4}', conversion }], trunks: [] };
  const broken = { id: 'odd', name: 'Odd', rules: [{ pattern: '(', conversion }], trunks: [] };
  const network = networkOf({ operators: [good, broken] });
  expect(network.operatorPlans.map(({ operatorId }) => operatorId)).toEqual(['tello']);
});
