import {
  type DocumentContent,
  type DocumentLine,
  type Taxation,
  taxed,
} from '../../../src/domain/billing/documents/index.ts';
import type { Currency, Money } from '../../../src/domain/billing/index.ts';

/** An amount of whole major units. */
export function money(units: number | bigint, currency: Currency = 'KRW'): Money {
  return { currency, micros: BigInt(units) * 1_000_000n };
}

export const VAT: Taxation = { name: 'VAT', ratePerMillion: 100_000, taxIs: 'included' };

export const SELLER = {
  name: '옴니다이얼 주식회사',
  addressLines: ['서울특별시 중구 세종대로 110', '04524'],
  taxNumber: '123-45-67890',
} as const;

/** A receipt for a number in Seoul of 55 000 won with VAT in it, changed as a test wants it. */
export function receipt(changes: Partial<DocumentContent> = {}): DocumentContent {
  const lines: readonly DocumentLine[] = changes.lines ?? [
    {
      description: '전화번호 02-6200-6200-082, 1년',
      period: { fromMs: Date.UTC(2026, 10, 24, 15), untilMs: Date.UTC(2027, 10, 24, 15) },
      quantity: { count: 1n, unit: 'piece' },
      unitPrice: money(55_000),
      amount: money(55_000),
    },
  ];
  const [first] = lines;
  const currency = first?.amount.currency ?? 'KRW';
  const sum = { currency, micros: lines.reduce((all, { amount }) => all + amount.micros, 0n) };
  return {
    kind: 'receipt',
    issuedAtMs: Date.UTC(2026, 10, 25, 3),
    timeZone: 'Asia/Seoul',
    language: 'ko',
    seller: SELLER,
    buyer: { name: '김미나', addressLines: ['서울특별시 종로구 율곡로 1'] },
    lines,
    ...taxed(sum, VAT),
    payment: { method: 'bank-deposit', reference: 'OMNI-7Q4K', paidAtMs: Date.UTC(2026, 10, 24, 16) },
    notes: [],
    ...changes,
  };
}

/** A statement for a carrier with that many lines of calls. */
export function statement(count: number): DocumentContent {
  const lines = Array.from({ length: count }, (_, at): DocumentLine => {
    const calls = BigInt(10 + ((at * 37) % 991));
    return {
      description: `Destination ${at + 1}`,
      quantity: { count: calls * 63n, unit: 'second' },
      unitPrice: money(12),
      amount: money(calls * 13n),
    };
  });
  return receipt({
    kind: 'settlement-statement',
    language: 'en',
    buyer: { name: 'Han River Telecom Co., Ltd.', addressLines: ['1 Yeouido-ro', 'Seoul'] },
    period: { fromMs: Date.UTC(2026, 9, 31, 15), untilMs: Date.UTC(2026, 10, 30, 15) },
    lines,
    taxIs: 'included',
    taxes: [],
    total: { currency: 'KRW', micros: lines.reduce((all, { amount }) => all + amount.micros, 0n) },
  });
}
