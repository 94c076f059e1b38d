const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, '': 1_000, m: 60_000, h: 3_600_000 };

/** Reads `5s`, `1.5s`, `500ms`, `2m`, `1h`, or seconds alone; in milliseconds. Undefined where it is none of these. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h|)$/.exec(text.trim());
  const unit = UNITS[match?.[2] ?? '?'];
  return match === null || unit === undefined ? undefined : Math.round(Number(match[1]) * unit);
}
