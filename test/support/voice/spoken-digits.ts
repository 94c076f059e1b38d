import { readFileSync } from 'node:fs';
import type { Announcements } from '../../../src/adapters/media/index.ts';
import type { Language } from '../../../src/domain/members/index.ts';
import { DIGIT_SOUNDS, type SoundId } from '../../../src/domain/voice/index.ts';
import { likeness, parseWav } from '../../../src/protocols/audio/index.ts';

/** Between two sounds that are spoken one after the other there is less silence than this. */
const LONGEST_GAP = 500 * 8;
/** A digit that is heard is as good as the same one. */
const RECOGNISED = 0.9;

/** How well a sound of the announcements is heard in a recording, 0 to 1, and where it begins, in samples. */
export function heardSound(recording: Int16Array, sound: Int16Array) {
  return likeness(sound, recording);
}

/** The samples of a recording. */
export function samplesOf(path: string): Int16Array {
  const read = parseWav(readFileSync(path));
  if (!read.ok) throw new Error(`${path}: ${read.detail}`);
  return read.value.samples;
}

/** The digits that are spoken after a sound, as somebody hears them who knows how each of them sounds. */
export function digitsAfter(
  recording: Int16Array,
  { announcements, language, after }: { announcements: Announcements; language: Language; after: SoundId },
): string {
  const lead = announcements.sound(after, language);
  const begin = heardSound(recording, lead);
  if (begin.correlation < RECOGNISED) return '';
  let at = begin.lagSamples + lead.length;
  let digits = '';
  for (;;) {
    const heard = DIGIT_SOUNDS.map((id, digit) => {
      const sound = announcements.sound(id, language);
      const rest = recording.subarray(at);
      return { digit, length: sound.length, ...likeness(sound, rest, { longestLag: LONGEST_GAP }) };
    });
    const best = heard.reduce((one, other) => (other.correlation > one.correlation ? other : one));
    if (best.correlation < RECOGNISED || best.digit > 9) return digits;
    digits += best.digit;
    at += best.lagSamples + best.length;
  }
}
