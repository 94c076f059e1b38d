import { RE2JS } from 're2js';

/** A longer pattern is no number plan. */
const MAX_PATTERN_CHARACTERS = 200;
/** Instructions of the compiled pattern: with the digits' length this bounds the time of a match. */
const MAX_PATTERN_INSTRUCTIONS = 1000;

/**
 * Compiles a pattern that somebody wrote. It runs in an engine whose time grows with the length of the text only.
 * @returns the reason why it is refused, as the rest of a sentence, where it is
 */
export function compilePattern(pattern: string): RE2JS | string {
  if (pattern.length > MAX_PATTERN_CHARACTERS) return `is longer than ${MAX_PATTERN_CHARACTERS} characters`;
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (problem) {
    return `cannot be used: ${problem instanceof Error ? problem.message : String(problem)}`;
  }
  if (compiled.programSize() > MAX_PATTERN_INSTRUCTIONS)
    return 'is too large once its repetitions are written out';
  return compiled.matches('') ? 'matches the empty string' : compiled;
}
