import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Announcements, Voices } from '../../src/adapters/media/index.ts';
import {
  hearTones,
  keypadTone,
  likeness,
  NO_TONES,
  parseWav,
  printWav,
} from '../../src/protocols/audio/index.ts';
import { Baresip, describeWith, speechOf } from '../support/phones/index.ts';
import { type DeskCall, VoiceDesk } from '../support/voice/voice-desk.ts';

let announcements: Announcements;
beforeAll(async () => {
  announcements = await Announcements.load();
});

async function eventually(condition: () => boolean, timeoutMs = 10_000): Promise<void> {
  const untilMs = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > untilMs) throw new Error('It did not happen in time.');
    await sleep(20);
  }
}

/** How alike what a phone recorded is to a stretch of an announcement. */
function heard(recording: string, said: Int16Array, window: { from: number; length: number }): number {
  const sound = parseWav(readFileSync(recording));
  if (!sound.ok) throw new Error(sound.detail);
  return likeness(said, sound.value.samples, { window }).correlation;
}

describeWith(['baresip', 'espeak-ng', 'sox'], 'R18: a voice and baresip', () => {
  let phone: Baresip;
  let desk: VoiceDesk;
  const calls: DeskCall[] = [];
  let endings = 0;

  beforeAll(async () => {
    const voices = new Voices({ announcements, address: '127.0.0.1' });
    desk = await VoiceDesk.open({
      voices,
      port: 25_010,
      onCall: (call) => {
        calls.push(call);
        call.voice.play(['dial-now'], () => {
          endings += 1;
        });
      },
    });
    phone = await Baresip.start({ user: 'bob', port: 25_020, answers: 'when-told', speech: speechOf(1) });
  });
  afterAll(() => Promise.all([phone?.stop(), desk?.close()]));

  async function dial(): Promise<DeskCall> {
    const before = calls.length;
    await phone.dial('sip:desk@127.0.0.1:25010');
    await phone.event('CALL_ESTABLISHED');
    await eventually(() => calls.length > before);
    const call = calls.at(-1);
    if (call === undefined) throw new Error('There is no call.');
    return call;
  }

  async function hangUp(call: DeskCall): Promise<void> {
    await phone.hangUp();
    await phone.event('CALL_CLOSED');
    await eventually(() => call.isOver);
  }

  it('is heard as the sound that is kept', async () => {
    const call = await dial();
    await sleep(4_000);
    await hangUp(call);
    const said = announcements.spoken(['dial-now'], 'ko');
    expect(heard(phone.heard(), said, { from: 0, length: 24_000 })).toBeGreaterThan(0.99);
  });

  it('RFC 4733: hears each key once', async () => {
    const call = await dial();
    for (const digit of '62006200*082##') {
      await phone.press(digit);
      await sleep(150);
    }
    await eventually(() => call.digits.length >= 14);
    await sleep(300);
    expect(call.digits).toBe('62006200*082##');
    await hangUp(call);
  });

  it('RFC 3264 §8.4: waits while it is held, and goes on then', async () => {
    endings = 0;
    const call = await dial();
    await sleep(1_000);
    await phone.hold();
    await sleep(500);
    const sent = call.voice.statistics().packetsSent;
    await sleep(1_500);
    expect(call.voice.statistics().packetsSent).toBe(sent);
    await phone.resume();
    await eventually(() => call.voice.statistics().packetsSent > sent + 100);
    await eventually(() => endings === 1, 15_000);
    await hangUp(call);
  });
});

describeWith(['baresip', 'espeak-ng', 'sox'], 'a phone that sends its keys as tones', () => {
  it('is understood, though it offers events', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'omnidial-tones-'));
    const path = join(folder, 'keys.wav');
    const second = new Int16Array(8_000);
    const keys = [...'0262006200#'].flatMap((key) => [...keypadTone(key, 90), ...second.subarray(0, 720)]);
    const samples = Int16Array.from([...second, ...keys, ...new Int16Array(30 * 8_000)]);
    writeFileSync(path, printWav({ sampleRate: 8_000, samples }));
    const voices = new Voices({ announcements, address: '127.0.0.1' });
    const calls: DeskCall[] = [];
    const desk = await VoiceDesk.open({ voices, port: 25_040, onCall: (call) => calls.push(call) });
    const phone = await Baresip.start({
      user: 'old',
      port: 25_050,
      answers: 'when-told',
      codec: 'PCMA',
      speech: { path, samples },
    });
    try {
      await phone.dial('sip:desk@127.0.0.1:25040');
      await phone.event('CALL_ESTABLISHED');
      await eventually(() => (calls[0]?.digits.length ?? 0) >= 11);
      await sleep(500);
      expect(calls[0]?.digits).toBe('0262006200#');
    } finally {
      await phone.stop();
      await desk.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describeWith(['baresip', 'espeak-ng', 'sox'], 'R16: an announcement before a refusal', () => {
  it('is heard as early media (183), and the call is never answered', async () => {
    const voices = new Voices({ announcements, address: '127.0.0.1' });
    const desk = await VoiceDesk.open({
      voices,
      port: 25_070,
      refusesWith: 404,
      onCall: (call, refuse) => call.voice.play(['not-in-service'], refuse),
    });
    const phone = await Baresip.start({
      user: 'pstn',
      port: 25_080,
      answers: 'when-told',
      speech: speechOf(2),
    });
    try {
      await phone.dial('sip:desk@127.0.0.1:25070');
      const closed = await phone.event('CALL_CLOSED', 20_000);
      expect(JSON.stringify(closed)).toMatch(/404/);
      const said = announcements.spoken(['not-in-service'], 'ko');
      expect(heard(phone.heard(), said, { from: 8_000, length: 32_000 })).toBeGreaterThan(0.99);
      expect(voices.open).toBe(0);
    } finally {
      await phone.stop();
      await desk.close();
    }
  });
});

describeWith(['espeak-ng', 'sox'], 'ITU-T Q.24: people who speak', () => {
  it.each([0, 1, 2, 3] as const)('speaker %i presses no key, softly or loudly', (speaker) => {
    const { samples } = speechOf(speaker);
    for (const loudness of [0.25, 0.5, 1, 2]) {
      const said = samples.map((sample) => Math.max(-32_767, Math.min(32_767, sample * loudness)));
      expect(hearTones(NO_TONES, said)[1]).toEqual([]);
    }
  });
});

describe('200 voices at once', () => {
  const VOICES = 200;
  const SECONDS = 4;

  it('keep their pace: none drifts, and hardly a packet is late', async () => {
    const ear = createSocket({ type: 'udp4', recvBufferSize: 4_194_304 });
    ear.bind(0, '127.0.0.1');
    await once(ear, 'listening');
    const arrivals = new Map<number, number[]>();
    ear.on('message', (_, from) => {
      const own = arrivals.get(from.port) ?? [];
      own.push(performance.now());
      arrivals.set(from.port, own);
    });
    const voices = new Voices({ announcements, address: '127.0.0.1', mostSessions: VOICES });
    const description = [
      'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n',
      `m=audio ${ear.address().port} RTP/AVP 0\r\n`,
    ].join('');
    for (let index = 0; index < VOICES; index += 1) {
      const voice = await voices.openVoice({ language: 'en' });
      voice?.answer(description);
      voice?.play(['dial-now']);
    }
    await sleep(SECONDS * 1_000);
    voices.close();
    ear.close();
    const gaps: number[] = [];
    for (const times of arrivals.values()) {
      const [first = 0, last = 0] = [times[0], times.at(-1)];
      // As many packets as frames of 20 ms in the time they took: what was late was caught up.
      expect(Math.abs((last - first) / 20 - (times.length - 1))).toBeLessThan(3);
      times.slice(1).forEach((time, index) => {
        gaps.push(time - (times[index] ?? 0));
      });
    }
    gaps.sort((one, other) => one - other);
    expect(arrivals.size).toBe(VOICES);
    expect(gaps.length).toBeGreaterThan(VOICES * SECONDS * 45);
    expect(gaps[Math.floor(gaps.length / 2)]).toBeLessThan(25);
    expect(gaps[Math.floor(gaps.length * 0.99)]).toBeLessThan(60);
  });
});
