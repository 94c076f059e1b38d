/** A sine, in 16-bit samples. `loudness` is 0 to 1. */
export function tone(hertz: number, durationMs: number, sampleRate = 8000, loudness = 0.5): Int16Array {
  const length = Math.round((durationMs / 1000) * sampleRate);
  const step = (2 * Math.PI * hertz) / sampleRate;
  return Int16Array.from({ length }, (_, index) => Math.round(32_767 * loudness * Math.sin(step * index)));
}

/**
 * How much of the power of a sound lies at a frequency: 1 for the pure tone, near 0 for anything else
 * (the algorithm of Goertzel).
 */
export function shareOfTone(samples: Int16Array, hertz: number, sampleRate = 8000): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / sampleRate);
  let before = 0;
  let last = 0;
  let power = 0;
  for (const sample of samples) {
    [before, last] = [last, sample + coefficient * last - before];
    power += sample * sample;
  }
  const atTone = last * last + before * before - coefficient * last * before;
  return power === 0 ? 0 : (2 * atTone) / (power * samples.length);
}
