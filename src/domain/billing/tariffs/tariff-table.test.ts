import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateOf, rowOf } from '../../../../test/support/tariff-rows.ts';
import { numberAtOperator } from './tariff-prefix.ts';
import type { TariffRow } from './tariff-row.ts';
import { TariffTable } from './tariff-table.ts';

function tableOf(...rows: readonly TariffRow[]): TariffTable {
  const table = new TariffTable();
  for (const row of rows) table.add(row);
  return table;
}

const BLOCKED: TariffRow = { prefix: '8250', destination: 'premium', status: 'blocked' };

describe('R23: which row decides', () => {
  const table = tableOf(
    rowOf('82', 10n, { destination: 'Korea' }),
    rowOf('8210', 20n, { destination: 'Korea, mobile' }),
    BLOCKED,
    rowOf('825000', 30n),
    rowOf('operator:tello', 40n),
    rowOf('operator:tello:070', 50n),
  );

  it.each([
    ['82262006200', '82'],
    ['821012345678', '8210'],
    ['8250000000', '825000'],
    ['8', undefined],
    ['', undefined],
    ['813000', undefined],
    [`8210${'9'.repeat(30)}`, '8210'],
    ['82*10', '82'],
    [numberAtOperator('tello', '0701234'), 'operator:tello:070'],
    [numberAtOperator('tello', '9'), 'operator:tello'],
    [numberAtOperator('tello', ''), 'operator:tello'],
    [numberAtOperator('other', '0701234'), undefined],
    ['operator:tello', 'operator:tello'],
  ])('for %j it is that of %s: the longest prefix', (number, prefix) => {
    expect(table.rowFor(number, 0)?.prefix).toBe(prefix);
  });

  it('a blocked row wins over a shorter open one', () => {
    expect(table.rowFor('8250123', 0)).toEqual(BLOCKED);
  });

  it('gives a row back as it was put in', () => {
    expect(table.rowFor('821012345678', 0)).toEqual(rowOf('8210', 20n, { destination: 'Korea, mobile' }));
  });

  it('of one prefix it is the row that counts at the moment, and where none does a shorter prefix', () => {
    const timed = tableOf(
      rowOf('82', 1n),
      rowOf('8210', 2n, { effectiveToMs: 1_000 }),
      rowOf('8210', 3n, { effectiveFromMs: 2_000, effectiveToMs: 3_000 }),
    );
    const at = (atMs: number) => timed.rowFor('821012', atMs)?.rate?.perMinuteMicros;
    expect([0, 999, 1_000, 1_999, 2_000, 2_999, 3_000].map(at)).toEqual([2n, 2n, 1n, 1n, 3n, 3n, 1n]);
  });
});

const digits = fc.oneof(fc.stringMatching(/^[1-3][0-2]{0,5}$/), fc.stringMatching(/^[1-9][0-9]{6,14}$/));
const prefix = fc.oneof(
  digits,
  fc.constant('operator:a'),
  digits.map((text) => `operator:b:0${text}`.slice(0, 26)),
);

describe('a table of many rows', () => {
  it('answers as a list of the same rows would', () => {
    const row = fc.record({
      prefix,
      destination: fc.constantFrom('', 'one', 'two'),
      status: fc.constant('open' as const),
      rate: fc.bigInt({ min: 0n, max: 5n }).map((micros) => rateOf(micros)),
    });
    const rows = fc.uniqueArray(row, { selector: (each) => each.prefix, maxLength: 80 });
    const number = fc.oneof(
      digits,
      digits.map((text) => `operator:b:0${text}`),
      fc.constant('operator:a:12'),
    );
    fc.assert(
      fc.property(rows, fc.array(number, { maxLength: 20 }), (all, numbers) => {
        const table = tableOf(...all);
        expect(table.size).toBe(all.length);
        for (const each of numbers) {
          const longest = all
            .filter((one) => each.startsWith(one.prefix))
            .sort((one, other) => other.prefix.length - one.prefix.length)[0];
          expect(table.rowFor(each, 0)).toEqual(longest);
        }
      }),
    );
  });
});
