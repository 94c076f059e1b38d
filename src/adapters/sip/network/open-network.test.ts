import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../../../../test/support/virtual-clock.ts';
import type { Flow } from './flow.ts';
import { type NetworkOptions, type OpenNetwork, openNetwork } from './open-network.ts';

const MESSAGE = Buffer.from('OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 0\r\n\r\n');

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Waits until the expectation holds. */
function soon(expectation: () => void): Promise<void> {
  return vi.waitFor(expectation, { interval: 2 });
}

type Heard = { readonly text: string; readonly from: Flow };

/** A network whose time is that of a virtual clock, with what it heard. */
async function opened(options: Partial<NetworkOptions> = {}) {
  const clock = new VirtualClock();
  const network = await openNetwork({
    listen: [
      { transport: 'udp', address: '127.0.0.1', port: 0 },
      { transport: 'tcp', address: '127.0.0.1', port: 0 },
    ],
    monotonicMs: () => clock.nowMs(),
    alarm: (afterMs, ring) => clock.schedule(afterMs, ring),
    ...options,
  });
  closers.push(() => network.close());
  const heard: Heard[] = [];
  const closed: Flow[] = [];
  network.listen({
    onMessage: (bytes, from) => heard.push({ text: bytes.toString(), from }),
    onClosed: (flow) => closed.push(flow),
  });
  return { network, clock, heard, closed };
}

function flowTo(network: OpenNetwork, index: number): Flow {
  const { transport, address, port } = network.listening[index] ?? { port: 0, address: '', transport: 'udp' };
  return { transport, address, port };
}

async function client(network: OpenNetwork): Promise<Socket> {
  const socket = connect(network.listening[1]?.port ?? 0, '127.0.0.1');
  closers.push(() => socket.destroy());
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

function unexpected(): never {
  throw new Error('It should have been sent.');
}

describe('a network over UDP', () => {
  it.each(['127.0.0.1', '::1'])('carries a datagram to and fro on %s', async (address) => {
    const listen = [{ transport: 'udp', address, port: 0 }] as const;
    const one = await opened({ listen });
    const other = await opened({ listen });
    one.network.send(MESSAGE, flowTo(other.network, 0), unexpected);
    await soon(() => expect(other.heard).toHaveLength(1));
    expect(other.heard[0]).toEqual({ text: MESSAGE.toString(), from: flowTo(one.network, 0) });
    other.network.send(MESSAGE, other.heard[0]?.from ?? flowTo(one.network, 0), unexpected);
    await soon(() => expect(one.heard).toHaveLength(1));
  });

  it('tells later, once, that a datagram was too long for IP', async () => {
    const { network } = await opened();
    const onFailure = vi.fn();
    network.send(Buffer.alloc(70_000, 'a'), flowTo(network, 0), onFailure);
    expect(onFailure).not.toHaveBeenCalled();
    await soon(() => expect(onFailure).toHaveBeenCalledTimes(1));
  });

  it.each([
    ['127.0.0.1', 0],
    ['127.0.0.1', 65_536],
    ['127.0.0.1', Number.NaN],
    ['::1', 5060],
    ['no.address.invalid', 5060],
    ['', 5060],
  ])('never throws for a far end at %s port %s', async (address, port) => {
    const { network } = await opened();
    for (const transport of ['udp', 'tcp'] as const) {
      const onFailure = vi.fn();
      network.send(MESSAGE, { transport, address, port }, onFailure);
      await soon(() => expect(onFailure).toHaveBeenCalledTimes(1));
    }
  });

  it('RFC 3581 §4: an answer leaves from the socket that heard the request', async () => {
    const place = { transport: 'udp', address: '127.0.0.1', port: 0 } as const;
    const { network, heard } = await opened({ listen: [place, place] });
    const phone = createSocket('udp4');
    closers.push(() => phone.close());
    phone.send(MESSAGE, network.listening[1]?.port ?? 0, '127.0.0.1');
    await soon(() => expect(heard).toHaveLength(1));
    const from = heard[0]?.from ?? flowTo(network, 0);
    expect(network.localAddress(from).port).toBe(network.listening[1]?.port);
    const answered = once(phone, 'message');
    network.send(MESSAGE, from, unexpected);
    expect((await answered)[1].port).toBe(network.listening[1]?.port);
  });

  it('does not pass on what only keeps a NAT open', async () => {
    const { network, heard } = await opened();
    const phone = createSocket('udp4');
    closers.push(() => phone.close());
    for (const text of ['\r\n\r\n', '\0\0\0\0', '', MESSAGE.toString()]) {
      phone.send(text, network.listening[0]?.port ?? 0, '127.0.0.1');
    }
    await soon(() => expect(heard).toHaveLength(1));
    expect(network.metrics.keepAlives).toBe(3);
  });

  it('survives a listener that throws', async () => {
    const onTrouble = vi.fn();
    const { network } = await opened({ onTrouble, limits: { connections: 10 } });
    network.listen({
      onMessage: () => {
        throw new Error('a bug');
      },
      onClosed: () => {},
    });
    network.send(MESSAGE, flowTo(network, 0), unexpected);
    network.send(MESSAGE, flowTo(network, 0), unexpected);
    await soon(() => expect(network.metrics.troubles).toBe(2));
    expect(onTrouble).toHaveBeenCalledTimes(1);
  });
});

describe('a network over TCP', () => {
  it('RFC 3261 §18: messages to one far end share a connection, and answers come back on it', async () => {
    const one = await opened();
    const other = await opened();
    for (let n = 0; n < 3; n += 1) one.network.send(MESSAGE, flowTo(other.network, 1), unexpected);
    await soon(() => expect(other.heard).toHaveLength(3));
    expect(other.network.metrics.connections).toBe(1);
    const from = other.heard[0]?.from ?? flowTo(one.network, 1);
    other.network.send(MESSAGE, from, unexpected);
    await soon(() => expect(one.heard).toHaveLength(1));
    expect(one.heard[0]?.from).toMatchObject(flowTo(other.network, 1));
  });

  it('opens a new connection where the one of the flow is gone', async () => {
    const one = await opened();
    const other = await opened();
    one.network.send(MESSAGE, { ...flowTo(other.network, 1), connection: 99 }, unexpected);
    await soon(() => expect(other.heard).toHaveLength(1));
  });

  it('never takes the connection of another neighbour who has the same number', async () => {
    const one = await opened();
    const other = await opened();
    const third = await opened();
    one.network.send(MESSAGE, flowTo(other.network, 1), unexpected);
    await soon(() => expect(other.heard).toHaveLength(1));
    one.network.send(MESSAGE, { ...flowTo(third.network, 1), connection: 1 }, unexpected);
    await soon(() => expect(third.heard).toHaveLength(1));
    expect(other.heard).toHaveLength(1);
  });

  it('tells of every message that was waiting for a far end which refuses', async () => {
    const { network, closed } = await opened();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    server.close();
    await once(server, 'close');
    const onFailure = vi.fn();
    const to: Flow = { transport: 'tcp', address: '127.0.0.1', port };
    network.send(MESSAGE, to, onFailure);
    network.send(MESSAGE, to, onFailure);
    await soon(() => expect(onFailure).toHaveBeenCalledTimes(2));
    expect(closed).toEqual([]);
    expect(network.metrics.connections).toBe(0);
  });

  it('tells of a connection that the far end closed', async () => {
    const { network, heard, closed } = await opened();
    const phone = await client(network);
    phone.write(MESSAGE);
    await soon(() => expect(heard).toHaveLength(1));
    phone.destroy();
    await soon(() => expect(closed).toEqual([heard[0]?.from]));
  });

  it('RFC 5626 §4.4.1: a double CR LF is answered with a single one', async () => {
    const { network } = await opened();
    const phone = await client(network);
    phone.write('\r\n\r\n');
    expect(String((await once(phone, 'data'))[0])).toBe('\r\n');
  });

  it('closes a connection that speaks no SIP', async () => {
    const { network } = await opened();
    const phone = await client(network);
    phone.write('GET / HTTP/1.1\r\nHost: example.org\r\n\r\n');
    await once(phone, 'close');
    expect(network.metrics.connectionsExpelled).toBe(1);
  });

  it.each([
    ['never sends anything', '', 10_000],
    ['never ends its first message', 'OPTIONS sip:a@b SIP/2.0\r\n', 10_000],
    ['sends pings alone', '\r\n\r\n', 10_000],
    ['never ends its second message', `${MESSAGE}OPTIONS sip:a@b SIP/2.0\r\n`, 10_000],
    ['rests after a message', MESSAGE.toString(), 3_900_000],
  ])('closes a connection that %s', async (_, text, afterMs) => {
    const { network, clock } = await opened();
    const phone = await client(network);
    phone.write(text);
    await soon(() => {
      expect(network.metrics.connections).toBe(1);
      expect(network.metrics.bytesReceived).toBe(text.length);
    });
    clock.run(afterMs - 1);
    expect(network.metrics.connections).toBe(1);
    clock.run(afterMs + 1_000);
    expect(network.metrics.connections).toBe(0);
    await once(phone, 'close');
  });

  it('lets a far end that sends without reading wait for nothing', async () => {
    const { network, heard } = await opened({ limits: { waitingBytes: 100_000 } });
    const phone = await client(network);
    phone.pause();
    phone.write(MESSAGE);
    await soon(() => expect(heard).toHaveLength(1));
    const from = heard[0]?.from ?? flowTo(network, 1);
    const onFailure = vi.fn();
    // The kernel takes some megabytes before anything has to wait.
    for (let n = 0; n < 4000 && network.metrics.connections > 0; n += 1) {
      network.send(Buffer.alloc(50_000, 'a'), from, onFailure);
    }
    await soon(() => expect(onFailure).toHaveBeenCalled());
    expect(network.metrics.connections).toBe(0);
  });

  it('closes a connection whose far end has taken nothing for long', async () => {
    const { network, clock, heard, closed } = await opened({ limits: { waitingBytes: 8_000_000 } });
    const phone = await client(network);
    phone.pause();
    phone.write(MESSAGE);
    await soon(() => expect(heard).toHaveLength(1));
    const onFailure = vi.fn();
    for (let n = 0; n < 150; n += 1)
      network.send(Buffer.alloc(50_000, 'a'), heard[0]?.from ?? flowTo(network, 1), onFailure);
    expect(onFailure).not.toHaveBeenCalled();
    clock.run(29_000);
    expect(network.metrics.connections).toBe(1);
    clock.run(32_000);
    expect(network.metrics.connections).toBe(0);
    await soon(() => expect(onFailure).toHaveBeenCalled());
    expect(closed).toEqual([heard[0]?.from]);
  });

  it('gives up a far end that cannot be connected to in time', async () => {
    const { network, clock, closed } = await opened();
    const onFailure = vi.fn();
    network.send(MESSAGE, flowTo(network, 1), onFailure);
    clock.run(5_000);
    await soon(() => expect(onFailure).toHaveBeenCalledTimes(1));
    expect(closed).toEqual([]);
  });

  it('makes room by closing the oldest connection that has never sent a whole message', async () => {
    const { network, heard } = await opened({ limits: { connections: 3 } });
    const good = await client(network);
    good.write(MESSAGE);
    await soon(() => expect(heard).toHaveLength(1));
    const silent = [await client(network), await client(network)];
    await soon(() => expect(network.metrics.connections).toBe(3));
    const newcomer = await client(network);
    await once(silent[0] ?? good, 'close');
    newcomer.write(MESSAGE);
    good.write(MESSAGE);
    await soon(() => expect(heard).toHaveLength(3));
  });

  it('turns newcomers away where everybody has proven himself', async () => {
    const { network, heard } = await opened({ limits: { connectionsPerSource: 1 } });
    const good = await client(network);
    good.write(MESSAGE);
    await soon(() => expect(heard).toHaveLength(1));
    const newcomer = await client(network);
    await once(newcomer, 'close');
    expect(network.metrics.connectionsRefused).toBe(1);
    expect(good.destroyed).toBe(false);
  });

  it('fails what is sent after it was closed', async () => {
    const { network } = await opened();
    await network.close();
    for (const index of [0, 1]) {
      const onFailure = vi.fn();
      network.send(MESSAGE, flowTo(network, index), onFailure);
      await soon(() => expect(onFailure).toHaveBeenCalledTimes(1));
    }
  });

  it('opens nothing where one of the places is taken', async () => {
    const { network } = await opened();
    const taken = flowTo(network, 1);
    const free = { transport: 'udp', address: '127.0.0.1', port: taken.port } as const;
    await expect(openNetwork({ listen: [free, taken] })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await (await openNetwork({ listen: [free] })).close();
  });
});
