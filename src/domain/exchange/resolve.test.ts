import { describe, expect, it } from 'vitest';
import { countryCodeOf, type DialContext, type HeldAs, readDialled } from '../numbering/index.ts';
import { REFUSAL_SUMMARIES } from '../refusal/index.ts';
import { ANSWERS, type ResolveRefusalCode } from './answers.ts';
import { explain, type ResolveFacts, resolve } from './resolve.ts';

const HOLDERS: Readonly<Record<string, readonly [kind: HeldAs, memberId: string]>> = {
  '0262006200082': ['personal', 'alice'],
  '2125550100001': ['personal', 'bob'],
  '62006200': ['enterprise', 'acme'],
  '07012345678': ['alias', 'alice'],
};
const TERMINALS: Readonly<Record<string, readonly string[]>> = {
  alice: ['alice-desk', 'alice-mobile'],
  'acme#082': ['acme-seoul'],
  'acme#001': ['acme-york', 'acme-boston'],
};
const BRANCHES = ['acme#082', 'acme#001', 'acme#081'];

const facts: ResolveFacts = {
  holderOf: (kind, digits) => (HOLDERS[digits]?.[0] === kind ? HOLDERS[digits][1] : undefined),
  branchOf: (memberId, code) => BRANCHES.includes(`${memberId}#${code}`),
  terminalsOf: (memberId, code) => TERMINALS[code === undefined ? memberId : `${memberId}#${code}`] ?? [],
};

function dialled(typed: string, from: 'KR' | 'US' | 'FR' | 'JP' | 'DE' = 'KR') {
  const code = countryCodeOf(from);
  const context: DialContext = {
    from: code,
    presentIn: code,
    registry: { holds: (digits) => HOLDERS[digits]?.[0] },
    operators: [],
  };
  return readDialled(typed, context);
}

describe('R13: whom an own number reaches', () => {
  it.each([
    ['0262006200082', 'alice', ['alice-desk', 'alice-mobile']],
    ['02-6200-6200-082', 'alice', ['alice-desk', 'alice-mobile']],
    ['2125550100001', 'bob', []],
  ])('%s rings all terminals of its member', (typed, memberId, terminals) => {
    expect(resolve(dialled(typed), facts)).toEqual({
      ok: true,
      value: { kind: 'member-terminals', memberId, terminals },
    });
  });

  it('R19: a number of before leads to the same member', () => {
    expect(resolve(dialled('070-1234-5678'), facts)).toMatchObject({ value: { memberId: 'alice' } });
  });

  it.each([
    ['62006200#082', 'FR', '082', ['acme-seoul']],
    ['62006200*001', 'KR', '001', ['acme-york', 'acme-boston']],
    ['62006200%23081', 'KR', '081', []],
    ['6200-6200', 'KR', '082', ['acme-seoul']],
    ['6200-6200', 'US', '001', ['acme-york', 'acme-boston']],
  ] as const)('R3: %s from %s rings the branch in %s', (typed, from, branchCountryCode, terminals) => {
    expect(resolve(dialled(typed, from), facts)).toEqual({
      ok: true,
      value: { kind: 'branch-terminals', memberId: 'acme', branchCountryCode, terminals },
    });
  });
});

describe('R13: what reaches nobody is refused with its own code', () => {
  it.each([
    ['62006200#033', 'KR', 'branch-not-found', 404, 1],
    ['6200-6200', 'FR', 'branch-not-chosen', 484, 28],
    ['71234567#082', 'KR', 'number-not-in-service', 404, 1],
    ['0212345678082', 'KR', 'number-not-in-service', 404, 1],
    ['01012345678082', 'JP', 'number-ambiguous', 485, 1],
    ['62006200#08', 'KR', 'number-incomplete', 484, 28],
    ['026200620008', 'KR', 'number-incomplete', 484, 28],
    ['0999999999999', 'KR', 'number-unknown', 404, 1],
    ['hello', 'KR', 'number-unknown', 404, 1],
    ['+82262006200', 'US', 'destination-not-served', 404, 3],
    ['02-6200-6200', 'KR', 'destination-not-served', 404, 3],
    ['alice@acme.example', 'KR', 'destination-not-served', 404, 3],
    ['acme.example', 'KR', 'destination-not-served', 404, 3],
    ['119', 'KR', 'destination-not-served', 404, 3],
  ] as const)('%s from %s: %s, SIP %i, Q.850 %i', (typed, from, code, sipStatus, q850Cause) => {
    const resolution = resolve(dialled(typed, from), facts);
    expect(resolution).toMatchObject({ ok: false, refusal: { code } });
    expect(ANSWERS[code]).toEqual({ sipStatus, q850Cause });
  });

  it('R16: says of a personal number nobody holds that its telephone is not called yet', () => {
    expect(resolve(dialled('0212345678082'), facts)).toMatchObject({
      refusal: { detail: expect.stringContaining('+82212345678') },
    });
  });

  it('names the readings of an ambiguous number', () => {
    expect(resolve(dialled('01012345678082', 'JP'), facts)).toMatchObject({
      refusal: { detail: expect.stringMatching(/010-1234-5678-082.*\+12345678082/) },
    });
  });

  it('every answer belongs to a code with a sentence', () => {
    for (const code of Object.keys(ANSWERS) as ResolveRefusalCode[])
      expect(REFUSAL_SUMMARIES[code]).toBeTruthy();
  });
});

describe('every decision is shown in order', () => {
  it.each([
    ['0262006200082', ['emergency', 'registry', 'holder', 'terminals']],
    ['62006200#001', ['characters', 'emergency', 'enterprise-suffix', 'holder', 'branch', 'terminals']],
    ['62006200#033', ['characters', 'emergency', 'enterprise-suffix', 'holder', 'branch', 'refused']],
    ['71234567#001', ['characters', 'emergency', 'enterprise-suffix', 'holder', 'refused']],
  ])('%s', (typed, codes) => {
    expect(explain(dialled(typed), facts).map(({ code }) => code)).toEqual(codes);
  });
});
