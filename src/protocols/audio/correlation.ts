/** How alike two sounds are, and by how many samples the second is behind the first. */
export type Likeness = { readonly correlation: number; readonly lagSamples: number };

/** The first pass looks at every fourth sample and every second lag: enough to find the neighbourhood. */
const COARSE = 4;

/**
 * The normalised cross-correlation at its best lag: 1 where `heard` holds the window of `sent` unchanged but
 * for loudness and delay, near 0 for unrelated sound. Lags from 0 to `longestLag` samples are tried; `window`
 * says which part of `sent` is looked for.
 */
export function likeness(
  sent: Int16Array,
  heard: Int16Array,
  { longestLag = heard.length, window = { from: 0, length: sent.length } } = {},
): Likeness {
  const wanted = sent.subarray(window.from, window.from + window.length);
  const last = Math.min(longestLag, heard.length - wanted.length);
  let best: Likeness = { correlation: 0, lagSamples: 0 };
  const consider = (lag: number, stride: number) => {
    const correlation = correlationAt(wanted, heard, lag, stride);
    if (correlation > best.correlation) best = { correlation, lagSamples: lag };
  };
  for (let lag = 0; lag <= last; lag += 2) consider(lag, COARSE);
  const around = best.lagSamples;
  best = { correlation: 0, lagSamples: around };
  for (let lag = Math.max(0, around - COARSE); lag <= Math.min(last, around + COARSE); lag += 1)
    consider(lag, 1);
  return { ...best, lagSamples: best.lagSamples - window.from };
}

function correlationAt(wanted: Int16Array, heard: Int16Array, lag: number, stride: number): number {
  let product = 0;
  let powerOfWanted = 0;
  let powerOfHeard = 0;
  for (let index = 0; index < wanted.length; index += stride) {
    const one = wanted[index] ?? 0;
    const other = heard[index + lag] ?? 0;
    product += one * other;
    powerOfWanted += one * one;
    powerOfHeard += other * other;
  }
  const scale = Math.sqrt(powerOfWanted * powerOfHeard);
  return scale === 0 ? 0 : product / scale;
}
