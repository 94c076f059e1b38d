import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import type { Speech } from '../../domain/voice/index.ts';
import { keypadTone, likeness } from '../../protocols/audio/index.ts';
import { Announcements } from './announcements.ts';
import { Recording } from './recording.ts';
import { type MediaTerms, RtpEndpoint } from './rtp-endpoint.ts';
import { samplesSource } from './sound-source.ts';
import { Voices, type VoicesOptions } from './voices.ts';

const SPEECH: Speech = ['your-code-is', 'digit-4', 'digit-2'];

let announcements: Announcements;
beforeAll(async () => {
  announcements = await Announcements.load();
});

const closing: { close(): void }[] = [];
afterAll(() => {
  for (const each of closing) each.close();
});

function sdp(port: number, { formats = '0 8 101', direction = 'sendrecv', address = '127.0.0.1' } = {}) {
  const lines = [
    'v=0',
    `o=- 1 1 IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP ${formats}`,
    'a=rtpmap:101 telephone-event/8000',
    `a=${direction}`,
    '',
  ];
  return lines.join('\r\n');
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const portIn = (description: string) => Number(/m=audio (\d+)/.exec(description)?.[1]);

/** A voice and a caller with a phone in hand, whose time is virtual; between them are real sockets. */
async function call(options: Partial<VoicesOptions> = {}) {
  const clock = new VirtualClock();
  const timers = { start: (afterMs: number, run: () => void) => clock.schedule(afterMs, run) };
  const voices = new Voices({ announcements, address: '127.0.0.1', clock, timers, ...options });
  const recording = new Recording();
  let digits = '';
  let changed = () => {};
  const caller = await RtpEndpoint.open({
    address: '127.0.0.1',
    clock,
    timers,
    listener: {
      onSound(samples) {
        recording.write(samples);
        changed();
      },
    },
  });
  const onDigit = (digit: string) => {
    digits += digit;
    changed();
  };
  const voice = await voices.openVoice({ language: 'ko', onDigit });
  if (voice === undefined) throw new Error('There is no voice.');
  closing.push(voices, caller);
  const terms = (description: string, more: Partial<MediaTerms> = {}): MediaTerms => ({
    remote: { address: '127.0.0.1', port: portIn(description) },
    law: 'PCMU',
    telephoneEvents: 101,
    direction: 'sendrecv',
    ...more,
  });
  const until = async (condition: () => boolean) => {
    while (!condition())
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
  };
  /** Lets time pass as sound does: what was sent arrives before more is. */
  const talk = async (ms: number) => {
    const untilMs = clock.nowMs() + ms;
    while (clock.nowMs() < untilMs) {
      clock.run(Math.min(untilMs, clock.nowMs() + 100));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { clock, voices, voice, caller, recording, terms, until, talk, digits: () => digits };
}

describe('a voice that is called', () => {
  it.each([
    ['PCMU', '0 8 101', 0.99],
    ['PCMA', '8 0 101', 0.99],
  ] as const)('is heard as the sounds are, in %s', async (law, formats, alike) => {
    const { voice, caller, recording, terms, talk, until } = await call();
    const answer = text(voice.answer(sdp(caller.port, { formats })));
    expect(answer).toContain(`RTP/AVP ${formats}`);
    caller.connect(terms(answer, { law }));
    let ending: string | undefined;
    voice.play(SPEECH, (how) => {
      ending = how;
    });
    const said = announcements.spoken(SPEECH, 'ko');
    await talk(said.length / 8 + 400);
    await until(() => recording.samples().length > said.length);
    expect(ending).toBe('spoken');
    const { correlation } = likeness(said, recording.samples());
    expect(correlation).toBeGreaterThan(alike);
  });

  it('says 488 by giving no answer where the offer has no G.711', async () => {
    const { voice, caller } = await call();
    expect(voice.answer(sdp(caller.port, { formats: '18 9' }))).toBeUndefined();
    expect(voice.answer('no description')).toBeUndefined();
    expect(voice.answer('')).toBeUndefined();
    expect(voice.answer(sdp(0))).toBeUndefined();
    expect(voice.answer(sdp(caller.port, { address: 'phone.example' }))).toBeUndefined();
  });

  it('hears keys as events, once each', async () => {
    const { voice, caller, terms, talk, until, digits } = await call();
    caller.connect(terms(text(voice.answer(sdp(caller.port)))));
    for (const digit of '6200#082') expect(caller.press(digit)).toBe(true);
    await talk(3_000);
    await until(() => digits().length === 8);
    expect(digits()).toBe('6200#082');
  });

  it('hears keys as tones where events were not agreed', async () => {
    const { voice, caller, terms, talk, until, digits } = await call();
    const answer = text(voice.answer(sdp(caller.port, { formats: '0' })));
    expect(answer).not.toContain('telephone-event');
    const { telephoneEvents: _, ...plain } = terms(answer);
    caller.connect(plain);
    const keys = [...'02*9'].flatMap((key) => [...keypadTone(key, 80), ...new Int16Array(8 * 80)]);
    caller.play(samplesSource(Int16Array.from(keys)));
    await talk(1_200);
    await until(() => digits().length === 4);
    expect(digits()).toBe('02*9');
  });

  it('hears keys that come in INFO, and nothing else that does', async () => {
    const { voice, digits } = await call();
    for (const signal of ['1', '#', 'x', '16', '']) voice.digit(signal);
    expect(digits()).toBe('1#');
  });

  it('waits while the caller holds, and says the rest then', async () => {
    const { voice, caller, recording, terms, talk, until } = await call();
    caller.connect(terms(text(voice.answer(sdp(caller.port)))));
    let endings = 0;
    voice.play(SPEECH, () => {
      endings += 1;
    });
    const said = announcements.spoken(SPEECH, 'ko');
    await talk(400);
    const held = text(voice.answer(sdp(caller.port, { direction: 'sendonly' })));
    expect(held).toContain('a=recvonly');
    expect(held).toContain('IN IP4 127.0.0.1');
    await talk(5_000);
    expect(endings).toBe(0);
    const sent = voice.statistics().packetsSent;
    expect(sent).toBe(20);
    expect(text(voice.answer(sdp(caller.port)))).toContain('a=sendrecv');
    await talk(said.length / 8);
    await until(() => recording.samples().length > 4_000 && endings === 1);
    const rest = { from: 4_000, length: said.length - 4_400 };
    expect(likeness(said, recording.samples(), { window: rest }).correlation).toBeGreaterThan(0.99);
  });

  it('goes on without sound where nobody can be sent to', async () => {
    const { voice, talk } = await call();
    for (const address of ['::1', '255.255.255.255', '0.0.0.0', '224.0.0.1']) {
      voice.answer(sdp(9, { address }));
      voice.play(SPEECH);
      await talk(500);
    }
    expect(voice.statistics().packetsReceived).toBe(0);
  });

  it('each description has a version of its own, in one session (RFC 3264 §8)', async () => {
    const { voice, caller } = await call();
    const origins = [1, 2].map(() => /o=- (\d+) (\d+)/.exec(text(voice.answer(sdp(caller.port)))));
    expect(origins[1]?.[1]).toBe(origins[0]?.[1]);
    expect(Number(origins[1]?.[2])).toBe(Number(origins[0]?.[2]) + 1);
  });

  it('gives up on a caller who holds for long', async () => {
    const { voice, caller, talk } = await call();
    voice.answer(sdp(caller.port, { direction: 'inactive' }));
    const endings: string[] = [];
    voice.play(SPEECH, (how) => endings.push(how));
    await talk(19_000);
    expect(endings).toEqual([]);
    await talk(6_000);
    expect(endings).toEqual(['not-heard']);
  });

  it('may be closed by who hears that it has spoken, or that a key was pressed', async () => {
    const { voice, voices, caller, talk } = await call();
    voice.answer(sdp(caller.port));
    voice.play(['digit-1'], () => voice.close());
    await talk(2_000);
    expect(voices.open).toBe(0);
    const closing = await voices.openVoice({ language: 'en', onDigit: () => closing?.close() });
    closing?.digit('1');
    closing?.digit('2');
    expect(voices.open).toBe(0);
  });

  it('says nothing more of a speech that was replaced, stopped or closed', async () => {
    const { voice, caller, talk } = await call();
    voice.answer(sdp(caller.port));
    const endings: string[] = [];
    voice.play(['dial-now'], () => endings.push('replaced'));
    await talk(100);
    voice.play(['dial-now'], () => endings.push('stopped'));
    await talk(100);
    voice.stop();
    await talk(60_000);
    voice.play(['digit-1'], () => endings.push('closed'));
    voice.close();
    voice.play(['digit-1'], () => endings.push('after'));
    voice.digit('1');
    await talk(60_000);
    expect(endings).toEqual([]);
  });
});

describe('R18: a voice that calls', () => {
  it('offers both laws and keys, and speaks as answered', async () => {
    const { voice, caller, terms, talk, until, digits, recording } = await call();
    const offer = text(voice.offer());
    expect(offer).toMatch(/m=audio \d+ RTP\/AVP 0 8 101/);
    const answered = sdp(caller.port, { formats: '8 96' }).replace('rtpmap:101', 'rtpmap:96');
    expect(voice.accept(answered)).toBe(true);
    caller.connect(terms(offer, { law: 'PCMA', telephoneEvents: 101 }));
    voice.play(['press-one']);
    await talk(1_000);
    // RFC 3264 §5.1: what we receive has the payload type of our offer; some send that of their answer.
    caller.press('1');
    await talk(1_000);
    caller.connect(terms(offer, { law: 'PCMA', telephoneEvents: 96 }));
    caller.press('2');
    await talk(1_000);
    await until(() => digits() === '12');
    const said = announcements.spoken(['press-one'], 'ko');
    const { correlation } = likeness(said, recording.samples(), { window: { from: 0, length: 8_000 } });
    expect(correlation).toBeGreaterThan(0.99);
  });

  it('is not connected by an answer without sound', async () => {
    const { voice, caller } = await call();
    voice.offer();
    expect(voice.accept(sdp(0))).toBe(false);
    expect(voice.accept('')).toBe(false);
    expect(voice.accept(sdp(caller.port, { formats: '18' }))).toBe(false);
  });
});

describe('voices', () => {
  it('are limited, and each that ends makes room', async () => {
    const { voices, voice } = await call({ mostSessions: 2 });
    const second = await voices.openVoice({ language: 'en' });
    expect(second).toBeDefined();
    expect(voices.open).toBe(2);
    expect(await voices.openVoice({ language: 'en' })).toBeUndefined();
    voice.close();
    voice.close();
    expect(voices.open).toBe(1);
    expect(await voices.openVoice({ language: 'en' })).toBeDefined();
  });

  it('are limited while they are being opened too', async () => {
    const voices = new Voices({ announcements, address: '127.0.0.1', mostSessions: 3 });
    closing.push(voices);
    const opened = await Promise.all([1, 2, 3, 4, 5].map(() => voices.openVoice({ language: 'en' })));
    expect(opened.filter((voice) => voice !== undefined)).toHaveLength(3);
  });

  it('are refused where no port is free, and after the end', async () => {
    const ports = { from: 24_990, to: 24_991 };
    const voices = new Voices({ announcements, address: '127.0.0.1', ports });
    const one = await voices.openVoice({ language: 'en' });
    expect(one).toBeDefined();
    expect(await voices.openVoice({ language: 'en' })).toBeUndefined();
    voices.close();
    expect(voices.open).toBe(0);
    expect(await voices.openVoice({ language: 'en' })).toBeUndefined();
  });

  it('name the address that was asked for', async () => {
    const voices = new Voices({ announcements, address: '0.0.0.0' });
    closing.push(voices);
    const voice = await voices.openVoice({ language: 'en', advertisedAddress: '192.0.2.7' });
    expect(text(voice?.offer())).toContain('c=IN IP4 192.0.2.7');
  });
});
