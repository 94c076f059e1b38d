import type { WebhookDeliveryShown, WebhookShown, WebhookWithSecretShown } from '../adapters/http/index.ts';
import { given, MEMBER_OPTION, PAGE_OPTIONS, pageAsked, pathOf } from './asked.ts';
import type { Items, ServiceClient } from './service-client.ts';
import { CalledWrongly, serviceCommand, type Verb } from './service-command.ts';
import type { Column } from './table.ts';

const WEBHOOK: readonly Column<WebhookShown>[] = [
  { title: 'webhook', of: ({ id }) => id },
  { title: 'member', of: ({ memberId }) => memberId },
  { title: 'url', of: ({ url }) => url },
  { title: 'topics', of: ({ topics }) => topics.join(',') },
  { title: 'state', of: ({ state, disabledReason }) => disabledReason ?? state },
  { title: 'failing since', of: ({ failingSince }) => failingSince },
  { title: 'about', of: ({ description }) => description },
];

const WITH_SECRET: readonly Column<WebhookWithSecretShown>[] = [
  ...WEBHOOK.map(({ title, of }) => ({
    title,
    of: ({ webhook }: WebhookWithSecretShown) => of(webhook),
  })),
  { title: 'secret, shown this once', of: ({ secret }) => secret },
];

const DELIVERY: readonly Column<WebhookDeliveryShown>[] = [
  { title: 'event', of: ({ eventId }) => eventId },
  { title: 'type', of: ({ type }) => type },
  { title: 'occurred', of: ({ occurredAt }) => occurredAt },
  { title: 'state', of: ({ state, reason }) => reason ?? state },
  { title: 'tries', of: ({ tries }) => tries },
  { title: 'next', of: ({ dueAt }) => dueAt },
  { title: 'last answer', of: lastAnswer },
];

const WAIT_OPTION = {
  wait: { value: '<seconds>', about: 'how long to wait for the outcome; 20 where absent' },
};

/** How long it is looked for an outcome, and how often. */
const WAIT_SECONDS = 20;
const LOOK_EVERY_MS = 250;

const VERBS: readonly Verb[] = [
  {
    name: 'list',
    summary: 'where events are sent',
    arguments: [],
    options: { ...MEMBER_OPTION, ...PAGE_OPTIONS },
    run: async (call) => {
      const query = { memberId: call.option('member'), ...pageAsked(call) };
      call.show.list(await call.client.get<Items<WebhookShown>>('/v1/webhooks', query), WEBHOOK);
    },
  },
  {
    name: 'add',
    summary: 'has events sent to a URL, and shows the secret that verifies them',
    arguments: ['url'],
    options: {
      topics: {
        value: '<topics>',
        about: 'with commas between: calls,orders,balance,alarms',
        isRequired: true,
      },
      about: { value: '<text>', about: 'for people who read the list' },
      member: { value: '<id>', about: 'whose events; your own, or as an operator everybody’s where absent' },
    },
    run: async ({ client, argument, option, show }) => {
      const body = given({
        url: argument('url'),
        topics: topicsOf(option('topics')),
        description: option('about'),
        memberId: option('member'),
      });
      show.one(await client.post<WebhookWithSecretShown>('/v1/webhooks', body), WITH_SECRET);
    },
  },
  {
    name: 'change',
    summary: 'changes where or what is sent, or switches it off and on',
    arguments: ['webhook'],
    options: {
      // `--url` says where the service is.
      to: { value: '<url>', about: 'where events are sent' },
      topics: { value: '<topics>', about: 'with commas between' },
      about: { value: '<text>', about: 'for people who read the list' },
      state: { value: '<state>', about: 'open or disabled' },
    },
    run: async ({ client, argument, option, show }) => {
      const body = given({
        url: option('to'),
        topics: topicsOf(option('topics')),
        description: option('about'),
        state: option('state'),
      });
      show.one(await client.patch<WebhookShown>(pathOf('webhooks', argument('webhook')), body), WEBHOOK);
    },
  },
  {
    name: 'remove',
    summary: 'removes a webhook with the log of its deliveries',
    arguments: ['webhook'],
    run: async ({ client, argument, show }) => {
      await client.delete(pathOf('webhooks', argument('webhook')));
      show.text({ removed: argument('webhook') }, 'It is removed.\n');
    },
  },
  {
    name: 'rotate',
    summary: 'makes a new secret; the one before signs beside it for a day',
    arguments: ['webhook'],
    run: async ({ client, argument, show }) => {
      const path = pathOf('webhooks', argument('webhook'), 'secret');
      show.one(await client.post<WebhookWithSecretShown>(path), WITH_SECRET);
    },
  },
  {
    name: 'deliveries',
    summary: 'what was sent to a webhook and what came of it, newest first',
    arguments: ['webhook'],
    options: {
      state: { value: '<state>', about: 'pending, delivered or given-up' },
      ...PAGE_OPTIONS,
    },
    run: async (call) => {
      const path = pathOf('webhooks', call.argument('webhook'), 'deliveries');
      const query = { state: call.option('state'), ...pageAsked(call) };
      call.show.list(await call.client.get<Items<WebhookDeliveryShown>>(path, query), DELIVERY);
    },
  },
  {
    name: 'replay',
    summary: 'sends an event again, or all that were given up since then',
    arguments: ['webhook'],
    options: {
      event: { value: '<event>', about: 'the one event' },
      since: { value: '<time>', about: 'such as 2026-11-25T00:00:00Z' },
    },
    run: async ({ client, argument, option, show }) => {
      const [event, since] = [option('event'), option('since')];
      if ((event === undefined) === (since === undefined))
        throw new CalledWrongly('Give --event or --since.');
      if (event !== undefined) {
        const path = pathOf('webhooks', argument('webhook'), 'deliveries', event, 'replay');
        return show.one(await client.post<WebhookDeliveryShown>(path), DELIVERY);
      }
      const path = pathOf('webhooks', argument('webhook'), 'replay');
      const answer = await client.post<{ readonly events: number }>(path, { since });
      return show.text(answer, `${answer.events} events are sent again.\n`);
    },
  },
  {
    name: 'test',
    summary: 'sends webhook.test, and shows what came of it',
    arguments: ['webhook'],
    options: WAIT_OPTION,
    run: async ({ client, argument, option, show }) => {
      const webhook = argument('webhook');
      const seconds = option('wait') ?? String(WAIT_SECONDS);
      if (!/^\d{1,3}$/.test(seconds)) throw new CalledWrongly(`"${seconds}" is not a number of seconds.`);
      const sent = await client.post<WebhookDeliveryShown>(pathOf('webhooks', webhook, 'test-events'));
      show.one(await firstOutcome(client, webhook, sent, Number(seconds)), DELIVERY);
    },
  },
];

/** The delivery as soon as it was tried once, or as it is when time is up. */
async function firstOutcome(
  client: ServiceClient,
  webhook: string,
  sent: WebhookDeliveryShown,
  seconds: number,
): Promise<WebhookDeliveryShown> {
  let latest = sent;
  for (let waitedMs = 0; latest.tries === 0 && waitedMs < seconds * 1_000; waitedMs += LOOK_EVERY_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const { items } = await client.get<Items<WebhookDeliveryShown>>(
      pathOf('webhooks', webhook, 'deliveries'),
    );
    latest = items.find(({ eventId }) => eventId === sent.eventId) ?? latest;
  }
  return latest;
}

function topicsOf(text: string | undefined): readonly string[] | undefined {
  return text?.split(',').map((topic) => topic.trim());
}

function lastAnswer({ attempts }: WebhookDeliveryShown): string | undefined {
  const last = attempts.at(-1);
  return last?.failure ?? (last && `${last.status} ${last.answer ?? ''}`.trim());
}

/** `omnidial webhooks`: where events are sent, and what became of them. */
export const webhooks = serviceCommand('webhooks', VERBS);
