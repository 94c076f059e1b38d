import type { ChargingSetUp } from '../domain/billing/charging/index.ts';
import { type Currency, type Money, printAmount, printMoney } from '../domain/billing/index.ts';
import { type LedgerAccount, memberOfAccount, type PendingTransfer } from '../domain/billing/ledger/index.ts';
import type { Reservation, ServicePorts } from './ports/index.ts';
import { recordEvent } from './record-event.ts';

export type SpendingWatchDependencies = Pick<
  ServicePorts,
  'clock' | 'identifiers' | 'members' | 'proofs' | 'webhooks'
> & {
  readonly setUp: () => ChargingSetUp;
  readonly dayLimitOf: (account: LedgerAccount, currency: Currency) => bigint | undefined;
  /** Told where somebody could not be told. */
  readonly onTrouble: (error: unknown) => void;
};

/** At this share of what may be spent in a day the operator is warned, before the damage is done. */
const ALARM_PERCENT = 80n;

/** With less than a tenth of it left the limit counts as reached. */
const REACHED_SHARE = 10n;

const DAY_MS = 86_400_000;

type Alarm = {
  readonly type: 'balance.low' | 'alarm.spending-high' | 'alarm.daily-limit-reached';
  readonly memberId: string;
  readonly amount: Money;
  readonly sentence: string;
};

/** Tells of credit that runs low and of spending that is unusually high, as calls are begun and go on (R23). */
export class SpendingWatch {
  readonly #dependencies: SpendingWatchDependencies;
  /** Members of whose limit is told already today. */
  readonly #told = new Map<string, number>();

  constructor(dependencies: SpendingWatchDependencies) {
    this.#dependencies = dependencies;
  }

  /** What became of a request for credit. */
  answered(transfer: PendingTransfer, reservation: Reservation): void {
    const memberId = memberOfAccount(transfer.debit);
    if (memberId === undefined) return;
    for (const alarm of this.#alarmsFor(memberId, transfer, reservation)) {
      this.#tell(alarm).catch(this.#dependencies.onTrouble);
    }
  }

  #alarmsFor(
    memberId: string,
    { debit, currency, micros }: PendingTransfer,
    reservation: Reservation,
  ): readonly Alarm[] {
    const limit = this.#dependencies.dayLimitOf(debit, currency);
    if (reservation.kind === 'exceeded') {
      if (reservation.why !== 'day-limit' || limit === undefined) return [];
      // A call that asks for more than is left may still have the rest: the limit is not reached by asking.
      if (reservation.availableMicros * REACHED_SHARE > limit || !this.#isFirstToday(memberId)) return [];
      const amount = { currency, micros: limit };
      const sentence = `The daily limit of ${printMoney(amount)} is reached: calls that cost something are refused.`;
      return [{ type: 'alarm.daily-limit-reached', memberId, amount, sentence }];
    }
    const { after } = reservation;
    if (after === undefined) return [];
    const alarms: Alarm[] = [];
    const low = this.#dependencies.setUp().lowBalances.find((each) => each.currency === currency);
    const left = after.availableMicros;
    if (low !== undefined && left !== undefined && left < low.micros && left + micros >= low.micros) {
      const amount = { currency, micros: left };
      const sentence = `Of the credit ${printMoney(amount)} is left that no call has kept back.`;
      alarms.push({ type: 'balance.low', memberId, amount, sentence });
    }
    const threshold = limit === undefined ? undefined : (limit * ALARM_PERCENT) / 100n;
    const spent = after.spentTodayMicros;
    if (threshold !== undefined && spent >= threshold && spent - micros < threshold) {
      const amount = { currency, micros: spent };
      const sentence = `${printMoney(amount)} is spent or kept back today, ${ALARM_PERCENT} % of the daily limit.`;
      alarms.push({ type: 'alarm.spending-high', memberId, amount, sentence });
    }
    return alarms;
  }

  #isFirstToday(memberId: string): boolean {
    const today = Math.floor(this.#dependencies.clock.nowMs() / DAY_MS);
    for (const [other, day] of this.#told) if (day !== today) this.#told.delete(other);
    if (this.#told.has(memberId)) return false;
    this.#told.set(memberId, today);
    return true;
  }

  async #tell({ type, memberId, amount, sentence }: Alarm): Promise<void> {
    const { clock, members, proofs, setUp } = this.#dependencies;
    await recordEvent(this.#dependencies, {
      topic: type === 'balance.low' ? 'balance' : 'alarms',
      type,
      occurredAtMs: clock.nowMs(),
      memberId,
      data: {
        memberId,
        amount: { amount: printAmount(amount), currency: amount.currency },
        detail: sentence,
      },
    });
    const { mailer } = proofs;
    if (mailer === undefined) return;
    const member = await members.find(memberId);
    const { alarmMail } = setUp();
    if (type !== 'balance.low' && alarmMail !== undefined) {
      const subject = `Omnidial: ${type === 'alarm.spending-high' ? 'high spending' : 'daily limit reached'} of a member`;
      await mailer.send({
        to: alarmMail,
        language: 'en',
        subject,
        text: `${member?.identity.name ?? memberId} (${memberId}): ${sentence}\n`,
      });
    }
    if (member === undefined || member.email === '') return;
    const language = member.language ?? 'en';
    await mailer.send({ to: member.email, language, ...LETTERS[language](type, printMoney(amount)) });
  }
}

type Letter = { readonly subject: string; readonly text: string };

const LETTERS: Readonly<Record<'en' | 'ko' | 'ja', (type: Alarm['type'], amount: string) => Letter>> = {
  en: (type, amount) =>
    type === 'balance.low'
      ? {
          subject: 'Your Omnidial credit runs low',
          text: `Of your credit ${amount} is left. Calls that cost something end when it is used up: top it up in time.\n`,
        }
      : {
          subject: 'Unusual spending on your Omnidial calls',
          text: `Your calls of today come to ${amount}. If these are not your calls, change the passwords of your phones and tell us.\n`,
        },
  ko: (type, amount) =>
    type === 'balance.low'
      ? {
          subject: '옴니다이얼 잔액 부족 안내',
          text: `잔액이 ${amount} 남았습니다. 잔액이 모두 소진되면 유료 통화가 종료되므로 미리 충전해 주세요.\n`,
        }
      : {
          subject: '옴니다이얼 통화 요금 급증 안내',
          text: `오늘 통화 요금이 ${amount}입니다. 직접 거신 통화가 아니라면 전화기의 비밀번호를 바꾸고 저희에게 알려 주세요.\n`,
        },
  ja: (type, amount) =>
    type === 'balance.low'
      ? {
          subject: 'Omnidial 残高のお知らせ',
          text: `残高は${amount}です。なくなると有料の通話は終了しますので、お早めにチャージしてください。\n`,
        }
      : {
          subject: 'Omnidial 通話料金のお知らせ',
          text: `本日の通話料金は${amount}です。お心当たりがない場合は、電話機のパスワードを変更し、ご連絡ください。\n`,
        },
};
