import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CARRIER_USD, rateOf, readWhole, rowOf } from '../../../../test/support/tariff-rows.ts';
import { compareRows, DeckWriter, type TariffRow } from './index.ts';

const HEADER =
  'prefix,destination,rate_per_minute,connect_fee,initial_increment,next_increment,currency,effective_from,effective_to,status';

/** Rows and faults as short texts. */
function seen(text: string, tariff = CARRIER_USD) {
  const { rows, faults } = readWhole(text, tariff);
  return {
    rows: rows.map(({ prefix, rate, status }) => `${prefix} ${rate?.perMinuteMicros ?? '-'} ${status}`),
    faults: faults.map(({ line, detail }) => `${line}: ${detail}`),
  };
}

function faultOf(cells: string): string {
  const { faults } = readWhole(`${HEADER}\n1,ok,1.0,,1,1\n${cells}\n`);
  return faults.map(({ line, detail }) => `${line}: ${detail}`).join('\n');
}

describe('R23: a deck of a carrier', () => {
  it('is read with all its columns', () => {
    const text = `\uFEFF${HEADER},minimum,free_seconds\r\n8210,"Korea, ""mobile""",0.0125,0.01,30,6,USD,2026-12-01,2027-01-01T00:00:00Z,open,0.02,3\r\n`;
    expect(readWhole(text)).toEqual({
      rows: [
        {
          prefix: '8210',
          destination: 'Korea, "mobile"',
          status: 'open',
          effectiveFromMs: Date.UTC(2026, 10, 30, 15),
          effectiveToMs: Date.UTC(2027, 0, 1),
          rate: rateOf(12_500n, {
            connectFeeMicros: 10_000n,
            initialIncrementSeconds: 30,
            nextIncrementSeconds: 6,
            minimumMicros: 20_000n,
            freeSeconds: 3,
          }),
        },
      ],
      faults: [],
      faultCount: 0,
      ignoredColumns: [],
    });
  });

  it.each([
    [
      'other words in another order',
      'Country;Interval;Dial Code;Rate (USD)\nKorea;60/30;82;0.5',
      '82 500000 open',
    ],
    ['tabs', 'Code\tPrice\n82\t0.5', '82 500000 open'],
    ['decimal commas', 'code;rate\n82;0,5\n81;1,234', '82 500000 open|81 1234000 open'],
    ['quoted decimal commas', 'code,rate\n82,"0,0125"\n81,"1,234"', '82 12500 open|81 1234000 open'],
    ['titles above the header', 'KT International\n\nPrice list,2026\ncode,rate\n82,.5', '82 500000 open'],
    [
      '+ and 00 before prefixes',
      'code,rate\n+82,1\n0081,1\n852*,1',
      '82 1000000 open|81 1000000 open|852 1000000 open',
    ],
    [
      'blocked destinations',
      'code,rate,status\n1,Blocked,\n2,*,\n3,1,blocked\n4,,*',
      '1 - blocked|2 - blocked|3 1000000 blocked|4 - blocked',
    ],
    ['empty lines and remarks', 'code,rate\n\n# from KT\n82,1\n,\n', '82 1000000 open'],
    [
      'numbers of operators',
      'prefix,rate\noperator:tello,1\noperator:tello:070,2',
      'operator:tello 1000000 open|operator:tello:070 2000000 open',
    ],
  ])('may have %s', (_, text, rows) => {
    expect(seen(text)).toEqual({ rows: rows.split('|'), faults: [] });
  });

  it.each([
    ['60/60', 60, 60],
    ['1/1', 1, 1],
    ['30 / 6', 30, 6],
    ['60', 60, 60],
  ])('may write increments as %s', (text, initial, next) => {
    const [row] = readWhole(`code,rate,increments\n82,1,${text}`).rows;
    expect([row?.rate?.initialIncrementSeconds, row?.rate?.nextIncrementSeconds]).toEqual([initial, next]);
  });

  it('is billed by the second where it has no column of increments', () => {
    const [row] = readWhole('code,rate\n82,1').rows;
    expect(row).toEqual(rowOf('82', 1_000_000n));
  });

  it('says which columns nothing was taken from', () => {
    expect(readWhole('code,country,destination,rate,peak\n82,KR,Korea,1,2')).toMatchObject({
      rows: [{ destination: 'Korea' }],
      ignoredColumns: ['peak', 'country'],
    });
  });

  it.each([
    ['5.41144E+11,x,1,,1,1', 'has lost digits in a spreadsheet'],
    [',x,1,,1,1', 'The prefix that is empty has to be digits'],
    [',#1 Mobile,1.0,,1,1', 'The prefix that is empty has to be digits'],
    ['82-85,x,1,,1,1', 'one prefix a line'],
    ['0821,x,1,,1,1', 'has to begin with a country code'],
    ['8212345678901234,x,1,,1,1', 'has more than 15 digits'],
    ['operator:Tello,x,1,,1,1', 'operator:<id>'],
    ['82,x,,,1,1', 'The rate that is empty'],
    ['82,x,-1,,1,1', 'The rate "-1"'],
    ['82,x,$1,,1,1', 'The rate "$1"'],
    ['82,x,0.0000001,,1,1', 'has more than 6 decimals, and is not rounded'],
    ['82,x,1E-05,,1,1', 'was shortened by a spreadsheet'],
    ['82,x,12345678,,1,1', 'too much'],
    ['82,x,"0,5",,1,1', 'The rate "0,5"'],
    ['82,x,1,x,1,1', 'The connect fee "x"'],
    ['82,x,1,,0,1', 'The initial increment "0"'],
    ['82,x,1,,1,', 'The next increment that is empty'],
    ['82,x,1,,1,1.5', 'The next increment "1.5"'],
    ['82,x,1,,1,1,EUR', 'is not that of the tariff, USD'],
    ['82,x,1,,1,1,,01/02/2027', 'The effective_from "01/02/2027"'],
    ['82,x,1,,1,1,,2027-02-29', 'The effective_from "2027-02-29"'],
    ['82,x,1,,1,1,,2027-02-02,2027-02-02', 'has to be after'],
    ['82,x,1,,1,1,,,,maybe', 'neither open nor blocked'],
    ['82,x,1,,1,1,,,,,surplus', 'has 11 cells, and the header 10'],
    ['82,"x,1,,1,1', 'quotation mark'],
    ['1,again,1,,1,1', 'The prefix 1 is on line 2 already.'],
    [`82,${'x'.repeat(121)},1,,1,1`, 'more than 120 characters'],
    ['82,x\u0007,1,,1,1', 'control characters'],
    ['82,\uFFFD\uFFFD,1,,1,1', 'not in UTF-8'],
  ])('has at line 3 a fault: %s', (cells, why) => {
    const fault = faultOf(cells);
    expect(fault).toMatch(/^3: [^\n]+$/);
    expect(fault).toContain(why);
  });

  it('says everything that is wrong with a line', () => {
    expect(faultOf('x,y,z,,0,1')).toMatch(/The prefix "x".*The rate "z".*The initial increment "0"/);
  });

  it('names every wrong line, also behind an open quote, and keeps the others', () => {
    expect(seen('code,rate,destination\n82,1,"Korea\n81,x\n44,2,UK\n44,3,UK')).toMatchObject({
      rows: ['44 2000000 open'],
      faults: [
        expect.stringMatching(/^2: .*quotation/),
        expect.stringMatching(/^3: .*rate "x"/),
        '5: The prefix 44 is on line 4 already.',
      ],
    });
  });

  it.each([
    ['nothing at all', '', /^1: There is no header/],
    ['no header', '82,1\n', /^1: There is no header/],
    ['UTF-16', '\uFFFD\uFFFDc\0o\0d\0e\0,\0r\0a\0t\0e\0', /^1: The deck is not in UTF-8/],
    [
      'two columns of one meaning',
      'code,rate,price\n82,1,2',
      /^1: The column "price" says the same as "rate"/,
    ],
    ['another currency in the header', 'code,Rate (EUR)\n82,1', /^1: The column "Rate \(EUR\)" is in EUR/],
    ['increments twice', 'code,rate,interval,next\n82,1,1/1,1', /^1: Increments are one column/],
  ])('has no usable line where there is %s', (_, text, why) => {
    const { rows, faults } = seen(text);
    expect([rows, faults.length]).toEqual([[], 1]);
    expect(faults[0]).toMatch(why);
  });

  it('is not guessed at where a comma may stand between thousands', () => {
    expect(seen('code,rate\n82,"1,234"').faults).toEqual([expect.stringContaining('may be of thousands')]);
  });

  it('may have a prefix twice at different times, and not at the same', () => {
    const text = `code,rate,effective from,effective to
82,1,,2027-01-01
82,2,2027-01-01,2027-02-01
82,3,2027-01-31,
81,1,2027-01-01,
81,2,,`;
    expect(seen(text)).toEqual({
      rows: ['82 1000000 open', '82 2000000 open', '81 1000000 open'],
      faults: [
        '4: The prefix 82 is on line 3 already for a part of this time.',
        '6: The prefix 81 is on line 5 already.',
      ],
    });
  });

  it('of 100 000 lines with 500 faults has 500 faults, each at its line, in steps', () => {
    const planted = (line: number) => line % 200 === 100;
    const wrong = ['5.4E+11,x,1', '82,x,abc', '82,x,1.1234567', '+,x,1', '82,"x,1'];
    const lines = Array.from({ length: 100_000 }, (_, at) => {
      const line = at + 2;
      return planted(line)
        ? wrong[(line / 100) % wrong.length]
        : `${100_000 + at},Zone ${at % 300},0.0${at % 90}`;
    });
    const text = ['prefix,destination,rate', ...lines].join('\n');
    const { rows, faults, faultCount } = readWhole(text);
    expect([rows.length, faultCount]).toEqual([99_500, 500]);
    expect(faults.map(({ line }) => line)).toEqual(Array.from({ length: 500 }, (_, at) => 100 + at * 200));
  });

  it('never throws, whatever it is', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('82', '1', '"', '0,5', '5E+1', '2026-01-01', '*'));
    const deck = fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 8 });
    fc.assert(
      fc.property(deck, fc.constantFrom(',', ';', '\t'), (lines, separator) => {
        const text = [['code', 'rate', 'effective', 'name'], ...lines]
          .map((cells) => cells.join(separator))
          .join('\n');
        const { rows, faultCount } = readWhole(text);
        expect(rows.length + faultCount).toBeLessThanOrEqual(text.split('\n').length);
      }),
    );
  });
});

const anyRow: fc.Arbitrary<TariffRow> = fc
  .record({
    prefix: fc.oneof(
      fc.stringMatching(/^[1-9][0-9]{0,14}$/),
      fc.stringMatching(/^operator:[a-z]{1,9}:[0-9]{1,15}$/),
    ),
    destination: fc
      .string({ unit: fc.constantFrom('a', 'Z', ' ', ',', '"', ';', '서', '#'), maxLength: 20 })
      .map((text) => text.trim()),
    rate: fc.record({
      currency: fc.constant('USD' as const),
      perMinuteMicros: fc.bigInt({ min: 0n, max: 9_999_999_999_999n }),
      connectFeeMicros: fc.bigInt({ min: 0n, max: 1_000_000n }),
      initialIncrementSeconds: fc.integer({ min: 1, max: 86_400 }),
      nextIncrementSeconds: fc.integer({ min: 1, max: 86_400 }),
      minimumMicros: fc.bigInt({ min: 0n, max: 1_000_000n }),
      freeSeconds: fc.nat(86_400),
    }),
    status: fc.constantFrom('open' as const, 'blocked' as const),
    effectiveFromMs: fc.option(
      fc.nat(2_000_000_000).map((seconds) => seconds * 1_000),
      { nil: undefined },
    ),
    lasts: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
  })
  .map(({ effectiveFromMs, lasts, ...row }) => ({
    ...row,
    ...(effectiveFromMs === undefined ? {} : { effectiveFromMs }),
    ...(lasts === undefined ? {} : { effectiveToMs: (effectiveFromMs ?? 0) + lasts * 1_000 }),
  }));

function written(rows: readonly TariffRow[], timeZone: string): string {
  const writer = new DeckWriter({ currency: 'USD', timeZone });
  return writer.header() + rows.map((row) => writer.line(row)).join('');
}

describe('R23: a deck that is written', () => {
  it('is read as the same rows, and written again as the same bytes, in any time zone', () => {
    const rows = fc.uniqueArray(anyRow, { selector: ({ prefix }) => prefix, maxLength: 20 });
    const zone = fc.constantFrom('UTC', 'Asia/Seoul', 'America/New_York', 'Australia/Lord_Howe');
    fc.assert(
      fc.property(rows, zone, (all, timeZone) => {
        const sorted = [...all].sort(compareRows);
        const text = written(sorted, timeZone);
        const reading = readWhole(text, { currency: 'USD', timeZone });
        expect(reading).toEqual({ rows: sorted, faults: [], faultCount: 0, ignoredColumns: [] });
        expect(written(reading.rows, timeZone)).toBe(text);
      }),
    );
  });

  it('shows the day where one begins in the time zone of the tariff', () => {
    const text = `${HEADER},minimum,free_seconds
82,Korea,0.5,0,60,60,USD,2027-01-01,2027-06-30T01:02:03Z,open,0,0
8250,Premium,,,,,USD,,,blocked,,
`;
    expect(written(readWhole(text).rows, 'Asia/Seoul')).toBe(text);
  });

  it('is told in a line', () => {
    const text = `${HEADER},minimum,free_seconds
82,Korea,0.5,0.01,60,6,USD,2027-01-01,2027-02-01,open,0.02,3
81,Japan,1,,1,1,USD,,,,,
8250,Premium,,,,,USD,,,blocked,,
`;
    const writer = new DeckWriter(CARRIER_USD);
    expect(readWhole(text).rows.map((row) => writer.terms(row))).toEqual([
      '0.5 60/6, fee 0.01, at least 0.02, 3 s free, from 2027-01-01, until 2027-02-01',
      '1 1/1',
      'blocked',
    ]);
  });
});
