import type { TariffImportShown } from '../adapters/http/index.ts';
import { printable } from './printable.ts';
import { table } from './table.ts';

const BAR_WIDTH = 24;

/** More changes are for a spreadsheet: `--json` has them. */
const MOST_CHANGES = 40;

/** A line that shows how far an import is, of one length: `reading [#####·····]  52 000 of 100 001 lines`. */
export function importProgress({
  state,
  linesRead,
  linesTotal,
  rowsStored,
  rowsTotal,
}: TariffImportShown): string {
  const isReading = state === 'reading';
  const [done, total] = isReading ? [linesRead, linesTotal] : [rowsStored, rowsTotal ?? 0];
  const filled = total === 0 ? 0 : Math.min(BAR_WIDTH, Math.floor((done / total) * BAR_WIDTH));
  const bar = '#'.repeat(filled).padEnd(BAR_WIDTH, '·');
  return `${state.padEnd(9)} [${bar}] ${count(done).padStart(9)} of ${count(total)} ${isReading ? 'lines' : 'rows'}`;
}

/**
 * What an import came to, in lines for people.
 * @param path of the deck, which begins the lines of faults, so that editors lead there
 * @returns whether it did what was asked
 */
export function importEnd(
  job: TariffImportShown,
  path: string,
): { readonly isDone: boolean; readonly lines: readonly string[] } {
  const faults = job.faults.map(({ line, detail }) => printable(`${path}:${line}: ${detail}`));
  const unnamed = job.faultCount - faults.length;
  if (unnamed > 0) faults.push(`… and ${count(unnamed)} more.`);
  const ignored =
    job.ignoredColumns.length === 0 ? [] : [printable(`Not used: ${job.ignoredColumns.join(', ')}.`)];
  if (job.refusal !== undefined) {
    return { isDone: false, lines: [`${job.refusal.detail} (${job.refusal.code})`, ...ignored, ...faults] };
  }
  const wouldBeRefused = job.faultCount > 0 && !job.skipFaulty;
  return {
    isDone: !wouldBeRefused,
    lines: [...differenceLines(job), ...ignored, ...faults, sentenceOf(job, wouldBeRefused)],
  };
}

function differenceLines({ differences }: TariffImportShown): readonly string[] {
  if (differences === undefined) return [];
  const { counts, changes } = differences;
  const shown = changes.slice(0, MOST_CHANGES);
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  if (all === 0) return [];
  const summary = Object.entries(counts).map(([kind, number]) => `${count(number)} ${kind}`);
  const listed = table(shown, [
    { title: 'prefix', of: ({ prefix }) => prefix },
    { title: 'destination', of: ({ destination }) => destination },
    { title: 'change', of: ({ kind }) => kind },
    { title: 'before', of: ({ before }) => before },
    { title: 'after', of: ({ after }) => after },
  ]);
  const more = all > shown.length ? [`… and ${count(all - shown.length)} more.`] : [];
  return [listed.trimEnd(), ...more, summary.join(', ')];
}

function sentenceOf(job: TariffImportShown, wouldBeRefused: boolean): string {
  const skipped = job.faultCount === 0 ? '' : ` ${count(job.faultCount)} lines were left out.`;
  switch (job.state) {
    case 'published':
      return `Version ${job.version} of ${job.tariff} has ${count(job.rowsStored)} rows and counts from ${job.effectiveFrom}.${skipped}`;
    case 'unchanged':
      return `Nothing is different, and no version was made.${skipped}`;
    default:
      return wouldBeRefused
        ? `${count(job.faultCount)} lines are wrong: nothing would be published. Correct them, or give --skip-faulty.`
        : `The version would have ${count(job.rowsTotal ?? 0)} rows. Nothing was published.`;
  }
}

function count(number: number): string {
  return String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ' ');
}
