import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REFUSAL_SUMMARIES } from '../src/domain/refusal/index.ts';

const root = resolve(import.meta.dirname, '..');

/** The rows of docs/errors.md: `| code | sentence |`. */
function documentedRefusals(): [string, string][] {
  const text = readFileSync(join(root, 'docs/errors.md'), 'utf8');
  return [...text.matchAll(/^\| `([^`]+)` +\| (.+?) +\|$/gm)].map((row) => [row[1] ?? '', row[2] ?? '']);
}

describe('docs/errors.md', () => {
  it('has a row for every refusal code, with its sentence, in the same order', () => {
    expect(documentedRefusals()).toEqual(Object.entries(REFUSAL_SUMMARIES));
  });

  it('keeps the codes in alphabetical order', () => {
    const codes = Object.keys(REFUSAL_SUMMARIES);
    expect(codes).toEqual([...codes].sort());
  });
});
