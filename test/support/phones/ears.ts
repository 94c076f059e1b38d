import { readFileSync } from 'node:fs';
import { likeness, parseWav } from '../../../src/protocols/audio/index.ts';
import type { Speech } from './speech.ts';

const SAMPLES_PER_SECOND = 8000;

/** How far into the speech a call may begin, connect time included, where a test says nothing else. */
const LATEST_SECONDS = 12;

/**
 * How alike a recording is to somebody's speech, from 0 to 1: a stretch of what was heard is looked for in
 * what was said. `fromSeconds` and `seconds` say which stretch of the recording; a negative `fromSeconds` counts from
 * its end. `latestSeconds` is how far into the speech the call may begin.
 */
export function heardSpeech(
  recording: string,
  said: Speech,
  { fromSeconds = 1, seconds = 2, latestSeconds = LATEST_SECONDS } = {},
): number {
  const heard = parseWav(readFileSync(recording));
  if (!heard.ok) throw new Error(`${recording}: ${heard.detail}`);
  const length = seconds * SAMPLES_PER_SECOND;
  const start = fromSeconds * SAMPLES_PER_SECOND;
  const window = {
    from: start < 0 ? Math.max(0, heard.value.samples.length + start - length) : start,
    length,
  };
  if (heard.value.samples.length < window.from + window.length) {
    throw new Error(`${recording} is only ${heard.value.samples.length / SAMPLES_PER_SECOND} s long.`);
  }
  const longestLag = latestSeconds * SAMPLES_PER_SECOND + window.from;
  return likeness(heard.value.samples, said.samples, { longestLag, window }).correlation;
}
