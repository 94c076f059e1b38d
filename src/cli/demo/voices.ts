import { tone } from '../../protocols/audio/index.ts';

const NOTE_MS = 90;
const SEMITONE = 2 ** (1 / 12);

/**
 * A melody of this many seconds that resembles itself nowhere, and no other voice: so that where a stretch of it is
 * heard, it is known whose it is and how much was lost on the way.
 * @param seed chooses the melody
 */
export function voice(seed: number, seconds: number): Int16Array {
  const notes = Array.from({ length: Math.ceil((seconds * 1000) / NOTE_MS) }, (_, index) => {
    const step = scrambled(seed * 7919 + index) % 24;
    return tone(300 * SEMITONE ** step, NOTE_MS, 8000, 0.4);
  });
  const samples = new Int16Array(notes.reduce((total, note) => total + note.length, 0));
  let at = 0;
  for (const note of notes) {
    samples.set(note, at);
    at += note.length;
  }
  return samples;
}

/** A number that has nothing to do with its neighbour's (the mixing of MurmurHash3, in the public domain). */
function scrambled(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
