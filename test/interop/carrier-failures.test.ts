import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Baresip, describeWith, heardSpeech, type Phone, speechOf } from '../support/phones/index.ts';
import { field, OutgoingCall, RawPhone } from '../support/raw-phone/index.ts';
import { buildWorld, Service, type ShownCall, setUpNetwork, type World } from '../support/service/index.ts';
import {
  type Carrier,
  type CarrierManner,
  credentials,
  runSipp,
  startCarrier,
} from '../support/sipp/index.ts';

const SIP_PORT = 26_700;
const PEER_PORT = 26_710;
const ADDRESS = '127.0.0.8';
/** How long a carrier may say nothing. */
const SILENCE_MS = 1_000;
const ACCOUNT = { user: 'omnidial', password: 'secret' } as const;

/** The carriers, each of which takes the calls to a prefix of its own; and how it treats them. */
const CARRIERS: Readonly<Record<string, { readonly prefix: string; readonly manner: CarrierManner }>> = {
  unavailable: { prefix: '8223120', manner: { answer: 'unavailable' } },
  silent: { prefix: '8223121', manner: { answer: 'silent' } },
  busy: { prefix: '8223122', manner: { answer: 'busy' } },
  'no-answer': { prefix: '8223123', manner: { answer: 'no-answer' } },
  liar: { prefix: '8223124', manner: { answer: 'not-found' } },
  honest: { prefix: '8223125', manner: { answer: 'not-found' } },
  asking: { prefix: '8223126', manner: { answer: 'demands-digest', account: ACCOUNT } },
  suspicious: {
    prefix: '8223127',
    manner: { answer: 'demands-digest', account: { ...ACCOUNT, password: 'another' } },
  },
  musical: { prefix: '8223128', manner: { answer: 'early-media', waitMs: 10_000 } },
  brief: { prefix: '8223129', manner: { answer: 'hangs-up', waitMs: 500 } },
  narrow: { prefix: '8223140', manner: { answer: 'answers' } },
  'second-liar': { prefix: '', manner: { answer: 'not-found' } },
  spare: { prefix: '', manner: { answer: 'answers' } },
};
const NARROW_CHANNELS = 2;
/** The carrier that dies under load is started and ended by its test. */
const MORTAL = { prefix: '8223150', port: PEER_PORT + 500 } as const;

/** The end of the first number: one that is no country code, so that nothing reads as a personal number. */
const FIRST = 1_100;

const NAMES = Object.keys(CARRIERS);
const portOf = (name: string) => PEER_PORT + 20 * (1 + NAMES.indexOf(name));

function trunk(name: string, port = portOf(name), more: Readonly<Record<string, unknown>> = {}) {
  const asks = CARRIERS[name]?.manner.answer === 'demands-digest';
  return {
    kind: 'carrier',
    centre: 'KR',
    gateways: [{ host: ADDRESS, port }],
    channels: name === 'narrow' ? NARROW_CHANNELS : 500,
    numbers: { country: 'KR', called: { form: 'national' } },
    silence: `${SILENCE_MS}ms`,
    tryNextAfter404: name.endsWith('liar'),
    ...(asks ? { credentials: ACCOUNT } : {}),
    ...more,
  };
}

const WORLD = {
  centres: { KR: { name: 'Seoul', countries: ['KR'] } },
  trunks: {
    ...Object.fromEntries(NAMES.map((name) => [name, trunk(name)])),
    mortal: trunk('mortal', MORTAL.port, { health: { every: '1s', downAfter: 2, upAfter: 2 } }),
  },
};

/** Where the first carrier of a prefix fails, the spare one is next; after a lie the second liar, then the spare one. */
const PREFIXES = [...Object.values(CARRIERS).map(({ prefix }) => prefix), MORTAL.prefix].filter(Boolean);
const ROUTES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    Object.entries(CARRIERS).flatMap(([name, { prefix }]) =>
      prefix === '' ? [] : [[name, [`${prefix},10,KRW,1,1`]]],
    ),
  ),
  mortal: [`${MORTAL.prefix},10,KRW,1,1`],
  'second-liar': [`${CARRIERS['liar']?.prefix},10,KRW,2,1`],
  spare: PREFIXES.map((prefix) => `${prefix},20,KRW,3,1`),
};

describeWith(['sipp', 'baresip', 'espeak-ng', 'sox'], 'R14: carriers that fail', () => {
  let service: Service;
  let world: World;
  let phone: RawPhone;
  let american: Phone;
  const carriers = new Map<string, Carrier>();

  beforeAll(async () => {
    service = await Service.start({ sipPort: SIP_PORT, env: { OMNIDIAL_MEDIA_PORTS: '31000-31999' } });
    world = await buildWorld(service.api);
    await setUpNetwork(service.api, WORLD, ROUTES);
    for (const [name, { manner }] of Object.entries(CARRIERS)) {
      carriers.set(name, await startCarrier({ ...manner, address: ADDRESS, port: portOf(name) }));
    }
    const { user = '', password = '' } = world.korean.terminals[0] ?? {};
    phone = await RawPhone.open({ server: service.sipAddress, user, password });
    const theirs = world.american.terminals[0];
    american = await Baresip.start({
      user: theirs?.user ?? '',
      server: { address: service.sipAddress, password: theirs?.password ?? '', transport: 'udp' },
      port: PEER_PORT + 600,
      answers: 'when-told',
      speech: speechOf(0),
    });
  });

  afterAll(async () => {
    phone?.close();
    await american?.stop();
    for (const carrier of carriers.values()) await carrier.close();
    await service?.stop();
  });

  let numbers = 0;
  /** A number of a carrier that was not called before, as it is dialled in Korea. */
  const numberOf = (name: string) => {
    numbers += 1;
    const prefix = CARRIERS[name]?.prefix ?? MORTAL.prefix;
    return `0${prefix.slice(2)}${FIRST + numbers}`;
  };

  /** The record of the one call to a number, once it is there. */
  const recordOf = async (dialled: string): Promise<ShownCall> => {
    const find = async () =>
      (await service.api.get<{ items: ShownCall[] }>('/v1/calls?limit=10')).items.find(
        (call) => call.dialled === dialled && call.endedAt !== undefined,
      );
    await expect.poll(find, { timeout: 5_000 }).toBeDefined();
    return (await find()) as ShownCall;
  };
  const tried = ({ attempts = [] }: ShownCall) =>
    attempts.map(({ trunk: name, sipStatus }) => [name, sipStatus]);

  const arrivedAt = (name: string, number: string) =>
    carriers
      .get(name)
      ?.calls()
      .filter(({ called }) => called === number).length;

  it.each([
    ['503 of a carrier', 'unavailable', [['unavailable', 503]]],
    ['a carrier that says nothing', 'silent', [['silent', 503]]],
    [
      'a 404 that may be a lie, and one more of them',
      'liar',
      [
        ['liar', 404],
        ['second-liar', 404],
      ],
    ],
  ])('after %s the next one is asked', async (_, name, failed) => {
    const number = numberOf(name);
    const begunMs = performance.now();
    const call = new OutgoingCall(phone, number);
    const final = await call.final();
    if (name === 'liar') {
      // One more was asked, and no third.
      expect(final.status).toBe(404);
      expect(tried(await recordOf(number))).toEqual(failed);
      expect(arrivedAt('spare', number)).toBe(0);
      return;
    }
    expect(final.status).toBe(200);
    expect(performance.now() - begunMs).toBeLessThan(SILENCE_MS + 1_000);
    await call.bye();
    const record = await recordOf(number);
    expect(record).toMatchObject({ status: 'completed', calleeTrunk: 'spare' });
    expect(tried(record)).toEqual([...failed, ['spare', undefined]]);
    expect(arrivedAt('spare', number)).toBe(1);
  });

  it.each([
    ['busy', 486, 17, 'busy'],
    ['no-answer', 480, 19, 'no-answer'],
    ['honest', 404, 1, 'failed'],
    ['suspicious', 403, 21, 'failed'],
  ])(
    'what the carrier %s says of the callee is the end, and nobody else is asked',
    async (name, sipStatus, q850Cause, status) => {
      const number = numberOf(name);
      const final = await new OutgoingCall(phone, number).final();
      expect(final.status).toBe(sipStatus);
      expect(field(final.text, 'Reason')).toContain(`cause=${q850Cause}`);
      const record = await recordOf(number);
      expect(record).toMatchObject({ status, sipStatus, q850Cause });
      expect(tried(record)).toEqual([[name, sipStatus]]);
      expect(arrivedAt('spare', number)).toBe(0);
    },
  );

  it('a carrier that asks who we are is told, within the same attempt', async () => {
    const number = numberOf('asking');
    const call = new OutgoingCall(phone, number);
    expect((await call.final()).status).toBe(200);
    await call.bye();
    expect(tried(await recordOf(number))).toEqual([['asking', undefined]]);
    expect(arrivedAt('asking', number)).toBe(2);
  });

  it('what a carrier plays before it answers is heard, and is free', async () => {
    const number = numberOf('musical');
    await american.dial(`sip:${number.replace(/^0/, '01182')}@${service.sipAddress}`);
    await sleep(3_500);
    await american.hangUp();
    await american.event('CALL_CLOSED');
    await sleep(300);
    // The carrier sends back what it hears.
    expect(heardSpeech(american.heard(), speechOf(0))).toBeGreaterThan(0.95);
    const record = await recordOf(number.replace(/^0/, '01182'));
    expect(record).toMatchObject({ status: 'cancelled' });
    expect(record.answeredAt).toBeUndefined();
  });

  it('a carrier hangs up, and the caller’s phone is told', async () => {
    const number = numberOf('brief');
    const call = new OutgoingCall(phone, number);
    expect((await call.final()).status).toBe(200);
    await call.hungUp();
    expect(await recordOf(number)).toMatchObject({ status: 'completed', hungUpBy: 'callee' });
  });

  it('a trunk that is full is passed over, and its channels come back', async () => {
    const calling = Array.from({ length: NARROW_CHANNELS + 2 }, () => {
      const number = numberOf('narrow');
      return { number, call: new OutgoingCall(phone, number) };
    });
    for (const { call } of calling) expect((await call.final()).status).toBe(200);
    for (const { call } of calling) await call.bye();
    const by = [];
    for (const { number } of calling) by.push((await recordOf(number)).calleeTrunk);
    expect(by.sort()).toEqual(['narrow', 'narrow', 'spare', 'spare']);
    const number = numberOf('narrow');
    const after = new OutgoingCall(phone, number);
    await after.final();
    await after.bye();
    expect((await recordOf(number)).calleeTrunk).toBe('narrow');
  });

  it('a carrier dies under load: nobody waits longer than configured, calls move, and come back with it', async () => {
    const start = () => startCarrier({ answer: 'answers', waitMs: 1, address: ADDRESS, port: MORTAL.port });
    const ratePerSecond = 100;
    const aliveMs = 4_000;
    const deadMs = 6_000;
    const spare = carriers.get('spare');
    const before = spare?.calls().length ?? 0;
    const first = await start();
    await sleep(2_500);
    const caller = world.korean.terminals[1];
    const rows = Array.from({ length: 50 }, (_, index) => [
      caller?.user ?? '',
      credentials(caller?.user ?? '', caller?.password ?? ''),
      `0${MORTAL.prefix.slice(2)}${FIRST + index}`,
    ]);
    const running = runSipp({
      scenario: 'caller-with-digest',
      remote: service.sipAddress,
      port: PEER_PORT + 620,
      rows,
      calls: (ratePerSecond * (2 * aliveMs + deadMs)) / 1_000 + 60,
      ratePerSecond,
      holdMs: 200,
      timesSetUp: true,
    });
    await sleep(aliveMs);
    const firstCalls = first.calls().length;
    await first.close();
    await sleep(deadMs);
    const second = await start();
    const { succeeded, failed, setUpMs, complaints } = await running;
    const secondCalls = second.calls().length;
    await second.close();
    const moved = (spare?.calls().length ?? 0) - before;
    const longestMs = Math.max(...setUpMs);
    const slow = setUpMs.filter((ms) => ms > SILENCE_MS).length;
    // A telephone that rang when its carrier died is not rung by another one.
    expect(failed, `${succeeded} succeeded; ${complaints}`).toBeLessThanOrEqual(2);
    expect(longestMs).toBeLessThan(SILENCE_MS + 1_500);
    // Only those who were on their way when it died wait at all.
    expect(slow).toBeLessThan(ratePerSecond * 4);
    expect(firstCalls).toBeGreaterThan(ratePerSecond);
    expect(moved).toBeGreaterThan(ratePerSecond * 3);
    expect(secondCalls).toBeGreaterThan(ratePerSecond);
  });
});
