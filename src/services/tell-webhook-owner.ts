import type { Language } from '../domain/members/index.ts';
import type { WebhookEndpoint } from '../domain/webhooks/index.ts';
import type { ServicePorts } from './ports/index.ts';
import { recordEvent } from './record-event.ts';

type Letter = { readonly subject: string; readonly text: string };

const LETTERS: Readonly<Record<Language, (url: string, isGone: boolean) => Letter>> = {
  en: (url, isGone) => ({
    subject: 'A webhook was switched off',
    text: `Omnidial sends no events to ${url} any more: ${isGone ? 'it answered 410 Gone' : 'it has taken none for five days'}. Once it works, switch the webhook on again, and replay what was given up.\n`,
  }),
  ko: (url, isGone) => ({
    subject: '웹훅 사용 중지 안내',
    text: `이제 옴니다이얼은 ${url}(으)로 이벤트를 보내지 않습니다. 사유: ${isGone ? '410 Gone 응답을 받았습니다' : '5일 동안 이벤트를 받지 않았습니다'}. 다시 작동하면 웹훅을 켜고, 보내지 못한 이벤트를 재전송해 주세요.\n`,
  }),
  ja: (url, isGone) => ({
    subject: 'Webhook停止のお知らせ',
    text: `Omnidialは ${url} へのイベント送信を停止しました。理由: ${isGone ? '410 Goneの応答がありました' : '5日間イベントが受け取られませんでした'}。復旧後、Webhookを再び有効にし、送れなかったイベントを再送してください。\n`,
  }),
};

/**
 * Tells the owner of a webhook that it was switched off: by mail where it is a member's and mail is set up, and as
 * `webhook.disabled` by the owner's other webhooks and the operators'.
 */
export async function tellWebhookOwner(
  ports: Pick<ServicePorts, 'identifiers' | 'members' | 'proofs' | 'webhooks'>,
  endpoint: WebhookEndpoint,
): Promise<void> {
  if (endpoint.state !== 'disabled') return;
  const { id, memberId, url, disabledAtMs, disabledReason } = endpoint;
  await recordEvent(ports, {
    topic: 'alarms',
    type: 'webhook.disabled',
    occurredAtMs: disabledAtMs,
    ...(memberId === undefined ? {} : { memberId }),
    data: { webhookId: id, url, reason: disabledReason },
  });
  const member = memberId === undefined ? undefined : await ports.members.find(memberId);
  if (member === undefined) return;
  const { email: to, language } = member;
  await ports.proofs.mailer?.send({ to, language, ...LETTERS[language](url, disabledReason === 'gone') });
}
