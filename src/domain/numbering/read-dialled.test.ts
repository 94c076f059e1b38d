import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countryCodeOf } from './country-code.ts';
import type { DialContext, Dialled, HeldAs, PlanReading } from './dialled.ts';
import { operatorPlan } from './operator-plan.ts';
import { explainDialled, readDialled } from './read-dialled.ts';
import {
  ADDRESSES,
  COLLISIONS,
  EMERGENCIES,
  ENTERPRISES,
  PERSONAL,
  TELEPHONE,
  WRITTEN,
} from './reading-cases.ts';
import { textOfReading } from './reading-text.ts';

/** Numbers in use, so that the registry has something to say. */
const HELD: Readonly<Record<string, HeldAs>> = {
  '0262006200082': 'personal',
  '0113234567027': 'personal',
  '62006200': 'enterprise',
  '15881588': 'enterprise',
  '07012345678': 'alias',
};

const registry = {
  holds: (digits: string): HeldAs | undefined => (Object.hasOwn(HELD, digits) ? HELD[digits] : undefined),
};

const operators = [
  operatorPlan('north', 'North Telephone', [
    { pattern: '55[0-9]{6}', conversion: { kind: 'replace-prefix', strip: 2, prepend: '990' } },
    { pattern: '9.*', conversion: { kind: 'as-dialled' } },
  ]),
  operatorPlan('south', 'South Telephone', [
    {
      pattern: '050[0-9]{8}',
      conversion: { kind: 'international', countryCode: countryCodeOf('KR'), strip: 1 },
      callersFrom: [countryCodeOf('KR')],
    },
    { pattern: '5512[0-9]{4}', conversion: { kind: 'as-dialled' } },
    {
      pattern: '070[0-9]{8}',
      conversion: { kind: 'as-dialled' },
      callersFrom: [countryCodeOf('KR')],
    },
  ]),
].map((plan) => {
  if (!plan.ok) throw new Error(plan.refusal.detail);
  return plan.value;
});

/** `KR`, or `KR in JP` for a caller at home in Korea whose terminal is in Japan; `KR~02` in the area 02. */
function contextOf(caller: string): DialContext {
  const [, from = 'KR', area, present = from] = /^(\w\w)(?:~(\d+))?(?: in (\w\w))?$/.exec(caller) ?? [];
  return {
    from: countryCodeOf(from as 'KR'),
    presentIn: countryCodeOf(present as 'KR'),
    presentCountry: present as 'KR',
    ...(area === undefined ? {} : { areaCode: area }),
    registry,
    operators,
    ownDomain: 'omnidial.example',
  };
}

/** A reading in the words of the tables. */
function wordsOf(reading: Dialled | PlanReading): string {
  switch (reading.kind) {
    case 'own':
      return `${reading.number.kind} ${textOfReading(reading)}`;
    case 'pstn':
      return `pstn ${reading.number}`;
    case 'operator':
      return `operator ${reading.operatorId} ${reading.converted}`;
    case 'email':
      return `email ${reading.address} ${reading.meaning}`;
    case 'domain':
      return `domain ${reading.domain}`;
    case 'emergency':
      return `emergency ${reading.number} ${reading.country}`;
    case 'ambiguous':
      return `ambiguous ${reading.readings.map(wordsOf).join(' | ')}`;
    case 'incomplete':
    case 'unknown':
      return reading.kind;
  }
}

describe.each([
  ['R12: emergency numbers of where the terminal is', EMERGENCIES],
  ['R2, R13: personal numbers', PERSONAL],
  ['R3: enterprise numbers', ENTERPRISES],
  ['R14: telephone numbers', TELEPHONE],
  ['R17: addresses and domains', ADDRESSES],
  ['R12: what collides', COLLISIONS],
  ['R12: ways of writing', WRITTEN],
])('%s', (_name, cases) => {
  it.each(cases)('from %s: "%s" is %s', (caller, typed, expected) => {
    const dialled = readDialled(typed, contextOf(caller));
    expect(wordsOf(dialled)).toBe(expected);
    expect(dialled.raw).toBe(typed);
  });
});

describe('R12: the cases', () => {
  const all = [
    ...EMERGENCIES,
    ...PERSONAL,
    ...ENTERPRISES,
    ...TELEPHONE,
    ...ADDRESSES,
    ...COLLISIONS,
    ...WRITTEN,
  ];

  it('are many, of many countries, and each is there once', () => {
    expect(all.length).toBeGreaterThanOrEqual(150);
    expect(new Set(all.map(([caller]) => caller.slice(0, 2))).size).toBeGreaterThanOrEqual(15);
    expect(new Set(all.map(([caller, typed]) => `${caller} ${typed}`)).size).toBe(all.length);
  });

  it('show their steps, of which the last that fits is the reading', () => {
    for (const [caller, typed] of all) {
      const dialled = readDialled(typed, contextOf(caller));
      const fitting = explainDialled(dialled).filter(({ code, fits }) => fits && code !== 'characters');
      const read = !['incomplete', 'unknown'].includes(dialled.kind);
      expect(fitting.length > 0, `${caller} ${typed}`).toBe(read);
    }
  });
});

describe('R12: the text of a reading', () => {
  it.each([
    ['0262006200082', '02-6200-6200-082'],
    ['62006200＃082', '6200-6200#082'],
    ['07012345678', '07012345678'],
    ['02-6200-6200', '+82262006200'],
    ['55-923-456', '55923456'],
    ['Alice@ACME.example', 'Alice@acme.example'],
    ['ACME.example', 'acme.example'],
    ['1-1-9', '119'],
    ['55123456', undefined],
    ['62006200#', undefined],
    ['hello', undefined],
  ])('of %s is %s', (typed, text) => {
    expect(textOfReading(readDialled(typed, contextOf('KR')))).toBe(text);
  });
});

describe('R12: reading never fails', () => {
  const context = contextOf('KR');
  const typed = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'0123456789+#*＃%23@.-() :;sipteluno'), maxLength: 60 }),
    fc
      .tuple(
        fc.constantFrom('sip:', 'sips:', 'tel:', 'mailto:', 'urn:service:sos', '+', '00', '%'),
        fc.string({ unit: 'binary' }),
      )
      .map(([scheme, rest]) => scheme + rest),
    fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 45 }),
  );

  it('for any string, and the steps are shown', () => {
    fc.assert(
      fc.property(typed, fc.constantFrom('KR', 'US', 'SG', 'DE', 'RU'), (text, caller) => {
        const dialled = readDialled(text, contextOf(caller));
        expect(dialled.raw).toBe(text);
        expect(explainDialled(dialled).every(({ sentence }) => sentence.endsWith('.'))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('for very long strings, at once', () => {
    for (const text of [
      '9'.repeat(1_000_000),
      'a.'.repeat(500),
      `${'a'.repeat(500)}@`,
      '%'.repeat(1000),
      `sip:${'@'.repeat(900)}`,
    ]) {
      expect(wordsOf(readDialled(text, context))).toBe('unknown');
    }
  });

  it('reads the canonical text of what it read as the same again', () => {
    for (const [caller, text] of [...PERSONAL, ...ENTERPRISES]) {
      const words = wordsOf(readDialled(text, contextOf(caller)));
      const [kind, canonical = ''] = words.split(' ');
      if (kind === 'personal' || kind === 'enterprise')
        expect(wordsOf(readDialled(canonical, contextOf(caller)))).toBe(words);
    }
  });
});
