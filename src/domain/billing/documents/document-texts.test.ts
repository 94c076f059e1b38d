import { describe, expect, it } from 'vitest';
import { money, receipt, statement } from '../../../../test/support/documents/sample-documents.ts';
import type { Currency } from '../index.ts';
import { documentLanguageOf } from './document.ts';
import { documentNumber, seriesOf } from './document-number.ts';
import { textsOf } from './document-texts.ts';
import { printDay, printGrouped, printPeriod, printQuantity, printTotal } from './printing.ts';

describe('R24: what stands on a document', () => {
  it('a receipt in Korean', () => {
    const texts = textsOf({ ...receipt(), number: 'R-2026-000123' });
    expect(texts).toEqual({
      title: '영수증',
      facts: [
        { label: '문서 번호', value: 'R-2026-000123' },
        { label: '발행일', value: '2026년 11월 25일' },
      ],
      seller: {
        heading: '공급자',
        name: '옴니다이얼 주식회사',
        address: ['서울특별시 중구 세종대로 110', '04524'],
        numbers: ['사업자등록번호 123-45-67890'],
      },
      buyer: { heading: '공급받는 자', name: '김미나', address: ['서울특별시 종로구 율곡로 1'], numbers: [] },
      columns: [
        { what: 'description', heading: '내역' },
        { what: 'period', heading: '기간' },
        { what: 'quantity', heading: '수량' },
        { what: 'unit-price', heading: '단가' },
        { what: 'amount', heading: '금액 (KRW)' },
      ],
      rows: [['전화번호 02-6200-6200-082, 1년', '2026-11-25 – 2027-11-24', '1개', '55,000', '55,000']],
      sums: [
        { label: '공급가액', value: '50,000' },
        { label: '부가가치세 10%', value: '5,000' },
      ],
      total: { label: '합계', value: '₩55,000' },
      payment: [
        { label: '결제', value: '계좌 이체' },
        { label: '참조 번호', value: 'OMNI-7Q4K' },
        { label: '결제일', value: '2026년 11월 25일' },
      ],
      notes: ['위 금액에는 세금이 포함되어 있습니다.'],
    });
  });

  it('the same in English', () => {
    const texts = textsOf({ ...receipt({ language: 'en' }), number: 'R-2026-000123' });
    expect(texts.title).toBe('Receipt');
    expect(texts.sums.map(({ label }) => label)).toEqual(['Net', 'VAT 10%']);
    expect(texts.total).toEqual({ label: 'Total', value: 'KRW 55,000' });
    expect(texts.payment[2]).toEqual({ label: 'Paid on', value: '25 November 2026' });
  });

  it('a statement says who owes whom, and has no columns that no line fills', () => {
    const ours = { ...statement(1), number: 'S-2026-000001' };
    expect(textsOf(ours).total).toEqual({ label: 'We owe you', value: 'KRW 130' });
    expect(textsOf(ours).rows).toEqual([['Destination 1', '0:10:30', '12/min', '130']]);
    const owed = {
      ...ours,
      lines: [{ description: 'Calls from you', amount: money(-90) }],
      total: money(-90),
    };
    expect(textsOf(owed).total).toEqual({ label: 'You owe us', value: 'KRW 90' });
    expect(textsOf(owed).columns.map(({ what }) => what)).toEqual(['description', 'amount']);
    expect(textsOf(ours).facts[2]).toEqual({ label: 'Period', value: '2026-11-01 – 2026-11-30' });
  });

  it('a document with two rates names both nets', () => {
    const taxes = [
      { name: 'VAT', ratePerMillion: 100_000, net: money(10_000), tax: money(1_000) },
      { name: 'VAT', ratePerMillion: 0, net: money(44_000), tax: money(0) },
    ];
    const texts = textsOf({ ...receipt({ taxes, language: 'en' }), number: 'R-2026-000001' });
    expect(texts.sums.map(({ label }) => label)).toEqual([
      'Net (VAT 10%)',
      'VAT 10%',
      'Net (VAT 0%)',
      'VAT 0%',
    ]);
  });

  it('is written in Korean or English', () => {
    expect(['ko', 'en', 'ja'].map(documentLanguageOf)).toEqual(['ko', 'en', 'en']);
  });
});

describe('amounts, days and quantities', () => {
  it.each<[bigint, Currency, string, string, string]>([
    [55_000_000_000n, 'KRW', '55,000', '₩55,000', 'KRW 55,000'],
    [-1_234_567_000_000n, 'KRW', '-1,234,567', '-₩1,234,567', 'KRW -1,234,567'],
    [1_234_500_000n, 'USD', '1,234.50', 'USD 1,234.50', 'USD 1,234.50'],
    [1_000_125_000n, 'KWD', '1,000.125', 'KWD 1,000.125', 'KWD 1,000.125'],
    [3_600n, 'USD', '0.0036', 'USD 0.0036', 'USD 0.0036'],
    [0n, 'JPY', '0', 'JPY 0', 'JPY 0'],
    [
      9_223_372_036_854_775_807n,
      'KRW',
      '9,223,372,036,854.775807',
      '₩9,223,372,036,854.775807',
      'KRW 9,223,372,036,854.775807',
    ],
  ])('%d millionths of %s', (micros, currency, inColumn, korean, english) => {
    const amount = { currency, micros };
    expect([printGrouped(amount), printTotal(amount, 'ko'), printTotal(amount, 'en')]).toEqual([
      inColumn,
      korean,
      english,
    ]);
  });

  it('days are those of the document’s time zone', () => {
    const newYear = Date.UTC(2026, 11, 31, 15);
    expect(printDay(newYear - 1, 'Asia/Seoul', 'ko')).toBe('2026년 12월 31일');
    expect(printDay(newYear, 'Asia/Seoul', 'ko')).toBe('2027년 1월 1일');
    expect(printDay(newYear, 'America/New_York', 'en')).toBe('31 December 2026');
    expect(printPeriod({ fromMs: newYear, untilMs: newYear + 86_400_000 }, 'Asia/Seoul')).toBe('2027-01-01');
  });

  it('quantities have their unit', () => {
    const printed = (count: bigint, unit: 'piece' | 'call' | 'month' | 'second', language: 'ko' | 'en') =>
      printQuantity({ count, unit }, language);
    expect(printed(1_284n, 'call', 'ko')).toBe('1,284건');
    expect([printed(1n, 'call', 'en'), printed(12n, 'month', 'en')]).toEqual(['1 call', '12 months']);
    expect([printed(59n, 'second', 'ko'), printed(4_003_629n, 'second', 'en')]).toEqual([
      '0:00:59',
      '1,112:07:09',
    ]);
  });
});

describe('the numbers of documents', () => {
  it('are counted for each seller, kind and year of the document’s time zone', () => {
    const series = seriesOf(receipt({ issuedAtMs: Date.UTC(2026, 11, 31, 15) }));
    expect(series).toEqual({ seller: '123-45-67890', kind: 'receipt', year: 2027 });
    expect(documentNumber(series, 123)).toBe('R-2027-000123');
    expect(documentNumber({ ...series, kind: 'credit-note' }, 1_234_567)).toBe('C-2027-1234567');
  });
});
