import { printDay } from '../domain/billing/documents/index.ts';
import type { Language } from '../domain/members/index.ts';
import type { Term } from '../domain/renewals/index.ts';

export type Letter = { readonly subject: string; readonly text: string };

/** What a letter about the years of a number names. */
export type AskedYear = {
  /** `02-6200-6200-082` */
  readonly number: string;
  /** In which days are counted. */
  readonly timeZone: string;
  /** What is to be paid, while it is. */
  readonly bill?: { readonly amount: string; readonly reference: string; readonly depositTo?: string };
};

/** The facts of a letter, as they stand in it. */
type Facts = AskedYear & {
  readonly paidUntil: string;
  /** How long the number stays with its member without money, or can be had again. */
  readonly lastDay: string;
};

type Letters = Readonly<Record<NonNullable<Term['notice']>, (facts: Facts) => Letter>>;

/** How to pay, as a paragraph of its own; nothing where there is nothing to pay. */
const HOW_TO_PAY: Readonly<Record<Language, (facts: Facts) => string>> = {
  en: ({ bill }) =>
    bill === undefined
      ? ''
      : `\nTo pay, transfer exactly ${bill.amount}${bill.depositTo === undefined ? '' : ` to ${bill.depositTo}`} and write this reference on the transfer: ${bill.reference}\n`,
  ko: ({ bill }) =>
    bill === undefined
      ? ''
      : `\n납부 방법: ${bill.depositTo === undefined ? '' : `${bill.depositTo} 계좌로 `}${bill.amount}을(를) 이체하시고, 이체 메모에 참조 번호 ${bill.reference}을(를) 적어 주세요.\n`,
  ja: ({ bill }) =>
    bill === undefined
      ? ''
      : `\nお支払い方法: ${bill.depositTo === undefined ? '' : `${bill.depositTo} へ`}${bill.amount} ちょうどをお振り込みのうえ、振込の備考に参照番号 ${bill.reference} をご記入ください。\n`,
};

const LETTERS: Readonly<Record<Language, Letters>> = {
  en: {
    due: (facts) => ({
      subject: `${facts.number} is paid for until ${facts.paidUntil}`,
      text: `Your number ${facts.number} is paid for until ${facts.paidUntil}. Please pay for another year, so that it stays yours.\n${HOW_TO_PAY.en(facts)}`,
    }),
    grace: (facts) => ({
      subject: `${facts.number} is no longer paid for`,
      text: `The year that was paid for ${facts.number} is over since ${facts.paidUntil}. The number works on until ${facts.lastDay}; then it goes out of service. Another year counts from ${facts.paidUntil}, whenever it is paid.\n${HOW_TO_PAY.en(facts)}`,
    }),
    renewed: (facts) => ({
      subject: `${facts.number} is yours until ${facts.paidUntil}`,
      text: `Thank you. Your number ${facts.number} is paid for until ${facts.paidUntil}.\n`,
    }),
    lapsed: (facts) => ({
      subject: `${facts.number} is out of service`,
      text: `Nobody has paid for another year of ${facts.number}, and calls no longer reach you under it. Until ${facts.lastDay} it is kept for you: if the money comes before then, the number is yours again. Afterwards others may buy it.\n${HOW_TO_PAY.en(facts)}`,
    }),
    restored: (facts) => ({
      subject: `${facts.number} is in service again`,
      text: `Thank you. Your number ${facts.number} is in service again and paid for until ${facts.paidUntil}.\n`,
    }),
  },
  ko: {
    due: (facts) => ({
      subject: `${facts.number} 사용 기간 만료 안내 (${facts.paidUntil})`,
      text: `고객님의 번호 ${facts.number}의 사용 기간은 ${facts.paidUntil}까지입니다. 번호를 계속 사용하시려면 1년 연장 요금을 납부해 주세요.\n${HOW_TO_PAY.ko(facts)}`,
    }),
    grace: (facts) => ({
      subject: `${facts.number} 사용 기간이 끝났습니다`,
      text: `번호 ${facts.number}의 사용 기간이 ${facts.paidUntil}에 끝났습니다. 번호는 ${facts.lastDay}까지 계속 사용하실 수 있으며, 그 뒤에는 사용이 중지됩니다. 연장 기간은 납부일과 관계없이 ${facts.paidUntil}부터 계산됩니다.\n${HOW_TO_PAY.ko(facts)}`,
    }),
    renewed: (facts) => ({
      subject: `${facts.number} 연장 완료 (${facts.paidUntil}까지)`,
      text: `감사합니다. 번호 ${facts.number}의 사용 기간이 ${facts.paidUntil}까지 연장되었습니다.\n`,
    }),
    lapsed: (facts) => ({
      subject: `${facts.number} 사용이 중지되었습니다`,
      text: `번호 ${facts.number}의 연장 요금이 납부되지 않아, 이 번호로 걸려 오는 전화는 더 이상 연결되지 않습니다. ${facts.lastDay}까지는 고객님을 위해 번호를 보관하며, 그 전에 납부하시면 다시 사용하실 수 있습니다. 그 뒤에는 다른 분이 구매할 수 있습니다.\n${HOW_TO_PAY.ko(facts)}`,
    }),
    restored: (facts) => ({
      subject: `${facts.number} 사용이 재개되었습니다`,
      text: `감사합니다. 번호 ${facts.number}을(를) 다시 사용하실 수 있으며, 사용 기간은 ${facts.paidUntil}까지입니다.\n`,
    }),
  },
  ja: {
    due: (facts) => ({
      subject: `${facts.number} の有効期限は ${facts.paidUntil} です`,
      text: `お客様の番号 ${facts.number} は ${facts.paidUntil} までお支払い済みです。引き続きご利用になるには、1年分の更新料をお支払いください。\n${HOW_TO_PAY.ja(facts)}`,
    }),
    grace: (facts) => ({
      subject: `${facts.number} の有効期限が過ぎました`,
      text: `番号 ${facts.number} の有効期限は ${facts.paidUntil} に過ぎました。${facts.lastDay} までは引き続きご利用いただけますが、その後は停止されます。更新後の期間は、お支払いの日にかかわらず ${facts.paidUntil} から数えます。\n${HOW_TO_PAY.ja(facts)}`,
    }),
    renewed: (facts) => ({
      subject: `${facts.number} は ${facts.paidUntil} まで更新されました`,
      text: `ありがとうございます。番号 ${facts.number} は ${facts.paidUntil} までお支払い済みです。\n`,
    }),
    lapsed: (facts) => ({
      subject: `${facts.number} は停止されました`,
      text: `番号 ${facts.number} の更新料が支払われなかったため、この番号への通話はつながらなくなりました。${facts.lastDay} までは番号をお取り置きし、それまでにお支払いいただければ再びご利用いただけます。その後は他の方が購入できるようになります。\n${HOW_TO_PAY.ja(facts)}`,
    }),
    restored: (facts) => ({
      subject: `${facts.number} は再びご利用いただけます`,
      text: `ありがとうございます。番号 ${facts.number} は再びご利用いただけます。有効期限は ${facts.paidUntil} です。\n`,
    }),
  },
};

/** The letter about what a member has yet to be told of; undefined where that is nothing. */
export function letterOf(term: Term, language: Language, asked: AskedYear): Letter | undefined {
  if (term.notice === undefined) return undefined;
  const dayOf = (atMs: number) => printDay(atMs, asked.timeZone, language === 'ko' ? 'ko' : 'en');
  const facts = { ...asked, paidUntil: dayOf(term.paidUntilMs), lastDay: dayOf(lastMomentOf(term)) };
  return LETTERS[language][term.notice](facts);
}

function lastMomentOf(term: Term): number {
  if (term.state === 'grace') return term.graceUntilMs;
  return term.state === 'lapsed' ? term.quarantineUntilMs : term.paidUntilMs;
}
