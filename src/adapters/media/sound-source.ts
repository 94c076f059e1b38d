/** Sound that is sent, taken frame by frame as the call goes on. */
export type SoundSource = {
  /** The next `count` samples at 8 000 a second; undefined once there are none any more. */
  read(count: number): Int16Array | undefined;
};

/** The samples once, or over and over. The last frame is filled up with silence. */
export function samplesSource(samples: Int16Array, { repeats = false } = {}): SoundSource {
  let at = 0;
  return {
    read(count) {
      if (at >= samples.length && repeats) at = 0;
      if (at >= samples.length) return undefined;
      const frame = new Int16Array(count);
      frame.set(samples.subarray(at, at + count));
      at += count;
      return frame;
    },
  };
}

/** A sine that does not end, half as loud as can be. */
export function toneSource(hertz: number, sampleRate = 8_000): SoundSource {
  const step = (2 * Math.PI * hertz) / sampleRate;
  let at = 0;
  return {
    read(count) {
      const frame = Int16Array.from({ length: count }, (_, index) =>
        Math.round(16_384 * Math.sin(step * (at + index))),
      );
      at += count;
      return frame;
    },
  };
}

/** Silence that is sent as sound, so that the other side, and what lies between, sees a living call. */
export const SILENCE: SoundSource = { read: (count) => new Int16Array(count) };
