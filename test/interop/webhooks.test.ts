import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, TimerLists } from '../../src/adapters/clock/index.ts';
import { createWebhookStore, type OpenDatabase } from '../../src/adapters/postgres/index.ts';
import { createWebhookSender } from '../../src/adapters/webhooks/index.ts';
import { signedHeaders } from '../../src/adapters/webhooks/sign.ts';
import { webhooks } from '../../src/cli/webhooks.ts';
import { newSecret, type WebhookEvent } from '../../src/domain/webhooks/index.ts';
import { addWebhook, type WebhookWithSecret } from '../../src/services/add-webhook.ts';
import { changeWebhook } from '../../src/services/change-webhook.ts';
import { WebhookDeliverer } from '../../src/services/deliver-webhooks.ts';
import type { ServicePorts, WebhookSender, WebhookStore } from '../../src/services/ports/index.ts';
import { replayGivenUp } from '../../src/services/replay-delivery.ts';
import { rotateWebhookSecret } from '../../src/services/rotate-webhook-secret.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { type NameServer, startNameServer } from '../support/name-server/index.ts';
import { describeWith } from '../support/phones/index.ts';
import { IncomingCall, OutgoingCall, RawPhone } from '../support/raw-phone/index.ts';
import {
  buildWorld,
  Service,
  sellNumber,
  type TerminalAccess,
  type World,
} from '../support/service/index.ts';
import { accepted, OPERATOR, serviceWorld } from '../support/service-world.ts';
import { type ReceivedWebhook, WebhookReceiver } from '../support/webhook-receiver.ts';

const SECRET = newSecret(Uint8Array.from({ length: 32 }, (_, at) => at)).text;
const KEY = SECRET.slice('whsec_'.length);

function event(id: string): WebhookEvent {
  const data = { text: 'é전화 "quoted" \\ \n' };
  return {
    id,
    topic: 'calls',
    type: 'call.ended',
    occurredAtMs: 1_793_000_000_000,
    isForOperators: true,
    data,
  };
}

describe('one request', () => {
  let receiver: WebhookReceiver;
  let sender: ReturnType<typeof createWebhookSender>;
  const open = (change: Partial<Parameters<typeof createWebhookSender>[0]> = {}) =>
    createWebhookSender({
      ...{
        clock: systemClock,
        nameServers: [],
        allowsPrivate: true,
        userAgent: 'Omnidial/test',
        timeOutMs: 500,
      },
      ...change,
    });
  const send = (url: string, by: WebhookSender = sender) =>
    by.send({ url, id: 'event_1', atMs: Date.now(), body: '{"type":"a","data":{"é":"전화"}}', keys: [KEY] });

  beforeEach(async () => {
    receiver = await WebhookReceiver.open();
    receiver.secret = SECRET;
    sender = open();
  });
  afterEach(async () => {
    sender.close();
    await receiver.goAway();
  });

  it('Standard Webhooks 1.0: is verified by the library of receivers, and has all its headers', async () => {
    expect(await send(receiver.url)).toEqual({ kind: 'answered', status: 204 });
    expect(receiver.received).toEqual([
      {
        ...{
          id: 'event_1',
          type: 'a',
          data: { é: '전화' },
          path: '/hook?for=us',
          userAgent: 'Omnidial/test',
        },
        signatures: [expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/)],
      },
    ]);
    receiver.secret = newSecret(new Uint8Array(32)).text;
    expect(await send(receiver.url)).toMatchObject({ status: 401 });
    expect(receiver.forged).toHaveLength(1);
  });

  it('Standard Webhooks 1.0: openssl computes the same signature', () => {
    const message = { id: 'event_1', atMs: 1_793_000_000_999, body: '{"é":1}' };
    const key = Buffer.from(KEY, 'base64').toString('hex');
    const asked = ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${key}`, '-binary'];
    const { stdout } = spawnSync('openssl', asked, { input: `event_1.1793000000.${message.body}` });
    expect(stdout).toHaveLength(32);
    const headers = signedHeaders({ ...message, keys: [KEY] });
    expect(headers['webhook-signature']).toBe(`v1,${stdout.toString('base64')}`);
  });

  it('a redirect is not followed', async () => {
    const other = await WebhookReceiver.open();
    other.secret = SECRET;
    receiver.answersWith(307, { location: other.url });
    expect(await send(receiver.url)).toMatchObject({ kind: 'answered', status: 307 });
    expect(other.received).toEqual([]);
    await other.goAway();
  });

  it('an answer that does not come, or does not end, is not waited for', async () => {
    receiver.answer = () => undefined;
    const reason = 'There was no answer within 0.5 seconds.';
    expect(await send(receiver.url)).toEqual({ kind: 'unanswered', reason });
    receiver.answer = (_, response) => response.writeHead(200).write('drip');
    expect(await send(receiver.url)).toEqual({ kind: 'unanswered', reason });
  });

  it('of a long answer the beginning is kept, without what a terminal would obey', async () => {
    receiver.answer = (_, response) => {
      response.writeHead(500, { 'retry-after': '7' });
      response.write(`\x1b[2Jno\n${'x'.repeat(2_000)}`);
      const flood = setInterval(() => response.write('y'.repeat(100_000)), 1);
      response.on('close', () => clearInterval(flood));
    };
    const outcome = await send(receiver.url);
    expect(outcome).toMatchObject({ status: 500, retryAfterMs: 7_000 });
    expect('answer' in outcome && outcome.answer).toMatch(/^\[2Jno x{1000,1030}$/);
  });

  it('says in a sentence why there was no answer', async () => {
    const { url } = receiver;
    await receiver.goAway();
    expect(await send(url)).toEqual({ kind: 'unanswered', reason: 'It could not be reached: ECONNREFUSED.' });
    const raw = createServer().listen(0, '127.0.0.1');
    await once(raw, 'listening');
    raw.on('connection', (socket) => socket.end('no HTTP\r\n\r\n'));
    const { port } = raw.address() as { port: number };
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: 'unanswered' });
    raw.close();
  });

  it('a kept connection that was closed at the other side is no failure', async () => {
    await send(receiver.url);
    await receiver.goAway();
    await receiver.comeBack();
    expect(await send(receiver.url)).toMatchObject({ status: 204 });
  });
});

describeWith(['knotd'], 'a request to a name', () => {
  let receiver: WebhookReceiver;
  let names: NameServer;
  const open = (allowsPrivate: boolean) => {
    const nameServers = [`${names.address}:${names.port}`];
    return createWebhookSender({
      clock: systemClock,
      nameServers,
      allowsPrivate,
      userAgent: 'Omnidial/test',
    });
  };
  const sendBy = (sender: WebhookSender) => (url: string) =>
    sender.send({ url, id: 'event_1', atMs: Date.now(), body: '{"type":"a","data":{}}', keys: [KEY] });

  beforeAll(async () => {
    receiver = await WebhookReceiver.open();
    receiver.secret = SECRET;
    names = await startNameServer({ example: 'inside A 127.0.0.1\nmetadata A 169.254.169.254' });
  });
  afterAll(async () => {
    await receiver?.goAway();
    await names?.close();
  });

  it('Standard Webhooks 1.0, "SSRF": no address of our own network is reached, by whatever name', async () => {
    const strict = open(false);
    const send = sendBy(strict);
    const { port } = new URL(receiver.url);
    const hosts = [
      '127.0.0.1',
      'localhost',
      'inside.example',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0x7f.1',
      '2130706433',
    ];
    for (const host of hosts) {
      const reason = expect.stringContaining('leads to an address that is not public');
      expect(await send(`https://${host}:${port}/`), host).toMatchObject({ reason });
    }
    expect(await send('https://metadata.example/')).toEqual({
      kind: 'unanswered',
      reason: 'metadata.example leads to an address that is not public, and is not sent to.',
    });
    expect(await send('https://nowhere.example/')).toMatchObject({
      reason: 'The DNS does not know nowhere.example: ENOTFOUND.',
    });
    strict.close();
    expect(receiver.received).toEqual([]);
  });

  it('in a network of one’s own it is reached, without TLS too, which nobody else is spoken to without', async () => {
    const own = open(true);
    const send = sendBy(own);
    const { port } = new URL(receiver.url);
    expect(await send(`http://inside.example:${port}/`)).toMatchObject({ status: 204 });
    expect(receiver.received).toHaveLength(1);
    expect(await send('http://192.0.2.1/')).toMatchObject({
      reason: '192.0.2.1 is a public address, which is sent to over https: only.',
    });
    own.close();
  });
});

for (const server of DATABASES) {
  describeDatabase(server, 'events on their way', (fresh) => {
    let database: OpenDatabase;
    let store: WebhookStore;
    let receiver: WebhookReceiver;
    let ports: ServicePorts;
    let made: WebhookWithSecret;
    const ends: (() => Promise<void>)[] = [];

    /** A process's part in it. */
    const startProcess = (timeOutMs = 500) => {
      const timers = new TimerLists();
      const clock = systemClock;
      const sender = createWebhookSender({
        ...{ clock, nameServers: [], allowsPrivate: true, userAgent: 'Omnidial/test', timeOutMs },
      });
      const deliverer = new WebhookDeliverer(
        {
          ...{ store, sender, clock, timers, chance: Math.random, tellOwner: async () => undefined },
          onFailure: (error) => console.error(error),
        },
        { lookEveryMs: 20 },
      );
      deliverer.start();
      ends.push(async () => {
        sender.close();
        await deliverer.stop();
        timers.close();
      });
    };

    beforeEach(async () => {
      database = await fresh();
      store = createWebhookStore(database.kysely);
      receiver = await WebhookReceiver.open();
      const targets = { allowsPrivate: true, fault: () => undefined };
      const world = serviceWorld();
      const settings = { ...world.settings, webhookTargets: targets };
      ports = { ...world, clock: systemClock, settings, webhooks: store };
      made = accepted(await addWebhook(ports, { actor: OPERATOR, url: receiver.url, topics: ['calls'] }));
      receiver.secret = made.secret;
    });
    afterEach(async () => {
      await Promise.all(ends.splice(0).map((end) => end()));
      await receiver.goAway();
      await database.close();
    });

    const whenReceived = (count: number, withinMs = 10_000) =>
      expect
        .poll(() => receiver.received.length, { timeout: withinMs, interval: 10 })
        .toBeGreaterThanOrEqual(count);
    const logged = async (id: string) => (await store.delivery(made.webhook.id, id))?.delivery;

    it('three processes send each event once, in order', async () => {
      for (let count = 0; count < 3; count += 1) startProcess();
      const ids = Array.from({ length: 60 }, (_, at) => `event_${String(at).padStart(2, '0')}`);
      for (const id of ids) await store.record([event(id)]);
      await whenReceived(60);
      expect(receiver.ids).toEqual(ids);
      expect(receiver.forged).toEqual([]);
    });

    it('what failed comes again, with the same id and another time', async () => {
      receiver.answersWith(503, { 'retry-after': '0' });
      startProcess();
      await store.record([event('a'), event('b')]);
      await whenReceived(1);
      receiver.answersWith();
      await whenReceived(3, 15_000);
      expect(receiver.ids).toEqual(['a', 'a', 'b']);
      await expect.poll(async () => (await logged('b'))?.state).toBe('delivered');
      expect(await logged('a')).toMatchObject({
        ...{ state: 'delivered', tries: 2 },
        attempts: [{ status: 503, answer: 'no, sorry [0m' }, { status: 204 }],
      });
    });

    it('an answer that is slow is given up on; an endpoint that was down is sent to again when it is back', async () => {
      receiver.answer = () => undefined;
      startProcess();
      await store.record([event('a')]);
      await expect.poll(async () => (await logged('a'))?.tries, { timeout: 5_000 }).toBe(1);
      expect((await logged('a'))?.attempts).toMatchObject([
        { failure: 'There was no answer within 0.5 seconds.' },
      ]);
      await receiver.goAway();
      receiver.answersWith();
      await store.record([event('b')]);
      await expect.poll(async () => (await logged('a'))?.tries, { timeout: 10_000 }).toBe(2);
      await receiver.comeBack();
      await expect.poll(async () => (await logged('b'))?.state, { timeout: 15_000 }).toBe('delivered');
      expect(receiver.ids).toContain('b');
    });

    it('410 ends it, and a replay after it was switched on again brings everything', async () => {
      receiver.answersWith(410);
      startProcess();
      await store.record([event('a'), event('b')]);
      await expect.poll(async () => (await logged('b'))?.state).toBe('given-up');
      expect(await store.find(made.webhook.id)).toMatchObject({ state: 'disabled', disabledReason: 'gone' });
      expect(receiver.ids).toEqual(['a']);
      receiver.answersWith();
      const asked = { actor: OPERATOR, webhookId: made.webhook.id };
      accepted(await changeWebhook(ports, { ...asked, state: 'open' }));
      expect(accepted(await replayGivenUp(ports, { ...asked, sinceMs: 0 }))).toBe(2);
      await whenReceived(3);
      expect(receiver.ids).toEqual(['a', 'a', 'b']);
    });

    it('while a secret is changed, both verify', async () => {
      const asked = { actor: OPERATOR, webhookId: made.webhook.id };
      const { secret } = accepted(await rotateWebhookSecret(ports, asked));
      startProcess();
      await store.record([event('a')]);
      await whenReceived(1);
      receiver.secret = secret;
      await store.record([event('b')]);
      await whenReceived(2);
      expect(receiver.received.map(({ signatures }) => signatures.length)).toEqual([2, 2]);
      expect(receiver.forged).toEqual([]);
    });

    it('a queue of thousands goes out fast, and none is lost', async () => {
      const ids = Array.from({ length: 5_000 }, (_, at) => `event_${at}`);
      await store.record(ids.map(event));
      const startedAt = performance.now();
      startProcess();
      await whenReceived(5_000, 60_000);
      const seconds = (performance.now() - startedAt) / 1_000;
      console.log(`${Math.round(5_000 / seconds)} events a second to one endpoint (${server.name})`);
      expect(new Set(receiver.ids).size).toBe(5_000);
    });
  });
}

/* Events of a whole service, whose power goes out. */
describeWith([], 'the service is killed with kill -9 while calls end', () => {
  let service: Service;
  let world: World;
  let receiver: WebhookReceiver;
  let phones: readonly RawPhone[];

  beforeAll(async () => {
    receiver = await WebhookReceiver.open();
    service = await Service.start({ sipPort: 24_640, env: { OMNIDIAL_PRIVATE_ADDRESSES: 'yes' } });
    world = await buildWorld(service.api);
    const open = async (terminal: TerminalAccess | undefined) => {
      const { user, password } = terminal as TerminalAccess;
      const phone = await RawPhone.open({ user, password, server: service.sipAddress });
      expect(await phone.register()).toMatchObject({ status: 200 });
      return phone;
    };
    phones = [await open(world.korean.terminals[0]), await open(world.american.terminals[0])];
  });
  afterAll(async () => {
    for (const phone of phones ?? []) phone.close();
    await service?.stop();
    await receiver?.goAway();
  });

  const call = async () => {
    const [caller, callee] = phones as [RawPhone, RawPhone];
    const outgoing = new OutgoingCall(caller, world.american.dial);
    const incoming = await IncomingCall.at(callee);
    incoming.respond(200, 'OK');
    expect(await outgoing.final()).toMatchObject({ status: 200 });
    await incoming.acknowledged();
    expect(await outgoing.bye()).toMatchObject({ status: 200 });
  };

  it('every call that ended is told of, and each has one id however often it comes', async () => {
    const asked = { url: receiver.url, topics: ['calls'] };
    const made = await service.api.post<{ secret: string }>('/v1/webhooks', asked);
    receiver.secret = made.secret;
    await sleep(1_000);
    const told = () => new Map(receiver.received.map(({ data, id }) => [data['id'], id]));
    for (let round = 0; round < 3; round += 1) {
      // While the receiver is away, so that the events are on their way when the power goes out.
      if (round === 1) await receiver.goAway();
      for (let made = 0; made < 10; made += 1) await call();
      await service.kill9();
      if (round === 1) await receiver.comeBack();
      await service.restart();
    }
    const calls = await service.api.list<{ id: string }>('/v1/calls');
    expect(calls).toHaveLength(30);
    await expect.poll(() => told().size, { timeout: 60_000, interval: 100 }).toBe(30);
    expect([...told().keys()].sort()).toEqual(calls.map(({ id }) => id).sort());
    expect(new Set(receiver.ids).size).toBe(30);
    expect(receiver.forged).toEqual([]);
    const [one] = receiver.received as [ReceivedWebhook];
    const listed = await service.api.list<{ id: string }>('/v1/calls');
    expect(one.data).toEqual(listed.find(({ id }) => id === one.data['id']));
  });

  it('a member hears of its own calls and orders, as it sees them', async () => {
    const { memberId, number } = world.korean;
    const own = await WebhookReceiver.open();
    const asked = { url: own.url, topics: ['calls', 'orders'], memberId };
    own.secret = (await service.api.post<{ secret: string }>('/v1/webhooks', asked)).secret;
    await sleep(1_000);
    await call();
    await expect.poll(() => own.received.length, { timeout: 10_000 }).toBe(1);
    expect(own.received[0]?.data).toMatchObject({ callerMemberId: memberId, callerNumber: number });
    expect(own.received[0]?.data).not.toHaveProperty('calleeMemberId');
    await sellNumber(service.api, memberId, '02-6200-7777-082');
    await expect.poll(() => own.received.length, { timeout: 10_000 }).toBe(2);
    expect(own.received[1]).toMatchObject({
      type: 'order.assigned',
      data: { number: { text: '02-6200-7777-082' } },
    });
    await own.goAway();
  });

  it('the command line adds, tests, lists, sends again and removes', async () => {
    const own = await WebhookReceiver.open();
    const run = async (...given: string[]) => {
      let [text, wrong] = ['', ''];
      const access = ['--url', service.httpUrl, '--key', service.operatorKey, '--json'];
      const code = await webhooks([...given, ...access], {
        stdout: (more) => (text += more),
        stderr: (more) => (wrong += more),
      });
      expect(wrong).toBe('');
      expect(code).toBe(0);
      return JSON.parse(text);
    };
    const added = await run('add', own.url, '--topics', 'balance, alarms', '--about', 'us');
    own.secret = added.secret;
    const { id } = added.webhook;
    expect(added.webhook).toMatchObject({ topics: ['balance', 'alarms'], description: 'us' });
    expect((await run('list')).items[0].id).toBe(id);
    const sent = await run('test', id);
    expect(sent).toMatchObject({ type: 'webhook.test', state: 'delivered', tries: 1 });
    own.answersWith(410);
    expect(await run('test', id)).toMatchObject({ state: 'given-up', attempts: [{ status: 410 }] });
    expect((await run('deliveries', id, '--state', 'given-up')).items).toHaveLength(1);
    expect(
      await run('change', id, '--state', 'open', '--topics', 'orders', '--to', `${own.url}&more`),
    ).toMatchObject({
      topics: ['orders'],
    });
    own.answersWith();
    expect(await run('replay', id, '--since', '2026-01-01T00:00:00Z')).toEqual({ events: 1 });
    expect(await run('replay', id, '--event', sent.eventId)).toMatchObject({ state: 'pending' });
    await expect.poll(() => own.received.length, { timeout: 10_000 }).toBe(4);
    expect(own.received.at(-1)?.path).toBe('/hook?for=us&more');
    const fresh = await run('rotate', id);
    expect(fresh.secret).not.toBe(added.secret);
    expect(await run('remove', id)).toEqual({ removed: id });
    await own.goAway();
  });
});
