import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GateEffect, type GateInput, startGate, stepGate } from './press-one-gate.ts';

const ASKED: GateInput = { kind: 'asked' };
const LATER: GateInput = { kind: 'time-passed' };
const HUNG_UP: GateInput = { kind: 'hung-up' };
const key = (pressed: string): GateInput => ({ kind: 'key', key: pressed });

function answer(...inputs: GateInput[]) {
  let [gate, effects] = startGate();
  const all: GateEffect[] = [...effects];
  for (const input of inputs) {
    [gate, effects] = stepGate(gate, input);
    all.push(...effects);
  }
  return { gate, all, last: all.at(-1) };
}

describe('R18: a telephone of the PSTN takes the call by pressing 1', () => {
  it('after the question, and also during it', () => {
    expect(answer(ASKED, key('1')).last).toEqual({ kind: 'accept' });
    expect(answer(key('1')).last).toEqual({ kind: 'accept' });
    expect(answer(ASKED, LATER, key('1')).last).toEqual({ kind: 'accept' });
  });

  it('a mailbox, which presses nothing, does not answer', () => {
    const { all, last } = answer(ASKED, LATER, ASKED, LATER);
    expect(all.filter(({ kind }) => kind === 'ask')).toHaveLength(2);
    expect(last).toEqual({ kind: 'refuse', reason: 'no-key' });
  });

  it('another key refuses', () => {
    expect(answer(ASKED, key('2')).last).toEqual({ kind: 'refuse', reason: 'other-key' });
    expect(answer(key('#')).last).toEqual({ kind: 'refuse', reason: 'other-key' });
  });

  it('hanging up refuses', () => {
    expect(answer(HUNG_UP).last).toEqual({ kind: 'refuse', reason: 'hung-up' });
    expect(answer(ASKED, HUNG_UP).last).toEqual({ kind: 'refuse', reason: 'hung-up' });
  });

  it('decides once, whatever comes after', () => {
    const inputs = fc.array(fc.constantFrom(ASKED, LATER, HUNG_UP, key('1'), key('5')), { maxLength: 20 });
    fc.assert(
      fc.property(inputs, (several) => {
        const { all } = answer(...several, HUNG_UP);
        expect(all.filter(({ kind }) => kind === 'accept' || kind === 'refuse')).toHaveLength(1);
      }),
    );
  });
});
