import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Kamailio, startKamailio } from '../support/kamailio/index.ts';
import { type NameServer, startNameServer } from '../support/name-server/index.ts';
import {
  Baresip,
  describeWith,
  heardSpeech,
  type Phone,
  speechOf,
  startPhones,
} from '../support/phones/index.ts';
import {
  buildWorld,
  proveNames,
  Service,
  type ShownCall,
  setUpNetwork,
  type TerminalAccess,
  type World,
} from '../support/service/index.ts';
import { type Carrier, callFromPstn, startCarrier } from '../support/sipp/index.ts';

const SIP_PORT = 26_100;
const PEER_PORT = 26_160;
/** Networks are known by their addresses. */
const [KT, HUDSON, TELLO, PARTNER, STRANGER] = [
  '127.0.0.2',
  '127.0.0.3',
  '127.0.0.4',
  '127.0.0.5',
  '127.0.0.6',
] as const;

const TELLO_USER = '5551001';
const TALK_MS = 3_000;
/** The stretch of a recording that is listened to: calls are short, and begin with silence. */
const STRETCH = { fromSeconds: 1, seconds: 1.2 };

const WORLD = {
  centres: {
    KR: { name: 'Seoul', countries: ['KR'], languages: ['ko', 'en'] },
    US: { name: 'New York', countries: ['US'], languages: ['en'] },
    JP: { name: 'Tokyo', countries: ['JP'], partner: { trunk: 'jp-partner', agreement: '2026-7' } },
  },
  trunks: {
    kt: {
      kind: 'carrier',
      centre: 'KR',
      gateways: [{ host: KT, port: PEER_PORT }],
      inbound: { addresses: [KT] },
      channels: 30,
      numbers: { country: 'KR', called: { form: 'national' } },
    },
    hudson: {
      kind: 'carrier',
      centre: 'US',
      gateways: [{ host: HUDSON, port: PEER_PORT }],
      channels: 30,
      numbers: { country: 'US' },
    },
    'jp-partner': {
      kind: 'partner',
      centre: 'KR',
      gateways: [{ host: PARTNER, port: PEER_PORT }],
      channels: 30,
      numbers: { country: 'JP', called: { form: 'double-zero' } },
    },
    tello: {
      kind: 'operator',
      centre: 'KR',
      gateways: [{ host: TELLO, port: PEER_PORT }],
      inbound: { addresses: [TELLO] },
      channels: 30,
      numbers: { country: 'KR' },
    },
  },
  operators: {
    tello: {
      name: 'Tello',
      trunks: ['tello'],
      rules: [{ pattern: '555[0-9]{4}', conversion: 'as-dialled' }],
    },
  },
};

type CallerName = 'KR' | 'US' | 'PSTN' | 'operator';
/** Who rings: a phone of ours, the operator's, or a network that answers by itself. */
type CalleeName =
  | 'korean'
  | 'american'
  | 'seoul'
  | 'york'
  | 'tello'
  | 'kt'
  | 'hudson'
  | 'jp-partner'
  | 'stranger';

type Row = readonly [
  caller: CallerName,
  kind: string,
  dialled: string,
  /** Who rings; or the status where nobody may. */
  expected: CalleeName | number,
  /** The number as it arrived in another network, and the centre that carried it. */
  sent?: readonly [number: string, centre: string],
];

const MATRIX: readonly Row[] = [
  ['KR', 'R13: PIN', '6506204567001', 'american'],
  ['KR', 'R3: VNS of the own country', '62006275%23082', 'seoul'],
  ['KR', 'R3: VNS of another country', '62006275%23001', 'york'],
  ['KR', 'R14: PSTN, national', '023123456', 'kt', ['023123456', 'KR']],
  ['KR', 'R14: PSTN, international', '00112125550100', 'hudson', ['+12125550100', 'US']],
  ['KR', 'R1: PSTN of a partner’s centre', '+81312345678', 'jp-partner', ['0081312345678', 'JP']],
  ['KR', 'R15: number of another operator', TELLO_USER, 'tello', [TELLO_USER, 'KR']],
  ['KR', 'R17: domain', 'acme.example', 'seoul'],
  ['KR', 'R17: e-mail', 'amy%40kim.example', 'american'],
  ['KR', 'R16: PIN that nobody holds', '0231234567082', 'kt', ['0231234567', 'KR']],
  ['KR', 'R19: number that a member had before', '+14155550123', 'american'],
  ['KR', 'R16: SIP address of a stranger', 'carol%40lee.example', 'stranger'],
  ['US', 'R13: PIN', '0262001234082', 'korean'],
  ['US', 'R3: VNS of the own country', '62006275%23001', 'york'],
  ['US', 'R3: VNS of another country', '62006275%23082', 'seoul'],
  ['US', 'R14: PSTN, national', '12125550100', 'hudson', ['+12125550100', 'US']],
  ['US', 'R14: PSTN, international', '0118223123456', 'kt', ['023123456', 'KR']],
  ['US', 'R15: number of another operator', TELLO_USER, 'tello', [TELLO_USER, 'KR']],
  ['US', 'R17: domain', 'acme.example', 'york'],
  ['US', 'R17: e-mail', 'kim%40kim.example', 'korean'],
  ['US', 'R16: PIN that nobody holds', '0231234567082', 'kt', ['0231234567', 'KR']],
  ['US', 'R19: number that a member had before', '+821033334444', 'korean'],
  ['US', 'R16: SIP address of a stranger', 'carol%40lee.example', 'stranger'],
  ['PSTN', 'R18: PIN as its telephone number', '+82262001234', 'korean'],
  ['PSTN', 'R18: PIN', '0262001234082', 'korean'],
  ['PSTN', 'R18: VNS', '62006275*082', 'seoul'],
  ['PSTN', 'R19: number that a member had before', '+821033334444', 'korean'],
  ['PSTN', 'R3: VNS of another country', '62006275*001', 'york'],
  ['PSTN', 'R17: domain', 'acme.example', 'seoul'],
  ['PSTN', 'R17: e-mail', 'kim%40kim.example', 'korean'],
  ['PSTN', 'number of the PSTN abroad, which is not ours to call for others', '+12125550100', 404],
  ['PSTN', 'SIP address of a stranger, which is not ours to call for others', 'carol%40lee.example', 403],
  ['PSTN', 'number of the PSTN, which is not ours to call for others', '023123456', 404],
  ['PSTN', 'number of another operator, which is not ours to call for others', TELLO_USER, 403],
  ['PSTN', 'PIN that nobody holds', '0231234567082', 404],
  ['operator', 'R15: PIN', '0262001234082', 'korean'],
  ['operator', 'R15: VNS of the own country', '62006275*082', 'seoul'],
  ['operator', 'R15: VNS of another country', '62006275*001', 'york'],
  ['operator', 'R19: number that a member had before', '+14155550123', 'american'],
  ['operator', 'R17: domain', 'acme.example', 'seoul'],
  ['operator', 'R17: e-mail', 'amy%40kim.example', 'american'],
  ['operator', 'number of the PSTN abroad, which is not ours to call for others', '+12125550100', 404],
  ['operator', 'PIN that nobody holds', '0231234567082', 404],
  ['operator', 'SIP address of a stranger, which is not ours to call for others', 'carol%40lee.example', 403],
  ['operator', 'number of the PSTN, which is not ours to call for others', '023123456', 404],
];

describeWith(
  ['baresip', 'linphonec', 'sipp', 'kamailio', 'knotd', 'espeak-ng', 'sox'],
  'R12: whatever is dialled, by whomever',
  () => {
    let service: Service;
    let world: World;
    let names: NameServer;
    let kamailio: Kamailio;
    let phones: Record<'korean' | 'american' | 'seoul' | 'york', Phone> & { stopAll(): Promise<void> };
    let tello: Phone;
    const networks = new Map<string, Carrier>();

    beforeAll(async () => {
      names = await startNameServer({
        'lee.example': `_sip._udp SRV 1 0 ${PEER_PORT} sip\nsip A ${STRANGER}`,
      });
      service = await Service.start({
        sipPort: SIP_PORT,
        env: { OMNIDIAL_DNS: `${names.address}:${names.port}`, OMNIDIAL_PRIVATE_ADDRESSES: 'yes' },
      });
      world = await buildWorld(service.api);
      await setUpNetwork(service.api, WORLD, { kt: ['82,10,KRW,1,1'], hudson: ['1,0.01,USD,1,1'] });
      const { korean, american, enterprise } = world;
      await proveNames(service, [
        { memberId: korean.memberId, kind: 'pstn', value: '+821033334444' },
        { memberId: american.memberId, kind: 'pstn', value: '+14155550123' },
        { memberId: korean.memberId, kind: 'email', value: 'kim@kim.example' },
        { memberId: american.memberId, kind: 'email', value: 'amy@kim.example' },
        { memberId: enterprise.memberId, kind: 'domain', value: 'acme.example' },
      ]);
      for (const [name, address] of [
        ['kt', KT],
        ['hudson', HUDSON],
        ['jp-partner', PARTNER],
        ['stranger', STRANGER],
      ] as const) {
        networks.set(name, await startCarrier({ answer: 'answers', address, port: PEER_PORT }));
      }
      kamailio = await startKamailio({
        role: 'operator',
        address: TELLO,
        port: PEER_PORT,
        users: { [TELLO_USER]: 'secret' },
        exchange: service.sipAddress,
      });
      phones = await startPhones(service, 26_200, {
        korean: wish('baresip', korean.terminals[0], 0),
        american: wish('linphone', american.terminals[0], 1),
        seoul: wish('baresip', enterprise.branches['082'], 2),
        york: wish('baresip', enterprise.branches['001'], 3),
      });
      tello = await Baresip.start({
        user: TELLO_USER,
        server: { address: `${TELLO}:${PEER_PORT}`, password: 'secret', transport: 'udp' },
        port: 26_300,
        answers: 'when-told',
        speech: speechOf(3),
      });
    });

    afterAll(async () => {
      await tello?.stop();
      await phones?.stopAll();
      await kamailio?.close();
      for (const network of networks.values()) await network.close();
      await service?.stop();
      await names?.close();
    });

    const phoneOf = (name: CalleeName | CallerName): { phone: Phone; speaker: 0 | 1 | 2 | 3 } | undefined => {
      switch (name) {
        case 'KR':
        case 'korean':
          return { phone: phones.korean, speaker: 0 };
        case 'US':
        case 'american':
          return { phone: phones.american, speaker: 1 };
        case 'seoul':
          return { phone: phones.seoul, speaker: 2 };
        case 'york':
          return { phone: phones.york, speaker: 3 };
        case 'operator':
        case 'tello':
          return { phone: tello, speaker: 3 };
        default:
          return undefined;
      }
    };

    const latestCall = async () =>
      (await service.api.get<{ items: ShownCall[] }>('/v1/calls?limit=1')).items[0];

    /** A phone dials; whoever rings answers, they talk, and the caller hangs up. */
    const talk = async (caller: CallerName, dialled: string, expected: CalleeName) => {
      const from = phoneOf(caller);
      const to = phoneOf(expected);
      if (from === undefined) throw new Error(`${caller} is no phone`);
      const host = caller === 'operator' ? `${TELLO}:${PEER_PORT}` : service.sipAddress;
      await from.phone.dial(`sip:${dialled}@${host}`);
      if (to !== undefined) {
        await to.phone.event('CALL_INCOMING');
        await to.phone.answer();
        await to.phone.event('CALL_ESTABLISHED');
      }
      await from.phone.event('CALL_ESTABLISHED');
      await sleep(TALK_MS);
      await from.phone.hangUp();
      await from.phone.event('CALL_CLOSED');
      await to?.phone.event('CALL_CLOSED');
      await sleep(300);
      // A network sends back what it hears.
      if (to === undefined) return [heardSpeech(from.phone.heard(), speechOf(from.speaker), STRETCH)];
      return [
        heardSpeech(to.phone.heard(), speechOf(from.speaker), STRETCH),
        heardSpeech(from.phone.heard(), speechOf(to.speaker), STRETCH),
      ];
    };

    /** A telephone of the PSTN calls in, and echoes what it hears; the phone that rings hears itself. */
    const talkFromPstn = async (dialled: string, expected: CalleeName) => {
      const to = phoneOf(expected);
      if (to === undefined) throw new Error(`${expected} is no phone`);
      const calling = callFromPstn({
        remote: service.sipAddress,
        address: KT,
        port: PEER_PORT + 100,
        from: '+82222223333',
        dialled,
        talkMs: TALK_MS,
      });
      await to.phone.event('CALL_INCOMING');
      await to.phone.answer();
      await to.phone.event('CALL_CLOSED');
      expect((await calling).final?.status).toBe(200);
      await sleep(300);
      return [heardSpeech(to.phone.heard(), speechOf(to.speaker), STRETCH)];
    };

    it.each(
      MATRIX.map(([caller, kind, dialled, expected, sent]) => ({ caller, kind, dialled, expected, sent })),
    )('$caller dials $kind: $dialled reaches $expected', async ({ caller, dialled, expected, sent }) => {
      if (typeof expected === 'number') {
        expect(await refusedWith(caller, dialled)).toBe(expected);
        return;
      }
      const heard = await (caller === 'PSTN'
        ? talkFromPstn(dialled, expected)
        : talk(caller, dialled, expected));
      expect(Math.min(...heard)).toBeGreaterThan(0.95);
      await expect.poll(latestCall).toMatchObject({ status: 'completed' });
      const call = await latestCall();
      const [attempt] = call?.attempts ?? [];
      if (sent !== undefined) {
        const [number, centre] = sent;
        expect(attempt).toMatchObject({ trunk: expected, sentNumber: number, centre });
        const arrived = networks.get(expected)?.calls().at(-1)?.called ?? kamailio.calls().at(-1)?.called;
        expect(arrived).toBe(number);
      }
      if (expected === 'stranger') expect(attempt).toMatchObject({ address: 'sip:carol@lee.example' });
      if (caller === 'PSTN') expect(call).toMatchObject({ callerTrunk: 'kt', callerNumber: '+82222223333' });
      if (caller === 'operator') expect(call).toMatchObject({ callerTrunk: 'tello' });
    });

    const refusedWith = async (caller: CallerName, dialled: string) => {
      if (caller === 'PSTN') {
        const { statuses } = await callFromPstn({
          remote: service.sipAddress,
          address: KT,
          port: PEER_PORT + 100,
          from: '+82222223333',
          dialled,
        });
        return statuses.at(-1);
      }
      const before = (await latestCall())?.id;
      await tello.dial(`sip:${dialled}@${TELLO}:${PEER_PORT}`);
      await tello.event('CALL_CLOSED');
      await expect.poll(async () => (await latestCall())?.id).not.toBe(before);
      return (await latestCall())?.sipStatus;
    };
  },
);

function wish(kind: 'baresip' | 'linphone', access: TerminalAccess | undefined, speaker: 0 | 1 | 2 | 3) {
  if (access === undefined) throw new Error('the world has too few terminals');
  return { kind, terminal: access, transport: 'udp' as const, speaker };
}
