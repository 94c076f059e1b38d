import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binariesFor, embeddedPackage } from '../../src/adapters/postgres/embedded/binaries.ts';

describe('the programs of the embedded PostgreSQL', () => {
  const isRoot = process.getuid?.() === 0;
  const account = isRoot ? { uid: 65_534, gid: 65_534 } : {};
  let folder: string;
  let unlinked: string;

  /** The package as it is where npm did not run its install script: without the links between the libraries. */
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'omnidial-binaries-'));
    chmodSync(folder, 0o755);
    unlinked = join(folder, 'package');
    cpSync(embeddedPackage().native, unlinked, { recursive: true, verbatimSymlinks: true });
    const lib = join(unlinked, 'lib');
    for (const name of readdirSync(lib)) {
      if (lstatSync(join(lib, name)).isSymbolicLink()) unlinkSync(join(lib, name));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Root's copies are in one place for all; a version of its own keeps the test's apart. */
  function copyOf(version: string): string {
    return join(isRoot ? '/var/cache/omnidial' : folder, `postgresql-${version}`);
  }

  it('are used in place where they can be run', () => {
    const { native } = embeddedPackage();
    chmodSync(unlinked, 0o755);
    expect(binariesFor({}, folder).postgres).toBe(join(native, 'bin/postgres'));
    expect(readdirSync(folder)).toEqual(['package']);
  });

  it('are copied and linked where install scripts are blocked', () => {
    const copy = copyOf('unlinked');
    const { initdb, postgres } = binariesFor(account, folder, { native: unlinked, version: 'unlinked' });
    expect(dirname(dirname(postgres))).toBe(copy);
    expect(statSync(initdb).mode & 0o055).toBe(0o055);
    const again = binariesFor(account, folder, { native: unlinked, version: 'unlinked' });
    expect(again).toEqual({ initdb, postgres });
    rmSync(copy, { recursive: true });
  });

  it.runIf(isRoot)('are copied where only root may enter their folder', () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const native = join(closed, 'native');
    cpSync(embeddedPackage().native, native, { recursive: true, verbatimSymlinks: true });
    const copy = copyOf('closed');
    const { postgres } = binariesFor(account, folder, { native, version: 'closed' });
    expect(postgres).toBe(join(copy, 'bin/postgres'));
    rmSync(copy, { recursive: true });
  });

  it('are not used where they do not run, and it is said why', () => {
    const broken = join(folder, 'broken');
    cpSync(unlinked, broken, { recursive: true, verbatimSymlinks: true });
    rmSync(join(broken, 'lib/libssl.so.1.1'));
    const opening = () => binariesFor(account, folder, { native: broken, version: 'broken' });
    expect(opening).toThrow(/does not run: .*libssl\.so\.1\.1.*DATABASE_URL/s);
    rmSync(copyOf('broken'), { recursive: true });
  });
});
