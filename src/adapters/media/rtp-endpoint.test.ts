import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { likeness, tone } from '../../protocols/audio/index.ts';
import { Recording } from './recording.ts';
import { type MediaTerms, RtpEndpoint } from './rtp-endpoint.ts';
import { type SoundSource, samplesSource } from './sound-source.ts';

/** Sound that resembles itself at no other time. */
function noise(length: number, seed: number): Int16Array {
  let state = seed;
  return Int16Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return ((state >> 15) - 32_768 / 2) / 2;
  });
}

/** An endpoint on loopback whose frames are sent as the virtual clock says; what it hears is real. */
async function ear(clock: VirtualClock) {
  const recording = new Recording();
  let digits = '';
  let changed = () => {};
  const endpoint = await RtpEndpoint.open({
    address: '127.0.0.1',
    clock,
    timers: { start: (afterMs, run) => clock.schedule(afterMs, run) },
    listener: {
      onSound(samples) {
        recording.write(samples);
        changed();
      },
      onDigit(digit) {
        digits += digit;
        changed();
      },
    },
  });
  const until = async (condition: () => boolean) => {
    while (!condition())
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
  };
  return { endpoint, recording, digits: () => digits, until };
}

const open: RtpEndpoint[] = [];
afterEach(() => {
  for (const endpoint of open.splice(0)) endpoint.close();
});

async function twoEars() {
  const clock = new VirtualClock();
  const one = await ear(clock);
  const other = await ear(clock);
  open.push(one.endpoint, other.endpoint);
  const connect = (direction: MediaTerms['direction'], reverse: MediaTerms['direction'] = direction) => {
    one.endpoint.connect({ remote: other.endpoint, law: 'PCMU', telephoneEvents: 101, direction });
    other.endpoint.connect({
      remote: one.endpoint,
      law: 'PCMU',
      telephoneEvents: 101,
      direction: reverse,
    });
  };
  return { clock, one, other, connect };
}

describe('two endpoints', () => {
  it('hear each other, and count', async () => {
    const { clock, one, other, connect } = await twoEars();
    const [said, replied] = [noise(8_000, 1), noise(8_000, 2)];
    one.endpoint.play(samplesSource(said));
    other.endpoint.play(samplesSource(replied));
    connect('sendrecv');
    clock.run(1_200);
    await one.until(() => one.endpoint.statistics().packetsReceived === 60);
    await other.until(() => other.endpoint.statistics().packetsReceived === 60);
    expect(likeness(said, other.recording.samples()).correlation).toBeGreaterThan(0.99);
    expect(likeness(replied, one.recording.samples()).correlation).toBeGreaterThan(0.99);
    expect(one.endpoint.statistics()).toEqual({
      packetsSent: 60,
      packetsReceived: 60,
      packetsLost: 0,
      packetsRefused: 0,
    });
  });

  it('press keys', async () => {
    const { clock, one, other, connect } = await twoEars();
    connect('sendrecv');
    expect([...'19#'].map((digit) => one.endpoint.press(digit))).toEqual([true, true, true]);
    expect(one.endpoint.press('x')).toBe(false);
    clock.run(1_000);
    await other.until(() => other.digits() === '19#');
  });

  it('one that may only listen sends nothing, and its sound waits', async () => {
    const { clock, one, connect } = await twoEars();
    let taken = 0;
    const counting: SoundSource = {
      read(count) {
        taken += count;
        return new Int16Array(count);
      },
    };
    one.endpoint.play(counting);
    connect('recvonly', 'sendonly');
    clock.run(1_000);
    expect([one.endpoint.statistics().packetsSent, taken]).toEqual([0, 0]);
    connect('sendrecv');
    clock.run(2_000);
    expect([one.endpoint.statistics().packetsSent, taken]).toEqual([50, 8_000]);
  });

  it('says once that its sound has ended', async () => {
    const { clock, one, connect } = await twoEars();
    let ends = 0;
    one.endpoint.play(samplesSource(tone(440, 100)), () => {
      ends += 1;
    });
    connect('sendrecv');
    clock.run(100);
    expect(ends).toBe(0);
    clock.run(1_000);
    expect(ends).toBe(1);
  });
});

it('only the signalled far end is heard, and garbage does no harm', async () => {
  const clock = new VirtualClock();
  const { endpoint, recording, until } = await ear(clock);
  open.push(endpoint);
  const peer = createSocket('udp4');
  const stranger = createSocket('udp4');
  peer.bind(0, '127.0.0.1');
  await once(peer, 'listening');
  endpoint.connect({
    remote: { address: '127.0.0.1', port: peer.address().port },
    law: 'PCMU',
    direction: 'sendrecv',
  });
  const frame = (sequence: number) =>
    Uint8Array.of(0x80, 0, 0, sequence, 0, 0, 0, sequence, 0, 0, 0, 7, 0x80 + sequence);
  const deliver = (socket: typeof peer, bytes: Uint8Array) =>
    new Promise((sent) => socket.send(bytes, endpoint.port, endpoint.address, sent));
  await deliver(stranger, frame(1));
  await deliver(peer, Uint8Array.of(1, 2, 3));
  await deliver(peer, frame(2));
  await until(
    () => endpoint.statistics().packetsReceived === 1 && endpoint.statistics().packetsRefused === 2,
  );
  expect(recording.samples().length).toBe(1);
  peer.close();
  stranger.close();
});

describe('a far end behind a NAT', () => {
  const frame = (sequence: number) =>
    Uint8Array.of(0x80, 0, 0, sequence, 0, 0, 0, sequence, 0, 0, 0, 7, 0x80 + sequence);

  async function socketAt(address: string) {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    return socket;
  }

  it('is where its first packet comes from, if its signalling comes from there too', async () => {
    const clock = new VirtualClock();
    const { endpoint, recording, until } = await ear(clock);
    open.push(endpoint);
    const sockets = await Promise.all(['127.0.0.9', '127.0.0.2', '127.0.0.2'].map(socketAt));
    const [stranger, behindNat, other] = sockets as [Socket, Socket, Socket];
    const deliver = (socket: Socket, sequence: number) =>
      new Promise((sent) => socket.send(frame(sequence), endpoint.port, endpoint.address, sent));
    endpoint.connect({
      remote: { address: '10.1.2.3', port: 4_000 },
      signalledFrom: '127.0.0.2',
      law: 'PCMU',
      direction: 'sendrecv',
    });
    const answered = once(behindNat, 'message');
    await deliver(stranger, 1);
    await deliver(behindNat, 2);
    await deliver(other, 3);
    await deliver(behindNat, 3);
    await until(() => endpoint.statistics().packetsReceived === 2);
    expect(endpoint.statistics().packetsRefused).toBe(2);
    clock.run(20);
    expect((await answered)[0]).toHaveLength(172);
    expect(recording.samples().length).toBe(2);
    for (const socket of sockets) socket.close();
  });

  it('is looked for anew once it describes another place', async () => {
    const clock = new VirtualClock();
    const { endpoint, until } = await ear(clock);
    open.push(endpoint);
    const [first, second] = (await Promise.all(['127.0.0.2', '127.0.0.2'].map(socketAt))) as [Socket, Socket];
    const deliver = (socket: Socket, sequence: number) =>
      new Promise((sent) => socket.send(frame(sequence), endpoint.port, endpoint.address, sent));
    const terms = { signalledFrom: '127.0.0.2', law: 'PCMU', direction: 'sendrecv' } as const;
    endpoint.connect({ ...terms, remote: { address: '10.1.2.3', port: 4_000 } });
    await deliver(first, 1);
    await until(() => endpoint.statistics().packetsReceived === 1);
    endpoint.connect({ ...terms, remote: { address: '10.1.2.3', port: 4_002 } });
    await deliver(second, 2);
    await until(() => endpoint.statistics().packetsReceived === 2);
    first.close();
    second.close();
  });
});

it('takes an even port of its range, and says when none is left', async () => {
  const ports = { from: 23_980, to: 23_983 };
  const opened = await Promise.all(
    [0, 1].map(() => RtpEndpoint.open({ address: '127.0.0.1', ports, listener: {} })),
  );
  open.push(...opened);
  expect(opened.map(({ port }) => port).sort()).toEqual([23_980, 23_982]);
  await expect(RtpEndpoint.open({ address: '127.0.0.1', ports, listener: {} })).rejects.toThrow(
    /No even port/,
  );
});
