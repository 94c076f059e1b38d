import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Announcements } from '../../src/adapters/media/index.ts';
import type { SoundId } from '../../src/domain/voice/index.ts';
import {
  Baresip,
  describeWith,
  heardSpeech,
  Linphone,
  type Phone,
  speechOf,
} from '../support/phones/index.ts';
import {
  buildWorld,
  creditOf,
  expectSoundLedger,
  giveCredit,
  publishTariff,
  Service,
  type ShownCall,
  setUpNetwork,
  type TerminalAccess,
  type World,
} from '../support/service/index.ts';
import { type Carrier, startCarrier } from '../support/sipp/index.ts';
import { heardSound, samplesOf } from '../support/voice/spoken-digits.ts';

const SIP_PORT = 27_700;
const RINGS = { prefix: '0231', port: 27_710, waitMs: 700 } as const;
const PLAYS = { prefix: '0232', port: 27_740, waitMs: 1_000 } as const;
const PHONE_PORT = 27_770;
const ADDRESS = '127.0.0.11';
const ALIKE = 0.95;
/** A phone leaves out some milliseconds of a sound while it learns how even packets come; no other is as alike. */
const RECOGNISED = 0.5;
/** What the Korean member hears: 60 won a minute. */
const PRICE: readonly SoundId[] = ['price-call-costs', 'number-60', 'currency-krw'];
const TALK_MS = 3_000;

const trunk = (port: number) => ({
  kind: 'carrier',
  centre: 'KR',
  gateways: [{ host: ADDRESS, port }],
  channels: 50,
  numbers: { country: 'KR', called: { form: 'national' } },
});

const WORLD = {
  centres: { KR: { name: 'Seoul', countries: ['KR'], languages: ['ko', 'en'] } },
  trunks: { kt: trunk(RINGS.port), bell: trunk(PLAYS.port) },
};
const ROUTES = { kt: ['82231,30,KRW,1,1'], bell: ['82232,30,KRW,1,1'] };

/** The phones that are told a price, and how each of them is started. */
const MAKES: Readonly<
  Record<string, (server: string, access: TerminalAccess, port: number) => Promise<Phone>>
> = {
  baresip: (server, { user, password }, port) =>
    Baresip.start({
      user,
      server: { address: server, password, transport: 'udp' },
      port,
      answers: 'when-told',
      speech: speechOf(0),
    }),
  linphonec: (server, { user, password, realm }, port) =>
    Linphone.start({
      user,
      server: { address: server, realm, password, transport: 'udp' },
      port,
      speech: speechOf(0),
    }),
};

/** The recordings of a call that was dialled then: a phone may begin a new one where another dialog has the sound. */
function recordingsSince(phone: Phone, dialledAtMs: number): string[] {
  const folder = dirname(phone.heard());
  return readdirSync(folder)
    .filter((name) => name.endsWith('.wav') && !name.endsWith('-enc.wav'))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).mtimeMs > dialledAtMs);
}

describeWith(['sipp', 'baresip', 'linphonec', 'espeak-ng', 'sox'], 'R23: the price is announced', () => {
  let service: Service;
  let world: World;
  let announcements: Announcements;
  const carriers: Carrier[] = [];

  beforeAll(async () => {
    announcements = await Announcements.load();
    service = await Service.start({ sipPort: SIP_PORT, env: { OMNIDIAL_MEDIA_PORTS: '33000-33199' } });
    world = await buildWorld(service.api);
    await setUpNetwork(service.api, WORLD, ROUTES);
    await publishTariff(service.api, 'retail-kr', 'retail', ['82,Korea,60,1/1,open']);
    await service.api.put('/v1/charging', { charging: { defaultPlan: 'retail-kr' } });
    const { memberId } = world.korean;
    const terms = { barredPrefixes: [], callsPremium: false, announcesPrice: true };
    await service.api.put(`/v1/members/${memberId}/calling-terms`, terms);
    await giveCredit(service.api, memberId, 1_000);
    carriers.push(
      await startCarrier({ answer: 'answers', address: ADDRESS, ...RINGS }),
      await startCarrier({ answer: 'early-media', address: ADDRESS, ...PLAYS }),
    );
  });

  afterAll(async () => {
    await Promise.all(carriers.map((carrier) => carrier.close()));
    await service?.stop();
  });

  let numbers = 0;
  const newNumber = (prefix: string) => `${prefix}${10_000 + ++numbers}`;
  const arrived = (number: string) =>
    carriers.flatMap((carrier) => carrier.calls()).some(({ called }) => called === number);
  const recordOf = async (dialled: string): Promise<ShownCall | undefined> =>
    (await service.api.get<{ items: ShownCall[] }>('/v1/calls?limit=50')).items.find(
      (call) => call.dialled === dialled && call.endedAt !== undefined,
    );

  /** What the member has when nothing is kept back any more. */
  const settledWon = async (): Promise<number> => {
    const credit = () => creditOf(service.api, world.korean.memberId);
    await expect.poll(credit, { timeout: 5_000 }).toMatchObject({ reserved: 0 });
    return (await credit()).won;
  };

  describe.each(Object.entries(MAKES))('to %s', (make, start) => {
    let phone: Phone;

    beforeAll(async () => {
      const at = Object.keys(MAKES).indexOf(make);
      const access = world.korean.terminals[at];
      if (access === undefined) throw new Error('The member has too few terminals.');
      phone = await start(service.sipAddress, access, PHONE_PORT + 20 * at);
    });
    afterAll(() => phone?.stop());

    it.each([
      ['rings', RINGS],
      ['plays a sound first', PLAYS],
    ])('which hears it, and then the other side of a carrier that %s', async (_, { prefix }) => {
      const said = announcements.spoken(PRICE, 'ko');
      const number = newNumber(prefix);
      const before = await settledWon();
      const dialledAtMs = Date.now();
      await phone.dial(`sip:${number}@${service.sipAddress}`);
      await sleep(said.length / 8 - 1_000);
      expect(arrived(number)).toBe(false);
      await phone.event('CALL_ESTABLISHED', 15_000);
      expect(arrived(number)).toBe(true);
      await sleep(TALK_MS);
      await phone.hangUp();
      await phone.event('CALL_CLOSED');
      const recordings = recordingsSince(phone, dialledAtMs).map(samplesOf);
      const told = recordings.map((recording) =>
        PRICE.map((id) => heardSound(recording, announcements.sound(id, 'ko'))),
      );
      const price = told.find((sounds) => sounds.some(({ correlation }) => correlation > ALIKE)) ?? [];
      expect(price.map(({ correlation }) => correlation > RECOGNISED)).toEqual([true, true, true]);
      const begins = price.map(({ lagSamples }) => lagSamples);
      expect(begins).toEqual(begins.toSorted((one, other) => one - other));
      // The carrier sends back what it hears.
      const atTheEnd = { fromSeconds: -0.5, seconds: 1.5, latestSeconds: 20 };
      expect(heardSpeech(phone.heard(), speechOf(0), atTheEnd)).toBeGreaterThan(ALIKE);
      await expect.poll(() => recordOf(number), { timeout: 5_000 }).toMatchObject({ status: 'completed' });
      const { durationSeconds = 0 } = (await recordOf(number)) ?? {};
      expect(durationSeconds).toBeLessThan(TALK_MS / 1_000 + 1);
      expect(before - (await settledWon())).toBe(Math.ceil(durationSeconds));
    });

    it('which hangs up meanwhile, and pays nothing', async () => {
      const number = newNumber(RINGS.prefix);
      const before = await settledWon();
      await phone.dial(`sip:${number}@${service.sipAddress}`);
      await sleep(1_500);
      await phone.hangUp();
      await phone.event('CALL_CLOSED');
      await expect.poll(() => recordOf(number), { timeout: 5_000 }).toMatchObject({ status: 'cancelled' });
      expect(await settledWon()).toBe(before);
      expect(arrived(number)).toBe(false);
      await expectSoundLedger(service.api);
    });
  });
});
