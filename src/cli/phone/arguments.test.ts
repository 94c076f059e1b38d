import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';
import { parseDuration } from './duration.ts';
import { readOrder } from './order.ts';

const read = (line: string, environment = {}) => readArguments(line.split(' '), environment);

describe('omnidial phone <options>', () => {
  it('reads what a script wants', () => {
    const line =
      '--server 127.0.0.1:5060 --user t-1 --transport tcp --dial 6200-6200#082 --digits 12# --hang-up-after 5s --json';
    expect(read(line, { OMNIDIAL_PHONE_PASSWORD: 'secret' })).toEqual({
      kind: 'wish',
      wish: {
        phone: {
          user: 't-1',
          server: '127.0.0.1:5060',
          password: 'secret',
          transport: 'tcp',
          answers: 'when-told',
        },
        registers: true,
        plays: undefined,
        record: undefined,
        dial: '6200-6200#082',
        digits: '12#',
        hangUpAfterMs: 5_000,
        ringForMs: 60_000,
        json: true,
      },
    });
  });

  it('a password given outright counts more than that of the environment', () => {
    const asked = read('--user a --password mine', { OMNIDIAL_PHONE_PASSWORD: 'other' });
    expect(asked).toMatchObject({ wish: { phone: { password: 'mine' }, registers: false } });
  });

  it.each([
    ['127.0.0.1', { address: '127.0.0.1' }],
    ['127.0.0.1:5080', { address: '127.0.0.1', port: 5080 }],
    ['[::1]:5080', { address: '::1', port: 5080 }],
    ['::1', { address: '::1' }],
  ])('listens at %s', (text, place) => {
    expect(read(`--user a --listen ${text}`)).toMatchObject({ wish: { phone: place } });
  });

  it.each([
    ['--server x', '--user says'],
    ['--user a --transport tls', '--transport is'],
    ['--user a --listen nowhere', '--listen takes'],
    ['--user a --digits 12x', '--digits takes'],
    ['--user a --hang-up-after soon', '--hang-up-after takes'],
    ['--user a --tone 9', '--tone takes'],
    ['--user a --tone 440 --play a.wav', 'one thing at a time'],
    ['--user a --dance', '--dance'],
  ])('%s is refused with a sentence', (line, sentence) => {
    expect(read(line)).toMatchObject({ kind: 'problem', problem: expect.stringContaining(sentence) });
  });
});

it.each([
  ['5s', 5_000],
  ['1.5', 1_500],
  ['500ms', 500],
  ['2m', 120_000],
  ['1h', 3_600_000],
  ['-1', undefined],
  ['', undefined],
  ['5 days', undefined],
])('the duration "%s" is %s ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

describe('a line at the prompt', () => {
  it.each([
    ['dial 6200-6200#082', { kind: 'dial', text: '6200-6200#082' }],
    ['d alice@acme.example', { kind: 'dial', text: 'alice@acme.example' }],
    ['alice@acme.example', { kind: 'dial', text: 'alice@acme.example' }],
    ['02-6200-6200-082', { kind: 'dial', text: '02-6200-6200-082' }],
    ['sip:bob@192.0.2.7', { kind: 'dial', text: 'sip:bob@192.0.2.7' }],
    ['hang up', { kind: 'hang-up' }],
    ['H', { kind: 'hang-up' }],
    ['press 1 2 #', { kind: 'press', text: '12#' }],
    ['transfer 6200-6200#001', { kind: 'transfer', text: '6200-6200#001' }],
    ['  ', { kind: 'nothing' }],
    ['q', { kind: 'quit' }],
  ])('"%s"', (line, order) => {
    expect(readOrder(line, false)).toEqual(order);
  });

  it('digits alone are keys while one talks', () => {
    expect(readOrder('12#', true)).toEqual({ kind: 'press', text: '12#' });
    expect(readOrder('12#', false)).toEqual({ kind: 'dial', text: '12#' });
  });

  it.each([
    ['anwser', 'Did you mean answer?'],
    ['dial', 'dial what?'],
    ['hold the line', 'takes nothing after it'],
  ])('"%s" is answered with what may have been meant', (line, sentence) => {
    expect(readOrder(line, false)).toMatchObject({
      kind: 'unknown',
      detail: expect.stringContaining(sentence),
    });
  });
});
