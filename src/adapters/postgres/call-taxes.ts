import { type Kysely, sql } from 'kysely';
import type { TaxedMonth } from '../../domain/billing/call-taxes/index.ts';
import type { Currency } from '../../domain/billing/index.ts';
import type { CallTaxStore } from '../../services/ports/index.ts';
import { counting } from './counting.ts';
import type { Database } from './database-tables.ts';
import { runBefore, spanned } from './settled-charges.ts';
import { writeEntries } from './write-ledger.ts';

/** The tax in calls, in PostgreSQL. */
export function createCallTaxStore(kysely: Kysely<Database>): CallTaxStore {
  return {
    async last() {
      return (await newest(kysely, 1))[0];
    },

    async list(limit) {
      return newest(kysely, limit);
    },

    async earned(span) {
      return counting(kysely, async (transaction) => {
        const { rows } = await sql<{ readonly currency: Currency; readonly micros: string }>`
          with charge as (${spanned(sql`account like 'member/%'`, span)})
          select currency, sum(micros - (${runBefore('micros')}))::text as micros from charge
          group by currency order by currency
        `.execute(transaction);
        return rows.map(({ currency, micros }) => ({ currency, micros: BigInt(micros) }));
      });
    },

    async keep({ period, cutLine, ratePerMillion, countedAtMs, taxes }, entries) {
      return kysely.transaction().execute(async (transaction) => {
        const kept = await transaction
          .insertInto('call_tax_months')
          .values({
            from_ms: BigInt(period.fromMs),
            until_ms: BigInt(period.untilMs),
            name: period.name,
            cut_line: BigInt(cutLine),
            rate_per_million: ratePerMillion,
            counted_at_ms: BigInt(countedAtMs),
          })
          .onConflict((conflict) => conflict.column('from_ms').doNothing())
          .returning('from_ms')
          .executeTakeFirst();
        if (kept === undefined) return 'known';
        for (const { gross, tax } of taxes) {
          const { currency } = gross;
          await transaction
            .insertInto('call_taxes')
            .values({ ...kept, currency, gross_micros: gross.micros, tax_micros: tax.micros })
            .execute();
        }
        await writeEntries(transaction, entries);
        return 'kept';
      });
    },
  };
}

async function newest(kysely: Kysely<Database>, limit: number): Promise<readonly TaxedMonth[]> {
  const months = await kysely
    .selectFrom('call_tax_months')
    .selectAll()
    .orderBy('from_ms', 'desc')
    .limit(limit)
    .execute();
  const from = months.map(({ from_ms }) => from_ms);
  const taxes =
    from.length === 0
      ? []
      : await kysely
          .selectFrom('call_taxes')
          .selectAll()
          .where('from_ms', 'in', from)
          .orderBy('currency')
          .execute();
  return months.map((month) => ({
    period: { fromMs: Number(month.from_ms), untilMs: Number(month.until_ms), name: month.name },
    cutLine: Number(month.cut_line),
    ratePerMillion: month.rate_per_million,
    countedAtMs: Number(month.counted_at_ms),
    taxes: taxes
      .filter(({ from_ms }) => from_ms === month.from_ms)
      .map(({ currency, gross_micros, tax_micros }) => ({
        gross: { currency, micros: gross_micros },
        tax: { currency, micros: tax_micros },
      })),
  }));
}
