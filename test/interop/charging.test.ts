import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Baresip, describeWith, heardSpeech, type Phone, speechOf } from '../support/phones/index.ts';
import { field, IncomingCall, OutgoingCall, RawPhone } from '../support/raw-phone/index.ts';
import {
  buildWorld,
  creditOf,
  expectSoundLedger,
  giveCredit,
  publishTariff,
  Service,
  type ShownCall,
  setUpNetwork,
  standingOf,
  type World,
} from '../support/service/index.ts';
import { type Carrier, callFromPstn, startCarrier } from '../support/sipp/index.ts';

const SIP_PORT = 27_500;
const PEER_PORT = 27_510;
const ADDRESS = '127.0.0.9';

/** A won a second to who calls. */
const PLAN = [
  '82,Korea,60,1/1,open',
  '8270,Korea personal,,,blocked',
  '8231,Korea dear,60,1/1,open',
  '82320,Korea by the minute,60,60/60,open',
];

/** Half of it to the carrier, and too much for one prefix. */
const ROUTES = {
  bell: ['8232,30,KRW,1,1'],
  kt: ['82,30,KRW,1,1', '8231,90,KRW,1,1'],
};

/** What kt owes for calls to our numbers: two won a second. */
const AGREEMENT = {
  trunk: 'kt',
  currency: 'KRW',
  timeZone: 'Asia/Seoul',
  inboundTariff: 'kt-termination',
  partner: { name: 'KT', addressLines: ['Seoul'] },
};

const trunk = (port: number) => ({
  kind: 'carrier',
  centre: 'KR',
  gateways: [{ host: ADDRESS, port }],
  channels: 500,
  numbers: { country: 'KR', called: { form: 'national' } },
});

/** One that answers, and one that rings for ever. */
const WORLD = {
  centres: { KR: { name: 'Seoul', countries: ['KR'] } },
  trunks: {
    kt: { ...trunk(PEER_PORT), inbound: { addresses: [ADDRESS], transit: false } },
    bell: trunk(PEER_PORT + 20),
  },
};

describeWith(['sipp', 'baresip', 'espeak-ng', 'sox'], 'R23: calls that cost something', () => {
  let service: Service;
  let world: World;
  let carrier: Carrier;
  let bell: Carrier;
  let phone: RawPhone;
  let memberId: string;

  beforeAll(async () => {
    service = await Service.start({ sipPort: SIP_PORT, env: { OMNIDIAL_MEDIA_PORTS: '32000-32999' } });
    world = await buildWorld(service.api);
    await setUpNetwork(service.api, WORLD, ROUTES);
    await publishTariff(service.api, 'retail-kr', 'retail', PLAN);
    await publishTariff(service.api, 'kt-termination', 'carrier', ['operator:own,our numbers,120,1/1,open']);
    await service.api.put('/v1/charging', {
      charging: { defaultPlan: 'retail-kr', agreements: [AGREEMENT] },
    });
    carrier = await startCarrier({ answer: 'answers', waitMs: 1, address: ADDRESS, port: PEER_PORT });
    bell = await startCarrier({ answer: 'rings', address: ADDRESS, port: PEER_PORT + 20 });
    memberId = world.korean.memberId;
    const { user = '', password = '' } = world.korean.terminals[0] ?? {};
    phone = await RawPhone.open({ server: service.sipAddress, user, password });
  });

  afterAll(async () => {
    phone?.close();
    await carrier?.close();
    await bell?.close();
    await service?.stop();
  });

  let numbers = 0;
  const newNumber = (prefix = '0231') => `${prefix}${10_000 + ++numbers}`;

  const recordOf = async (dialled: string): Promise<ShownCall> => {
    const find = async () =>
      (await service.api.get<{ items: ShownCall[] }>('/v1/calls?limit=50')).items.find(
        (call) => call.dialled === dialled && call.endedAt !== undefined,
      );
    await expect.poll(find, { timeout: 5_000 }).toBeDefined();
    return (await find()) as ShownCall;
  };

  const settled = () => expect.poll(async () => (await creditOf(service.api, memberId)).reserved).toBe(0);

  it('a call without credit is refused with 402, and the carrier hears nothing of it', async () => {
    const number = newNumber();
    const final = await new OutgoingCall(phone, number).final();
    expect(final.status).toBe(402);
    expect(field(final.text, 'Reason')).toContain('cause=21');
    expect(await recordOf(number)).toMatchObject({ status: 'failed', refusal: 'credit-exceeded' });
    expect(carrier.calls()).toHaveLength(0);
  });

  it.each([
    ['the plan has blocked', '07012345678', 403, 'destination-barred'],
    ['is of a premium service', '0607001234', 403, 'destination-barred'],
    ['the plan has no price for', '001442079460000', 403, 'destination-not-priced'],
    ['costs us more than it brings', '0312345678', 503, 'routes-unavailable'],
  ])('a number that %s is not called', async (_, number, status, refusal) => {
    expect((await new OutgoingCall(phone, number).final()).status).toBe(status);
    expect(await recordOf(number)).toMatchObject({ refusal });
    expect(carrier.calls()).toHaveLength(0);
  });

  it('a call is charged by the second to who calls, and the carrier is owed its share', async () => {
    await giveCredit(service.api, memberId, 1_000);
    const number = newNumber();
    const call = new OutgoingCall(phone, number);
    expect((await call.final()).status).toBe(200);
    expect(await creditOf(service.api, memberId)).toEqual({ won: 1_000, reserved: 60 });
    await sleep(2_500);
    await call.bye();
    const { durationSeconds = 0 } = await recordOf(number);
    await settled();
    const { won } = await creditOf(service.api, memberId);
    const billed = Math.ceil(durationSeconds);
    expect(1_000 - won).toBe(billed);
    expect(billed).toBe(3);
    expect(await standingOf(service.api, 'call-revenue')).toBe(billed);
    expect(await standingOf(service.api, 'trunk/kt')).toBe(billed / 2);
    await expectSoundLedger(service.api);
  });

  it('what a call would cost, and how long it could last, is told beforehand', async () => {
    const explained = await service.api.post<{ decisions: { step: string; because: string }[] }>(
      '/v1/route-explanations',
      { text: newNumber(), from: '082', memberId },
    );
    const told = explained.decisions.filter(({ step }) => step === 'price' || step === 'duration');
    const { won } = await creditOf(service.api, memberId);
    expect(told.map(({ because }) => because)).toEqual([
      '60 KRW a minute, in steps of 1/1 s, by the tariff retail-kr for Korea (82).',
      `The credit of ${won} KRW lasts for ${Math.floor(won / 60)} min ${won % 60} s.`,
    ]);
  });

  it('a call that nobody answers, and one that is on net, cost nothing', async () => {
    const before = await creditOf(service.api, memberId);
    const number = newNumber('03222');
    const unanswered = new OutgoingCall(phone, number);
    expect((await unanswered.answer()).status).toBe(180);
    expect((await creditOf(service.api, memberId)).reserved).toBe(60);
    unanswered.cancel();
    await recordOf(number);
    await settled();
    const onNet = new OutgoingCall(phone, world.american.dial);
    await onNet.final();
    expect(await creditOf(service.api, memberId)).toEqual(before);
  });

  it('a call that a network brings to a number of ours is owed by it, and costs its callee nothing', async () => {
    const { user = '', password = '' } = world.american.terminals[0] ?? {};
    const american = await RawPhone.open({ server: service.sipAddress, user, password });
    try {
      await american.register();
      const [owed, credit] = [
        await standingOf(service.api, 'trunk/kt'),
        await creditOf(service.api, world.american.memberId),
      ];
      const calling = callFromPstn({
        remote: service.sipAddress,
        address: ADDRESS,
        port: PEER_PORT + 100,
        from: '+82222223333',
        dialled: world.american.dial,
        talkMs: 1_500,
      });
      const call = await IncomingCall.at(american);
      call.respond(200);
      await call.hungUp();
      expect((await calling).final?.status).toBe(200);
      const { durationSeconds = 0 } = await recordOf(world.american.dial);
      const brought = 2 * Math.ceil(durationSeconds);
      await expect.poll(() => standingOf(service.api, 'trunk/kt')).toBe(owed - brought);
      expect(await standingOf(service.api, 'interconnect-revenue')).toBe(brought);
      expect(await creditOf(service.api, world.american.memberId)).toEqual(credit);
    } finally {
      american.close();
    }
  });

  it('thirty calls at once on credit for one: exactly what the credit allows is spent', async () => {
    const before = await creditOf(service.api, memberId);
    const revenueBefore = await standingOf(service.api, 'call-revenue');
    // Seven won are left: a slice of seven seconds for the first call, and nothing for the others.
    await service.api.post('/v1/ledger/adjustments', {
      debit: `member/${memberId}`,
      credit: 'bank',
      amount: { amount: String(before.won - 7), currency: 'KRW' },
      purpose: 'adjustment',
      reason: 'Leaves seven won.',
      confirmation: `${before.won - 7} KRW`,
    });
    const calls = Array.from({ length: 30 }, () => new OutgoingCall(phone, newNumber()));
    const answers = await Promise.all(calls.map((call) => call.final()));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(29).fill(402)]);
    const talking = calls[answers.findIndex(({ status }) => status === 200)];
    await talking?.hungUp();
    await settled();
    expect(await creditOf(service.api, memberId)).toEqual({ won: 0, reserved: 0 });
    expect((await standingOf(service.api, 'call-revenue')) - revenueBefore).toBe(7);
    await expectSoundLedger(service.api);
  });

  it.each([
    [
      'has spent as much of a day as it may',
      { dailyLimit: { amount: '1', currency: 'KRW' } },
      'daily-limit-reached',
    ],
    ['began as many calls in a minute as it may', { callsPerMinute: 1 }, 'too-many-calls'],
  ])('a member that %s is refused with 403', async (_, limit, refusal) => {
    await giveCredit(service.api, memberId, 10);
    const terms = { barredPrefixes: [], callsPremium: false };
    await service.api.put(`/v1/members/${memberId}/calling-terms`, { ...terms, ...limit });
    const dial = async () => {
      const number = newNumber();
      const call = new OutgoingCall(phone, number);
      const { status } = await call.final();
      if (status === 200) await call.bye();
      return { status, number };
    };
    // A new minute may begin before the first call of these.
    const tries = [await dial(), await dial(), await dial()];
    const last = tries.findLast(({ status }) => status === 403);
    expect(await recordOf(last?.number ?? '')).toMatchObject({ refusal });
    await settled();
    await service.api.put(`/v1/members/${memberId}/calling-terms`, terms);
    const { won } = await creditOf(service.api, memberId);
    await service.api.post('/v1/ledger/adjustments', {
      debit: `member/${memberId}`,
      credit: 'bank',
      amount: { amount: String(won), currency: 'KRW' },
      purpose: 'adjustment',
      reason: 'Takes it back.',
      confirmation: `${won} KRW`,
    });
  });

  it('a conversation is cut on both sides where the credit ends', async () => {
    const { user = '', password = '' } = world.korean.terminals[1] ?? {};
    const korean: Phone = await Baresip.start({
      user,
      server: { address: service.sipAddress, password, transport: 'udp' },
      port: PEER_PORT + 80,
      answers: 'when-told',
      speech: speechOf(0),
    });
    try {
      await giveCredit(service.api, memberId, 6);
      const number = newNumber();
      await korean.dial(`sip:${number}@${service.sipAddress}`);
      await korean.event('CALL_ESTABLISHED');
      const begunMs = performance.now();
      await korean.event('CALL_CLOSED', 10_000);
      const lastedMs = performance.now() - begunMs;
      expect(lastedMs).toBeGreaterThan(5_000);
      expect(lastedMs).toBeLessThan(6_500);
      // The carrier sends back what it hears.
      expect(heardSpeech(korean.heard(), speechOf(0))).toBeGreaterThan(0.95);
      expect(await recordOf(number)).toMatchObject({
        status: 'completed',
        hungUpBy: 'exchange',
        refusal: 'credit-exceeded',
      });
      await settled();
      expect(await creditOf(service.api, memberId)).toEqual({ won: 0, reserved: 0 });
    } finally {
      await korean.stop();
    }
  });
});
