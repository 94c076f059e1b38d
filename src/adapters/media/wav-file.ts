import { type FileHandle, open, readFile } from 'node:fs/promises';
import { parseWav, printWav } from '../../protocols/audio/index.ts';
import type { SoundSink } from './recording.ts';

const SAMPLE_RATE = 8_000;
const HEADER_BYTES = 44;

/** Written before the length is known. Readers, ours among them, then read to the end of the file. */
const UNKNOWN_BYTES = 0xffffffff;

/** A file is written a second at a time. */
const CHUNK_SAMPLES = SAMPLE_RATE;

/** Beyond this a recording stops, long before its 32-bit length does: 12 hours. */
const MOST_SAMPLES = 12 * 3_600 * SAMPLE_RATE;

export type ReadWavFile =
  | { readonly ok: true; readonly samples: Int16Array }
  | { readonly ok: false; readonly detail: string };

/** Reads a WAV file that a telephone can play: 16-bit PCM or G.711 with 8 000 samples a second. */
export async function readWavFile(path: string): Promise<ReadWavFile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    return { ok: false, detail: `${path} cannot be read: ${messageOf(error)}` };
  }
  const sound = parseWav(bytes);
  if (!sound.ok) return { ok: false, detail: `${path} cannot be played: ${sound.detail}` };
  const { sampleRate, samples } = sound.value;
  if (sampleRate === SAMPLE_RATE) return { ok: true, samples };
  const convert = `sox ${path} -r 8000 -c 1 -b 16 out.wav`;
  return {
    ok: false,
    detail: `${path} has ${sampleRate} samples a second; a telephone plays 8000 (\`${convert}\` converts it).`,
  };
}

export type CreatedWavFile =
  | { readonly ok: true; readonly file: WavFile }
  | { readonly ok: false; readonly detail: string };

/** A WAV file that is written while the call goes on; what is in it survives a kill. */
export class WavFile implements SoundSink {
  readonly #handle: FileHandle;
  #waiting: Int16Array[] = [];
  #waitingSamples = 0;
  #written = 0;
  #work: Promise<void> = Promise.resolve();
  #problem: string | undefined;

  static async create(path: string): Promise<CreatedWavFile> {
    try {
      const handle = await open(path, 'w');
      await handle.write(headerOf(UNKNOWN_BYTES));
      return { ok: true, file: new WavFile(handle) };
    } catch (error) {
      return { ok: false, detail: `${path} cannot be written: ${messageOf(error)}` };
    }
  }

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  write(samples: Int16Array): void {
    if (this.#written + this.#waitingSamples + samples.length > MOST_SAMPLES) return;
    this.#waiting.push(samples);
    this.#waitingSamples += samples.length;
    if (this.#waitingSamples >= CHUNK_SAMPLES) this.#flush();
  }

  /** Completes the file. @returns what went wrong since it was created, e.g. a full disk */
  async close(): Promise<string | undefined> {
    this.#flush();
    await this.#work;
    await this.#attempt(() => this.#handle.write(headerOf(this.#written * 2), 0, HEADER_BYTES, 0));
    await this.#attempt(() => this.#handle.close());
    return this.#problem;
  }

  #flush(): void {
    const samples = new Int16Array(this.#waitingSamples);
    let at = 0;
    for (const each of this.#waiting) {
      samples.set(each, at);
      at += each.length;
    }
    this.#waiting = [];
    this.#waitingSamples = 0;
    const body = printWav({ sampleRate: SAMPLE_RATE, samples }).subarray(HEADER_BYTES);
    const position = HEADER_BYTES + this.#written * 2;
    this.#written += samples.length;
    this.#work = this.#work.then(() =>
      this.#attempt(() => this.#handle.write(body, 0, body.length, position)),
    );
  }

  async #attempt(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#problem ??= messageOf(error);
    }
  }
}

function headerOf(dataBytes: number): Uint8Array {
  const bytes = printWav({ sampleRate: SAMPLE_RATE, samples: new Int16Array(0) });
  const view = new DataView(bytes.buffer);
  view.setUint32(4, Math.min(UNKNOWN_BYTES, dataBytes + HEADER_BYTES - 8), true);
  view.setUint32(40, dataBytes, true);
  return bytes;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
