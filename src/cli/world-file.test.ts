import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readChargingSetUp, writeChargingSetUp } from '../domain/billing/charging/index.ts';
import { readWorld } from '../domain/centres/configuration/index.ts';
import { readWorldText } from './world-file.ts';

const SECRETS = { KT_PASSWORD: 'one', US_PASSWORD: 'two' };

describe('R1: a world as a file', () => {
  it('is the one of examples/world.yaml', () => {
    const text = readFileSync(new URL('../../examples/world.yaml', import.meta.url), 'utf8');
    const { world, lineOf } = readWorldText(text, 'world.yaml', SECRETS);
    const reading = readWorld(world, {
      before: { centres: [], trunks: [], operators: [] },
      secretsOf: () => ({ md5: '', sha256: '' }),
      isOurselves: () => false,
    });
    expect(reading).toMatchObject({ ok: true });
    expect(text.split('\n')[lineOf('/trunks/kt-seoul/channels') - 1]).toContain('channels: 30');
    expect(lineOf('/trunks/never')).toBe(lineOf('/trunks'));
  });

  it('has its secrets from the environment, and says at which line one is missing', () => {
    const text = 'a: 1\nb:\n  c: x${' + 'env:KT_PASSWORD}\n';
    expect(readWorldText(text, 'w', SECRETS).world).toEqual({ a: 1, b: { c: 'xone' } });
    expect(() => readWorldText(text, 'w', {})).toThrow('w:3: the environment has no KT_PASSWORD.');
  });

  it('is refused where it is no YAML, or a bomb of aliases', () => {
    expect(() => readWorldText('a: 1\nb: [', 'w', {})).toThrow(/^w:\d+: /);
    const levels = Array.from(
      { length: 12 },
      (_, at) => `l${at + 1}: &l${at + 1} [${Array(10).fill(`*l${at}`)}]`,
    );
    expect(() => readWorldText(['l0: &l0 [x]', ...levels].join('\n'), 'w', {})).toThrow(/alias/);
  });
});

describe('a file of charging', () => {
  it('R23: examples/charging.yaml says all that can be set up, and is read', () => {
    const text = readFileSync(new URL('../../examples/charging.yaml', import.meta.url), 'utf8');
    const { world } = readWorldText(text, 'charging.yaml', {});
    const read = readChargingSetUp(world);
    expect(read).toMatchObject({ ok: true, value: { defaultPlan: 'retail-kr', callsPerMinute: 30 } });
    if (!read.ok) return;
    const written = Object.keys(writeChargingSetUp(read.value)).sort();
    expect(Object.keys(world as object).sort()).toEqual(written);
  });
});
