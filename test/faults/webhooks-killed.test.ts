import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { createWebhookStore } from '../../src/adapters/postgres/index.ts';
import type { WebhookEvent } from '../../src/domain/webhooks/index.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { CentreProcess, createOperator } from '../support/service/index.ts';
import { WebhookReceiver } from '../support/webhook-receiver.ts';

const EVENTS = 600;
const KILLS = 6;

/** As long as a lease, and some time to catch up. */
const WITHIN_MS = 60_000;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function event(number: number): WebhookEvent {
  const [id, data] = [`event_${number}`, { number }];
  return { id, topic: 'alarms', type: 'alarm.raised', occurredAtMs: 0, isForOperators: true, data };
}

for (const server of DATABASES) {
  describeDatabase(server, 'three processes that send events', (fresh) => {
    it('are killed at random moments, and no event is lost', async () => {
      const { url: databaseUrl, kysely } = await fresh();
      const key = await createOperator(databaseUrl);
      const receiver = await WebhookReceiver.open();
      cleanups.push(() => receiver.goAway());
      receiver.answer = (_, response) => setTimeout(() => response.writeHead(204).end(), 5);
      const processes: CentreProcess[] = [];
      for (const [index, centre] of ['KR', 'JP', 'US'].entries()) {
        const place = { centre, address: `127.0.0.${31 + index}`, sipPort: 24_680 };
        const env = { OMNIDIAL_PRIVATE_ADDRESSES: 'yes' };
        const started = await CentreProcess.start({ databaseUrl, ...place, env }, key);
        cleanups.push(() => started.end('SIGKILL'));
        processes.push(started);
      }
      const [first] = processes as [CentreProcess];
      const made = await first.api.post<{ secret: string }>('/v1/webhooks', {
        url: receiver.url,
        topics: ['alarms'],
      });
      receiver.secret = made.secret;
      const store = createWebhookStore(kysely);
      const recording = (async () => {
        for (let number = 0; number < EVENTS; number += 1) {
          await store.record([event(number)]);
          await sleep(8);
        }
      })();
      for (let kill = 0; kill < KILLS; kill += 1) {
        await sleep(Math.random() * 1_500);
        const victim = processes[kill % processes.length] as CentreProcess;
        await victim.end('SIGKILL');
        await victim.launch();
      }
      await recording;
      await expect.poll(() => new Set(receiver.ids).size, { timeout: WITHIN_MS, interval: 50 }).toBe(EVENTS);
      expect(receiver.forged).toEqual([]);
      console.log(`${receiver.ids.length - EVENTS} of ${EVENTS} events came twice (${server.name})`);
      await expect
        .poll(
          async () =>
            (await store.claim({ nowMs: Date.now(), leaseMs: 0, endpoints: 9, deliveries: 9 })).length,
        )
        .toBe(0);
    });
  });
}
