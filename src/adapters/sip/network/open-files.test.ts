import { describe, expect, it } from 'vitest';
import { affordableConnections } from './open-files.ts';

describe('the limit of open files', () => {
  it.each([
    [10_000, 1_048_576, 10_000],
    [10_000, 4_096, 3_840],
    [10_000, 1_024, 768],
    [10_000, 256, 128],
    [100, 1_024, 100],
  ])('of %i wanted connections, with %i files, affords %i', (wanted, files, affordable) => {
    expect(affordableConnections(wanted, files)).toBe(affordable);
  });
});
