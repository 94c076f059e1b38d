import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseWav, printWav, tone } from '../../protocols/audio/index.ts';
import { readWavFile, WavFile } from './wav-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'omnidial-wav-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a recording as a file', () => {
  it('holds what was written, piece by piece', async () => {
    const path = join(folder, 'a.wav');
    const samples = tone(440, 3_100);
    const created = await WavFile.create(path);
    if (!created.ok) throw new Error(created.detail);
    for (let at = 0; at < samples.length; at += 160) created.file.write(samples.subarray(at, at + 160));
    expect(await created.file.close()).toBeUndefined();
    expect(Buffer.compare(readFileSync(path), printWav({ sampleRate: 8_000, samples }))).toBe(0);
    expect(await readWavFile(path)).toEqual({ ok: true, samples });
  });

  it('can be read although its writer was killed', async () => {
    const path = join(folder, 'b.wav');
    const created = await WavFile.create(path);
    if (!created.ok) throw new Error(created.detail);
    const header = readFileSync(path);
    await created.file.close();
    const body = printWav({ sampleRate: 8_000, samples: Int16Array.of(5, 6) }).subarray(44);
    expect(parseWav(Buffer.concat([header, body]))).toMatchObject({
      value: { samples: Int16Array.of(5, 6) },
    });
  });

  it('says why it cannot be written or read', async () => {
    expect(await WavFile.create(join(folder, 'no', 'such.wav'))).toMatchObject({ ok: false });
    expect(await readWavFile(join(folder, 'none.wav'))).toMatchObject({ ok: false });
    const path = join(folder, 'c.wav');
    writeFileSync(path, printWav({ sampleRate: 48_000, samples: tone(440, 10) }));
    expect(await readWavFile(path)).toMatchObject({
      detail: expect.stringContaining('48000 samples a second'),
    });
  });
});
