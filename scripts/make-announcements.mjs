// `node scripts/make-announcements.mjs`: makes the sounds of assets/announcements from texts.json, on the pinned Node.
// It needs espeak-ng, flite and sox of Debian. The same texts make the same bytes.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pinnedNode } from './install.mjs';

if (process.execPath !== pinnedNode) {
  process.exit(spawnSync(pinnedNode, [import.meta.filename], { stdio: 'inherit' }).status ?? 1);
}
const { parseWav, printMuLawWav } = await import('../src/protocols/audio/index.ts');

const folder = resolve(import.meta.dirname, '../assets/announcements');
const scratch = mkdtempSync(join(tmpdir(), 'omnidial-announcements-'));

/** Who speaks which language: the program with its arguments, to which the file and the text are added. */
const VOICES = {
  en: { program: 'flite', options: ['-voice', 'slt', '--setf', 'duration_stretch=1.05'] },
  ko: { program: 'espeak-ng', options: ['-v', 'ko+f2', '-s', '180', '-g', '1'] },
  ja: { program: 'espeak-ng', options: ['-v', 'ja+f2', '-s', '175', '-g', '1'] },
};

/** What a telephone carries, at its sample rate; -D: without dither, so that the same text makes the same file. */
const TO_TELEPHONE = ['rate', '-v', '8000', 'highpass', '200', 'lowpass', '3500'];

const FRAME = 80;
/** The power of speech while it is spoken (ITU-T P.56 in the simple), in decibels below the loudest sample. */
const ACTIVE_LEVEL_DB = -20;
const LOUDEST = 0.84 * 32_767;
/** What is softer than the loudest frame by this much is no speech. */
const SILENCE_DB = -38;
const MARGIN_FRAMES = 3;

function synthesise(language, text) {
  const { program, options } = VOICES[language];
  const raw = join(scratch, 'raw.wav');
  const telephone = join(scratch, 'telephone.wav');
  const named = program === 'flite' ? ['-t', text, '-o', raw] : ['-w', raw, text];
  execFileSync(program, [...options, ...named], { stdio: ['ignore', 'ignore', 'ignore'] });
  execFileSync('sox', ['-D', raw, '-c', '1', '-b', '16', telephone, 'gain', '-6', ...TO_TELEPHONE]);
  const read = parseWav(readFileSync(telephone));
  if (!read.ok) throw new Error(`${program}: ${read.detail}`);
  return read.value.samples;
}

function powersOf(samples) {
  return Array.from({ length: Math.floor(samples.length / FRAME) }, (_, frame) =>
    samples.subarray(frame * FRAME, (frame + 1) * FRAME).reduce((sum, sample) => sum + sample ** 2, 0),
  );
}

/** Frames in which somebody speaks. */
function spokenFrames(samples) {
  const powers = powersOf(samples);
  const least = Math.max(...powers) * 10 ** (SILENCE_DB / 10);
  return powers.flatMap((power, frame) => (power >= least ? [{ frame, power }] : []));
}

/** Without the silence before and after, and with both ends faded over a frame. */
function trim(samples) {
  const spoken = spokenFrames(samples);
  const from = Math.max(0, spoken[0].frame - MARGIN_FRAMES) * FRAME;
  const to = (spoken.at(-1).frame + 1 + MARGIN_FRAMES) * FRAME;
  const kept = samples.slice(from, to);
  for (let index = 0; index < FRAME; index += 1) {
    kept[index] = (kept[index] * index) / FRAME;
    kept[kept.length - 1 - index] = (kept[kept.length - 1 - index] * index) / FRAME;
  }
  return kept;
}

/** As loud as all others; peaks that would be cut off are bent instead. */
function level(samples) {
  const spoken = spokenFrames(samples);
  const meanSquare = spoken.reduce((sum, { power }) => sum + power, 0) / (spoken.length * FRAME);
  const gain = (32_767 * 10 ** (ACTIVE_LEVEL_DB / 20)) / Math.sqrt(meanSquare);
  return samples.map((sample) => bend(sample * gain));
}

function bend(sample) {
  const knee = LOUDEST / 2;
  const over = Math.abs(sample) - knee;
  if (over <= 0) return Math.round(sample);
  return Math.round(Math.sign(sample) * (knee + (LOUDEST - knee) * Math.tanh(over / (LOUDEST - knee))));
}

function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}

const texts = JSON.parse(readFileSync(join(folder, 'texts.json'), 'utf8'));
const manifest = {};
for (const [language, sounds] of Object.entries(texts)) {
  rmSync(join(folder, language), { recursive: true, force: true });
  mkdirSync(join(folder, language));
  const { program, options } = VOICES[language];
  const voice = [program, ...options].join(' ');
  for (const [id, { text, spoken = text }] of Object.entries(sounds)) {
    const samples = level(trim(synthesise(language, spoken)));
    const wav = printMuLawWav({ sampleRate: 8_000, samples });
    writeFileSync(join(folder, language, `${id}.wav`), wav);
    manifest[`${language}/${id}`] = {
      voice,
      text: sha256(spoken),
      sound: sha256(wav),
      milliseconds: Math.round(samples.length / 8),
    };
  }
}
writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
rmSync(scratch, { recursive: true, force: true });
console.log(`${Object.keys(manifest).length} sounds in ${folder}`);
