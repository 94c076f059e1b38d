import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const KNOT = 'knotd';

export type NameServer = {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
};

const ADDRESS = '127.0.0.1';
const START_MS = 10_000;

/**
 * Starts Knot DNS on loopback.
 * @param zones the records of each zone in the master file's form, without SOA and NS
 * @param wanted its port, where somebody has been told it before; a free one otherwise
 */
export async function startNameServer(
  zones: Readonly<Record<string, string>>,
  wanted?: number,
): Promise<NameServer> {
  const folder = await mkdtemp(join(tmpdir(), 'omnidial-knot-'));
  await chmod(folder, 0o755);
  const port = wanted ?? (await freePort());
  const domains: string[] = [];
  for (const [zone, records] of Object.entries(zones)) {
    const head = `$ORIGIN ${zone}.\n$TTL 60\n@ SOA ns hostmaster 1 3600 600 86400 5\n@ NS ns\nns A 127.0.0.1\n`;
    await writeFile(join(folder, `${zone}.zone`), `${head}${records}\n`);
    domains.push(`  - domain: ${zone}\n    file: ${zone}.zone\n`);
  }
  const configuration = [
    `server:\n    rundir: ${folder}\n    listen: ${ADDRESS}@${port}\n    udp-workers: 1\n    tcp-workers: 1\n`,
    `database:\n    storage: ${folder}\n`,
    `template:\n  - id: default\n    storage: ${folder}\n    zonefile-sync: -1\n    journal-content: none\n`,
    `zone:\n${domains.join('')}`,
  ];
  await writeFile(join(folder, 'knot.conf'), configuration.join(''));
  const knot = spawn(KNOT, ['-c', join(folder, 'knot.conf')], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  knot.stdout.on('data', (text) => (said += text));
  knot.stderr.on('data', (text) => (said += text));
  const close = async () => {
    if (knot.exitCode === null && knot.signalCode === null) {
      const ended = once(knot, 'exit');
      knot.kill('SIGTERM');
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  const untilMs = Date.now() + START_MS;
  while (!(await answers(port, Object.keys(zones)))) {
    if (knot.exitCode !== null || Date.now() > untilMs) {
      await close();
      throw new Error(`knotd does not answer:\n${said}`);
    }
    await sleep(50);
  }
  return { address: ADDRESS, port, close };
}

/** A name server that hears and never answers. */
export async function startSilentNameServer(): Promise<NameServer> {
  const socket = createSocket('udp4').bind(0, ADDRESS);
  await once(socket, 'listening');
  const close = async () => {
    socket.close();
    await once(socket, 'close');
  };
  return { address: ADDRESS, port: socket.address().port, close };
}

async function freePort(): Promise<number> {
  const taken = await startSilentNameServer();
  await taken.close();
  return taken.port;
}

async function answers(port: number, zones: readonly string[]): Promise<boolean> {
  const resolver = new Resolver({ timeout: 300, tries: 1 });
  resolver.setServers([`${ADDRESS}:${port}`]);
  const asked = await Promise.allSettled(zones.map((zone) => resolver.resolveSoa(zone)));
  return asked.every(({ status }) => status === 'fulfilled');
}
