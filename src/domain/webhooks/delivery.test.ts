import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptOf, judge, type SendOutcome } from './attempt.ts';
import { type Delivery, nextAttemptAtMs, RETRY_DELAYS_MS, stepDelivery } from './delivery.ts';

const NOW_MS = 1_793_000_000_000;
const FRESH = {
  ...{ endpointId: 'endpoint', eventId: 'event', tries: 0, attempts: [] },
  ...{ state: 'pending', dueAtMs: 0 },
} as Delivery;

function tried(delivery: Delivery, outcome: SendOutcome, atMs: number, chance = 0): Delivery {
  const attempt = attemptOf(outcome, atMs, 0);
  return stepDelivery(delivery, { kind: 'tried', attempt, verdict: judge(outcome), chance });
}

describe('Standard Webhooks 1.0, "Deliverability and reliability"', () => {
  it('tries at the times of the schedule, ten times in all, and then gives up', () => {
    const times: number[] = [];
    let delivery = FRESH;
    for (let atMs = NOW_MS; delivery.state === 'pending'; ) {
      times.push(atMs - NOW_MS);
      delivery = tried(delivery, { kind: 'answered', status: 500 }, atMs);
      if (delivery.state === 'pending') atMs = delivery.dueAtMs;
    }
    const clock = (ms: number) =>
      [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60]
        .map((part) => String(Math.floor(part)).padStart(2, '0'))
        .join(':');
    expect(times.map(clock)).toEqual([
      '00:00:00',
      '00:00:05',
      '00:05:05',
      '00:35:05',
      '02:35:05',
      '07:35:05',
      '17:35:05',
      '31:35:05',
      '51:35:05',
      '75:35:05',
    ]);
    expect(delivery).toMatchObject({ state: 'given-up', reason: 'attempts-failed', tries: 10 });
  });

  it('what failed together is spread by a tenth of each delay at most, and not by the first', () => {
    expect(nextAttemptAtMs(0, 0, 0.999)).toBe(5_000);
    expect(nextAttemptAtMs(0, 5_000, 0.999)).toBe(5_000 + 300_000 + 29_970);
  });

  it('extra attempts in between use up none of the schedule', () => {
    const gap = fc.integer({ min: 0, max: 3_600_000 });
    fc.assert(
      fc.property(fc.array(gap, { minLength: 1, maxLength: 20 }), (gaps) => {
        let delivery = FRESH;
        let atMs = NOW_MS;
        for (const each of gaps) {
          delivery = tried(delivery, { kind: 'unanswered', reason: 'no' }, atMs);
          atMs += each;
        }
        expect(delivery.state).toBe('pending');
        expect(delivery.tries).toBe(gaps.length);
        expect(delivery.attempts.length).toBeLessThanOrEqual(12);
        const end = NOW_MS + RETRY_DELAYS_MS.reduce((sum, delay) => sum + delay, 0);
        expect(tried(delivery, { kind: 'answered', status: 400 }, end).state).toBe('given-up');
      }),
    );
  });

  it('an endpoint may ask for a longer wait, and for an hour at most', () => {
    const asked = (retryAfterMs: number) =>
      tried(FRESH, { kind: 'answered', status: 429, retryAfterMs }, NOW_MS);
    expect(asked(1_000)).toMatchObject({ dueAtMs: NOW_MS + 5_000 });
    expect(asked(60_000)).toMatchObject({ dueAtMs: NOW_MS + 60_000 });
    expect(asked(86_400_000)).toMatchObject({ dueAtMs: NOW_MS + 3_600_000 });
    expect(asked(-5)).toMatchObject({ dueAtMs: NOW_MS + 5_000 });
  });
});

describe('Standard Webhooks 1.0, "Delivery success and failure"', () => {
  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [299, 'delivered'],
    [199, 'failed'],
    [301, 'failed'],
    [307, 'failed'],
    [404, 'failed'],
    [410, 'gone'],
    [500, 'failed'],
  ])('%i means %s', (status, kind) => {
    expect(judge({ kind: 'answered', status }).kind).toBe(kind);
  });

  it.each([
    [429, true],
    [500, true],
    [503, true],
    [302, false],
    [400, false],
    [404, false],
  ])('%i: the endpoint is away: %s', (status, isAway) => {
    expect(judge({ kind: 'answered', status })).toMatchObject({ isAway });
  });

  it('no answer is a failure of the endpoint', () => {
    expect(judge({ kind: 'unanswered', reason: 'no' })).toMatchObject({ kind: 'failed', isAway: true });
  });
});

describe('what ended', () => {
  const delivered = tried(FRESH, { kind: 'answered', status: 200, answer: 'thanks' }, NOW_MS);
  const givenUp = stepDelivery(FRESH, { kind: 'give-up', reason: 'queue-full', nowMs: NOW_MS });

  it('is not ended again', () => {
    expect(tried(delivered, { kind: 'answered', status: 500 }, NOW_MS + 1)).toBe(delivered);
    expect(stepDelivery(delivered, { kind: 'give-up', reason: 'queue-full', nowMs: 1 })).toBe(delivered);
    expect(tried(givenUp, { kind: 'answered', status: 200 }, NOW_MS + 1)).toBe(givenUp);
  });

  it('is sent again when its owner wants it, with a schedule of its own', () => {
    for (const ended of [delivered, givenUp]) {
      const again = stepDelivery(ended, { kind: 'replay', nowMs: NOW_MS + 99 });
      expect(again).toEqual({
        ...{ endpointId: 'endpoint', eventId: 'event', tries: ended.tries, attempts: ended.attempts },
        ...{ state: 'pending', dueAtMs: NOW_MS + 99 },
      });
      const failed = tried(again, { kind: 'answered', status: 400 }, NOW_MS + 100_000_000_000);
      expect(failed).toMatchObject({ state: 'pending', dueAtMs: NOW_MS + 100_000_005_000 });
    }
  });
});
