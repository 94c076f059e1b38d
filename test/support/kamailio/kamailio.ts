import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilListening } from '../sipp/index.ts';
import { configurationOf, type KamailioWish } from './configuration.ts';

export type KamailioOptions = Omit<KamailioWish, 'address' | 'realm' | 'users'> & {
  readonly address?: string;
  /** What it calls itself when it asks for a password; its address unless another name is given. */
  readonly realm?: string;
  readonly users?: Readonly<Record<string, string>>;
};

/** A REGISTER that it has granted, as it came. */
export type GrantedRegistration = {
  readonly user: string;
  readonly contact: string;
  /** What was asked for; 0 takes the registration back. */
  readonly expires: string;
  readonly source: string;
};

/** An INVITE as it came, also one that is then asked for a password. */
export type SeenCall = {
  readonly called: string;
  readonly calling: string;
  readonly assertedIdentity: string;
  readonly source: string;
};

/** Kamailio as somebody else's network. */
export type Kamailio = {
  readonly address: string;
  readonly port: number;
  /** What it has written so far. */
  readonly log: string;
  registrations(): readonly GrantedRegistration[];
  calls(): readonly SeenCall[];
  /** Ends it at once. */
  close(): Promise<void>;
};

/** Starts Kamailio and waits until it listens. */
export async function startKamailio(options: KamailioOptions): Promise<Kamailio> {
  const { port, address = '127.0.0.1', realm = address, users = {} } = options;
  const folder = mkdtempSync(join(tmpdir(), 'omnidial-kamailio-'));
  const file = join(folder, 'kamailio.cfg');
  writeFileSync(file, configurationOf({ ...options, address, realm, users }));
  const given = ['-DD', '-E', '-f', file, '-m', '32', '-M', '4', '-Y', folder, '-w', folder];
  const child = spawn('kamailio', given, {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: folder,
    detached: true,
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const gone = once(child, 'close').then(() => log.slice(-3_000));
  await untilListening({ address, port, ended: gone });
  const written = (word: string) =>
    [...log.matchAll(new RegExp(`${word} (.*)$`, 'gm'))].map(([, fields = '']) => fields.split('|'));
  return {
    address,
    port,
    get log() {
      return log;
    },
    registrations: () =>
      written('REGISTERED').map(([user = '', contact = '', expires = '', source = '']) => ({
        user,
        contact,
        expires,
        source,
      })),
    calls: () =>
      written('CALL').map(([called = '', calling = '', assertedIdentity = '', source = '']) => ({
        called,
        calling,
        assertedIdentity,
        source,
      })),
    close: async () => {
      // Its processes are one group, and none of them shall outlive the test.
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
        process.kill(-child.pid, 'SIGKILL');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
