import { beforeAll, describe, expect, it } from 'vitest';
import { trunkOf } from '../../test/support/network-parts.ts';
import { countryCodeOf } from '../domain/numbering/index.ts';
import { type Caller, callerFactsOf } from './caller.ts';
import { Directory } from './directory.ts';
import { NumberTexts } from './number-texts.ts';

const [KR, US] = [countryCodeOf('KR'), countryCodeOf('US')];
const ANNS_TELEPHONE = '+821033334444';
const KT = trunkOf('kt');

let directory: Directory;

beforeAll(async () => {
  const secrets = { md5: '', sha256: '' };
  const terminals = [
    { id: 'ann-desk', memberId: 'ann', user: 'u1', countryCode: US, secrets },
    { id: 'ben-desk', memberId: 'ben', user: 'u2', countryCode: KR, secrets },
    { id: 'seoul', memberId: 'acme', user: 'u3', countryCode: KR, branchCountryCode: KR, secrets },
  ];
  const store = {
    async *numbers() {
      yield [
        { digits: '0262006200082', kind: 'personal' as const, memberId: 'ann' },
        { digits: '62006200', kind: 'enterprise' as const, memberId: 'acme' },
      ];
    },
    async *branches() {
      yield [{ memberId: 'acme', countryCode: KR }];
    },
    async *terminals() {
      yield terminals;
    },
    async *aliases() {
      yield [
        { kind: 'pstn' as const, value: ANNS_TELEPHONE, memberId: 'ann' },
        { kind: 'pstn' as const, value: '+821055556666', memberId: 'ben' },
        { kind: 'pstn' as const, value: '+82277778888', memberId: 'acme' },
      ];
    },
    async *followMes() {},
  };
  directory = await Directory.load(store, { publish: () => {}, subscribe: () => {} });
});

const factsOf = (caller: Caller) => callerFactsOf({ directory, texts: new NumberTexts() }, caller);
const byTrunk = (calling?: string, trunk = KT) =>
  factsOf({ kind: 'trunk', trunk, ...(calling === undefined ? {} : { calling }) });

describe('R18: a call from another network', () => {
  it('is its member’s where it comes from the member’s proven telephone, and shows the member’s own number', () => {
    expect(byTrunk(ANNS_TELEPHONE)).toEqual({
      from: KR,
      trunk: KT,
      memberId: 'ann',
      number: '02-6200-6200-082',
      user: '0262006200082',
      telephone: ANNS_TELEPHONE,
      mayCallOut: false,
    });
    expect(byTrunk('+82277778888')).toMatchObject({
      memberId: 'acme',
      number: '6200-6200',
      user: '62006200',
    });
  });

  it('shows the telephone of a member that holds no number', () => {
    expect(byTrunk('+821055556666')).toMatchObject({
      memberId: 'ben',
      number: '+821055556666',
      user: '+821055556666',
    });
  });

  it.each(['01033334444', '1033334444', '00821033334444'])('is recognised in the form %s', (calling) => {
    expect(byTrunk(calling)).toMatchObject({ memberId: 'ann', telephone: ANNS_TELEPHONE });
  });

  it('is recognised as the rules of its trunk read it', () => {
    const inboundCalling = [{ pattern: '77(.+)', replace: '$1' }];
    const trunk = trunkOf('kt', { numbers: { ...KT.numbers, inboundCalling } });
    expect(byTrunk('7701033334444', trunk)).toMatchObject({ memberId: 'ann' });
  });

  it('is nobody’s else, and may be called back', () => {
    expect(byTrunk('0212345678')).toEqual({
      from: KR,
      trunk: KT,
      number: '+82212345678',
      user: '+82212345678',
      telephone: '+82212345678',
      mayCallOut: false,
    });
  });

  it.each([undefined, '', 'anonymous', 'Restricted', '119'])('is anonymous where it says %j', (calling) => {
    expect(byTrunk(calling)).toEqual({ from: KR, trunk: KT, user: 'anonymous', mayCallOut: false });
  });

  it('¶55: goes on to other networks by agreement only', () => {
    const agreed = trunkOf('jp', { kind: 'partner', inbound: { addresses: ['192.0.2.1'], transit: true } });
    const none = trunkOf('jp', { kind: 'partner', inbound: { addresses: ['192.0.2.1'], transit: false } });
    expect(byTrunk('0212345678', agreed)).toMatchObject({ mayCallOut: true });
    expect(byTrunk('0212345678', none)).toMatchObject({ mayCallOut: false });
  });
});

describe('R18: a call from a terminal', () => {
  it('is dialled where the terminal is, and shows the member’s number here and the proven telephone elsewhere', () => {
    expect(factsOf({ kind: 'terminal', terminalId: 'ann-desk' })).toEqual({
      from: US,
      memberId: 'ann',
      terminalId: 'ann-desk',
      number: '02-6200-6200-082',
      user: '0262006200082',
      telephone: ANNS_TELEPHONE,
      mayCallOut: true,
    });
  });

  it('R3: names the branch that calls', () => {
    expect(factsOf({ kind: 'terminal', terminalId: 'seoul' })).toMatchObject({
      number: '6200-6200#082',
      user: '62006200%23082',
    });
  });

  it('shows the name of the terminal where its member holds no number', () => {
    expect(factsOf({ kind: 'terminal', terminalId: 'ben-desk' })).toMatchObject({ user: 'u2' });
    expect(factsOf({ kind: 'terminal', terminalId: 'ben-desk' })).not.toHaveProperty('number');
  });

  it('is nobody’s where the terminal is known no more', () => {
    expect(factsOf({ kind: 'terminal', terminalId: 'gone' })).toBeUndefined();
  });
});
