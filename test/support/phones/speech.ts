import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseWav } from '../../../src/protocols/audio/index.ts';

/** A spoken sound as a file that phones play, and as the samples it holds. */
export type Speech = { readonly path: string; readonly samples: Int16Array };

const SPEAKERS = [
  {
    voice: 'en-us',
    words: 'The exchange connects whoever dials a number with whoever holds it, in any country.',
  },
  { voice: 'de', words: 'Guten Tag, hier spricht die Zweigstelle. Womit koennen wir Ihnen heute helfen?' },
  { voice: 'fr', words: 'Bonjour, vous parlez avec le service des ventes, restez en ligne s il vous plait.' },
  { voice: 'it', words: 'Pronto, questa voce serve soltanto a provare che ci sentiamo bene tutti e due.' },
] as const;

/** Longer than any call of a test. */
const SECONDS = 60;

const spoken = new Map<number, Speech>();

/** The speech of the given speaker: mono, 16 bits, 8 000 samples a second, unlike that of any other speaker. */
export function speechOf(speaker: 0 | 1 | 2 | 3): Speech {
  const known = spoken.get(speaker);
  if (known !== undefined) return known;
  const { voice, words } = SPEAKERS[speaker];
  const folder = mkdtempSync(join(tmpdir(), 'omnidial-speech-'));
  const raw = join(folder, 'raw.wav');
  const path = join(folder, 'speech.wav');
  // Counting makes a minute of speech that resembles itself nowhere.
  const text = Array.from({ length: 30 }, (_, index) => `${index * 37 + 11}. ${words}`).join(' ');
  execFileSync('espeak-ng', ['-v', voice, '-w', raw, text]);
  execFileSync('sox', [raw, '-r', '8000', '-c', '1', '-b', '16', path, 'trim', '0', String(SECONDS)]);
  const sound = parseWav(readFileSync(path));
  if (!sound.ok) throw new Error(sound.detail);
  const speech = { path, samples: sound.value.samples };
  spoken.set(speaker, speech);
  return speech;
}
