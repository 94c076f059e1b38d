import type { DocumentKind, DocumentLanguage, DocumentPayment, DocumentQuantity } from './document.ts';

/** What stands on a document besides its facts. */
export type DocumentWords = {
  readonly titles: Readonly<Record<DocumentKind, string>>;
  readonly number: string;
  readonly issued: string;
  readonly due: string;
  readonly period: string;
  readonly corrects: string;
  readonly seller: string;
  readonly buyer: string;
  readonly partner: string;
  readonly registrationNumber: string;
  readonly taxNumber: string;
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly amount: string;
  readonly net: string;
  readonly totals: Readonly<Record<DocumentKind | 'owed-to-seller', string>>;
  readonly taxIncluded: string;
  readonly payment: string;
  readonly paymentMethods: Readonly<Record<DocumentPayment['method'], string>>;
  readonly reference: string;
  readonly paidOn: string;
  /** Tax names that have a word of their own in the language. */
  readonly taxNames: Readonly<Record<string, string>>;
};

export const WORDS: Readonly<Record<DocumentLanguage, DocumentWords>> = {
  ko: {
    titles: {
      receipt: '영수증',
      invoice: '청구서',
      'credit-note': '환불 영수증',
      'settlement-statement': '정산서',
    },
    number: '문서 번호',
    issued: '발행일',
    due: '납부 기한',
    period: '기간',
    corrects: '원본 문서',
    seller: '공급자',
    buyer: '공급받는 자',
    partner: '거래처',
    registrationNumber: '등록번호',
    taxNumber: '사업자등록번호',
    description: '내역',
    quantity: '수량',
    unitPrice: '단가',
    amount: '금액',
    net: '공급가액',
    totals: {
      receipt: '합계',
      invoice: '청구 금액',
      'credit-note': '환불 금액',
      'settlement-statement': '지급할 금액',
      'owed-to-seller': '청구할 금액',
    },
    taxIncluded: '위 금액에는 세금이 포함되어 있습니다.',
    payment: '결제',
    paymentMethods: { 'bank-deposit': '계좌 이체', card: '카드', credit: '선불 잔액', offset: '상계' },
    reference: '참조 번호',
    paidOn: '결제일',
    taxNames: { VAT: '부가가치세' },
  },
  en: {
    titles: {
      receipt: 'Receipt',
      invoice: 'Invoice',
      'credit-note': 'Credit note',
      'settlement-statement': 'Settlement statement',
    },
    number: 'Number',
    issued: 'Date',
    due: 'Due by',
    period: 'Period',
    corrects: 'Corrects',
    seller: 'From',
    buyer: 'To',
    partner: 'To',
    registrationNumber: 'Registration number',
    taxNumber: 'Tax number',
    description: 'Description',
    quantity: 'Quantity',
    unitPrice: 'Unit price',
    amount: 'Amount',
    net: 'Net',
    totals: {
      receipt: 'Total',
      invoice: 'Amount due',
      'credit-note': 'Amount credited',
      'settlement-statement': 'We owe you',
      'owed-to-seller': 'You owe us',
    },
    taxIncluded: 'The amounts above include the tax.',
    payment: 'Payment',
    paymentMethods: {
      'bank-deposit': 'Bank transfer',
      card: 'Card',
      credit: 'Prepaid credit',
      offset: 'Offset',
    },
    reference: 'Reference',
    paidOn: 'Paid on',
    taxNames: { 부가가치세: 'VAT' },
  },
};

/** What stands behind the price of calls by their time. */
export const PER_MINUTE: Readonly<Record<DocumentLanguage, string>> = { ko: '/분', en: '/min' };

/** What stands behind a count. */
export const UNITS: Readonly<
  Record<
    DocumentLanguage,
    Readonly<Record<Exclude<DocumentQuantity['unit'], 'second'>, (count: bigint) => string>>
  >
> = {
  ko: { piece: () => '개', call: () => '건', month: () => '개월', year: () => '년' },
  en: {
    piece: () => '',
    call: (count) => ` ${plural('call', count)}`,
    month: (count) => ` ${plural('month', count)}`,
    year: (count) => ` ${plural('year', count)}`,
  },
};

function plural(word: string, count: bigint): string {
  return count === 1n ? word : `${word}s`;
}
