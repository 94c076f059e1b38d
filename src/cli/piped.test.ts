import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const PROGRAM = join(import.meta.dirname, 'index.ts');

/** An answer that no pipe takes at once. */
const ITEMS = Array.from({ length: 20_000 }, (_, at) => ({ id: `order ${at}`, number: { text: 'n' } }));

const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items: ITEMS }));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterAll(() => server.close());

function command() {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return spawn(process.execPath, [PROGRAM, 'numbers', 'orders', '--json', '--url', url]);
}

it('writes all of a long answer into a pipe before it ends', async () => {
  const child = command();
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, JSON.parse(text).items.length]).toEqual([0, ITEMS.length]);
});

it('ends quietly where whoever reads has had enough', async () => {
  const child = command();
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, complaint]).toEqual([0, '']);
});
