import { describe, expect, it } from 'vitest';
import { accepted, OPERATOR, serviceWorld, somebody } from '../../test/support/service-world.ts';
import { accept } from '../domain/refusal/index.ts';
import { judge, stepEndpoint } from '../domain/webhooks/index.ts';
import { addWebhook } from './add-webhook.ts';
import type { Mail } from './ports/index.ts';
import { tellWebhookOwner } from './tell-webhook-owner.ts';

describe('a webhook that was switched off', () => {
  it('is told of by mail in the member’s language, and by the other webhooks', async () => {
    const mails: Mail[] = [];
    const mailer = {
      send: async (mail: Mail) => {
        mails.push(mail);
        return accept(null);
      },
    };
    const world = { ...serviceWorld(), proofs: { mailer } };
    const { memberId, actor } = await somebody(world, 'mina');
    const topics = ['alarms'] as const;
    const url = 'https://gone.example/';
    const { webhook } = accepted(await addWebhook(world, { actor, memberId, url, topics }));
    const other = accepted(await addWebhook(world, { actor: OPERATOR, url: 'https://op.example/', topics }));
    const [off, effects] = stepEndpoint(webhook, {
      ...{ kind: 'tried', nowMs: world.clock.nowMs() },
      verdict: judge({ kind: 'answered', status: 410 }),
    });
    await world.webhooks.change(webhook, off, effects, world.clock.nowMs());
    await tellWebhookOwner(world, off);
    expect(mails).toMatchObject([{ to: 'mina@mail.example', language: 'ko' }]);
    expect(mails[0]?.text).toContain('https://gone.example/');
    const [told, ...more] = await world.webhooks.deliveries({ endpointId: other.webhook.id, limit: 9 });
    expect(more).toEqual([]);
    expect(told?.event).toMatchObject({
      ...{ type: 'webhook.disabled', topic: 'alarms', memberId },
      data: { webhookId: webhook.id, url, reason: 'gone' },
    });
  });

  it('of an operator is told of by the other webhooks alone; an open one is not told of', async () => {
    const world = serviceWorld();
    const topics = ['alarms'] as const;
    const { webhook } = accepted(
      await addWebhook(world, { actor: OPERATOR, url: 'https://a.example/', topics }),
    );
    await tellWebhookOwner(world, webhook);
    expect(await world.webhooks.deliveries({ endpointId: webhook.id, limit: 9 })).toEqual([]);
    await tellWebhookOwner(world, {
      ...webhook,
      state: 'disabled',
      disabledAtMs: 1,
      disabledReason: 'failing',
    });
    expect(await world.webhooks.deliveries({ endpointId: webhook.id, limit: 9 })).toHaveLength(1);
  });
});
