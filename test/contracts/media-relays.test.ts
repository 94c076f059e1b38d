import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { EmbeddedRelays } from '../../src/adapters/media/relay/index.ts';
import { RtpengineRelays } from '../../src/adapters/media/rtpengine/index.ts';
import type { MediaRelay, MediaRelays, RelaySide } from '../../src/services/ports/index.ts';
import { describeWith } from '../support/phones/index.ts';
import { MediaPeer, Rtpengine, soundAt } from '../support/relays/index.ts';

/* What both relays promise, shown with packets over loopback. */

const LOOPBACK = '127.0.0.1';
const SILENCE_MS = 600;

type Started = { readonly relays: MediaRelays; stop(): Promise<void> };

describe('the relay of this process', () =>
  contract(
    async ({ from, to }) => {
      const relays = new EmbeddedRelays({ address: LOOPBACK, ports: { from, to }, silenceMs: SILENCE_MS });
      return { relays, stop: () => relays.close() };
    },
    { looksIntoPackets: true },
  ));

describeWith(['rtpengine'], 'rtpengine', () =>
  contract(
    async ({ from, to }) => {
      const daemon = await Rtpengine.start({ from, to });
      const relays = await RtpengineRelays.connect({
        address: LOOPBACK,
        port: daemon.port,
        silenceMs: SILENCE_MS,
        mostCalls: Math.floor((to - from + 1) / 4),
      });
      return {
        relays,
        stop: async () => {
          await relays.close();
          await daemon.stop();
        },
      };
    },
    // In userspace it counts no loss, and passes on whatever the signalled peer sends.
    { looksIntoPackets: false },
  ),
);

function contract(
  start: (ports: { from: number; to: number }) => Promise<Started>,
  { looksIntoPackets }: { readonly looksIntoPackets: boolean },
): void {
  let started: Started;
  let alice: MediaPeer;
  let bob: MediaPeer;
  let silences = 0;

  beforeEach(async () => {
    silences = 0;
    started = await start({ from: 29_200, to: 29_239 });
    [alice, bob] = await Promise.all([MediaPeer.open(1), MediaPeer.open(2)]);
  });

  afterEach(async () => {
    alice.close();
    bob.close();
    await started.stop();
  });

  function open(signalledFrom = LOOPBACK): MediaRelay {
    const relay = started.relays.open({
      callId: 'a call',
      signalledFrom: { caller: signalledFrom, callee: LOOPBACK },
      onSilence: () => {
        silences += 1;
      },
    });
    if (relay === undefined) throw new Error('The relay is full.');
    return relay;
  }

  /** Offers and answers; gives the relay's ports as each side sees them. */
  async function talk(relay: MediaRelay, offered = soundAt(alice.port), answered = soundAt(bob.port)) {
    const towardsBob = portIn(await shown(relay.offer('caller', offered)));
    const towardsAlice = portIn(await shown(relay.answer('callee', answered)));
    return { towardsAlice, towardsBob };
  }

  it('R23: beeps to one side, where it looks into packets, and then goes on', async () => {
    const relay = open();
    const { towardsAlice, towardsBob } = await talk(relay);
    relay.beep('caller');
    bob.say('first', towardsBob);
    alice.say('undisturbed', towardsAlice);
    expect(await bob.hears('undisturbed')).toBe(true);
    for (let n = 1; n <= 40; n += 1) bob.say(`after ${n}`, towardsBob);
    expect(await alice.hears('after 40')).toBe(true);
    expect(alice.heard.some((each) => each.startsWith('first'))).toBe(!looksIntoPackets);
  });

  it('R1: carries sound, keys and RTCP both ways, and counts them', async () => {
    const relay = open();
    const { towardsAlice, towardsBob } = await talk(relay);
    for (let n = 1; n <= 5; n += 1) {
      alice.say(`from alice ${n}`, towardsAlice);
      bob.say(`from bob ${n}`, towardsBob);
    }
    alice.say('key', towardsAlice, { payloadType: 101 });
    alice.report(towardsAlice);
    expect(await bob.hears('key')).toBe(true);
    expect(await alice.hears('from bob 5')).toBe(true);
    await expect.poll(() => bob.heardRtcp.length).toBe(1);
    const { fromCaller, fromCallee } = await relay.statistics();
    expect(fromCaller).toMatchObject({ packets: 6, refused: 0 });
    expect(fromCaller.lost).toBe(looksIntoPackets ? 0 : undefined);
    expect(fromCallee).toMatchObject({ packets: 5, bytes: 5 * 172, refused: 0 });
  });

  it('R1: the sound of a stranger is refused, and moves nothing', async () => {
    const stranger = await MediaPeer.open(3);
    onTestFinished(() => stranger.close());
    const relay = open();
    const { towardsAlice, towardsBob } = await talk(relay);
    // The stranger is first, and has guessed the sender's number too.
    for (let n = 0; n < 5; n += 1) stranger.say('stranger', towardsAlice, { ssrc: 1 });
    await sleep(50);
    alice.say('alice', towardsAlice);
    expect(await bob.hears('alice')).toBe(true);
    stranger.say('stranger again', towardsAlice);
    bob.say('bob', towardsBob);
    expect(await alice.hears('bob')).toBe(true);
    expect(bob.heard.filter((text) => text.startsWith('stranger'))).toEqual([]);
    expect(stranger.heard).toEqual([]);
    const { fromCaller } = await relay.statistics();
    expect(fromCaller).toMatchObject({ packets: 1, refused: 6 });
  });

  it('R1: a phone behind a NAT is found at the address it signals from', async () => {
    const relay = open();
    const { towardsAlice, towardsBob } = await talk(relay, soundAt(5000, { address: '10.0.0.5' }));
    alice.say('alice', towardsAlice);
    expect(await bob.hears('alice')).toBe(true);
    bob.say('bob', towardsBob);
    expect(await alice.hears('bob')).toBe(true);
  });

  if (looksIntoPackets) {
    it('RFC 3550 §A.3, §A.8: loss and jitter are counted', async () => {
      const relay = open();
      const { towardsBob } = await talk(relay);
      bob.say('one', towardsBob);
      bob.say('four', towardsBob, { lost: 2 });
      expect(await alice.hears('four')).toBe(true);
      const { fromCallee } = await relay.statistics();
      expect(fromCallee).toMatchObject({ packets: 2, lost: 2 });
      // Three packets of 20 ms were said at once: a sixteenth of 60 ms.
      expect(fromCallee.jitterMs).toBeGreaterThan(2);
      expect(fromCallee.jitterMs).toBeLessThan(4);
    });

    it('R1: what is no RTP goes nowhere', async () => {
      const relay = open();
      const { towardsAlice } = await talk(relay);
      alice.sayRaw(Buffer.from('OPTIONS sip:somebody SIP/2.0\r\n\r\n'), towardsAlice);
      alice.sayRaw(Buffer.alloc(0), towardsAlice);
      alice.say('alice', towardsAlice);
      expect(await bob.hears('alice')).toBe(true);
      expect(bob.heard).toHaveLength(1);
    });
  }

  it('RFC 3264 §8: holds and resumes, offered by either side, in one session of versions', async () => {
    const relay = open();
    const first = await shown(relay.offer('caller', soundAt(alice.port)));
    await shown(relay.answer('callee', soundAt(bob.port)));
    const held = await shown(
      relay.offer('caller', soundAt(alice.port, { lines: ['a=sendonly'], version: 2 })),
    );
    await shown(relay.answer('callee', soundAt(bob.port, { lines: ['a=recvonly'] })));
    expect(held).toContain('a=sendonly');
    expect(originIn(held).sessionId).toBe(originIn(first).sessionId);
    expect(originIn(held).version).toBe(originIn(first).version + 1);
    const towardsAlice = portIn(await shown(relay.offer('callee', soundAt(bob.port))));
    const towardsBob = portIn(await shown(relay.answer('caller', soundAt(alice.port))));
    alice.say('back', towardsAlice);
    expect(await bob.hears('back')).toBe(true);
    bob.say('welcome', towardsBob);
    expect(await alice.hears('welcome')).toBe(true);
  });

  it('RFC 3264 §8: an offer that is refused changes nothing', async () => {
    const relay = open();
    const { towardsAlice, towardsBob } = await talk(relay);
    expect(await relay.offer('caller', 'rubbish')).toMatchObject({
      ok: false,
      refusal: { code: 'media-not-relayed' },
    });
    // The other side answers 488 to this one, of which the relay is told nothing.
    await shown(relay.offer('callee', soundAt(bob.port, { version: 2 })));
    alice.say('still here', towardsAlice);
    expect(await bob.hears('still here')).toBe(true);
    bob.say('me too', towardsBob);
    expect(await alice.hears('me too')).toBe(true);
  });

  it('RFC 3261 §13.2.2.4: a later answer takes the place of an earlier one', async () => {
    const carol = await MediaPeer.open(4);
    onTestFinished(() => carol.close());
    const relay = open();
    const { towardsAlice, towardsBob } = await talk(relay);
    await shown(relay.answer('callee', soundAt(carol.port)));
    alice.say('who is there', towardsAlice);
    expect(await carol.hears('who is there')).toBe(true);
    carol.say('carol', towardsBob);
    expect(await alice.hears('carol')).toBe(true);
    expect(bob.heard).toEqual([]);
  });

  it('R1: silence is told once, and not while on hold', async () => {
    const relay = open();
    await talk(
      relay,
      soundAt(alice.port, { lines: ['a=sendonly'] }),
      soundAt(bob.port, { lines: ['a=recvonly'] }),
    );
    await sleep(3 * SILENCE_MS);
    expect(silences).toBe(0);
    const { towardsAlice } = await talk(relay);
    for (let n = 0; n < 5; n += 1) {
      await sleep(SILENCE_MS / 3);
      alice.say('alive', towardsAlice);
    }
    expect(silences).toBe(0);
    await expect.poll(() => silences, { timeout: 10 * SILENCE_MS }).toBe(1);
    await sleep(3 * SILENCE_MS);
    expect(silences).toBe(1);
  });

  it.each([
    ['rubbish', 'rubbish'],
    ['no sound', soundAt(5000).replace('m=audio', 'm=image')],
    ['a host name', soundAt(5000, { address: 'phone.example' })],
    ['a group of hosts', soundAt(5000, { address: '224.0.0.1' })],
    ['another family of addresses', soundAt(5000, { address: '2001:db8::1' }).replaceAll('IP4', 'IP6')],
  ])('RFC 3261 §21.4.26: %s is refused', async (_, sdp) => {
    const refused = { ok: false, refusal: { code: 'media-not-relayed' } };
    const relay = open();
    expect(await relay.offer('caller', sdp)).toMatchObject(refused);
    await shown(relay.offer('caller', soundAt(alice.port)));
    expect(await relay.answer('callee', sdp)).toMatchObject(refused);
    await talk(relay);
  });

  it('R1: more calls than the ports carry are refused, and a call that ends makes room', async () => {
    const relays: MediaRelay[] = [];
    for (;;) {
      const relay = started.relays.open({
        callId: `call ${relays.length}`,
        signalledFrom: { caller: LOOPBACK, callee: LOOPBACK },
        onSilence: () => {},
      });
      if (relay === undefined) break;
      relays.push(relay);
      await talk(relay);
    }
    expect(relays).toHaveLength(10);
    relays[0]?.close();
    relays[0]?.close();
    await talk(open());
  });

  it('R1: a thousand calls leave no port behind', async () => {
    for (let n = 0; n < 1_000; n += 1) {
      const relay = open();
      await talk(relay);
      relay.close();
    }
    const relay = open();
    const { towardsAlice } = await talk(relay);
    alice.say('still there', towardsAlice);
    expect(await bob.hears('still there')).toBe(true);
    await relay.statistics();
  });

  it('R1: a closed relay refuses, and still knows what it counted', async () => {
    const relay = open();
    const { towardsAlice } = await talk(relay);
    alice.say('last words', towardsAlice);
    expect(await bob.hears('last words')).toBe(true);
    relay.close();
    expect((await relay.statistics()).fromCaller.packets).toBe(1);
    for (const side of ['caller', 'callee'] satisfies RelaySide[])
      expect(await relay.offer(side, soundAt(5000))).toMatchObject({ ok: false });
  });
}

async function shown(answered: ReturnType<MediaRelay['offer']>): Promise<string> {
  const result = await answered;
  if (!result.ok) throw new Error(result.refusal.detail);
  return result.value;
}

function portIn(sdp: string): number {
  return Number(/m=audio (\d+)/.exec(sdp)?.[1]);
}

function originIn(sdp: string): { sessionId: string; version: number } {
  const [, sessionId = '', version] = /o=\S+ (\d+) (\d+)/.exec(sdp) ?? [];
  return { sessionId, version: Number(version) };
}
