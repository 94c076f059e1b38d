import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LANGUAGES, type Language } from '../../domain/members/index.ts';
import { SOUNDS, type SoundId, type Speech } from '../../domain/voice/index.ts';
import { parseWav } from '../../protocols/audio/index.ts';

/** The sounds that come with the project; `scripts/make-announcements.mjs` makes them. */
const FOLDER = resolve(import.meta.dirname, '../../../assets/announcements');

const SAMPLES_PER_MS = 8;

/** Between two sounds of a speech, so that digits do not run into each other. */
const GAP = new Int16Array(120 * SAMPLES_PER_MS);
const PAUSE = new Int16Array(450 * SAMPLES_PER_MS);

/** The sounds of all announcements in all languages, in memory: about five megabytes. */
export class Announcements {
  readonly #sounds: ReadonlyMap<string, Int16Array>;

  /**
   * Reads `LANGUAGE/ID.wav` for every sound of a language: mono, 8 000 samples a second.
   * @param folder recordings of the operator's own, where there are such
   * Rejects with a sentence where one is missing or of another form: found at the start, and not by a caller.
   */
  static async load(folder = FOLDER): Promise<Announcements> {
    const wanted = LANGUAGES.flatMap((language) => SOUNDS[language].map((id) => keyOf(id, language)));
    const read = async (key: string) => [key, await readSound(join(folder, `${key}.wav`))] as const;
    return new Announcements(new Map(await Promise.all(wanted.map(read))));
  }

  private constructor(sounds: ReadonlyMap<string, Int16Array>) {
    this.#sounds = sounds;
  }

  /** One sound, 8 000 samples a second. */
  sound(id: SoundId, language: Language): Int16Array {
    const sound = this.#sounds.get(keyOf(id, language));
    if (sound === undefined) throw new Error(`The sound ${keyOf(id, language)} was not loaded.`);
    return sound;
  }

  /** The sounds of a speech one after the other, with a short silence between them. */
  spoken(speech: Speech, language: Language): Int16Array {
    const parts = speech.flatMap((each, index) => {
      const sound = each === 'pause' ? PAUSE : this.sound(each, language);
      return index === 0 ? [sound] : [GAP, sound];
    });
    const whole = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

function keyOf(id: SoundId, language: Language): string {
  return `${language}/${id}`;
}

async function readSound(path: string): Promise<Int16Array> {
  const read = parseWav(await readFile(path));
  if (!read.ok) throw new Error(`${path}: ${read.detail}`);
  if (read.value.sampleRate !== 8_000) throw new Error(`${path}: it has not 8 000 samples a second.`);
  return read.value.samples;
}
