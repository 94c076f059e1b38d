import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Announcements } from '../../src/adapters/media/index.ts';
import type { Language } from '../../src/domain/members/index.ts';
import type { SoundId } from '../../src/domain/voice/index.ts';
import { Baresip, describeWith, heardSpeech, type Phone, speechOf } from '../support/phones/index.ts';
import { IncomingCall, RawPhone } from '../support/raw-phone/index.ts';
import {
  buildWorld,
  proveNames,
  Service,
  type ShownCall,
  setUpNetwork,
  type TerminalAccess,
  type World,
} from '../support/service/index.ts';
import { digitsAfter, heardSound, samplesOf } from '../support/voice/spoken-digits.ts';

const SIP_PORT = 26_600;
/** The carrier's address; two of its telephones are real ones, each behind a gateway of its own. */
const CARRIER = '127.0.0.8';
const MOBILE = { number: '+821033334444', port: 26_610 } as const;
const OFFICE = { number: '+821155556666', port: 26_630 } as const;
const ACCESS = '+82262006299';
const TALK_MS = 2_500;
const ALIKE = 0.95;

const WORLD = {
  centres: {
    KR: { name: 'Seoul', countries: ['KR'], languages: ['ko', 'en'], accessNumbers: [ACCESS] },
  },
  trunks: {
    kt: {
      kind: 'carrier',
      centre: 'KR',
      gateways: [{ host: CARRIER, port: MOBILE.port }],
      inbound: { addresses: [CARRIER] },
      channels: 30,
      numbers: { country: 'KR' },
    },
    sk: {
      kind: 'carrier',
      centre: 'KR',
      gateways: [{ host: CARRIER, port: OFFICE.port }],
      channels: 30,
      numbers: { country: 'KR' },
    },
  },
};

describeWith(['baresip', 'espeak-ng', 'sox'], 'R18: telephones of the PSTN are terminals', () => {
  let service: Service;
  let world: World;
  let announcements: Announcements;
  /** The Korean member's telephone, and one that nobody has proven to have. */
  let mobile: Phone;
  let office: Phone;
  /** A phone of the American member, who calls and is called, and that of the Korean member. */
  let american: Phone;
  let seoul: Phone;
  let desk: RawPhone;

  beforeAll(async () => {
    announcements = await Announcements.load();
    service = await Service.start({ sipPort: SIP_PORT, env: { OMNIDIAL_MEDIA_PORTS: '30500-30999' } });
    world = await buildWorld(service.api);
    await setUpNetwork(service.api, WORLD, { kt: ['8210,10,KRW,1,1'], sk: ['8211,10,KRW,1,1'] });
    const { korean, american: their, enterprise } = world;
    await proveNames(service, [{ memberId: korean.memberId, kind: 'pstn', value: MOBILE.number }]);
    [mobile, office, american, seoul] = await Promise.all([
      telephone(MOBILE, 0),
      telephone(OFFICE, 1),
      phone(service, their.terminals[0], 26_650, 2),
      phone(service, enterprise.branches['082'], 26_670, 3),
    ]);
    const { user = '', password = '' } = korean.terminals[0] ?? {};
    desk = await RawPhone.open({ server: service.sipAddress, user, password });
    await desk.register();
  });

  afterAll(async () => {
    desk?.close();
    await Promise.all([mobile, office, american, seoul].map((each) => each?.stop()));
    await service?.stop();
  });

  const latestCall = async () =>
    (await service.api.get<{ items: ShownCall[] }>('/v1/calls?limit=1')).items[0];

  const dial = (from: Phone, number: string) => from.dial(`sip:${number}@${service.sipAddress}`);

  const follow = (mode: 'with' | 'after', afterMs?: number) =>
    service.api.put(`/v1/members/${world.korean.memberId}/follow-me`, {
      number: MOBILE.number,
      mode,
      ...(afterMs === undefined ? {} : { afterMs }),
    });

  /** How well a sound of the announcements is heard in what a phone recorded last. */
  const hears = (who: Phone, sound: SoundId, language: Language) =>
    heardSound(samplesOf(who.heard()), announcements.sound(sound, language)).correlation;

  /** Both ends talk for a while and the first hangs up; @returns how well each heard the other at the end. */
  const talk = async (one: Phone, other: Phone, speakers: readonly [0 | 1 | 2 | 3, 0 | 1 | 2 | 3]) => {
    await sleep(TALK_MS);
    await one.hangUp();
    await Promise.all([one.event('CALL_CLOSED'), other.event('CALL_CLOSED')]);
    await sleep(300);
    const stretch = { fromSeconds: -0.4, seconds: 1.2, latestSeconds: 40 };
    return [
      heardSpeech(other.heard(), speechOf(speakers[0]), stretch),
      heardSpeech(one.heard(), speechOf(speakers[1]), stretch),
    ];
  };

  it('rings with the others, and the person who presses 1 has the call', async () => {
    await follow('with');
    await dial(american, world.korean.dial);
    const atDesk = await IncomingCall.at(desk);
    atDesk.respond(180, 'Ringing');
    await mobile.event('CALL_INCOMING');
    await mobile.answer();
    await mobile.event('CALL_ESTABLISHED');
    await sleep(1_500);
    const pressedAt = new Date().toISOString();
    await mobile.press('1');
    await american.event('CALL_ESTABLISHED');
    await atDesk.cancelled();
    const heard = await talk(american, mobile, [2, 0]);
    expect(Math.min(...heard)).toBeGreaterThan(ALIKE);
    expect(hears(mobile, 'call-from', 'en')).toBeGreaterThan(ALIKE);
    await expect.poll(latestCall).toMatchObject({
      status: 'completed',
      callerMemberId: world.american.memberId,
      calleeMemberId: world.korean.memberId,
      calleeTrunk: 'kt',
    });
    // Nobody pays for the question.
    expect((await latestCall())?.answeredAt ?? '').toSatisfy((at: string) => at >= pressedAt);
  });

  it('a mailbox that answers and presses nothing does not get the call, which rings on elsewhere', async () => {
    await follow('with');
    await dial(american, world.korean.dial);
    const atDesk = await IncomingCall.at(desk);
    atDesk.respond(180, 'Ringing');
    await mobile.event('CALL_INCOMING');
    await mobile.answer();
    await mobile.event('CALL_CLOSED', 60_000);
    const answeredAt = new Date().toISOString();
    atDesk.respond(200, 'OK');
    await american.event('CALL_ESTABLISHED');
    await american.hangUp();
    await atDesk.hungUp();
    await american.event('CALL_CLOSED');
    await sleep(300);
    expect(hears(mobile, 'press-one', 'en')).toBeGreaterThan(ALIKE);
    await expect
      .poll(latestCall)
      .toMatchObject({ status: 'completed', calleeTerminalId: world.korean.terminals[0]?.id });
    expect((await latestCall())?.answeredAt ?? '').toSatisfy((at: string) => at >= answeredAt);
  });

  it('a person who presses another key does not want the call', async () => {
    await follow('with');
    await dial(american, world.korean.dial);
    const atDesk = await IncomingCall.at(desk);
    atDesk.respond(180, 'Ringing');
    await mobile.event('CALL_INCOMING');
    await mobile.answer();
    await mobile.event('CALL_ESTABLISHED');
    await sleep(500);
    await mobile.press('2');
    await mobile.event('CALL_CLOSED', 5_000);
    atDesk.respond(486, 'Busy Here');
    await american.event('CALL_CLOSED');
    await expect.poll(latestCall).toMatchObject({ status: 'busy' });
  });

  it('rings after the others where the member wants it so', async () => {
    await follow('after', 5_000);
    const begunMs = performance.now();
    await dial(american, world.korean.dial);
    const atDesk = await IncomingCall.at(desk);
    atDesk.respond(180, 'Ringing');
    await mobile.event('CALL_INCOMING');
    const waitedMs = performance.now() - begunMs;
    expect(waitedMs).toBeGreaterThan(4_900);
    expect(waitedMs).toBeLessThan(6_500);
    await american.hangUp();
    await Promise.all([atDesk.cancelled(), mobile.event('CALL_CLOSED'), american.event('CALL_CLOSED')]);
  });

  it('a call from a telephone that is known is its member’s, in one step and without a code', async () => {
    await dial(mobile, world.american.dial);
    const { peeruri } = await american.event('CALL_INCOMING');
    expect(peeruri).toContain(`sip:${world.korean.dial}@`);
    await american.answer();
    await mobile.event('CALL_ESTABLISHED');
    const heard = await talk(mobile, american, [0, 2]);
    expect(Math.min(...heard)).toBeGreaterThan(ALIKE);
    await expect.poll(latestCall).toMatchObject({
      status: 'completed',
      callerTrunk: 'kt',
      callerMemberId: world.korean.memberId,
      callerNumber: world.korean.number,
    });
  });

  it.each([
    [
      'the whole question, and ## ends a branch with * for #',
      '62006275*082##',
      'seoul',
      ['welcome', 'dial-now'],
    ],
    ['the first words, and a pause ends the number', '6506204567001', 'american', []],
  ] as const)(
    'in two steps, to a voice that asks for the number: after %s',
    async (_, keys, name, heardOut) => {
      const callee = name === 'seoul' ? seoul : american;
      await dial(mobile, ACCESS);
      await mobile.event('CALL_ESTABLISHED');
      const question = announcements.spoken(['welcome', 'pause', 'dial-now'], 'ko');
      await sleep(heardOut.length > 0 ? question.length / 8 + 500 : 500);
      for (const key of keys) {
        await mobile.press(key);
        await sleep(220);
      }
      await callee.event('CALL_INCOMING');
      await callee.answer();
      await callee.event('CALL_ESTABLISHED');
      const heard = await talk(mobile, callee, [0, name === 'seoul' ? 3 : 2]);
      expect(Math.min(...heard)).toBeGreaterThan(ALIKE);
      for (const sound of heardOut) expect(hears(mobile, sound, 'ko')).toBeGreaterThan(ALIKE);
      // A key ends the question.
      if (heardOut.length === 0) expect(hears(mobile, 'dial-now', 'ko')).toBeLessThan(ALIKE);
      await expect
        .poll(latestCall)
        .toMatchObject({ status: 'completed', callerTrunk: 'kt', callerMemberId: world.korean.memberId });
    },
  );

  it('a member who calls home from the own telephone is not called back on it', async () => {
    await follow('with');
    await dial(mobile, world.korean.dial);
    const atDesk = await IncomingCall.at(desk);
    atDesk.respond(180, 'Ringing');
    await sleep(500);
    await mobile.hangUp();
    await Promise.all([atDesk.cancelled(), mobile.event('CALL_CLOSED')]);
    await expect.poll(latestCall).toMatchObject({ status: 'cancelled', callerTrunk: 'kt' });
    expect((await latestCall())?.attempts ?? []).toEqual([]);
  });

  it('R16: a caller of the PSTN is told before the refusal that the number is not in service', async () => {
    await dial(mobile, '+82262009999');
    await mobile.event('CALL_CLOSED', 20_000);
    await sleep(300);
    expect(hears(mobile, 'not-in-service', 'ko')).toBeGreaterThan(ALIKE);
    await expect.poll(latestCall).toMatchObject({ status: 'failed', sipStatus: 404 });
  });

  it('R19: a spoken code proves that a telephone is the member’s, who is then reached under its number', async () => {
    const claim = { kind: 'pstn', value: OFFICE.number, memberId: world.american.memberId };
    const { id } = await service.api.post<{ id: string }>('/v1/aliases', claim);
    await office.event('CALL_INCOMING');
    await office.answer();
    await office.event('CALL_CLOSED', 30_000);
    await sleep(300);
    const heard = samplesOf(office.heard());
    const code = digitsAfter(heard, { announcements, language: 'en', after: 'your-code-is' });
    expect(code).toMatch(/^\d{6}$/);
    const wrong = code === '123456' ? '654321' : '123456';
    await expect(service.api.post(`/v1/aliases/${id}/confirmation`, { code: wrong })).rejects.toThrow();
    const proven = await service.api.post(`/v1/aliases/${id}/confirmation`, { code });
    expect(proven).toMatchObject({ state: 'proven', leadsToMember: true });
    await dial(mobile, OFFICE.number);
    await american.event('CALL_INCOMING');
    await mobile.hangUp();
    await Promise.all([american.event('CALL_CLOSED'), mobile.event('CALL_CLOSED')]);
  });
});

/** A telephone of the carrier, which is called by its number and calls us from the carrier's address. */
function telephone(
  { number, port }: { readonly number: string; readonly port: number },
  speaker: 0 | 1,
): Promise<Phone> {
  const speech = speechOf(speaker);
  return Baresip.start({ user: number, address: CARRIER, port, answers: 'when-told', speech });
}

function phone(
  { sipAddress: address }: Service,
  terminal: TerminalAccess | undefined,
  port: number,
  speaker: 2 | 3,
): Promise<Phone> {
  const { user = '', password = '' } = terminal ?? {};
  const server = { address, password, transport: 'udp' } as const;
  return Baresip.start({ user, server, port, answers: 'when-told', speech: speechOf(speaker) });
}
