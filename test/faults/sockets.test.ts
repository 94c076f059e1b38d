import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Flow,
  type NetworkLimits,
  type OpenNetwork,
  openNetwork,
} from '../../src/adapters/sip/network/index.ts';
import { parseMessage, printMessage, responseTo } from '../../src/protocols/sip/message/index.ts';
import { sipRequest } from '../support/sip-messages.ts';
import type { Wave } from './sockets-silent.ts';

const MEGABYTE = 1024 * 1024;
const OPTIONS = printMessage(sipRequest('OPTIONS'));
/** What a phone waits for an answer while others misbehave; alone it takes a millisecond. */
const IN_TIME_MS = 500;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server that answers every request it can read with 200, and what it can answer at all with its problem. */
async function server(limits: Partial<NetworkLimits> = {}): Promise<OpenNetwork> {
  const network = await openNetwork({
    listen: [
      { transport: 'udp', address: '127.0.0.1', port: 0 },
      { transport: 'tcp', address: '127.0.0.1', port: 0 },
    ],
    limits,
  });
  closers.push(() => network.close());
  network.listen({ onMessage: (bytes, from) => answer(network, bytes, from), onClosed: () => {} });
  return network;
}

function answer(network: OpenNetwork, bytes: Buffer, from: Flow): void {
  const message = parseMessage(bytes);
  const request = message.ok ? message.value : message.answerable;
  if (request?.kind !== 'request') return;
  network.send(printMessage(responseTo(request, message.ok ? 200 : message.problem.status)), from, () => {});
}

/** Opens a connection from one of the 127.0.0.0/8 addresses. */
function dial(network: OpenNetwork, from = '127.0.0.1'): Socket {
  const socket = connect({ host: '127.0.0.1', port: network.listening[1]?.port ?? 0, localAddress: from });
  closers.push(() => socket.destroy());
  socket.on('error', () => {});
  return socket;
}

/** Until the connection is gone, whether it was closed or reset. */
function gone(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    socket.once('close', () => resolve());
  });
}

/** Until the connection is open, or has failed. */
function settled(socket: Socket): Promise<void> {
  return Promise.race([new Promise<void>((resolve) => socket.once('connect', resolve)), gone(socket)]);
}

async function connected(network: OpenNetwork, from?: string): Promise<Socket> {
  const socket = dial(network, from);
  await once(socket, 'connect');
  return socket;
}

/** How long a phone of good manners waits for its 200 over TCP, on a connection of its own or a new one. */
async function askOverTcp(network: OpenNetwork, known?: Socket): Promise<number> {
  const startMs = performance.now();
  const socket = known ?? (await connected(network, '127.9.9.9'));
  const answered = once(socket, 'data');
  socket.write(OPTIONS);
  expect(String((await answered)[0])).toMatch(/^SIP\/2\.0 200 OK/);
  if (known === undefined) socket.destroy();
  return performance.now() - startMs;
}

async function askOverUdp(network: OpenNetwork): Promise<number> {
  const startMs = performance.now();
  const phone = createSocket('udp4');
  // What does not fit into the receive queue under a flood is lost; a phone sends again after T1.
  const again = setInterval(() => send(), 100);
  const send = () => phone.send(OPTIONS, network.listening[0]?.port ?? 0, '127.0.0.1');
  send();
  expect(String((await once(phone, 'message'))[0])).toMatch(/^SIP\/2\.0 200 OK/);
  clearInterval(again);
  phone.close();
  return performance.now() - startMs;
}

/** Bytes of the process that are in use, after the collector had its turn. */
async function usedBytes(): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('sockets that misbehave', () => {
  it('ten thousand half-open connections shut nobody out', async () => {
    const network = await server();
    const phone = await connected(network, '127.9.9.8');
    await askOverTcp(network, phone);
    const before = await usedBytes();
    let slowestMs = 0;
    const silent = Array.from({ length: 5 }, () => fork(join(import.meta.dirname, 'sockets-silent.ts')));
    closers.push(() => silent.map((child) => child.kill()));
    for (let source = 1; source <= 20; source += 1) {
      const child = silent[source % silent.length];
      const wave: Wave = { from: `127.1.0.${source}`, port: network.listening[1]?.port ?? 0, count: 500 };
      child?.send(wave);
      if (child !== undefined) await once(child, 'message');
      slowestMs = Math.max(
        slowestMs,
        await askOverTcp(network),
        await askOverTcp(network, phone),
        await askOverUdp(network),
      );
    }
    expect(network.metrics.connectionsAccepted).toBeGreaterThanOrEqual(10_000);
    expect(network.metrics.connections).toBeLessThanOrEqual(10_000);
    expect(slowestMs).toBeLessThan(IN_TIME_MS);

    for (const child of silent) child.kill();
    await until(() => network.metrics.connections === 1);
    expect((await usedBytes()) - before).toBeLessThan(16 * MEGABYTE);
    expect(await askOverTcp(network, phone)).toBeLessThan(IN_TIME_MS);
  }, 30_000);

  it('one address alone keeps no more than its share', async () => {
    const network = await server();
    const phone = await connected(network);
    await askOverTcp(network, phone);
    const silent = Array.from({ length: 2_000 }, () => dial(network));
    await Promise.all(silent.map(settled));
    await until(() => network.metrics.connectionsAccepted >= 2_000);
    expect(network.metrics.connections).toBeLessThanOrEqual(1_000);
    expect(await askOverTcp(network, phone)).toBeLessThan(IN_TIME_MS);
  });

  it('messages that never end are given up in time, and hold nobody up until then', async () => {
    const network = await server({ firstMessageMs: 3_000 });
    const sources = Array.from({ length: 300 }, (_, n) => `127.2.0.${1 + (n % 250)}`);
    const loris = await Promise.all(sources.map((source) => connected(network, source)));
    let ended = 0;
    for (const socket of loris) gone(socket).then(() => (ended += 1));
    for (const socket of loris) socket.write('OPTIONS sip:a@b SIP/2.0\r\n');
    const startMs = performance.now();
    let slowestMs = 0;
    while (ended < loris.length) {
      for (const socket of loris) if (!socket.destroyed) socket.write('X: y\r\n');
      slowestMs = Math.max(slowestMs, await askOverTcp(network), await askOverUdp(network));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(performance.now() - startMs).toBeGreaterThan(2_000);
    expect(performance.now() - startMs).toBeLessThan(8_000);
    expect(slowestMs).toBeLessThan(IN_TIME_MS);
    await until(() => network.metrics.connections === 0);
  }, 30_000);

  it('garbage, giants and scraps over UDP and TCP leave the server and its memory as they were', async () => {
    const network = await server();
    await askOverTcp(network);
    const before = await usedBytes();
    const { troubles } = network.metrics;
    const sender = createSocket({ type: 'udp4', sendBufferSize: 4 * MEGABYTE });
    closers.push(() => sender.close());
    let slowestMs = 0;
    for (const bytes of hostile()) {
      sender.send(bytes.subarray(0, 65_507), network.listening[0]?.port ?? 0, '127.0.0.1');
      const socket = await connected(network);
      socket.end(bytes);
      await Promise.race([gone(socket.resume()), askOverUdp(network)]);
      socket.destroy();
      slowestMs = Math.max(slowestMs, await askOverTcp(network), await askOverUdp(network));
    }
    expect(network.metrics.troubles).toBe(troubles);
    expect(slowestMs).toBeLessThan(IN_TIME_MS);
    await until(() => network.metrics.connections === 0);
    closers.splice(
      0,
      closers.length,
      () => network.close(),
      () => sender.close(),
    );
    expect((await usedBytes()) - before).toBeLessThan(16 * MEGABYTE);
  }, 30_000);

  it('a far end that asks and never reads is left behind', async () => {
    const network = await server();
    const deaf = await connected(network, '127.3.0.1');
    deaf.pause();
    const many = Buffer.concat(Array.from({ length: 200 }, () => OPTIONS));
    const flood = setInterval(() => {
      for (let n = 0; n < 20 && !deaf.destroyed && deaf.writableLength < MEGABYTE; n += 1) deaf.write(many);
    }, 5);
    let slowestMs = 0;
    while (network.metrics.connections > 0 && network.metrics.connectionsExpelled === 0) {
      slowestMs = Math.max(slowestMs, await askOverUdp(network));
    }
    clearInterval(flood);
    deaf.destroy();
    await gone(deaf);
    expect(network.metrics.connectionsExpelled).toBe(1);
    expect(slowestMs).toBeLessThan(IN_TIME_MS);
  }, 30_000);
});

/** Bytes that nobody means well with. */
function* hostile(): Generator<Buffer> {
  const head = 'OPTIONS sip:a@b SIP/2.0\r\n';
  yield Buffer.alloc(65_507, 0xff);
  yield Buffer.alloc(300_000, 'a');
  yield Buffer.alloc(100_000, '\r\n');
  yield Buffer.from(`${head}${'a'.repeat(60_000)}: b\r\n\r\n`);
  yield Buffer.from(`${head}${'X: y\r\n'.repeat(9_000)}\r\n`);
  yield Buffer.from(`${head}Via: ${'SIP/2.0/UDP a,'.repeat(4_000)}\r\nl: 0\r\n\r\n`);
  yield Buffer.from(`${head}From: ${'('.repeat(50_000)}\r\nl: 0\r\n\r\n`);
  yield Buffer.from(`${head}To: ${'a '.repeat(25_000)}\r\nl: 0\r\n\r\n`);
  yield Buffer.from(`${head}Content-Length: 99999999999999999999\r\n\r\n`);
  yield Buffer.from(`${head}Content-Length: -1\r\n\r\n`);
  yield Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  yield Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]);
  for (let seed = 1; seed <= 40; seed += 1) yield noise(seed);
}

/** A valid request with bytes of it replaced, the same at every run. */
function noise(seed: number): Buffer {
  const bytes = Buffer.from(OPTIONS);
  let state = seed;
  for (let n = 0; n < 8; n += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    bytes[state % bytes.length] = (state >>> 8) & 0xff;
  }
  return bytes;
}
