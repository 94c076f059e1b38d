import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COLLECTOR_SETTINGS,
  type CollectorEffect,
  type CollectorInput,
  type CollectorSettings,
  startCollector,
  stepCollector,
} from './digit-collector.ts';

/** Steps through inputs: a key is one character, `.` the end of the question, a space a timer that fires. */
function dial(inputs: string, settings: Partial<CollectorSettings> = {}) {
  let [collector, effects] = startCollector();
  const all: CollectorEffect[] = [...effects];
  for (const character of inputs) {
    const input: CollectorInput =
      character === '.'
        ? { kind: 'asked' }
        : character === ' '
          ? { kind: 'time-passed' }
          : { kind: 'key', key: character };
    [collector, effects] = stepCollector(collector, input, { ...COLLECTOR_SETTINGS, ...settings });
    all.push(...effects);
  }
  const last = all.at(-1);
  return { collector, all, number: last?.kind === 'collected' ? last.number : undefined, last };
}

describe('R18: a caller is asked for a number', () => {
  it.each([
    ['.0262006200 ', '0262006200'],
    ['.0262006200##', '0262006200'],
    ['.62006200*082 ', '62006200#082'],
    ['.62006200#082##', '62006200#082'],
    ['.62006200*082**', '62006200#082'],
    ['.62006200*082*#', '62006200#082'],
    ['.0262006200# ', '0262006200'],
    ['.02A62B ', '0262'],
  ])('%j is the number %s', (inputs, number) => {
    expect(dial(inputs)).toMatchObject({ number, collector: { state: 'done' } });
  });

  it('a key pressed during the question stops it', () => {
    expect(dial('0').all).toEqual([
      { kind: 'ask' },
      { kind: 'stop-speaking' },
      { kind: 'start-timer', afterMs: 4_000 },
    ]);
  });

  it('each key begins the pause anew', () => {
    const { all, last } = dial('.02');
    expect(all.filter(({ kind }) => kind === 'start-timer')).toHaveLength(3);
    expect(last).toEqual({ kind: 'start-timer', afterMs: 4_000 });
  });

  it('whoever dials nothing is asked once more, and then given up', () => {
    const { all, last } = dial('. . ');
    expect(all.filter(({ kind }) => kind === 'ask')).toHaveLength(2);
    expect(last).toEqual({ kind: 'gave-up', reason: 'nothing-dialled' });
  });

  it('## alone is no number', () => {
    expect(dial('.##').last).toEqual({ kind: 'ask' });
    expect(dial('.##.##').last).toEqual({ kind: 'gave-up', reason: 'nothing-dialled' });
  });

  it('what is longer than any number is given up', () => {
    expect(dial(`.${'1'.repeat(33)}`).last).toEqual({ kind: 'gave-up', reason: 'too-long' });
  });

  it('a number that cannot go on is not waited for', () => {
    expect(dial('.119', { isWhole: (keys) => keys === '119' }).number).toBe('119');
  });

  it('a timer that fires late, and keys after the end, do nothing', () => {
    expect(dial('.02 ').number).toBe('02');
    const ended = dial('.02  5##');
    expect(ended.all).toEqual(dial('.02 ').all);
  });

  it('ends whatever is pressed, with one outcome and a number of digits and single #', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...'0123456789*#ABCD .'), { maxLength: 60 }), (inputs) => {
        const { all } = dial(`${inputs.join('')}. . . `);
        const ends = all.filter(({ kind }) => kind === 'collected' || kind === 'gave-up');
        expect(ends).toHaveLength(1);
        const [end] = ends;
        if (end?.kind === 'collected') expect(end.number).toMatch(/^#?\d+(#\d+)*$/);
      }),
    );
  });
});
