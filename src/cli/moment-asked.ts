import { CalledWrongly } from './service-command.ts';

/** A date, which begins in UTC, or a moment, as the service takes it. */
export function momentAsked(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const isMoment = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text);
  const atMs = isMoment ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs)) {
    throw new CalledWrongly(`"${text}" is no date: write 2026-10-01, or 2026-10-01T00:00:00+09:00.`);
  }
  return new Date(atMs).toISOString();
}
