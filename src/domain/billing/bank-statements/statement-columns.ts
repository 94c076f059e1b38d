import { cellsOf, SEPARATORS, type Separator } from '../tariffs/index.ts';

/** What a column of a bank statement says. */
type Meaning =
  | 'amount'
  | 'balance'
  | 'bankId'
  | 'credit'
  | 'currency'
  | 'date'
  | 'debit'
  | 'direction'
  | 'payer'
  | 'remark'
  | 'time';

/** The words of banks for their columns, without spaces and signs, in lower case: Korean first, then English. */
const WORDS: Readonly<Record<Meaning, readonly string[]>> = {
  date: words(`거래일시 거래일자 거래일 거래날짜 일자 일시 날짜 입금일 입금일자 기산일
    date bookingdate transactiondate valuedate postingdate posted completeddate`),
  time: words('거래시간 거래시각 시간 시각 time transactiontime'),
  credit: words(`입금 입금액 입금금액 맡기신금액 받은금액 들어온금액
    credit creditamount credits paidin moneyin deposit deposits depositamount`),
  debit: words(`출금 출금액 출금금액 찾으신금액 보낸금액 지급금액 지급액
    debit debitamount debits paidout moneyout withdrawal withdrawals withdrawalamount`),
  amount: words('거래금액 금액 amount transactionamount'),
  direction: words('입출금구분 입지구분 구분 거래구분 type creditdebit drcr crdr debitcredit direction'),
  balance: words('잔액 거래후잔액 통장잔액 잔고 balance runningbalance balanceafter accountbalance'),
  payer:
    words(`보낸분 보낸분받는분 보낸사람 입금자 입금자명 입금인 의뢰인 의뢰인수취인 거래처 상대예금주명 성명
    payer payername name counterparty counterpartyname partnername sender sendername from`),
  remark: words(`적요 내용 거래내용 거래메모 기재내용 메모 통장메모 송금메모 비고 거래기록사항 입금메모
    description details reference memo remark remarks note notes narrative paymentreference purpose text message
    remittanceinformation transactiondetails`),
  currency: words('통화 통화코드 currency ccy currencycode'),
  bankId: words('거래번호 거래고유번호 transactionid transactionnumber referencenumber bankreference fitid'),
};

const MEANINGS = new Map(
  Object.entries(WORDS).flatMap(([meaning, names]) => names.map((name) => [name, meaning as Meaning])),
);

/** Where in a line what is found; remarks may stand in several columns. */
export type StatementColumns = {
  readonly separator: Separator;
  readonly at: Readonly<Partial<Record<Exclude<Meaning, 'remark'>, number>>>;
  readonly remarks: readonly number[];
};

/**
 * Reads a line as the header of a statement.
 * @returns undefined where it is none: a header names at least the date, and money that came in or an amount
 */
export function readHeader(line: string): StatementColumns | undefined {
  for (const separator of SEPARATORS) {
    const meanings = (cellsOf(line, separator) ?? []).map((cell) => MEANINGS.get(plain(cell)));
    const at: Partial<Record<Meaning, number>> = {};
    meanings.forEach((meaning, place) => {
      if (meaning !== undefined && at[meaning] === undefined) at[meaning] = place;
    });
    const { remark: _, ...rest } = at;
    if (rest.date === undefined || (rest.credit ?? rest.amount) === undefined) continue;
    const remarks = meanings.flatMap((meaning, place) => (meaning === 'remark' ? [place] : []));
    return { separator, at: rest, remarks };
  }
  return undefined;
}

/** Headers are written with units in brackets, spaces, slashes and points: `입금액(원)`, `Paid in`. */
function plain(cell: string): string {
  return cell
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\([^)]*\)/g, '')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}
