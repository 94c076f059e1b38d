import { describe, expect, it } from 'vitest';
import { type SessionTimerInput, startSessionTimer, stepSessionTimer } from './session-timer.ts';
import type { SessionTimerTerms } from './session-timer-negotiation.ts';

const ours: SessionTimerTerms = { intervalSeconds: 1_800, refresher: 'local' };
const theirs: SessionTimerTerms = { intervalSeconds: 1_800, refresher: 'remote' };

function run(terms: SessionTimerTerms, ...inputs: SessionTimerInput[]) {
  let [timer, effects] = startSessionTimer(terms);
  for (const input of inputs) [timer, effects] = stepSessionTimer(timer, input);
  return { state: timer.state, effects };
}

const start = (timer: string, afterMs: number) => ({ kind: 'start-timer', timer, afterMs });
const stop = (timer: string) => ({ kind: 'stop-timer', timer });
const end = { kind: 'end-session' };

describe('RFC 4028 §10: the session timer', () => {
  it('the refresher refreshes at half the interval', () => {
    expect(run(ours).effects).toEqual([start('refresh', 900_000), start('expiry', 1_800_000)]);
    expect(run(ours, { kind: 'timer', timer: 'refresh' }).effects).toEqual([{ kind: 'refresh' }]);
  });

  it('the other side ends the session 32 s before it expires', () => {
    expect(run(theirs).effects).toEqual([start('expiry', 1_768_000)]);
    expect(run(theirs, { kind: 'timer', timer: 'expiry' }).effects).toEqual([stop('expiry'), end]);
  });

  it('or a third of the interval before, where that is less', () => {
    expect(run({ intervalSeconds: 90, refresher: 'remote' }).effects).toEqual([start('expiry', 60_000)]);
  });

  it('a refresh starts it anew, and may change interval and refresher', () => {
    const { effects } = run(ours, {
      kind: 'refreshed',
      terms: { intervalSeconds: 600, refresher: 'remote' },
    });
    expect(effects).toEqual([stop('refresh'), stop('expiry'), start('expiry', 568_000)]);
  });

  it.each([408, 481, undefined])('a refresh answered with %s ends the session', (status) => {
    const failed: SessionTimerInput =
      status === undefined ? { kind: 'refresh-failed' } : { kind: 'refresh-failed', status };
    expect(run(ours, failed)).toEqual({ state: 'ended', effects: [stop('refresh'), stop('expiry'), end] });
  });

  it('a refresh refused otherwise is tried again, and the session lives until it expires', () => {
    const refused: SessionTimerInput = { kind: 'refresh-failed', status: 491 };
    expect(run(ours, refused)).toEqual({ state: 'running', effects: [start('refresh', 225_000)] });
    expect(run(ours, refused, { kind: 'timer', timer: 'expiry' }).effects).toEqual([
      stop('refresh'),
      stop('expiry'),
      end,
    ]);
  });

  it('ends with the session and then does nothing more', () => {
    expect(run(ours, { kind: 'session-ended' }).effects).toEqual([stop('refresh'), stop('expiry')]);
    expect(run(ours, { kind: 'session-ended' }, { kind: 'timer', timer: 'expiry' }).effects).toEqual([]);
  });
});
