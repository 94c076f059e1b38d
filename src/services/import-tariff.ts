import {
  amendRows,
  DeckWriter,
  diffRows,
  isSameTariff,
  type RowDifferences,
  readDeck,
  readMoment,
  sortRows,
  type Tariff,
  type TariffRow,
  TimeZone,
  versionInForce,
} from '../domain/billing/tariffs/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type RefusalCode, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts, TariffImport } from './ports/index.ts';

export type ImportTariff = {
  readonly actor: Actor;
  /** Its name. */
  readonly tariff: string;
  /** The deck, as CSV. */
  readonly text: string;
  readonly mode: TariffImport['mode'];
  /** Reads and compares, and publishes nothing. */
  readonly isDryRun?: boolean;
  /** Publishes the good lines where others are wrong; without it, one wrong line keeps all from being published. */
  readonly skipsFaulty?: boolean;
  /** A date in the tariff's time zone or a moment, from which the version counts; at once where absent. */
  readonly effectiveFrom?: string;
};

/** An import that may begin. */
export type AllowedImport = Omit<ImportTariff, 'actor' | 'effectiveFrom' | 'tariff'> & {
  readonly tariff: Tariff;
  readonly effectiveFromMs?: number;
};

type Ports = Pick<ServicePorts, 'bus' | 'clock' | 'identifiers' | 'tariffs'>;

/** What keeps an import from holding up others, and shows how far it is. */
export type ImportSurroundings = {
  /** Lets others go on for a moment; throws where the import is to end. */
  readonly pause: () => Promise<unknown>;
  readonly onProgress: (job: TariffImport) => void;
  /** Resolves when calls of this process are charged by what was published: only then it is called so. */
  readonly untilInForce: () => Promise<unknown>;
};

/** @returns refused with `not-found`, `moment-malformed`, `tariff-effective-too-early`, or as `permit` does */
export async function allowImport(
  { clock, tariffs }: Pick<Ports, 'clock' | 'tariffs'>,
  { actor, tariff: name, effectiveFrom, ...deck }: ImportTariff,
): Promise<Result<AllowedImport>> {
  const permitted = permit(actor, 'set-tariffs');
  if (!permitted.ok) return permitted;
  const found = await tariffs.find(name);
  if (found === undefined) return notFound(`There is no tariff ${name}.`);
  const { tariff } = found;
  if (effectiveFrom === undefined) return accept({ ...deck, tariff });
  const moment = readMoment('moment', effectiveFrom, new TimeZone(tariff.timeZone));
  if (typeof moment === 'string') return refuse('moment-malformed', moment, '/effectiveFrom');
  if (moment.value < clock.nowMs()) {
    const detail = 'The version cannot count from the past on: leave effectiveFrom out for now.';
    return refuse('tariff-effective-too-early', detail, '/effectiveFrom');
  }
  return accept({ ...deck, tariff, effectiveFromMs: moment.value });
}

/** The import as it begins. */
export function begunImport({ clock, identifiers }: Ports, allowed: AllowedImport): TariffImport {
  const nowMs = clock.nowMs();
  const { tariff, mode, isDryRun = false, skipsFaulty = false, effectiveFromMs } = allowed;
  return {
    id: identifiers.next(),
    tariff: tariff.name,
    mode,
    isDryRun,
    skipsFaulty,
    startedAtMs: nowMs,
    updatedAtMs: nowMs,
    state: 'reading',
    linesRead: 0,
    linesTotal: 0,
    rowsStored: 0,
    faultCount: 0,
    faults: [],
    ignoredColumns: [],
    ...(effectiveFromMs === undefined ? {} : { effectiveFromMs }),
  };
}

/**
 * Imports a deck (R23): reads all of it, says what is wrong with it and what would be different, and publishes it as a
 * version, whole or not at all. A deck that changes nothing makes no version, so that a repetition is harmless.
 * @returns how it ended: `published`, `checked`, `unchanged`, or `refused` with the reason
 * @throws what the store or `pause` throws: nothing was published then
 */
export async function runImport(
  ports: Ports,
  allowed: AllowedImport,
  begun: TariffImport,
  { pause, onProgress, untilInForce }: ImportSurroundings,
): Promise<TariffImport> {
  let job = begun;
  const note = (change: Partial<TariffImport>): TariffImport => {
    job = { ...job, ...change, updatedAtMs: ports.clock.nowMs() };
    onProgress(job);
    return job;
  };
  const refused = (code: RefusalCode, detail: string) =>
    note({ state: 'refused', refusal: { code, detail } });

  const { rows, ...reading } = await stepped(readDeck(allowed.text, allowed.tariff), pause, note);
  note(reading);
  if (reading.faultCount > 0 && allowed.skipsFaulty !== true && allowed.isDryRun !== true) {
    const detail = `${reading.faultCount} lines are wrong, and nothing was published.`;
    return refused('tariff-lines-faulty', detail);
  }
  if (rows.length === 0) return refused('tariff-empty', 'No line can be used, and nothing was published.');

  const { after, afterNumber, isFirst, differences } = await compared(ports, allowed, rows, pause);
  note({ rowsTotal: after.length, differences: shownDifferences(differences, allowed.tariff) });
  if (allowed.isDryRun === true) return note({ state: 'checked' });
  if (!isFirst && isSameTariff(differences)) return note({ state: 'unchanged' });

  note({ state: 'storing' });
  const { effectiveFromMs, tariff } = allowed;
  const draft = {
    tariff: tariff.name,
    afterNumber,
    rows: batchesOf(after, pause, (rowsStored) => note({ rowsStored })),
    ...(effectiveFromMs === undefined ? {} : { effectiveFromMs }),
  };
  const version = await ports.tariffs.publish(draft, () => ports.clock.nowMs());
  if (version === undefined) {
    return refused('tariff-changed', 'Another version was published meanwhile: import again.');
  }
  ports.bus.publish({ kind: 'tariff-changed', tariff: tariff.name });
  await untilInForce();
  return note({
    state: 'published',
    version: version.number,
    effectiveFromMs: version.effectiveFromMs,
    rowsStored: version.rowCount,
  });
}

type Comparison = {
  /** The rows of the new version, in their order. */
  readonly after: readonly TariffRow[];
  readonly afterNumber: number;
  /** Whether nothing is in force before. */
  readonly isFirst: boolean;
  readonly differences: RowDifferences;
};

/** What the deck makes of the version that is in force when the new one is to count. */
async function compared(
  { clock, tariffs }: Ports,
  { tariff, mode, effectiveFromMs }: AllowedImport,
  rows: readonly TariffRow[],
  pause: () => Promise<unknown>,
): Promise<Comparison> {
  const { versions = [] } = (await tariffs.find(tariff.name)) ?? {};
  const atMs = effectiveFromMs ?? clock.nowMs();
  const base = versionInForce(versions, atMs);
  const before: TariffRow[] = [];
  if (base !== undefined) {
    for await (const batch of tariffs.rows(base)) for (const row of batch) before.push(row);
  }
  const after = await stepped(mode === 'amend' ? amendRows(before, rows) : sortRows(rows), pause);
  const differences = await stepped(diffRows(before, after, atMs), pause);
  return { after, afterNumber: versions.at(-1)?.number ?? 0, isFirst: base === undefined, differences };
}

/** Does a long work step by step, and lets others go on between them. */
async function stepped<Progress, Value>(
  steps: Generator<Progress, Value>,
  pause: () => Promise<unknown>,
  onStep: (progress: Progress) => void = () => undefined,
): Promise<Value> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    onStep(step.value);
    await pause();
  }
}

const ROWS_AT_ONCE = 5_000;

/** @param onStored is told how many rows whoever takes the batches has taken care of */
async function* batchesOf(
  rows: readonly TariffRow[],
  pause: () => Promise<unknown>,
  onStored: (rowsStored: number) => void,
): AsyncGenerator<readonly TariffRow[]> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    yield rows.slice(from, from + ROWS_AT_ONCE);
    onStored(Math.min(from + ROWS_AT_ONCE, rows.length));
    await pause();
  }
}

function shownDifferences(
  { counts, changes }: RowDifferences,
  tariff: Tariff,
): NonNullable<TariffImport['differences']> {
  const writer = new DeckWriter(tariff);
  return {
    counts,
    changes: changes.map(({ kind, prefix, before, after }) => ({
      kind,
      prefix,
      destination: (after ?? before)?.destination ?? '',
      ...(before === undefined ? {} : { before: writer.terms(before) }),
      ...(after === undefined ? {} : { after: writer.terms(after) }),
    })),
  };
}
