/** Mono 16-bit sound. */
export type Sound = { readonly sampleRate: number; readonly samples: Int16Array };

export type ReadSound =
  | { readonly ok: true; readonly value: Sound }
  | { readonly ok: false; readonly detail: string };

const HEADER_BYTES = 44;
const PCM = 1;
const EXTENSIBLE = 0xfffe;

/**
 * Reads a RIFF WAVE file of 16-bit PCM; of several channels the first is taken. A data chunk that claims more
 * than the file holds, as a recorder that was killed leaves it, is read to the end of the file.
 */
export function parseWav(bytes: Uint8Array): ReadSound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || tag(bytes, 0) !== 'RIFF' || tag(bytes, 8) !== 'WAVE')
    return unreadable('It is no WAV file.');
  let format: { channels: number; sampleRate: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag(bytes, at) === 'fmt ' && body + 16 <= bytes.length) {
      const coding = view.getUint16(body, true);
      const bits = view.getUint16(body + 14, true);
      if ((coding !== PCM && coding !== EXTENSIBLE) || bits !== 16)
        return unreadable('It is not 16-bit PCM.');
      format = { channels: view.getUint16(body + 2, true), sampleRate: view.getUint32(body + 4, true) };
      if (format.channels === 0 || format.sampleRate === 0)
        return unreadable('It has no channel or no sample rate.');
    }
    if (tag(bytes, at) === 'data') {
      if (format === undefined) return unreadable('Its samples come before their format.');
      return { ok: true, value: readSamples(view, body, Math.min(size, bytes.length - body), format) };
    }
    at = body + size + (size % 2);
  }
  return unreadable('It holds no samples.');
}

/** Writes a mono RIFF WAVE file of 16-bit PCM. */
export function printWav({ sampleRate, samples }: Sound): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + samples.length * 2);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string) =>
    bytes.set(
      [...value].map((letter) => letter.charCodeAt(0)),
      at,
    );
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, samples.length * 2, true);
  for (const [index, sample] of samples.entries()) view.setInt16(HEADER_BYTES + index * 2, sample, true);
  return bytes;
}

function readSamples(
  view: DataView,
  start: number,
  byteLength: number,
  { channels, sampleRate }: { channels: number; sampleRate: number },
): Sound {
  const samples = new Int16Array(Math.floor(byteLength / (2 * channels)));
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = view.getInt16(start + index * channels * 2, true);
  }
  return { sampleRate, samples };
}

function tag(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function unreadable(detail: string): ReadSound {
  return { ok: false, detail };
}
