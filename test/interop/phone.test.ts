import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPhone, type Phone, type PhoneOptions } from '../../src/adapters/sip/phone/index.ts';
import { likeness } from '../../src/protocols/audio/index.ts';
import {
  Baresip,
  describeWith,
  heardSpeech,
  Linphone,
  type Speech,
  speechOf,
} from '../support/phones/index.ts';

/*
 * Our phone and phones of somebody else's making call each other directly: no service is between them, so that
 * a service that is tested with our phone is tested with a phone that others understand.
 */

async function open(options: PhoneOptions): Promise<Phone> {
  const created = await createPhone({ mediaPorts: { from: 23_200, to: 23_299 }, ...options });
  if (!created.ok) throw new Error(created.detail);
  return created.phone;
}

/** How alike two seconds of what was heard are to the speech, wherever in its first seconds they lie. */
function likenessTo(speech: Speech, heard: Int16Array, fromSeconds = 1): number {
  const window = { from: fromSeconds * 8_000, length: 16_000 };
  expect(heard.length).toBeGreaterThan(window.from + window.length);
  return likeness(heard, speech.samples, { window, longestLag: 15 * 8_000 }).correlation;
}

describeWith(['baresip', 'espeak-ng', 'sox'], 'our phone and baresip', () => {
  let ours: Phone;
  let theirs: Baresip;

  beforeAll(async () => {
    theirs = await Baresip.start({ user: 'bob', port: 23_010, answers: 'when-told', speech: speechOf(1) });
    ours = await open({ user: 'alice', port: 23_040 });
    ours.play(speechOf(0).samples);
  });

  afterAll(() => Promise.all([ours?.close(), theirs?.stop()]));

  /** We call, they answer. */
  async function callThem() {
    const call = ours.call(theirs.uri);
    await theirs.event('CALL_INCOMING');
    await theirs.answer();
    expect(await call.answered).toBe(true);
    await theirs.event('CALL_ESTABLISHED');
    return call;
  }

  /** They call, we answer. */
  async function theyCall() {
    const incoming = new Promise<void>((resolve) => {
      const stop = ours.on((event) => {
        if (event.kind !== 'incoming') return;
        stop();
        resolve();
      });
    });
    await theirs.dial(ours.uri);
    await incoming;
    ours.answer();
    await theirs.event('CALL_ESTABLISHED');
    if (ours.current === undefined) throw new Error('There is no call.');
    return ours.current;
  }

  it('hear each other when we call, and lose nothing', async () => {
    const call = await callThem();
    await sleep(4_500);
    call.hangUp();
    await theirs.event('CALL_CLOSED');
    expect(await call.ended).toMatchObject({ by: 'us', wasAnswered: true });
    await sleep(200);
    expect(heardSpeech(theirs.heard(), speechOf(0))).toBeGreaterThan(0.99);
    expect(likenessTo(speechOf(1), call.heard())).toBeGreaterThan(0.99);
    expect(likenessTo(speechOf(2), call.heard())).toBeLessThan(0.5);
    const { packetsSent, packetsReceived, packetsLost } = call.statistics();
    expect(packetsSent).toBeGreaterThan(200);
    expect(packetsReceived).toBeGreaterThan(200);
    expect(packetsLost).toBe(0);
  });

  it('hear each other when they call, and they hang up', async () => {
    const call = await theyCall();
    await sleep(4_500);
    await theirs.hangUp();
    expect(await call.ended).toMatchObject({ by: 'other-side', wasAnswered: true });
    await sleep(200);
    expect(heardSpeech(theirs.heard(), speechOf(0))).toBeGreaterThan(0.99);
    expect(likenessTo(speechOf(1), call.heard())).toBeGreaterThan(0.99);
  });

  it('RFC 4733: hear the keys of each other', async () => {
    const call = await callThem();
    await sleep(300);
    expect(call.press('7#')).toBe(true);
    expect(await theirs.event('CALL_DTMF_START')).toMatchObject({ param: '7' });
    expect(await theirs.event('CALL_DTMF_START')).toMatchObject({ param: '#' });
    const heard = new Promise<void>((resolve) => {
      call.on((event) => event.kind === 'digit' && resolve());
    });
    await theirs.press('4');
    await heard;
    expect(call.heardDigits()).toBe('4');
    call.hangUp();
    await theirs.event('CALL_CLOSED');
  });

  it('hold each other and come back', async () => {
    const call = await callThem();
    const next = (kind: string) =>
      new Promise<void>((resolve) => {
        const stop = call.on((event) => {
          if (event.kind !== kind) return;
          stop();
          resolve();
        });
      });
    await sleep(500);
    let happened = next('held');
    call.hold();
    await happened;
    const before = call.statistics().packetsSent;
    await sleep(500);
    expect(call.statistics().packetsSent - before).toBeLessThan(3);
    happened = next('resumed');
    call.resume();
    await happened;
    happened = next('held');
    await theirs.hold();
    await happened;
    happened = next('resumed');
    await theirs.resume();
    await happened;
    const heardBefore = call.heard().length;
    await sleep(3_500);
    expect(likenessTo(speechOf(1), call.heard().slice(heardBefore), 0.5)).toBeGreaterThan(0.99);
    call.hangUp();
    await theirs.event('CALL_CLOSED');
  });

  it('a caller gives up, and a callee declines', async () => {
    const given = ours.call(theirs.uri);
    await theirs.event('CALL_INCOMING');
    given.hangUp();
    expect(await given.ended).toMatchObject({ status: 487, sentence: 'You gave the call up.' });
    await theirs.event('CALL_CLOSED');
    const declined = ours.call(theirs.uri);
    await theirs.event('CALL_INCOMING');
    await theirs.hangUp();
    expect(await declined.ended).toMatchObject({ status: 486, wasAnswered: false });
    await theirs.event('CALL_CLOSED');
  });
});

describeWith(['linphonec', 'espeak-ng', 'sox'], 'our phone and linphonec', () => {
  let ours: Phone;
  let theirs: Linphone;

  beforeAll(async () => {
    theirs = await Linphone.start({ user: 'lin', port: 23_110, speech: speechOf(2) });
    ours = await open({ user: 'alice', port: 23_140 });
    ours.play(speechOf(3).samples);
  });

  afterAll(() => Promise.all([ours?.close(), theirs?.stop()]));

  it('hear each other', async () => {
    const call = ours.call(theirs.uri);
    await theirs.event('CALL_INCOMING');
    await theirs.answer();
    expect(await call.answered).toBe(true);
    await sleep(5_000);
    call.hangUp();
    await theirs.event('CALL_CLOSED');
    await sleep(500);
    expect(likenessTo(speechOf(2), call.heard())).toBeGreaterThan(0.99);
    // linphonec's jitter buffer drops or repeats a few samples now and then: stretches between are compared.
    const stretches = [1, 1.5, 2, 2.5, 3, 3.5].map((fromSeconds) =>
      heardSpeech(theirs.heard(), speechOf(3), { fromSeconds, seconds: 0.5 }),
    );
    expect(stretches.filter((each) => each > 0.99).length).toBeGreaterThanOrEqual(4);
  });
});

describe.each(['udp', 'tcp'] as const)('two of our phones in one process, over %s', (transport) => {
  it('hear each other', async () => {
    const noise = (seed: number) => {
      let state = seed;
      return Int16Array.from({ length: 24_000 }, () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
        return ((state >> 15) - 32_768 / 2) / 2;
      });
    };
    const one = await open({ user: 'one', port: 23_170, transport });
    const other = await open({ user: 'other', port: 23_172, transport, answers: 'by-itself' });
    one.play(noise(1));
    other.play(noise(2));
    const call = one.call(`sip:other@127.0.0.1:23172;transport=${transport}`);
    expect(await call.answered).toBe(true);
    await sleep(2_000);
    one.hangUp();
    await call.ended;
    expect(
      likeness(noise(2), call.heard(), { window: { from: 1_600, length: 8_000 } }).correlation,
    ).toBeGreaterThan(0.99);
    const heard = other.heard();
    expect(likeness(noise(1), heard, { window: { from: 1_600, length: 8_000 } }).correlation).toBeGreaterThan(
      0.99,
    );
    await Promise.all([one.close(), other.close()]);
  });
});
