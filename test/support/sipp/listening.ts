import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const LISTENS_WITHIN_MS = 10_000;

/** Waits until some program has a UDP socket at an IPv4 address; rejects with what it says when it ends instead. */
export async function untilListening(wish: {
  readonly address: string;
  readonly port: number;
  readonly ended: Promise<string>;
}): Promise<void> {
  const { address, port, ended } = wish;
  let complaint: string | undefined;
  ended.then((text) => {
    complaint = text;
  });
  const deadline = Date.now() + LISTENS_WITHIN_MS;
  while (!isBound(address, port)) {
    if (complaint !== undefined) throw new Error(`It ended before it listened: ${complaint}`);
    if (Date.now() > deadline) throw new Error(`Nobody listens at ${address}:${port}.`);
    await sleep(20);
  }
}

/** Linux writes an IPv4 address as the number it is in memory. */
function isBound(address: string, port: number): boolean {
  const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  const local = `${bytes.reverse().join('')}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
  return readFileSync('/proc/net/udp', 'utf8')
    .split('\n')
    .some((line) => line.trim().split(/\s+/)[1] === local);
}
