import { decodeG711, encodeG711, type G711Law } from './g711.ts';

/** Mono 16-bit sound. */
export type Sound = { readonly sampleRate: number; readonly samples: Int16Array };

export type ReadSound =
  | { readonly ok: true; readonly value: Sound }
  | { readonly ok: false; readonly detail: string };

const HEADER_BYTES = 44;
const PCM = 1;
const EXTENSIBLE = 0xfffe;
/** The codings of G.711, with 8 bits a sample. */
const LAWS: Readonly<Record<number, G711Law>> = { 6: 'PCMA', 7: 'PCMU' };
const MU_LAW = 7;

/**
 * Reads a RIFF WAVE file of 16-bit PCM or of G.711; of several channels the first is taken. A data chunk that claims more
 * than the file holds, as a recorder that was killed leaves it, is read to the end of the file.
 */
export function parseWav(bytes: Uint8Array): ReadSound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || tag(bytes, 0) !== 'RIFF' || tag(bytes, 8) !== 'WAVE')
    return unreadable('It is no WAV file.');
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag(bytes, at) === 'fmt ' && body + 16 <= bytes.length) {
      const coding = view.getUint16(body, true);
      const bits = view.getUint16(body + 14, true);
      const law = LAWS[coding];
      if (law === undefined ? (coding !== PCM && coding !== EXTENSIBLE) || bits !== 16 : bits !== 8)
        return unreadable('It is neither 16-bit PCM nor G.711.');
      format = { channels: view.getUint16(body + 2, true), sampleRate: view.getUint32(body + 4, true), law };
      if (format.channels === 0 || format.sampleRate === 0)
        return unreadable('It has no channel or no sample rate.');
    }
    if (tag(bytes, at) === 'data') {
      if (format === undefined) return unreadable('Its samples come before their format.');
      const data = bytes.subarray(body, body + Math.min(size, bytes.length - body));
      const { sampleRate, law } = format;
      const samples = law === undefined ? readSamples(data, format) : readCompanded(data, law, format);
      return { ok: true, value: { sampleRate, samples } };
    }
    at = body + size + (size % 2);
  }
  return unreadable('It holds no samples.');
}

/** Writes a mono RIFF WAVE file of 16-bit PCM. */
export function printWav({ sampleRate, samples }: Sound): Uint8Array {
  const data = new Uint8Array(samples.length * 2);
  const view = new DataView(data.buffer);
  for (const [index, sample] of samples.entries()) view.setInt16(index * 2, sample, true);
  return wavOf(PCM, 2, sampleRate, data);
}

/** Writes a mono RIFF WAVE file of µ-law, half as large, which every player reads as well. */
export function printMuLawWav({ sampleRate, samples }: Sound): Uint8Array {
  return wavOf(MU_LAW, 1, sampleRate, encodeG711('PCMU', samples));
}

function wavOf(coding: number, bytesASample: number, sampleRate: number, data: Uint8Array): Uint8Array {
  // A chunk of an odd length is filled up by a byte that its length does not count.
  const bytes = new Uint8Array(HEADER_BYTES + data.length + (data.length % 2));
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string) => {
    for (let index = 0; index < value.length; index += 1) bytes[at + index] = value.charCodeAt(index);
  };
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, coding, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * bytesASample, true);
  view.setUint16(32, bytesASample, true);
  view.setUint16(34, 8 * bytesASample, true);
  text(36, 'data');
  view.setUint32(40, data.length, true);
  bytes.set(data, HEADER_BYTES);
  return bytes;
}

type Format = {
  readonly channels: number;
  readonly sampleRate: number;
  readonly law: G711Law | undefined;
};

function readSamples(data: Uint8Array, { channels }: Format): Int16Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const samples = new Int16Array(Math.floor(data.length / (2 * channels)));
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = view.getInt16(index * channels * 2, true);
  }
  return samples;
}

function readCompanded(data: Uint8Array, law: G711Law, { channels }: Format): Int16Array {
  return decodeG711(law, channels === 1 ? data : data.filter((_, index) => index % channels === 0));
}

function tag(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function unreadable(detail: string): ReadSound {
  return { ok: false, detail };
}
