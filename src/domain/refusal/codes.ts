/**
 * Every code a refusal can carry, with the sentence `docs/errors.md` gives for it. The codes are part of
 * the public interface: they are added, and never renamed. Kept in alphabetical order.
 */
export const REFUSAL_SUMMARIES = {
  'branch-not-found': 'The enterprise has no branch in the country after #.',
  'number-not-in-service': 'Nobody holds the number.',
} as const;

export type RefusalCode = keyof typeof REFUSAL_SUMMARIES;
