import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../domain/members/index.ts';
import { SOUNDS } from '../../domain/voice/index.ts';
import { hearTones, NO_TONES, printWav, tone } from '../../protocols/audio/index.ts';
import { Announcements } from './announcements.ts';

const FOLDER = resolve(import.meta.dirname, '../../../assets/announcements');
const RATE = 8_000;
const FRAME = 80;

type Text = { readonly text: string; readonly spoken?: string };
type Made = { readonly text: string; readonly sound: string; readonly milliseconds: number };

const texts: Record<string, Record<string, Text>> = JSON.parse(
  readFileSync(join(FOLDER, 'texts.json'), 'utf8'),
);
const manifest: Record<string, Made> = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8'));
const all = LANGUAGES.flatMap((language) =>
  SOUNDS[language].map((id) => ({ language, id, key: `${language}/${id}` })),
);

/** What one written character takes to say: a letter of English, a syllable of Korean or of kana. */
const CHARACTER_MS = { en: [30, 130], ko: [90, 450], ja: [70, 300] } as const;

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const spokenText = ({ text, spoken = text }: Text) => spoken;

let announcements: Announcements;
beforeAll(async () => {
  announcements = await Announcements.load();
});

/** The mean power of each 10 ms, relative to the loudest sample that can be. */
function powers(samples: Int16Array): number[] {
  return Array.from({ length: Math.floor(samples.length / FRAME) }, (_, frame) => {
    const part = samples.subarray(frame * FRAME, (frame + 1) * FRAME);
    return part.reduce((sum, sample) => sum + (sample / 32_767) ** 2, 0) / FRAME;
  });
}

describe('the announcements', () => {
  it('have a text for each sound in each language, and no other', () => {
    for (const language of LANGUAGES)
      expect(Object.keys(texts[language] ?? {}).sort()).toEqual([...SOUNDS[language]].sort());
    expect(Object.keys(texts).sort()).toEqual([...LANGUAGES].sort());
  });

  it('have no sound without a text', () => {
    const files = LANGUAGES.flatMap((language) =>
      readdirSync(join(FOLDER, language)).map((name) => `${language}/${name}`),
    );
    expect(files.sort()).toEqual(all.map(({ key }) => `${key}.wav`).sort());
  });

  it.each(all)('$key was made from the text that stands there now', ({ language, id, key }) => {
    const text = texts[language]?.[id];
    expect(text).toBeDefined();
    if (text === undefined) return;
    expect(manifest[key]?.text).toBe(sha256(spokenText(text)));
    expect(manifest[key]?.sound).toBe(sha256(readFileSync(join(FOLDER, `${key}.wav`))));
  });

  it.each(all)('$key is as long as its text', ({ language, id, key }) => {
    const text = texts[language]?.[id];
    const characters = spokenText(text ?? { text: '' }).replaceAll(/[\s.,。、]/g, '').length;
    const [shortest, longest] = CHARACTER_MS[language];
    const milliseconds = announcements.sound(id, language).length / 8;
    expect(milliseconds).toBeGreaterThan(shortest * characters);
    expect(milliseconds).toBeLessThan(longest * characters + 400);
    expect(manifest[key]?.milliseconds).toBe(Math.round(milliseconds));
  });

  it.each(all)('$key is as loud as all others, and nowhere cut off', ({ language, id }) => {
    const samples = announcements.sound(id, language);
    const all = powers(samples);
    const active = all.filter((power) => power > Math.max(...all) * 10 ** -3.8);
    const level = 10 * Math.log10(active.reduce((sum, power) => sum + power, 0) / active.length);
    expect(level).toBeGreaterThan(-21.5);
    expect(level).toBeLessThan(-18.5);
    expect(samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)).toBeLessThan(30_000);
  });

  it.each(all)('$key begins and ends with the voice, without a click', ({ language, id }) => {
    const samples = announcements.sound(id, language);
    const all = powers(samples);
    const isSpoken = (power: number) => power > Math.max(...all) * 10 ** -3.8;
    expect(all.findIndex(isSpoken)).toBeLessThan(8);
    expect(all.length - 1 - all.findLastIndex(isSpoken)).toBeLessThan(8);
    expect(Math.abs(samples[0] ?? 0)).toBeLessThan(200);
    expect(Math.abs(samples.at(-1) ?? 0)).toBeLessThan(200);
  });

  it('no announcement sounds like a key', () => {
    for (const { language, id, key } of all)
      expect(hearTones(NO_TONES, announcements.sound(id, language))[1], key).toEqual([]);
  });

  it('take less than three megabytes', () => {
    const bytes = all.reduce((sum, { key }) => sum + statSync(join(FOLDER, `${key}.wav`)).size, 0);
    expect(bytes).toBeLessThan(3_000_000);
  });
});

describe('the sounds of a speech', () => {
  it('follow each other with silence between them', () => {
    const [four, two] = [announcements.sound('digit-4', 'ko'), announcements.sound('digit-2', 'ko')];
    const spoken = announcements.spoken(['digit-4', 'digit-2'], 'ko');
    const gap = spoken.length - four.length - two.length;
    expect(gap).toBe(0.12 * RATE);
    expect(spoken.subarray(0, four.length)).toEqual(four);
    expect(spoken.subarray(four.length + gap)).toEqual(two);
    expect(spoken.subarray(four.length, four.length + gap).every((sample) => sample === 0)).toBe(true);
    expect(announcements.spoken([], 'ko')).toHaveLength(0);
  });
});

describe('recordings of the operator’s own', () => {
  it('are taken instead, and one that is missing or of another form is named at the start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'omnidial-recordings-'));
    try {
      cpSync(FOLDER, folder, { recursive: true });
      const own = tone(440, 500);
      writeFileSync(join(folder, 'ko/welcome.wav'), printWav({ sampleRate: RATE, samples: own }));
      expect((await Announcements.load(folder)).sound('welcome', 'ko')).toEqual(own);
      writeFileSync(join(folder, 'ko/welcome.wav'), printWav({ sampleRate: 44_100, samples: own }));
      await expect(Announcements.load(folder)).rejects.toThrow(/ko\/welcome\.wav.*8 000/);
      writeFileSync(join(folder, 'ko/welcome.wav'), 'no sound');
      await expect(Announcements.load(folder)).rejects.toThrow(/ko\/welcome\.wav.*no WAV/);
      rmSync(join(folder, 'ko/welcome.wav'));
      await expect(Announcements.load(folder)).rejects.toThrow(/ko\/welcome\.wav/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
