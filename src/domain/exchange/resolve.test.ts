import { describe, expect, it } from 'vitest';
import type { CentreCode } from '../centres/index.ts';
import type { AliasFact } from '../members/index.ts';
import {
  countryCodeOf,
  type DialContext,
  type HeldAs,
  operatorPlan,
  readDialled,
} from '../numbering/index.ts';
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

const ALIASES: Readonly<Record<string, Omit<AliasFact, 'kind' | 'value'>>> = {
  'pstn +821033334444': { memberId: 'alice' },
  'operator tello 5551234567': { memberId: 'bob' },
  'operator 07012345678': { memberId: 'alice' },
  'email alice@kim.example': { memberId: 'alice' },
  'domain acme.example': { memberId: 'acme', fallbackCountryCode: countryCodeOf('KR') },
  'domain shy.example': { memberId: 'acme' },
};

const tello = operatorPlan('tello', 'Tello', [
  { pattern: '555[0-9]{7}', conversion: { kind: 'replace-prefix', strip: 3, prepend: '' } },
  { pattern: '070[0-9]{8}', conversion: { kind: 'as-dialled' } },
]);

const facts: ResolveFacts = {
  aliasOf: (kind, value, operatorId) => {
    const found = ALIASES[[kind, ...(operatorId === undefined ? [] : [operatorId]), value].join(' ')];
    return found === undefined ? undefined : { kind, value, ...found };
  },
  accessCentreOf: (number) => (number === '+82215880000' ? ('KR' as CentreCode) : undefined),
  callsStrangers: true,
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
    operators: tello.ok ? [tello.value] : [],
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
    ['01012345678082', 'JP', 'number-ambiguous', 485, 1],
    ['62006200#08', 'KR', 'number-incomplete', 484, 28],
    ['026200620008', 'KR', 'number-incomplete', 484, 28],
    ['0999999999999', 'KR', 'number-unknown', 404, 1],
    ['hello', 'KR', 'number-unknown', 404, 1],
    ['shy.example', 'FR', 'branch-not-chosen', 484, 28],
    ['mailto:nobody@kim.example', 'KR', 'number-not-in-service', 404, 1],
  ] as const)('%s from %s: %s, SIP %i, Q.850 %i', (typed, from, code, sipStatus, q850Cause) => {
    const resolution = resolve(dialled(typed, from), facts);
    expect(resolution).toMatchObject({ ok: false, refusal: { code } });
    expect(ANSWERS[code]).toEqual({ sipStatus, q850Cause });
  });

  it('R16: addresses of strangers are not called where the operator forbids it', () => {
    expect(resolve(dialled('carol@lee.example'), { ...facts, callsStrangers: false })).toMatchObject({
      refusal: { code: 'address-not-called' },
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

describe('R17, R19: what a member had before, and names', () => {
  it.each([
    ['+82 10 3333 4444', 'US', 'alice'],
    ['010-3333-4444', 'KR', 'alice'],
    ['010-3333-4444-082', 'FR', 'alice'],
    ['+82262006200', 'US', 'alice'],
    ['02-6200-6200', 'KR', 'alice'],
    ['5551234567', 'KR', 'bob'],
    ['Alice@Kim.Example', 'KR', 'alice'],
    ['mailto:alice@kim.example', 'KR', 'alice'],
  ] as const)('%s from %s reaches %s on net', (typed, from, memberId) => {
    expect(resolve(dialled(typed, from), facts)).toMatchObject({
      value: { kind: 'member-terminals', memberId },
    });
  });

  it.each([
    ['acme.example', 'US', '001'],
    ['ACME.example', 'KR', '082'],
    ['acme.example', 'FR', '082'],
  ] as const)('the domain %s from %s reaches the branch in %s', (typed, from, branchCountryCode) => {
    expect(resolve(dialled(typed, from), facts)).toMatchObject({
      value: { kind: 'branch-terminals', branchCountryCode },
    });
  });
});

describe('R14, R15, R16: what nobody holds leads outwards', () => {
  it.each([
    ['0212345678082', 'JP', { kind: 'pstn', number: '+82212345678' }],
    ['+81 3 1234 5678', 'KR', { kind: 'pstn', number: '+81312345678' }],
    ['02-345-6789', 'KR', { kind: 'pstn', number: '+8223456789' }],
    [
      '5559876543',
      'KR',
      { kind: 'operator', operatorId: 'tello', digits: '5559876543', converted: '9876543' },
    ],
    ['carol@lee.example', 'KR', { kind: 'address', uri: 'sip:carol@lee.example' }],
    ['sip:alice@kim.example', 'KR', { kind: 'address', uri: 'sip:alice@kim.example' }],
    ['sip:acme.example', 'KR', { kind: 'address', uri: 'sip:acme.example' }],
    ['lee.example', 'KR', { kind: 'address', uri: 'sip:lee.example' }],
    ['119', 'KR', { kind: 'emergency', number: '119', country: 'KR' }],
    ['02-1588-0000', 'KR', { kind: 'access', centre: 'KR' }],
  ] as const)('%s from %s', (typed, from, value) => {
    expect(resolve(dialled(typed, from), facts)).toEqual({ ok: true, value });
  });
});

describe('every decision is shown in order', () => {
  it.each([
    ['0262006200082', ['emergency', 'registry', 'holder', 'terminals']],
    ['62006200#001', ['characters', 'emergency', 'enterprise-suffix', 'holder', 'branch', 'terminals']],
    ['62006200#033', ['characters', 'emergency', 'enterprise-suffix', 'holder', 'branch', 'refused']],
    [
      '02-345-6789',
      [
        'characters',
        'emergency',
        'registry',
        'operator-plan',
        'personal-shape',
        'access-prefix',
        'national',
        'alias',
        'stranger',
      ],
    ],
    ['lee.example', ['characters', 'address', 'domain', 'alias', 'stranger']],
    ['71234567#001', ['characters', 'emergency', 'enterprise-suffix', 'holder', 'refused']],
  ])('%s', (typed, codes) => {
    expect(explain(dialled(typed), facts).map(({ code }) => code)).toEqual(codes);
  });
});
