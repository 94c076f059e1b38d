import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, heardSpeech, type Phone, speechOf, startPhones } from '../support/phones/index.ts';
import { buildWorld, Service, type ShownCall, type World } from '../support/service/index.ts';

const PHONES = ['baresip', 'linphonec', 'espeak-ng', 'sox'];

/** So long the ears need to hear enough. */
const TALK_MS = 4000;

describeWith(PHONES, 'real phones that call through the service', () => {
  let service: Service;
  let world: World;
  let phones: Awaited<ReturnType<typeof startAll>>;

  const startAll = () =>
    startPhones(service, 24_120, {
      korean: {
        kind: 'baresip',
        terminal: terminal(world.korean.terminals[0]),
        transport: 'udp',
        speaker: 0,
      },
      american: {
        kind: 'baresip',
        terminal: terminal(world.american.terminals[0]),
        transport: 'tcp',
        speaker: 1,
      },
      japanese: {
        kind: 'baresip',
        terminal: terminal(world.japanese.terminals[0]),
        transport: 'udp',
        speaker: 2,
      },
      seoul: {
        kind: 'linphone',
        terminal: terminal(world.enterprise.branches['082']),
        transport: 'udp',
        speaker: 3,
      },
      tokyo: {
        kind: 'linphone',
        terminal: terminal(world.enterprise.branches['081']),
        transport: 'tcp',
        speaker: 1,
      },
    });

  beforeAll(async () => {
    service = await Service.start({ sipPort: 24_100 });
    world = await buildWorld(service.api);
    phones = await startAll();
  });

  afterAll(async () => {
    await phones?.stopAll();
    await service?.stop();
  });

  const dial = (phone: Phone, number: string) => phone.dial(`sip:${number}@${service.sipAddress}`);

  /** One calls the other, they talk, the caller hangs up; @returns how well each heard the other. */
  const talk = async (
    caller: Phone,
    callee: Phone,
    number: string,
    speakers: readonly [0 | 1 | 2 | 3, 0 | 1 | 2 | 3],
  ) => {
    await dial(caller, number);
    await callee.event('CALL_INCOMING');
    await callee.answer();
    await Promise.all([caller.event('CALL_ESTABLISHED'), callee.event('CALL_ESTABLISHED')]);
    await sleep(TALK_MS);
    await caller.hangUp();
    await Promise.all([caller.event('CALL_CLOSED'), callee.event('CALL_CLOSED')]);
    await sleep(300);
    return [
      heardSpeech(callee.heard(), speechOf(speakers[0])),
      heardSpeech(caller.heard(), speechOf(speakers[1])),
    ];
  };

  const latestCall = async () =>
    (await service.api.get<{ items: ShownCall[] }>('/v1/calls?limit=1')).items[0];

  it('R13: baresip and baresip talk by personal number, both over UDP', async () => {
    const heard = await talk(phones.korean, phones.japanese, world.japanese.dial, [0, 2]);
    expect(Math.min(...heard)).toBeGreaterThan(0.99);
    await expect.poll(latestCall).toMatchObject({ status: 'completed', hungUpBy: 'caller' });
  });

  it('R13: baresip over UDP and baresip over TCP talk by personal number', async () => {
    const heard = await talk(phones.korean, phones.american, world.american.dial, [0, 1]);
    expect(Math.min(...heard)).toBeGreaterThan(0.99);
    const back = await talk(phones.american, phones.japanese, world.japanese.dial, [1, 2]);
    expect(Math.min(...back)).toBeGreaterThan(0.99);
  });

  it('R3: baresip reaches the branch of the country after #, a linphonec', async () => {
    const heard = await talk(phones.japanese, phones.seoul, world.enterprise.dial('082'), [2, 3]);
    expect(Math.min(...heard)).toBeGreaterThan(0.99);
    await expect.poll(latestCall).toMatchObject({
      status: 'completed',
      calleeTerminalId: world.enterprise.branches['082']?.id,
    });
  });

  it('R3: a branch is reached with * for #, over TCP at both ends', async () => {
    const heard = await talk(phones.american, phones.tokyo, '62006275*081', [1, 1]);
    expect(Math.min(...heard)).toBeGreaterThan(0.99);
  });

  it('R13: linphonec calls baresip by personal number', async () => {
    const heard = await talk(phones.seoul, phones.japanese, world.japanese.dial, [3, 2]);
    expect(Math.min(...heard)).toBeGreaterThan(0.99);
  });

  it('RFC 4733: keys pressed at either end are heard at the other', async () => {
    await dial(phones.korean, world.enterprise.dial('082'));
    await phones.seoul.event('CALL_INCOMING');
    await phones.seoul.answer();
    await Promise.all([phones.korean.event('CALL_ESTABLISHED'), phones.seoul.event('CALL_ESTABLISHED')]);
    await sleep(500);
    for (const digit of ['4', '#', '0']) {
      await phones.korean.press(digit);
      expect(await phones.seoul.event('CALL_DTMF_START')).toMatchObject({ param: digit });
      await phones.seoul.press(digit);
      expect(await phones.korean.event('CALL_DTMF_START')).toMatchObject({ param: digit });
    }
    await phones.seoul.hangUp();
    await phones.korean.event('CALL_CLOSED');
    await expect.poll(latestCall).toMatchObject({ status: 'completed', hungUpBy: 'callee' });
  });
});

function terminal<Terminal>(found: Terminal | undefined): Terminal {
  if (found === undefined) throw new Error('The world has no such terminal.');
  return found;
}
