import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkChange, diffWorld, readWorld, type World, writeWorld } from './index.ts';

const NOTHING: World = { centres: [], trunks: [], operators: [] };
const secretsOf = (user: string, password: string) => ({ md5: `5:${user}:${password}`, sha256: 's' });
const isOurselves = (host: string, port: number) => host === '192.0.2.1' && port === 5060;

const KT = {
  kind: 'carrier',
  centre: 'KR',
  gateways: ['192.0.2.7', { host: 'sip.kt.example', port: 5062, transport: 'tcp' }],
  inbound: { addresses: ['192.0.2.0/28'], digest: { user: 'kt', password: 'inbound secret' } },
  credentials: { user: 'omnidial', password: 'outbound secret' },
  registration: { expires: '10m' },
  health: { every: '5s' },
  channels: 30,
  numbers: { country: 'KR', called: { form: 'national', rules: [{ pattern: '0(.+)', replace: '9$1' }] } },
  silence: '2500ms',
};
const PARTNER = {
  kind: 'partner',
  centre: 'KR',
  gateways: ['tokyo.example'],
  channels: 10,
  numbers: { country: 'JP' },
};
const TELLO = {
  kind: 'operator',
  centre: 'KR',
  gateways: ['tello.example'],
  channels: 10,
  numbers: { country: 'KR' },
};
const WORLD = {
  centres: {
    KR: { countries: ['KR'], emergencyTrunk: 'kt', accessNumbers: ['+82262006200'], languages: ['ko', 'en'] },
    JP: { countries: ['081'], partner: { trunk: 'jp', agreement: 'A-7' } },
  },
  trunks: { kt: KT, jp: PARTNER, tello: TELLO },
  operators: {
    tello: {
      trunks: ['tello'],
      rules: [{ pattern: '070[0-9]{8}', conversion: { country: 'KR', strip: 1 }, callersFrom: ['KR'] }],
    },
  },
};

function faultsOf(written: unknown, before = NOTHING): string[] {
  const reading = readWorld(written, { before, secretsOf, isOurselves });
  return reading.ok ? [] : reading.faults.map(({ pointer, detail }) => `${pointer}: ${detail}`);
}

function worldOf(written: unknown, before = NOTHING): World {
  const reading = readWorld(written, { before, secretsOf, isOurselves });
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  return reading.world;
}

function withTrunk(change: object) {
  return { ...WORLD, trunks: { ...WORLD.trunks, kt: { ...KT, ...change } } };
}

function withCentre(change: object) {
  return { ...WORLD, centres: { ...WORLD.centres, KR: { ...WORLD.centres.KR, ...change } } };
}

describe('R1: the set-up of the network as people write it', () => {
  it('is read with its defaults', () => {
    const { centres, trunks, operators } = worldOf(WORLD);
    expect(centres[0]).toMatchObject({ code: 'KR', countries: ['082'], capacityCalls: 1_000, state: 'open' });
    expect(centres[1]?.run).toEqual({ kind: 'partner', trunk: 'jp', agreement: 'A-7' });
    expect(trunks[0]).toMatchObject({
      registration: { expiresSeconds: 600 },
      health: { intervalMs: 5_000, downAfter: 3, upAfter: 2 },
      silenceMs: 2_500,
      ringMs: 120_000,
      inbound: { digest: { user: 'kt', secrets: { md5: '5:kt:inbound secret' } }, transit: false },
    });
    expect(operators[0]?.rules[0]).toEqual({
      pattern: '070[0-9]{8}',
      conversion: { kind: 'international', countryCode: '082', strip: 1 },
      callersFrom: ['082'],
    });
  });

  it('is written without passwords, and read again to the same', () => {
    const world = worldOf(WORLD);
    const written = writeWorld(world);
    expect(JSON.stringify(written)).not.toContain('secret');
    expect(worldOf(JSON.parse(JSON.stringify(written)), world)).toEqual(world);
    expect(faultsOf(written)).toEqual([
      expect.stringMatching(/^\/trunks\/kt\/inbound\/digest\/password: Give/),
      expect.stringMatching(/^\/trunks\/kt\/credentials\/password: Give/),
      expect.stringMatching(/^\/trunks\/kt\/registration: To register/),
    ]);
  });

  it.each([
    ['a part nobody knows', withTrunk({ chanels: 3 }), '/trunks/kt/chanels: There is no such part'],
    ['a centre that is not there', withTrunk({ centre: 'FR' }), '/trunks/kt/centre: There is no centre "FR"'],
    [
      'a trunk at a partner’s centre',
      withTrunk({ centre: 'JP' }),
      '/trunks/kt/centre: JP is run by a partner',
    ],
    [
      'transit for a carrier',
      withTrunk({ inbound: { addresses: ['192.0.2.9'], transit: true } }),
      '/transit: Only',
    ],
    ['no proof at all', withTrunk({ inbound: {} }), '/trunks/kt/inbound: Name what proves its calls'],
    ['the whole internet', withTrunk({ inbound: { addresses: ['0.0.0.0/0'] } }), 'wider than any network'],
    ['no channels', withTrunk({ channels: 0 }), '/trunks/kt/channels: This has to be a whole number'],
    ['ourselves as a gateway', withTrunk({ gateways: ['192.0.2.1'] }), 'our own address'],
    ['a port in the host', withTrunk({ gateways: ['kt.example:5060'] }), '/gateways/0/host'],
    ['a registration without credentials', withTrunk({ credentials: null }), 'To register, credentials'],
    ['a time without unit', withTrunk({ silence: 5 }), '/trunks/kt/silence: This has to be a time'],
    ['no capacity', withCentre({ capacity: 0 }), '/centres/KR/capacity'],
    ['a number that is none', withCentre({ accessNumbers: ['02'] }), '/centres/KR/accessNumbers/0'],
    [
      'a number twice',
      withCentre({ accessNumbers: ['+82262006200', '+82262006200'] }),
      'access number of KR already',
    ],
    ['an emergency trunk that is not there', withCentre({ emergencyTrunk: 'sk' }), 'There is no trunk "sk"'],
    ['a code that is no country', withCentre({ countries: ['800'] }), '/centres/KR/countries/0'],
    ['a carrier as partner', withCentre({ partner: { trunk: 'kt', agreement: 'x' } }), 'of the kind partner'],
    ['a centre without country', withCentre({ countries: [] }), 'Name at least one country'],
    [
      'a bad name',
      { ...WORLD, centres: { ...WORLD.centres, seoul: { countries: ['KR'] } } },
      '/centres/seoul',
    ],
    [
      'an operator by a carrier',
      { ...WORLD, operators: { x: { ...WORLD.operators.tello, trunks: ['kt'] } } },
      'of the kind operator',
    ],
    ['a list for a world', [], ': This has to be a mapping'],
    [
      'too many trunks',
      { trunks: Object.fromEntries(Array.from({ length: 2_001 }, (_, at) => [`t${at}`, 1])) },
      'at most 2000',
    ],
    [
      'the same user twice',
      {
        ...WORLD,
        trunks: { ...WORLD.trunks, jp: { ...PARTNER, inbound: { digest: { user: 'kt', password: 'x' } } } },
      },
      'has this user already',
    ],
    [
      'overlapping sources',
      { ...WORLD, trunks: { ...WORLD.trunks, jp: { ...PARTNER, inbound: { addresses: ['192.0.2.8'] } } } },
      '192.0.2.8 is within 192.0.2.0/28 of the trunk kt',
    ],
  ])('refuses %s', (_, written, fault) => {
    expect(faultsOf(written).join('\n')).toContain(fault);
  });

  it.each(['(((1{30}){30}){30})', '1{1001}', '(1', '1*', '', '(?=1)1', '1'.repeat(201)])(
    'refuses the pattern %s, at its place',
    (pattern) => {
      const numbers = { country: 'KR', called: { rules: [{ pattern, strip: 1 }] } };
      expect(faultsOf(withTrunk({ numbers })).join()).toContain('/trunks/kt/numbers/called/rules/0/pattern');
    },
  );

  it('lists all faults at once, and no more than a person reads', () => {
    expect(faultsOf(withTrunk({ channels: 'many', silence: 'long', codecs: ['a b'] }))).toHaveLength(3);
    const parts = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`x${at}`, 1]));
    expect(faultsOf(withTrunk(parts))).toHaveLength(100);
  });

  it('any value is a world or a list of faults, never a throw', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (part, other) => {
        expect(
          Array.isArray(faultsOf({ centres: { KR: part }, trunks: part, operators: { o: other } })),
        ).toBe(true);
        expect(Array.isArray(faultsOf(withTrunk({ numbers: part, inbound: other })))).toBe(true);
      }),
    );
  });
});

describe('R1: the difference between two set-ups', () => {
  const before = worldOf(WORLD);

  it('says what is new, other and gone, and shows no password', () => {
    const credentials = { user: 'omnidial', password: 'another secret' };
    const after = worldOf(
      {
        centres: { ...WORLD.centres, US: { countries: ['US'] } },
        trunks: { kt: { ...KT, channels: 60, credentials }, jp: PARTNER },
      },
      before,
    );
    const { lines, change } = diffWorld(before, after);
    expect(lines).toEqual([
      '+ centre US',
      '~ trunk kt: channels 30 -> 60',
      '- trunk tello',
      '- operator tello',
    ]);
    expect(change.trunks.save.map(({ name }) => name)).toEqual(['kt']);
    const other = diffWorld(before, worldOf(withTrunk({ credentials }), before));
    expect(other.lines).toEqual(['~ trunk kt: password changed']);
  });

  it('is none between the same, whatever order their parts have', () => {
    const backwards = JSON.parse(JSON.stringify(WORLD), (_, part) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).reverse())
        : part,
    );
    expect(diffWorld(before, worldOf(backwards, before)).lines).toEqual([]);
  });

  it('lets nothing go that is open: its calls would be lost', () => {
    const without = worldOf({ centres: { KR: { countries: ['KR'] } } });
    const faults = checkChange(before, diffWorld(before, without).change);
    expect(faults.map(({ pointer }) => pointer)).toEqual([
      '/centres/JP',
      '/trunks/kt',
      '/trunks/jp',
      '/trunks/tello',
    ]);
    const closed = {
      ...NOTHING,
      centres: before.centres.map((centre) => ({ ...centre, state: 'closed' as const })),
    };
    expect(checkChange(closed, diffWorld(closed, NOTHING).change)).toEqual([]);
  });
});
