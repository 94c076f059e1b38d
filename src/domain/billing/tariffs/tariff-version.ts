/**
 * A whole set of rows of a tariff. Versions are numbered in the order of their publication and never change, but that
 * one is taken back.
 */
export type TariffVersion = {
  /** The tariff's name. */
  readonly tariff: string;
  /** 1, 2, 3 … within the tariff. */
  readonly number: number;
  /** From when it counts: at the earliest when it was published. */
  readonly effectiveFromMs: number;
  readonly publishedAtMs: number;
  readonly rowCount: number;
  /** Since when it does not count any more. */
  readonly takenBackAtMs?: number;
};

/** What names a version where money is recorded: `retail-kr@3`. */
export function versionIdOf({ tariff, number }: Pick<TariffVersion, 'number' | 'tariff'>): string {
  return `${tariff}@${number}`;
}

/**
 * The version that says what a call costs at a moment: of those that count then, the one that took effect last, and of
 * those that took effect together the one published last. What it was at a moment that has passed never changes.
 */
export function versionInForce(versions: readonly TariffVersion[], atMs: number): TariffVersion | undefined {
  let inForce: TariffVersion | undefined;
  for (const version of versions) {
    if (version.effectiveFromMs > atMs || atMs >= (version.takenBackAtMs ?? Number.POSITIVE_INFINITY))
      continue;
    if (inForce === undefined || isLater(version, inForce)) inForce = version;
  }
  return inForce;
}

/** All versions that are in force at some moment from then on, as far as it is known now. */
export function versionsInForceSince(
  versions: readonly TariffVersion[],
  fromMs: number,
): readonly TariffVersion[] {
  const changes = versions.flatMap(({ effectiveFromMs, takenBackAtMs = fromMs }) => [
    effectiveFromMs,
    takenBackAtMs,
  ]);
  const moments = [fromMs, ...changes.filter((atMs) => atMs > fromMs)];
  return [...new Set(moments.flatMap((atMs) => versionInForce(versions, atMs) ?? []))];
}

function isLater(one: TariffVersion, other: TariffVersion): boolean {
  return one.effectiveFromMs === other.effectiveFromMs
    ? one.number > other.number
    : one.effectiveFromMs > other.effectiveFromMs;
}
