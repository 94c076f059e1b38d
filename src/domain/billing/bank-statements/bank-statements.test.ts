import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Currency } from '../money-currency.ts';
import { findReferences, readStatement } from './index.ts';

function read(text: string, currency: Currency = 'KRW') {
  const reading = readStatement(text, currency);
  if (!reading.ok) throw new Error(reading.refusal.detail);
  return reading.value;
}

/** Day, time, amount in millionths of a hundredth, payer, remark. */
function shown(text: string, currency?: Currency): string[] {
  return read(text, currency).lines.map(({ day, time, amount, payer, remark }) =>
    [day, time, Number(amount.micros) / 1_000_000, payer, remark]
      .filter((part) => part !== undefined)
      .join(' | '),
  );
}

describe('R9: bank statements', () => {
  it.each([
    [
      'Korean, with lines about the account above, a sum below, and debits between',
      `\uFEFF계좌번호,110-123-456789
조회기간,2026.11.01 ~ 2026.11.30

거래일시,적요,보낸분/받는분,출금액(원),입금액(원),잔액(원)
2026.11.25 13:45:10,타행이체,김미나,0,"55,000","1,055,000"
2026.11.25 13:50:00,체크카드,편의점,"3,200",0,"1,051,800"
2026.11.26 09:00:01,OD-7K3M9QXA,이준호,,"30,000","1,081,800"
합계,,,"3,200","85,000",
`,
      undefined,
      [
        '2026-11-25 | 13:45:10 | 55000 | 김미나 | 타행이체',
        '2026-11-26 | 09:00:01 | 30000 | 이준호 | OD-7K3M9QXA',
      ],
    ],
    [
      'Korean, with one column of amounts, its direction beside it, and the time apart',
      '거래일자\t거래시간\t구분\t거래금액\t거래내용\n20261125\t13:45\t입금\t55000\tOD 7K3M\n20261125\t14:00\t출금\t10\tX\n',
      undefined,
      ['2026-11-25 | 13:45 | 55000 | OD 7K3M'],
    ],
    [
      'English, with signed amounts and several remarks',
      'Date,Description,Reference,Amount,Balance\n2026-11-25,TRANSFER,TU-1,+12.50,100.00\n2026-11-25,FEE,,-1.00,99.00\n',
      'USD',
      ['2026-11-25 | 12.5 | TRANSFER TU-1'],
    ],
    [
      'European, with semicolons, decimal commas, and days first',
      'Booking Date;Value Date;Name;Purpose;Amount;Currency\n25.11.2026;26.11.2026;Mina Kim;"IV-1; thanks";1.234,50;EUR\n25.11.2026;26.11.2026;Rent;;-800,00;EUR\n',
      'USD',
      ['2026-11-25 | 1234.5 | Mina Kim | IV-1; thanks'],
    ],
    [
      'American, with debits in brackets; another day tells that the month stands first',
      'Posting Date,Details,Amount\n11/05/2026,A,$10.00\n11/25/2026,B,(3.00)\n',
      'USD',
      ['2026-11-05 | 10 | A'],
    ],
    [
      'of a currency with three decimals',
      'Date,Credit,Details\n2026-11-25,1.500,A\n2026-11-25,"1,234.500",B\n',
      'KWD',
      ['2026-11-25 | 1.5 | A', '2026-11-25 | 1234.5 | B'],
    ],
  ] as const)('are read: %s', (_, text, currency, lines) => {
    expect(shown(text, currency)).toEqual(lines);
    expect(read(text, currency).faults).toEqual([]);
  });

  it('tell each line that cannot be read, and why', () => {
    const { lines, faults, debits } = read(
      '거래일,입금액,출금액,통화\n2026-11-25,55000.5,,\n2026-13-25,1.0,,\n,5,,\n2026-11-25,many,,\n2026-11-25,,,\n' +
        '2026-11-25,5.0,,XXX\n"2026-11-25,5,,\n2026-11-25,,7,\n2026-11-25,9.0,,USD\n',
    );
    expect(lines.map(({ line, amount }) => [line, amount.currency])).toEqual([[10, 'USD']]);
    expect(faults).toEqual([
      { line: 2, detail: '"55000.5" is no amount of KRW, or could be one of two.' },
      { line: 3, detail: '"2026-13-25" is no day, or could be one of two.' },
      { line: 4, detail: '"" is no day, or could be one of two.' },
      { line: 5, detail: 'It names no amount.' },
      { line: 6, detail: 'It names no amount.' },
      { line: 7, detail: '"XXX" is no currency.' },
      { line: 8, detail: 'A quote is not closed.' },
    ]);
    expect(debits).toBe(1);
  });

  it('never take what is not wholly an amount', () => {
    const amounts = [
      '12x',
      'O55000',
      '12.50 DR',
      '12.50 EUR',
      '5500O',
      '12.50 USD',
      'US$ 12.50',
      '12.50 CR',
      '12.50 kr.',
    ];
    const { lines, faults } = read(
      `Date,Credit\n${amounts.map((amount) => `2026-11-25,${amount}`).join('\n')}\n`,
      'USD',
    );
    expect(faults.map(({ line }) => amounts[line - 2])).toEqual(amounts.slice(0, 5));
    expect(lines.map(({ amount }) => amount.micros)).toEqual(Array(4).fill(12_500_000n));
  });

  it.each([
    ['a text without a header', 'hello\nworld\n', /No line of it names/],
    [
      'amounts in two manners',
      'Date,Amount\n2026-11-25,1.50\n2026-11-25,"1,50"\n',
      /amounts are written in two/,
    ],
    ['days in two manners', 'Date,Amount\n13/01/2026,1.50\n01/13/2026,1.50\n', /days are written in two/],
  ])('are refused: %s', (_, text, detail) => {
    const reading = readStatement(text, 'USD');
    expect(reading.ok ? '' : reading.refusal.detail).toMatch(detail);
  });

  it('never take what could be two amounts or two days', () => {
    expect(read('Date,Credit\n2026-11-25,1.500\n', 'KWD').faults).toHaveLength(1);
    expect(read('Date,Credit\n05/06/2026,1.50\n', 'USD').faults).toHaveLength(1);
    expect(shown('Date,Credit\n2026-11-25,"1,500"\n', 'KRW')).toEqual(['2026-11-25 | 1500']);
  });

  it('have the same fingerprint for the same money, whichever statement it stands in', () => {
    const header = '거래일시,보낸분,입금액,잔액\n';
    const rows = ['2026-11-25 10:00,김,1,5', '2026-11-25 10:01,이,1,6', '2026-11-25 10:02,박,1,7'];
    const prints = (...at: number[]) =>
      read(`${header}${at.map((each) => rows[each]).join('\n')}`).lines.map(({ fingerprint }) => fingerprint);
    const all = prints(0, 1, 2);
    expect(new Set(all).size).toBe(3);
    expect(prints(1, 2)).toEqual(all.slice(1));
    expect(prints(2, 1, 0)).toEqual(all.toReversed());
    const twins = read('Date,Credit,Name\n2026-11-25,5.00,A\n2026-11-25,5.00,A\n', 'USD').lines;
    expect(new Set(twins.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  it('are read whatever they are, line by line, without a throw', () => {
    const line = fc.string({
      unit: fc.constantFrom('1', ',', '"', '.', '-', 'Date', ' ', '입금', '\n', '/'),
    });
    fc.assert(
      fc.property(line, (text) => {
        const { lines, faults, debits } = read(`Date,Credit,Debit\n${text}`);
        expect(lines.length + faults.length + debits).toBeLessThanOrEqual(text.split('\n').length);
      }),
    );
  });
});

describe('R9: payment references in what people write', () => {
  it.each([
    ['OD-7K3M9QXA', ['OD-7K3M9QXA']],
    ['od7k3m9qxa', ['OD-7K3M9QXA']],
    ['김미나 OD 7K3M 9QXA 감사', ['OD-7K3M9QXA']],
    ['ＯＤ－７Ｋ３Ｍ９ＱＸＡ', ['OD-7K3M9QXA']],
    ['KIMOD7K3M9QXATHANKS', ['OD-7K3M9QXA']],
    ['TU-O1234567 and IV-IL345678', ['TU-01234567', 'IV-11345678']],
    ['OD-7K3M9QX', []],
    ['OD-UUUUUUUU', []],
    ['', []],
  ])('%s', (text, references) => {
    expect(findReferences(text)).toEqual(references);
  });

  it('are found wherever they stand', () => {
    const code = fc.string({
      unit: fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'),
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        code,
        fc.string(),
        fc.string(),
        fc.constantFrom('OD', 'TU', 'IV', 'RN'),
        (own, before, after, kind) => {
          expect(findReferences(`${before} ${kind}-${own} ${after}`)).toContain(`${kind}-${own}`);
        },
      ),
    );
  });
});
