import { describe, expect, it } from 'vitest';
import { judge } from './attempt.ts';
import { type EndpointEffect, stepEndpoint, type WebhookEndpoint } from './endpoint.ts';

const NOW_MS = 1_793_000_000_000;
const DAY_MS = 24 * 3_600_000;
const FRESH = {
  id: 'endpoint',
  memberId: 'mina',
  url: 'https://example.com/',
  topics: ['calls'],
  description: 'the desk',
  createdAtMs: 0,
  secrets: [],
  version: 3,
  failures: 0,
  restUntilMs: 0,
  state: 'open',
} as WebhookEndpoint;

function answered(
  endpoint: WebhookEndpoint,
  status: number,
  nowMs: number,
  retryAfterMs = 0,
): readonly [WebhookEndpoint, readonly EndpointEffect['kind'][]] {
  const verdict = judge({ kind: 'answered', status, retryAfterMs });
  const [after, effects] = stepEndpoint(endpoint, { kind: 'tried', verdict, nowMs });
  return [after, effects.map(({ kind }) => kind)];
}

describe('an endpoint that fails', () => {
  it('rests twice as long each time, and five minutes at most', () => {
    let endpoint = FRESH;
    const rests: number[] = [];
    for (let nowMs = NOW_MS; rests.length < 9; nowMs = endpoint.restUntilMs) {
      [endpoint] = answered(endpoint, 503, nowMs);
      rests.push((endpoint.restUntilMs - nowMs) / 1000);
    }
    expect(rests).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
    expect(endpoint).toMatchObject({ failures: 9, failingSinceMs: NOW_MS });
  });

  it('does not rest for one event that it does not take, and as long as it asks for otherwise', () => {
    expect(answered(FRESH, 422, NOW_MS)[0]).toMatchObject({ failures: 1, restUntilMs: 0 });
    expect(answered(FRESH, 429, NOW_MS, 90_000)[0]).toMatchObject({ restUntilMs: NOW_MS + 90_000 });
  });

  it('is as new once it takes one, and gets at once what waits where it was out for a minute', () => {
    const [failing] = answered(FRESH, 503, NOW_MS);
    expect(answered(failing, 200, NOW_MS + 59_999)).toEqual([FRESH, []]);
    expect(answered(failing, 200, NOW_MS + 60_000)).toEqual([FRESH, ['hurry-waiting']]);
    expect(answered(FRESH, 200, NOW_MS)).toEqual([FRESH, []]);
  });

  it('is switched off after five days, and its owner is told', () => {
    const [failing] = answered(FRESH, 500, NOW_MS);
    expect(answered(failing, 500, NOW_MS + 5 * DAY_MS - 1)[0].state).toBe('open');
    const [off, effects] = answered(failing, 500, NOW_MS + 5 * DAY_MS);
    expect(off).toMatchObject({ state: 'disabled', disabledReason: 'failing' });
    expect(effects).toEqual(['give-up-waiting', 'tell-owner']);
  });
});

describe('an endpoint that is switched off', () => {
  it('by 410 tells its owner, by its owner nobody', () => {
    const [gone, told] = answered(FRESH, 410, NOW_MS);
    expect(gone).toMatchObject({ state: 'disabled', disabledReason: 'gone', disabledAtMs: NOW_MS });
    expect(told).toEqual(['give-up-waiting', 'tell-owner']);
    const [off, effects] = stepEndpoint(FRESH, { kind: 'disable', nowMs: NOW_MS });
    expect(off).toMatchObject({ state: 'disabled', disabledReason: 'by-owner' });
    expect(effects).toEqual([{ kind: 'give-up-waiting' }]);
  });

  it('stays so whatever a late answer says, and is as new when it is switched on', () => {
    const [failing] = answered(FRESH, 500, NOW_MS);
    const [off] = stepEndpoint(failing, { kind: 'disable', nowMs: NOW_MS });
    expect(answered(off, 200, NOW_MS)).toEqual([off, []]);
    expect(stepEndpoint(off, { kind: 'disable', nowMs: NOW_MS + 1 })).toEqual([off, []]);
    expect(stepEndpoint(off, { kind: 'enable', nowMs: NOW_MS })).toEqual([FRESH, []]);
    expect(stepEndpoint(failing, { kind: 'enable', nowMs: NOW_MS })).toEqual([failing, []]);
  });
});
