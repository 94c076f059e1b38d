import { describe, expect, it } from 'vitest';
import { Remembering } from './remembering.ts';

const GOOD = 'answer';
const BAD = 'failure';

function memory() {
  const time = { nowMs: 0, asked: 0 };
  const remembering = new Remembering<string>({ nowMs: () => time.nowMs }, (value) => value === BAD);
  const ask = (key: string, value = GOOD) =>
    remembering.get(key, async () => {
      time.asked += 1;
      return value;
    });
  return { time, ask };
}

describe('what the DNS said', () => {
  it('is asked for once by calls that want it at the same time, however long it takes', async () => {
    const { time, ask } = memory();
    const first = ask('acme.example');
    time.nowMs = 1_000_000;
    expect(await Promise.all([first, ask('acme.example')])).toEqual([GOOD, GOOD]);
    expect(time.asked).toBe(1);
  });

  it.each([
    ['an answer', GOOD, 30_000],
    ['a failure', BAD, 5_000],
  ])('%s is believed for a while, and then asked for again', async (_, value, believedMs) => {
    const { time, ask } = memory();
    await ask('acme.example', value);
    time.nowMs = believedMs - 1;
    expect(await ask('acme.example', 'new')).toBe(value);
    time.nowMs = believedMs;
    expect(await ask('acme.example', 'new')).toBe('new');
    expect(time.asked).toBe(2);
  });

  it('is kept of so many names only: the oldest is forgotten', async () => {
    const { time, ask } = memory();
    for (let at = 0; at <= 10_000; at += 1) await ask(`${at}.example`);
    await ask('1.example');
    expect(time.asked).toBe(10_001);
    await ask('0.example');
    expect(time.asked).toBe(10_002);
  });
});
