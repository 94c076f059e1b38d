import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  describeWith,
  heardSpeech,
  type Linphone,
  type Phone,
  speechOf,
  startPhones,
} from '../support/phones/index.ts';
import {
  buildWorld,
  Service,
  type ShownCall,
  type TerminalAccess,
  type World,
} from '../support/service/index.ts';

const PHONES = ['baresip', 'linphonec', 'espeak-ng', 'sox'];

describeWith(PHONES, 'hold and transfer between real phones', () => {
  let service: Service;
  let world: World;
  let phones: Awaited<ReturnType<typeof startAll>>;

  const startAll = () =>
    startPhones(service, 24_620, {
      korean: {
        kind: 'baresip',
        terminal: world.korean.terminals[0] as TerminalAccess,
        transport: 'udp',
        speaker: 0,
      },
      american: {
        kind: 'baresip',
        terminal: world.american.terminals[0] as TerminalAccess,
        transport: 'tcp',
        speaker: 1,
      },
      seoul: {
        kind: 'linphone',
        terminal: world.enterprise.branches['082'] as TerminalAccess,
        transport: 'udp',
        speaker: 3,
      },
      tokyo: {
        kind: 'linphone',
        terminal: world.enterprise.branches['081'] as TerminalAccess,
        transport: 'tcp',
        speaker: 2,
      },
    });

  beforeAll(async () => {
    service = await Service.start({ sipPort: 24_600 });
    world = await buildWorld(service.api);
    phones = await startAll();
  });

  afterAll(async () => {
    await phones?.stopAll();
    await service?.stop();
  });

  const uri = (number: string) => `sip:${number}@${service.sipAddress}`;

  const connect = async (caller: Phone, callee: Phone, number: string) => {
    await caller.dial(uri(number));
    await callee.event('CALL_INCOMING');
    await callee.answer();
    await Promise.all([caller.event('CALL_ESTABLISHED'), callee.event('CALL_ESTABLISHED')]);
  };

  /** Nothing is left open, and every leg is told of in its record. */
  const expectAllEnded = () =>
    expect
      .poll(async () => (await service.api.list<ShownCall>('/v1/calls')).map(({ status }) => status), {
        timeout: 5000,
      })
      .toEqual(expect.not.arrayContaining(['queued', 'ringing', 'answered']));

  it('either side holds the other and comes back', async () => {
    await connect(phones.korean, phones.seoul, world.enterprise.dial('082'));
    await phones.seoul.event('CALL_MEDIA');
    await phones.korean.hold();
    await phones.seoul.event('CALL_HELD_BY_OTHER');
    await phones.korean.resume();
    await phones.seoul.event('CALL_MEDIA');
    await phones.seoul.hold();
    await phones.seoul.resume();
    await phones.seoul.event('CALL_MEDIA');
    await sleep(3000);
    await phones.korean.hangUp();
    await Promise.all([phones.korean.event('CALL_CLOSED'), phones.seoul.event('CALL_CLOSED')]);
    await expectAllEnded();
  });

  it('RFC 3515: baresip sends its caller to another number, and those two hear each other', async () => {
    await connect(phones.korean, phones.american, world.american.dial);
    await sleep(500);
    await phones.american.transferTo(uri(world.enterprise.dial('082')));
    await phones.seoul.event('CALL_INCOMING');
    await phones.seoul.answer();
    await phones.seoul.event('CALL_ESTABLISHED');
    await phones.american.event('CALL_CLOSED');
    await sleep(4000);
    await phones.seoul.hangUp();
    await Promise.all([phones.korean.event('CALL_CLOSED'), phones.seoul.event('CALL_CLOSED')]);
    await sleep(300);
    expect(heardSpeech(phones.korean.heard(), speechOf(3), { fromSeconds: -0.5 })).toBeGreaterThan(0.99);
    await expectAllEnded();
  });

  it('RFC 3891: linphonec connects its two parties with each other', async () => {
    const seoul = phones.seoul as Linphone;
    await connect(seoul, phones.tokyo, world.enterprise.dial('081'));
    await sleep(500);
    await seoul.hold();
    await connect(seoul, phones.american, world.american.dial);
    await sleep(500);
    await seoul.attendedTransfer();
    await seoul.event('CALL_CLOSED');
    await sleep(4000);
    await phones.tokyo.hangUp();
    await phones.american.event('CALL_CLOSED');
    await sleep(300);
    // Held before is the linphonec: baresip records nothing more once another side has held it.
    expect(heardSpeech(phones.tokyo.heard(), speechOf(1), { fromSeconds: -0.5 })).toBeGreaterThan(0.99);
    expect(heardSpeech(phones.american.heard(), speechOf(2), { fromSeconds: -0.5 })).toBeGreaterThan(0.99);
    await expectAllEnded();
  });
});
