import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import type { Speech } from '../../domain/voice/index.ts';
import { askForNumber, askToTakeCall, type CallTaken, type DialledNumber } from './voice-questions.ts';
import type { SpeechEnding } from './voice-session.ts';

const SPEECH_MS = 3_000;

/** A voice whose every speech takes three seconds. */
function setting() {
  const clock = new VirtualClock();
  const timers = { start: (afterMs: number, run: () => void) => clock.schedule(afterMs, run) };
  const spoken: Speech[] = [];
  let stops = 0;
  let silence = () => {};
  const voice = {
    play(speech: Speech, onEnded?: (ending: SpeechEnding) => void) {
      silence();
      spoken.push(speech);
      silence = clock.schedule(SPEECH_MS, () => onEnded?.('spoken'));
    },
    stop() {
      silence();
      stops += 1;
    },
  };
  return { clock, timers, voice, spoken, stops: () => stops };
}

describe('R18: the question for a number', () => {
  function asked() {
    const around = setting();
    const dialled: DialledNumber[] = [];
    const question = askForNumber(around.voice, around.timers, (each) => dialled.push(each));
    return { ...around, dialled, question };
  }

  it('is answered four seconds after the last key', () => {
    const { clock, question, dialled, spoken, stops } = asked();
    clock.run(SPEECH_MS + 1_000);
    for (const key of '62006200*082') {
      question.key(key);
      clock.run(clock.nowMs() + 300);
    }
    expect(dialled).toEqual([]);
    clock.run(clock.nowMs() + 3_700);
    expect(dialled).toEqual([{ kind: 'collected', number: '62006200#082' }]);
    expect(spoken).toEqual([['welcome', 'pause', 'dial-now']]);
    expect(stops()).toBeGreaterThan(0);
    question.key('1');
    clock.run();
    expect(dialled).toHaveLength(1);
  });

  it('is asked again after eight seconds, and given up after eight more', () => {
    const { clock, dialled, spoken } = asked();
    clock.run(SPEECH_MS + 7_999);
    expect(spoken).toHaveLength(1);
    clock.run(SPEECH_MS + 8_000);
    expect(spoken[1]).toEqual(['dial-now']);
    clock.run();
    expect(clock.nowMs()).toBe(2 * (SPEECH_MS + 8_000));
    expect(dialled).toEqual([{ kind: 'gave-up', reason: 'nothing-dialled' }]);
  });

  it('a key during the question stops it, and its end changes nothing', () => {
    const { clock, question, dialled } = asked();
    clock.run(1_000);
    question.key('0');
    clock.run(4_900);
    question.key('2');
    clock.run();
    expect(dialled).toEqual([{ kind: 'collected', number: '02' }]);
    expect(clock.nowMs()).toBe(8_900);
  });

  it('has no answer once it was ended', () => {
    const { clock, question, dialled } = asked();
    question.key('0');
    question.end();
    question.key('#');
    question.key('#');
    clock.run();
    expect(dialled).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});

describe('R18: the question whether a person takes the call', () => {
  function asked(from?: string) {
    const around = setting();
    const taken: CallTaken[] = [];
    const question = askToTakeCall(around.voice, around.timers, from, (each) => taken.push(each));
    return { ...around, taken, question };
  }

  it('says who calls, and is accepted with 1', () => {
    const { clock, question, taken, spoken } = asked('02');
    expect(spoken).toEqual([['call-from', 'digit-0', 'digit-2', 'pause', 'press-one']]);
    clock.run(SPEECH_MS + 100);
    question.key('1');
    clock.run();
    expect(taken).toEqual([{ kind: 'accept' }]);
  });

  it('a mailbox refuses it by silence, after two questions', () => {
    const { clock, taken, spoken } = asked();
    clock.run();
    expect(spoken).toHaveLength(2);
    expect(taken).toEqual([{ kind: 'refuse', reason: 'no-key' }]);
    expect(clock.nowMs()).toBe(2 * (SPEECH_MS + 5_000));
  });

  it('another key refuses it at once', () => {
    const { question, taken, clock } = asked();
    question.key('9');
    expect(taken).toEqual([{ kind: 'refuse', reason: 'other-key' }]);
    clock.run();
    expect(taken).toHaveLength(1);
  });
});
