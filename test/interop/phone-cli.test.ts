import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { likeness, parseWav, printWav, shareOfTone } from '../../src/protocols/audio/index.ts';
import { Happenings } from '../support/phones/happenings.ts';

/* `omnidial phone` as a person or a script starts it: two processes that call each other without a service. */

const omnidial = resolve(import.meta.dirname, '..', '..', 'src', 'cli', 'index.ts');
const folder = mkdtempSync(join(tmpdir(), 'omnidial-phone-'));
const speech = Int16Array.from({ length: 40_000 }, (_, index) =>
  Math.round(8_000 * Math.sin(0.05 * index + 40 * Math.sin(0.0003 * index))),
);
const running: ChildProcess[] = [];

type Told = { readonly event: string; readonly [more: string]: unknown };

function phone(...args: string[]) {
  const child = spawn(process.execPath, [omnidial, 'phone', '--json', ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.push(child);
  const events = new Happenings<Told>();
  createInterface({ input: child.stdout }).on('line', (line) => events.add(JSON.parse(line) as Told));
  const exited = once(child, 'exit').then(([code]) => code as number);
  return {
    exited,
    event: (name: string) => events.next(name, ({ event }) => event === name, 15_000),
    say: (line: string) => child.stdin.write(`${line}\n`),
    stop: () => child.kill('SIGTERM'),
  };
}

function samplesIn(path: string): Int16Array {
  const sound = parseWav(readFileSync(path));
  if (!sound.ok) throw new Error(sound.detail);
  return sound.value.samples;
}

beforeAll(() => writeFileSync(join(folder, 'speech.wav'), printWav({ sampleRate: 8_000, samples: speech })));

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('R18: one dials, plays, presses keys and hangs up; the other answers and records', async () => {
  const heard = join(folder, 'heard.wav');
  const bob = phone(
    '--user',
    'bob',
    '--listen',
    '127.0.0.1:23610',
    '--answer',
    '--tone',
    '800',
    '--record',
    heard,
  );
  await bob.event('listening');
  const replied = join(folder, 'replied.wav');
  const alice = phone(
    ...['--user', 'alice', '--dial', 'sip:bob@127.0.0.1:23610', '--play', join(folder, 'speech.wav')],
    ...['--record', replied, '--digits', '12#', '--hang-up-after', '3s'],
  );
  expect(await alice.exited).toBe(0);
  expect(await bob.event('ended')).toMatchObject({
    wasAnswered: true,
    by: 'other-side',
    digits: '12#',
    packetsLost: 0,
  });
  bob.stop();
  expect(await bob.exited).toBe(0);
  const window = { from: 12_000, length: 8_000 };
  expect(likeness(samplesIn(heard), speech, { window }).correlation).toBeGreaterThan(0.99);
  expect(shareOfTone(samplesIn(replied).slice(2_000, 10_000), 800)).toBeGreaterThan(0.99);
});

it('orders come one a line: answer, hold, resume, keys, hang up, quit', async () => {
  const bob = phone('--user', 'bob', '--listen', '127.0.0.1:23612');
  const alice = phone('--user', 'alice');
  await Promise.all([bob.event('listening'), alice.event('listening')]);
  alice.say('dial sip:bob@127.0.0.1:23612');
  expect(await bob.event('incoming')).toMatchObject({ from: expect.stringMatching(/^sip:alice@127/) });
  bob.say('answer');
  await alice.event('answered');
  bob.say('hold');
  expect(await alice.event('held')).toMatchObject({ by: 'other-side' });
  bob.say('resume');
  await alice.event('resumed');
  alice.say('42');
  expect([await bob.event('digit'), await bob.event('digit')]).toMatchObject([
    { digit: '4' },
    { digit: '2' },
  ]);
  bob.say('hang up');
  await alice.event('ended');
  bob.say('quit');
  alice.say('quit');
  expect(await Promise.all([alice.exited, bob.exited])).toEqual([0, 0]);
});

it.each([
  ['decline', 603, 'The other side declined the call. (603)'],
  ['busy', 486, 'The other side is busy. (486)'],
])('a call that is turned away by `%s` says so, and exits with 3', async (order, status, sentence) => {
  const bob = phone('--user', 'bob', '--listen', '127.0.0.1:23614');
  await bob.event('listening');
  const alice = phone('--user', 'alice', '--dial', 'sip:bob@127.0.0.1:23614');
  await bob.event('incoming');
  bob.say(order);
  expect(await alice.event('ended')).toMatchObject({ status, sentence });
  expect(await alice.exited).toBe(3);
});

it('a call that nobody answers is given up in time', async () => {
  const bob = phone('--user', 'bob', '--listen', '127.0.0.1:23616');
  await bob.event('listening');
  const alice = phone('--user', 'alice', '--dial', 'sip:bob@127.0.0.1:23616', '--ring-for', '500ms');
  expect(await alice.exited).toBe(3);
  expect(await bob.event('ended')).toMatchObject({ sentence: 'The caller gave up.' });
});
