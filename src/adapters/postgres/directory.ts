import type { Kysely } from 'kysely';
import { lookupDigits, numberForSale } from '../../domain/market/index.ts';
import type { CountryCode } from '../../domain/numbering/index.ts';
import type { DirectoryStore, TerminalFact } from '../../services/ports/index.ts';
import { aliasBatches } from './alias-batches.ts';
import type { Database } from './database-tables.ts';

/** So many rows come at a time: a million are read in seconds, and no batch fills the memory. */
const BATCH = 20_000;

/** What the exchange has to know before its first call, read by keyset: each batch begins behind the last. */
export function createDirectoryStore(kysely: Kysely<Database>): DirectoryStore {
  return {
    async *numbers() {
      const batches = inBatches((after) =>
        kysely
          .selectFrom('number_orders')
          .select(['id', 'kind', 'country_code', 'subscriber', 'member_id'])
          .where('claim', '=', 'assigned')
          .where('id', '>', after)
          .orderBy('id')
          .limit(BATCH)
          .execute(),
      );
      for await (const rows of batches) {
        yield rows.map(({ kind, country_code, subscriber, member_id }) => ({
          digits: lookupDigits(numberForSale(kind, country_code as CountryCode, subscriber)),
          kind,
          memberId: member_id,
        }));
      }
    },

    async *branches() {
      let [memberId, countryCode] = ['', ''];
      for (;;) {
        const rows = await kysely
          .selectFrom('branches')
          .select(['member_id', 'country_code'])
          .where(({ eb, refTuple, tuple }) =>
            eb(refTuple('member_id', 'country_code'), '>', tuple(memberId, countryCode)),
          )
          .orderBy('member_id')
          .orderBy('country_code')
          .limit(BATCH)
          .execute();
        yield rows.map((row) => ({
          memberId: row.member_id,
          countryCode: row.country_code as CountryCode,
        }));
        const last = rows.at(-1);
        if (last === undefined || rows.length < BATCH) return;
        [memberId, countryCode] = [last.member_id, last.country_code];
      }
    },

    async *terminals() {
      const batches = inBatches((after) =>
        kysely
          .selectFrom('terminals')
          .select(['id', 'member_id', 'branch_country_code', 'country_code', 'sip_user', 'md5', 'sha256'])
          .where('id', '>', after)
          .orderBy('id')
          .limit(BATCH)
          .execute(),
      );
      for await (const rows of batches) {
        yield rows.map((row): TerminalFact => {
          const branch = row.branch_country_code as CountryCode | null;
          return {
            id: row.id,
            memberId: row.member_id,
            ...(branch === null ? {} : { branchCountryCode: branch }),
            countryCode: row.country_code as CountryCode,
            user: row.sip_user,
            secrets: { md5: row.md5, sha256: row.sha256 },
          };
        });
      }
    },

    ...aliasBatches(kysely),
  };
}

async function* inBatches<Row extends { readonly id: string }>(
  read: (after: string) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  for (let after = ''; ; ) {
    const rows = await read(after);
    yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return;
    after = last.id;
  }
}
