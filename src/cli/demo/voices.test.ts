import { describe, expect, it } from 'vitest';
import { likeness } from '../../protocols/audio/index.ts';
import { voice } from './voices.ts';

describe('the voices of the demo', () => {
  it('are told apart, and a stretch of one is found where it is', () => {
    const [one, other] = [voice(1, 4), voice(2, 4)];
    const stretch = one.slice(8000, 16_000);
    expect(likeness(stretch, one)).toMatchObject({ lagSamples: 8000 });
    expect(likeness(stretch, one).correlation).toBeGreaterThan(0.999);
    expect(likeness(stretch, other).correlation).toBeLessThan(0.5);
  });
});
