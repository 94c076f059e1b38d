import { z } from 'zod';
import { printAmount } from '../../domain/billing/index.ts';
import { CHANGE_KINDS, TARIFF_KINDS, type TariffVersion } from '../../domain/billing/tariffs/index.ts';
import type { FoundRate } from '../../services/find-rate.ts';
import type { TariffView } from '../../services/find-tariff.ts';
import type { TariffImport } from '../../services/ports/index.ts';
import { definite } from './definite.ts';
import { time, timeText } from './responses.ts';

const versionNumber = z.int().min(1);

/** A version of a tariff. */
export const tariffVersionShown = z
  .object({
    id: z.string().describe('As money is recorded by it: `retail-kr@3`.'),
    number: versionNumber,
    effectiveFrom: time,
    publishedAt: time,
    rows: z.int(),
    takenBackAt: time.optional(),
  })
  .meta({ id: 'TariffVersion' });

export function shownVersion(version: TariffVersion): z.infer<typeof tariffVersionShown> {
  const { tariff, number, effectiveFromMs, publishedAtMs, rowCount, takenBackAtMs } = version;
  return definite({
    id: `${tariff}@${number}`,
    number,
    effectiveFrom: timeText(effectiveFromMs),
    publishedAt: timeText(publishedAtMs),
    rows: rowCount,
    takenBackAt: takenBackAtMs === undefined ? undefined : timeText(takenBackAtMs),
  });
}

export const tariffKind = z
  .enum(TARIFF_KINDS)
  .describe('What members pay us, or what networks pay each other.');

/** A tariff with its versions. */
export const tariffShown = z
  .object({
    name: z.string(),
    kind: tariffKind,
    currency: z.string(),
    timeZone: z.string().describe('IANA: in it the dates of decks begin.'),
    createdAt: time,
    inForce: versionNumber.optional().describe('The number of the version that counts now.'),
    versions: z.array(tariffVersionShown).describe('In the order of their publication.'),
  })
  .meta({ id: 'Tariff' });

export function shownTariff({ tariff, versions, inForce }: TariffView): z.infer<typeof tariffShown> {
  const { name, kind, currency, timeZone, createdAtMs } = tariff;
  return definite({
    name,
    kind,
    currency,
    timeZone,
    createdAt: timeText(createdAtMs),
    inForce: inForce?.number,
    versions: versions.map(shownVersion),
  });
}

/** What a tariff says of a number. */
export const tariffRateShown = z
  .object({
    status: z.enum(['open', 'blocked']),
    version: z.string().describe('As money is recorded by it: `retail-kr@3`.'),
    prefix: z.string(),
    destination: z.string(),
    terms: z.string().describe('`0.0125 60/60`: a minute, and the increments in seconds.'),
    billedSeconds: z.int().optional().describe('Of the conversation that was asked for.'),
    price: z
      .object({ amount: z.string().describe('With up to six decimals.'), currency: z.string() })
      .optional(),
  })
  .meta({ id: 'TariffRate' });

export function shownRate({ answer, terms, price }: FoundRate): z.infer<typeof tariffRateShown> {
  return definite({
    status: answer.kind,
    version: answer.versionId,
    prefix: answer.row.prefix,
    destination: answer.row.destination,
    terms,
    billedSeconds: price?.billedSeconds,
    price: price && { amount: printAmount(price.amount), currency: price.amount.currency },
  });
}

export const importMode = z.enum(['replace', 'amend']);

/** An import under way, or what came of it. */
export const tariffImportShown = z
  .object({
    id: z.string(),
    tariff: z.string(),
    mode: importMode,
    dryRun: z.boolean(),
    skipFaulty: z.boolean(),
    startedAt: time,
    updatedAt: time,
    state: z
      .enum(['reading', 'storing', 'published', 'checked', 'unchanged', 'refused', 'failed'])
      .describe(
        'The first two pass by themselves. `checked` ends a dry run, `unchanged` one with nothing new.',
      ),
    linesRead: z.int(),
    linesTotal: z.int(),
    rowsStored: z.int(),
    rowsTotal: z.int().optional().describe('Of the new version.'),
    faultCount: z.int(),
    faults: z.array(z.object({ line: z.int(), detail: z.string() })).describe('At most 10 000.'),
    ignoredColumns: z.array(z.string()).describe('Nothing was taken from these.'),
    differences: z
      .object({
        counts: z.record(z.enum(CHANGE_KINDS), z.int()),
        changes: z
          .array(
            z.object({
              kind: z.enum(CHANGE_KINDS),
              prefix: z.string(),
              destination: z.string(),
              before: z.string().optional().describe('`0.0125 60/60`'),
              after: z.string().optional(),
            }),
          )
          .describe('At most 500, by prefix.'),
      })
      .optional()
      .describe('To the version in force when the new one is to take effect.'),
    version: versionNumber.optional(),
    effectiveFrom: time.optional(),
    refusal: z.object({ code: z.string(), detail: z.string() }).optional(),
  })
  .meta({ id: 'TariffImport' });

export function shownImport(job: TariffImport): z.infer<typeof tariffImportShown> {
  const { isDryRun, skipsFaulty, startedAtMs, updatedAtMs, effectiveFromMs, ...rest } = job;
  const { faults, ignoredColumns, differences, ...plain } = rest;
  return definite({
    ...plain,
    dryRun: isDryRun,
    skipFaulty: skipsFaulty,
    startedAt: timeText(startedAtMs),
    updatedAt: timeText(updatedAtMs),
    faults: [...faults],
    ignoredColumns: [...ignoredColumns],
    differences: differences && { counts: differences.counts, changes: [...differences.changes] },
    effectiveFrom: effectiveFromMs === undefined ? undefined : timeText(effectiveFromMs),
  });
}
