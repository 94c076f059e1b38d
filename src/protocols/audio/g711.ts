/** The two laws of ITU-T G.711, named as in RTP (RFC 3551 §4.5.14). Both carry 8 000 samples a second. */
export type G711Law = 'PCMU' | 'PCMA';

/** Encodes 16-bit samples, one byte each. */
export function encodeG711(law: G711Law, samples: Int16Array): Uint8Array {
  const encode = law === 'PCMU' ? encodeMuLaw : encodeALaw;
  return Uint8Array.from(samples, encode);
}

/** Decodes to 16-bit samples. */
export function decodeG711(law: G711Law, bytes: Uint8Array): Int16Array {
  const table = law === 'PCMU' ? MU_LAW : A_LAW;
  return Int16Array.from(bytes, (byte) => table[byte] ?? 0);
}

/** Added before the segment is found, so that segments begin at powers of two. */
const MU_BIAS = 0x84;
const MU_LOUDEST = 32_635;

function encodeMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), MU_LOUDEST) + MU_BIAS;
  const segment = 24 - Math.clz32(magnitude);
  const step = (magnitude >> (segment + 3)) & 0x0f;
  return ~(sign | (segment << 4) | step) & 0xff;
}

function decodeMuLaw(byte: number): number {
  const bits = ~byte & 0xff;
  const segment = (bits >> 4) & 0x07;
  const magnitude = ((((bits & 0x0f) << 3) + MU_BIAS) << segment) - MU_BIAS;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
}

function encodeALaw(sample: number): number {
  const positive = sample >= 0;
  // 13 bits; a negative sample is counted from -1, so that both signs have the same steps.
  const magnitude = (positive ? sample : -sample - 1) >> 3;
  const segment = magnitude < 32 ? 0 : 27 - Math.clz32(magnitude);
  const step = (magnitude >> Math.max(segment, 1)) & 0x0f;
  const bits = (segment << 4) | step;
  return (positive ? bits | 0x80 : bits) ^ 0x55;
}

function decodeALaw(byte: number): number {
  const bits = byte ^ 0x55;
  const segment = (bits >> 4) & 0x07;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
}

const MU_LAW = Int16Array.from({ length: 256 }, (_, byte) => decodeMuLaw(byte));
const A_LAW = Int16Array.from({ length: 256 }, (_, byte) => decodeALaw(byte));
