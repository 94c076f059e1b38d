/** Numbers from 0 to 1 that are the same in every run (mulberry32), so that what broke a service can be sent again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const FRAGMENTS = [
  '\r\n',
  '\r\n\r\n',
  ';',
  ',',
  '"',
  '<',
  '>',
  '%',
  '%00',
  '\0',
  ':',
  '@',
  ' ',
  '=',
  '-1',
  '4294967296',
];

/** The message with one to eight random injuries: bytes changed, taken out, doubled, moved, or put in. */
export function mutate(message: Buffer, random: () => number): Buffer {
  let bytes: Buffer = Buffer.from(message);
  const injuries = 1 + Math.floor(random() * 8);
  for (let injury = 0; injury < injuries; injury += 1) bytes = injure(bytes, random);
  return bytes;
}

function injure(bytes: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * bytes.length);
  const length = Math.floor(random() ** 3 * (bytes.length - at));
  const before = bytes.subarray(0, at);
  const piece = bytes.subarray(at, at + length);
  const after = bytes.subarray(at + length);
  switch (Math.floor(random() * 6)) {
    case 0: {
      const changed = Buffer.from(bytes);
      if (changed.length > 0) changed[at] = Math.floor(random() * 256);
      return changed;
    }
    case 1:
      return Buffer.concat([before, after]);
    case 2:
      return Buffer.concat([before, piece, piece, after]);
    case 3:
      return Buffer.concat([piece, before, after]);
    case 4:
      return bytes.subarray(0, at);
    default: {
      const fragment = FRAGMENTS[Math.floor(random() * FRAGMENTS.length)] ?? '';
      return Buffer.concat([before, Buffer.from(fragment), piece, after]);
    }
  }
}
