/** JSON knows no bigint: amounts are written as text, and known by their names, which end in `micros`. */
export function jsonWithAmounts(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}

/** @param parsed what `jsonWithAmounts` wrote, parsed */
export function withAmounts<Value>(parsed: unknown): Value {
  return amountsIn(parsed) as Value;
}

function amountsIn(parsed: unknown): unknown {
  if (Array.isArray(parsed)) return parsed.map(amountsIn);
  if (typeof parsed !== 'object' || parsed === null) return parsed;
  return Object.fromEntries(
    Object.entries(parsed).map(([name, part]: [string, unknown]) => [
      name,
      /micros$/i.test(name) && typeof part === 'string' ? BigInt(part) : amountsIn(part),
    ]),
  );
}
