import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseRtp, printRtp } from '../../src/protocols/rtp/index.ts';
import { type Kamailio, startKamailio } from '../support/kamailio/index.ts';
import { type NameServer, startNameServer, startSilentNameServer } from '../support/name-server/index.ts';
import { describeWith } from '../support/phones/index.ts';
import { field, IncomingCall, OutgoingCall, RawPhone } from '../support/raw-phone/index.ts';
import {
  buildWorld,
  proveNames,
  Service,
  type ShownCall,
  setUpNetwork,
  type TerminalAccess,
  type World,
} from '../support/service/index.ts';
import { callFromPstn, type PstnCallOptions } from '../support/sipp/index.ts';

const SIP_PORT = 26_500;
/** Networks are known by their addresses. */
const [PARTNER, CARRIER, STRANGER] = ['127.0.0.7', '127.0.0.8', '127.0.0.9'] as const;
const PARTNER_PORT = 26_510;
const CALLER_PORT = 26_520;
/** Where raw phones say that they take sound. */
const SOUND_PORT = 29_900;
const MEDIA_PORTS = { OMNIDIAL_MEDIA_PORTS: '30000-30499' };

/** The telephone that the American member has proven to have, and that of somebody else. */
const [MEMBERS, SOMEBODYS] = ['+14155550123', '+82222223333'] as const;

const WORLD = {
  centres: {
    KR: { name: 'Seoul', countries: ['KR'] },
    JP: { name: 'Tokyo', countries: ['JP'], partner: { trunk: 'jp-partner', agreement: '2026-7' } },
  },
  trunks: {
    'jp-partner': {
      kind: 'partner',
      centre: 'KR',
      gateways: [{ host: PARTNER, port: PARTNER_PORT }],
      inbound: { addresses: [PARTNER], transit: true },
      channels: 30,
      trusted: true,
      numbers: { country: 'JP' },
    },
    kt: {
      kind: 'carrier',
      centre: 'KR',
      gateways: [{ host: CARRIER, port: PARTNER_PORT }],
      inbound: { addresses: [CARRIER] },
      channels: 30,
      numbers: { country: 'KR' },
    },
  },
};

describeWith(['sipp', 'kamailio', 'knotd'], 'calls that go round, and people who lie', () => {
  let service: Service;
  let world: World;
  let names: NameServer;
  let partner: Kamailio;
  let korean: RawPhone;
  let american: RawPhone;

  beforeAll(async () => {
    names = await startNameServer({
      'liar.example': [
        `@ A 127.0.0.1`,
        `_sip._udp.srv SRV 1 0 ${SIP_PORT} inner`,
        'inner A 127.0.0.1',
        'private A 10.0.0.1',
        'mapped AAAA ::ffff:127.0.0.1',
      ].join('\n'),
    });
    service = await Service.start({
      sipPort: SIP_PORT,
      env: { OMNIDIAL_DNS: `${names.address}:${names.port}`, ...MEDIA_PORTS },
    });
    world = await buildWorld(service.api);
    await setUpNetwork(service.api, WORLD);
    await proveNames(service, [{ memberId: world.american.memberId, kind: 'pstn', value: MEMBERS }]);
    partner = await startKamailio({
      role: 'loop',
      address: PARTNER,
      port: PARTNER_PORT,
      exchange: service.sipAddress,
    });
    korean = await rawPhone(service, world.korean.terminals[0]);
    american = await rawPhone(service, world.american.terminals[0]);
    expect((await korean.register()).status).toBe(200);
    expect((await american.register()).status).toBe(200);
  });

  afterAll(async () => {
    korean?.close();
    american?.close();
    await partner?.close();
    await service?.stop();
    await names?.close();
  });

  const calls = async (limit = 1) =>
    (await service.api.get<{ items: ShownCall[] }>(`/v1/calls?limit=${limit}`)).items;

  const fromNetwork = (address: string, more: Partial<PstnCallOptions> = {}) =>
    callFromPstn({
      remote: service.sipAddress,
      address,
      port: CALLER_PORT,
      from: SOMEBODYS,
      dialled: world.korean.dial,
      talkMs: 300,
      ...more,
    });

  it('R13: a call that comes back from a partner’s centre is cut with 482 at its first return', async () => {
    const call = new OutgoingCall(korean, '+81312345678');
    expect((await call.final()).status).toBe(482);
    // Once there, once back, and no more.
    expect(partner.calls().map(({ called }) => called)).toEqual(['+81312345678']);
    await expect
      .poll(() => calls(2))
      .toMatchObject(
        expect.arrayContaining([
          expect.objectContaining({
            callerTerminalId: world.korean.terminals[0]?.id,
            sipStatus: 482,
            q850Cause: 25,
            attempts: [expect.objectContaining({ trunk: 'jp-partner', sipStatus: 482 })],
          }),
          expect.objectContaining({ callerTrunk: 'jp-partner', sipStatus: 482 }),
        ]),
      );
  });

  /** What the Korean phone is shown of a caller. */
  const shownToKorean = async (calling: Promise<unknown>) => {
    const ringing = await IncomingCall.at(korean);
    ringing.respond(486);
    await calling;
    const { text } = ringing.invite;
    return { from: field(text, 'From'), asserted: field(text, 'P-Asserted-Identity') };
  };

  it('RFC 3325 §5: an identity is believed of a trunk within the trust domain', async () => {
    const { from } = await shownToKorean(fromNetwork(PARTNER, { assertedIdentity: MEMBERS }));
    expect(from).toContain(`sip:${world.american.dial}@`);
    await expect
      .poll(() => calls())
      .toMatchObject([
        {
          callerTrunk: 'jp-partner',
          callerMemberId: world.american.memberId,
          callerNumber: world.american.number,
        },
      ]);
  });

  it('RFC 3325 §5: an identity that is asserted by anybody else is not believed', async () => {
    const { from, asserted } = await shownToKorean(fromNetwork(CARRIER, { assertedIdentity: MEMBERS }));
    expect(from).toContain(`sip:${SOMEBODYS}@`);
    expect(asserted).not.toContain(MEMBERS);
    await expect.poll(() => calls()).toMatchObject([{ callerTrunk: 'kt', callerNumber: SOMEBODYS }]);
    expect((await calls())[0]?.callerMemberId).toBeUndefined();
  });

  it('RFC 3325 §5: a phone of ours is who it registered as, whatever it asserts', async () => {
    const forged = `P-Asserted-Identity: <sip:${SOMEBODYS}@${service.sipAddress}>`;
    const call = new OutgoingCall(american, world.korean.dial, [forged]);
    const { from, asserted } = await shownToKorean(call.final());
    expect(from).toContain(`sip:${world.american.dial}@`);
    expect(asserted).not.toContain(SOMEBODYS);
  });

  it('an address that is no trunk’s is asked who it is, and gets no further', async () => {
    const newest = (await calls())[0]?.id;
    expect((await fromNetwork(STRANGER)).statuses).toEqual([401]);
    expect((await fromNetwork(STRANGER, { assertedIdentity: MEMBERS })).statuses).toEqual([401]);
    expect((await calls())[0]?.id).toBe(newest);
  });

  it.each([
    ['a phone of ours', () => new OutgoingCall(korean, '0262009999082', [FORGED_ERRAND]).final()],
    ['a trunk', () => fromNetwork(CARRIER, { headers: [FORGED_ERRAND] }).then(({ final }) => final)],
    ['a stranger', () => fromNetwork(STRANGER, { headers: [FORGED_ERRAND] }).then(({ final }) => final)],
  ])('R13: an errand that no process of ours has signed is refused to %s', async (_, call) => {
    expect((await call())?.status).toBe(403);
  });

  it('RTP of a stranger goes to nobody, and the record counts it', async () => {
    const sound = await socketAt('127.0.0.1', SOUND_PORT);
    const stranger = await socketAt(STRANGER, 0);
    const heard: string[] = [];
    sound.on('message', (bytes) => {
      const packet = parseRtp(bytes);
      if (packet !== undefined) heard.push(Buffer.from(packet.payload).toString('latin1', 0, 6));
    });
    // The carrier sends back what it hears.
    const calling = fromNetwork(CARRIER, { talkMs: 1_500 });
    const ringing = await IncomingCall.at(korean);
    const relayPort = Number(/^m=audio (\d+)/m.exec(ringing.invite.body)?.[1]);
    ringing.respond(200, 'OK');
    await ringing.acknowledged();
    for (let sequence = 0; sequence < 20; sequence += 1) {
      sound.send(soundOf('callee', sequence), relayPort, '127.0.0.1');
      stranger.send(soundOf('forged', sequence + 5), relayPort, '127.0.0.1');
      await sleep(20);
    }
    await ringing.hungUp();
    await calling;
    sound.close();
    stranger.close();
    expect(heard.filter((text) => text === 'callee').length).toBeGreaterThan(10);
    expect(heard).not.toContain('forged');
    await expect.poll(async () => (await calls())[0]?.media?.fromCallee.refused).toBe(20);
  });

  it.each([
    ['a name of this machine', 'carol%40liar.example'],
    ['a server of this machine behind SRV', 'carol%40srv.liar.example'],
    ['a name within somebody’s network', 'carol%40private.liar.example'],
    ['an IPv4 address that is written as IPv6', 'carol%40mapped.liar.example'],
    ['this machine by its address', `carol%40127.0.0.1`],
  ])('R16: the DNS does not lead us to %s', async (_, dialled) => {
    const before = await calls();
    const { status } = await new OutgoingCall(korean, dialled).final();
    expect(status).toBe(404);
    await expect.poll(async () => (await calls())[0]?.id).not.toBe(before[0]?.id);
    expect((await calls())[0]?.attempts ?? []).toEqual([]);
  });

  it('R16: a name server that says nothing keeps nobody waiting, and other calls go on', async () => {
    const silent = await startSilentNameServer();
    const waiting = await Service.start({
      sipPort: SIP_PORT + 50,
      env: { OMNIDIAL_DNS: `${silent.address}:${silent.port}`, ...MEDIA_PORTS },
    });
    const their = await buildWorld(waiting.api);
    const caller = await rawPhone(waiting, their.korean.terminals[0]);
    const callee = await rawPhone(waiting, their.american.terminals[0]);
    await callee.register();
    const begunMs = performance.now();
    const hopeless = new OutgoingCall(caller, 'carol%40lee.example').final();
    const other = new OutgoingCall(caller, their.american.dial);
    const ringing = await IncomingCall.at(callee, 2_000);
    ringing.respond(486);
    expect((await other.final()).status).toBe(486);
    expect((await hopeless).status).toBeGreaterThanOrEqual(400);
    expect(performance.now() - begunMs).toBeLessThan(6_000);
    caller.close();
    callee.close();
    await waiting.stop();
    await silent.close();
  });
});

const FORGED_ERRAND = `Omnidial-Errand: ${Buffer.from('{"errand":{"kind":"terminal"}}').toString('base64url')};1;00`;

function rawPhone(service: Service, terminal: TerminalAccess | undefined): Promise<RawPhone> {
  const { user = '', password = '' } = terminal ?? {};
  return RawPhone.open({ server: service.sipAddress, user, password });
}

async function socketAt(address: string, port: number): Promise<Socket> {
  const socket = createSocket('udp4').bind(port, address);
  await once(socket, 'listening');
  return socket;
}

function soundOf(text: string, sequence: number): Uint8Array {
  return printRtp({
    payloadType: 0,
    marker: false,
    sequence,
    timestamp: sequence * 160,
    ssrc: 7,
    payload: Buffer.from(text.padEnd(160, '.')),
  });
}
