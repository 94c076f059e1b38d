import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMarketAndMemberStores, type Database } from '../../src/adapters/postgres/index.ts';
import { addNumberRange } from '../../src/services/add-number-range.ts';
import { type SearchNumbers, searchNumbers } from '../../src/services/search-numbers.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import {
  accepted,
  OPERATOR,
  PRICE,
  type ServiceWorld,
  serviceWorld,
  somebody,
} from '../support/service-world.ts';

/**
 * Of the million numbers `62XX-XXXX`, these are free: the last thousand, and of the others one in 7919; but in the
 * first hundred blocks one each, so that no block there is sold out.
 */
const isFree = (number: number) => number >= 999_000 || number % (number < 100_000 ? 997 : 7_919) === 0;

/** Far above what it takes, and far below what a scan of a million rows through the driver takes. */
const SLOWEST_MS = 1_000;

for (const server of DATABASES) {
  describeDatabase(server, 'R5: a million numbers, most of them sold', (fresh) => {
    let world: ServiceWorld;
    let close: () => Promise<void>;

    beforeAll(async () => {
      const database = await fresh();
      close = database.close;
      world = serviceWorld(createMarketAndMemberStores(database.kysely));
      accepted(await addNumberRange(world, { actor: OPERATOR, range: '62XX-XXXX', price: PRICE }));
      const { memberId } = await somebody(world, 'firm', 'enterprise');
      await sellMost(database.kysely, memberId);
    });
    afterAll(() => close());

    const search = async (query: Omit<SearchNumbers, 'kind'>) => {
      const startMs = performance.now();
      const { items, next } = accepted(await searchNumbers(world, { kind: 'enterprise', ...query }));
      expect(performance.now() - startMs).toBeLessThan(SLOWEST_MS);
      return { found: items.map(({ number }) => Number(number.subscriber.slice(2))), next };
    };

    it('R5: the first page is there at once', async () => {
      const { found } = await search({ limit: 20 });
      expect(found).toEqual(Array.from({ length: 20 }, (_, at) => at * 997));
    });

    it('R5: behind 990 sold-out blocks too', async () => {
      const { found } = await search({ after: ':62998999', limit: 5 });
      expect(found).toEqual([999_000, 999_001, 999_002, 999_003, 999_004]);
    });

    it.each(['*7777', '6299????', '*123*', '??0?1???'])(
      'R5: %s finds what is free, and all of it',
      async (pattern) => {
        const matches = new RegExp(`^${pattern.replaceAll('?', '.').replaceAll('*', '.*')}$`);
        const expected = Array.from({ length: 1_000_000 }, (_, number) => number).filter(
          (number) => isFree(number) && matches.test(`62${String(number).padStart(6, '0')}`),
        );
        const all: number[] = [];
        for (let after: string | undefined = ''; after !== undefined; ) {
          const page = await search({ pattern, limit: 200, ...(after === '' ? {} : { after }) });
          all.push(...page.found);
          after = page.next;
        }
        expect(all).toEqual(expected);
      },
    );

    it('R13: the exchange reads them all in seconds', async () => {
      const startMs = performance.now();
      const digits = new Set<string>();
      let largestBatch = 0;
      for await (const batch of world.directory.numbers()) {
        largestBatch = Math.max(largestBatch, batch.length);
        for (const number of batch) digits.add(number.digits);
      }
      expect(digits.size).toBe(
        1_000_000 - Array.from({ length: 1_000_000 }, (_, at) => at).filter(isFree).length,
      );
      expect(largestBatch).toBeLessThanOrEqual(50_000);
      expect(performance.now() - startMs).toBeLessThan(10_000);
    });
  });
}

/** Sells by one statement what a year of purchases would, as the store keeps it. */
async function sellMost(kysely: Kysely<Database>, memberId: string): Promise<void> {
  for (let from = 0; from < 999_000; from += 111_000) {
    await sql`
      insert into number_orders (id, member_id, kind, country_code, subscriber, state, claim, currency,
        price_micros, quoted_at_ms, payment_reference, confirmed_at_ms, paid_at_ms)
      select 'order ' || lpad(number::text, 6, '0'), ${memberId}, 'enterprise', '',
        '62' || lpad(number::text, 6, '0'), 'assigned', 'assigned', 'KRW', 55000000000, 0, 'OD-' || number, 0, 0
      from generate_series(${from}::integer, ${from + 110_999}::integer) as number
      where number % (case when number < 100000 then 997 else 7919 end) <> 0
    `.execute(kysely);
  }
  await sql`
    insert into number_blocks (kind, country_code, block, sold)
    select kind, country_code, left(subscriber, -3), count(*) from number_orders group by 1, 2, 3
  `.execute(kysely);
  // In a year of purchases the server would have done this by itself.
  await sql`analyze number_orders`.execute(kysely);
}

describe('the numbers of this test', () => {
  it('leaves some blocks sold out, and some not', () => {
    const blocks = Array.from({ length: 1_000 }, (_, block) =>
      Array.from({ length: 1_000 }, (_, at) => block * 1_000 + at).some(isFree),
    );
    expect(blocks.filter((hasFree) => !hasFree)).not.toEqual([]);
  });
});
