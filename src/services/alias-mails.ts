import type { Alias, Language, LapseReason, Member } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

type Letter = { readonly subject: string; readonly text: string };

type MailPorts = Pick<ServicePorts, 'members' | 'proofs'>;

const CODE: Readonly<Record<Language, (code: string) => Letter>> = {
  en: (code) => ({
    subject: 'Your Omnidial code',
    text: `Your code is ${code}\n\nIt is good for 15 minutes and proves that this e-mail address is yours. Nobody of Omnidial will ever ask you for it.\nIf you did not ask for a code, do nothing: without it nothing changes.\n`,
  }),
  ko: (code) => ({
    subject: '옴니다이얼 인증 코드',
    text: `인증 코드: ${code}\n\n이 코드는 15분 동안 유효하며, 이 이메일 주소가 본인의 것임을 확인하는 데 쓰입니다. 옴니다이얼 직원은 절대 코드를 묻지 않습니다.\n코드를 요청하지 않으셨다면 아무것도 하지 않으셔도 됩니다. 코드가 없으면 아무것도 바뀌지 않습니다.\n`,
  }),
  ja: (code) => ({
    subject: 'Omnidial 確認コード',
    text: `確認コード: ${code}\n\nこのコードは15分間有効で、このメールアドレスがご本人のものであることの確認に使われます。Omnidialの担当者がコードをお尋ねすることはありません。\nお心当たりがない場合は、何もしないでください。コードがなければ何も変わりません。\n`,
  }),
};

const REMINDER: Readonly<Record<Language, (name: string, isDomain: boolean) => Letter>> = {
  en: (name, isDomain) => ({
    subject: `Please prove ${name} again`,
    text: isDomain
      ? `The DNS no longer has the record that proves that ${name} is yours. Calls to it will stop reaching you in a few days unless the record is put back.\n`
      : `Calls to ${name} reach you, and numbers and addresses change hands. Please ask for a code in Omnidial and enter it within 30 days, so that calls keep reaching you.\n`,
  }),
  ko: (name, isDomain) => ({
    subject: `${name} 재인증 안내`,
    text: isDomain
      ? `${name}이(가) 고객님의 도메인임을 증명하는 DNS 레코드가 더 이상 없습니다. 레코드를 되돌려 놓지 않으면 며칠 뒤 이 도메인으로 오는 전화가 연결되지 않습니다.\n`
      : `${name}(으)로 걸려 온 전화는 고객님께 연결됩니다. 번호와 주소는 주인이 바뀔 수 있으므로, 30일 안에 옴니다이얼에서 코드를 요청하여 입력해 주세요.\n`,
  }),
  ja: (name, isDomain) => ({
    subject: `${name} の再確認のお願い`,
    text: isDomain
      ? `${name} がお客様のものであることを示すDNSレコードがなくなりました。元に戻されない場合、数日後にこのドメインへの通話はつながらなくなります。\n`
      : `${name} への通話はお客様につながります。番号やアドレスは持ち主が変わることがあるため、30日以内にOmnidialでコードを請求し、入力してください。\n`,
  }),
};

const REASONS: Readonly<Record<Language, Readonly<Record<LapseReason, string>>>> = {
  en: {
    'not-confirmed': 'it was not proven again in time',
    'record-missing': 'the DNS has not had its record for days',
    'proven-by-another': 'somebody else has proven that it is theirs now',
  },
  ko: {
    'not-confirmed': '기한 안에 다시 인증되지 않았습니다',
    'record-missing': '며칠 동안 DNS 레코드가 없었습니다',
    'proven-by-another': '다른 분이 자신의 것임을 증명하였습니다',
  },
  ja: {
    'not-confirmed': '期限内に再確認されませんでした',
    'record-missing': '数日間DNSレコードがありませんでした',
    'proven-by-another': '別の方がご自身のものであることを証明しました',
  },
};

const LAPSE: Readonly<Record<Language, (name: string, reason: string) => Letter>> = {
  en: (name, reason) => ({
    subject: `${name} no longer leads to you`,
    text: `Calls to ${name} do not reach you any more: ${reason}. If it is yours, prove it again in Omnidial.\n`,
  }),
  ko: (name, reason) => ({
    subject: `${name} 연결 종료 안내`,
    text: `이제 ${name}(으)로 걸려 온 전화는 고객님께 연결되지 않습니다. 사유: ${reason}. 고객님의 것이라면 옴니다이얼에서 다시 인증해 주세요.\n`,
  }),
  ja: (name, reason) => ({
    subject: `${name} の接続終了のお知らせ`,
    text: `${name} への通話はお客様につながらなくなりました。理由: ${reason}。お客様のものであれば、Omnidialで再度確認してください。\n`,
  }),
};

/** Mails a code to the address that is to be proven. */
export async function mailCode(
  { proofs }: Pick<ServicePorts, 'proofs'>,
  to: string,
  code: string,
  language: Language,
): Promise<Result<null>> {
  if (proofs.mailer === undefined) return mailNotSetUp();
  return proofs.mailer.send({ to, language, ...CODE[language](code) });
}

export function mailNotSetUp(): Result<never> {
  return refuse('mail-unavailable', 'This service is not set up to send e-mail: tell its operator.');
}

/** Asks a member to prove a name again. Where the mail is lost, the next reminder comes in a week. */
export async function remindOfProof(ports: MailPorts, alias: Alias): Promise<void> {
  await write(ports, alias, ({ language }) => REMINDER[language](alias.value, alias.kind === 'domain'));
}

/** Tells a member that a name leads to it no more. The API shows the same. */
export async function tellOfLapse(ports: MailPorts, alias: Alias, reason: LapseReason): Promise<void> {
  await write(ports, alias, ({ language }) => LAPSE[language](alias.value, REASONS[language][reason]));
}

/** Writes to where the member wants to be written to; the name itself may be somebody else's by now. */
async function write(
  { members, proofs }: MailPorts,
  { memberId }: Alias,
  letter: (member: Member) => Letter,
): Promise<Result<null>> {
  const member = await members.find(memberId);
  if (member === undefined || proofs.mailer === undefined) return accept(null);
  return proofs.mailer.send({ to: member.email, language: member.language, ...letter(member) });
}
