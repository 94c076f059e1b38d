import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The arrow: what each layer may import of the others. `main.ts` is the only file that knows everyone. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  domain: ['domain'],
  protocols: ['protocols'],
  services: ['services', 'domain'],
  adapters: ['adapters', 'services', 'domain', 'protocols'],
  cli: ['cli', 'adapters', 'services', 'domain', 'protocols', 'config', 'main'],
  config: ['config', 'domain'],
  main: ['main', 'config', 'adapters', 'services', 'domain', 'protocols', 'cli'],
};

/** The packages pure code may use: each a table or a parser without I/O. */
const PURE_PACKAGES = ['libphonenumber-js/max', 're2js'];

/** Calls that smuggle time or randomness into pure code without an import. */
const IMPURE_CALLS = ['Math.random(', 'Date.now(', 'new Date('];

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'src');

type SourceFile = { path: string; layer: string; text: string; imports: string[] };

const files: SourceFile[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => {
    const text = readFileSync(join(source, name), 'utf8');
    const imports = [
      ...text.matchAll(/^\s*(?:import|export)\b[^'"`;]*?\bfrom\s+'([^']+)'|import\('([^']+)'\)/gm),
    ];
    return {
      path: name,
      layer: layerOf(name),
      text,
      imports: imports.map((match) => match[1] ?? match[2] ?? ''),
    };
  });

function layerOf(path: string): string {
  return (path.split(sep)[0] ?? '').replace(/\.ts$/, '');
}

function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}

/** Whether `to` may be reached from `from` without going through the door of its folder. */
function isOwnRoom(from: string, to: string): boolean {
  const fromFolder = dirname(from);
  const toFolder = dirname(to);
  return (
    toFolder === fromFolder ||
    fromFolder.startsWith(`${toFolder}${sep}`) ||
    toFolder === 'services' ||
    toFolder === '.'
  );
}

describe('the arrow between the layers', () => {
  it('finds source files to check', () => {
    expect(files.length).toBeGreaterThan(3);
  });

  it.each(files.filter((file) => !isTest(file.path)))('$path imports only what its layer may', (file) => {
    const allowed = MAY_IMPORT[file.layer];
    expect(allowed, `src/${file.layer} is not a layer of the house`).toBeDefined();
    for (const target of file.imports.filter((name) => name.startsWith('.'))) {
      const path = relative(source, resolve(source, dirname(file.path), target));
      expect(allowed, `${file.path} imports ${path}`).toContain(layerOf(path));
    }
  });

  it.each(files.filter((file) => !isTest(file.path)))(
    '$path enters other folders by their index.ts',
    (file) => {
      for (const target of file.imports.filter((name) => name.startsWith('.'))) {
        const path = relative(source, resolve(source, dirname(file.path), target));
        const throughTheDoor = path.endsWith(`${sep}index.ts`) || isOwnRoom(file.path, path);
        expect(throughTheDoor, `${file.path} imports ${path} past its index.ts`).toBe(true);
      }
    },
  );
});

describe('domain and protocols are pure', () => {
  const pure = files.filter((file) => ['domain', 'protocols'].includes(file.layer) && !isTest(file.path));

  it.each(pure)('$path uses only pure packages, and no clock or chance', (file) => {
    const packages = file.imports.filter((name) => !name.startsWith('.'));
    expect(packages.filter((name) => !PURE_PACKAGES.includes(name))).toEqual([]);
    expect(IMPURE_CALLS.filter((call) => file.text.includes(call))).toEqual([]);
  });
});

describe('the taste of sizes', () => {
  it.each(files)('$path stays under 500 lines', (file) => {
    expect(file.text.split('\n').length).toBeLessThanOrEqual(500);
  });

  it('has no drawers', () => {
    const drawers = /(^|\/)(utils?|helpers?|types|common|misc|manager)(\.ts)?(\/|$)/;
    expect(files.map((file) => file.path).filter((path) => drawers.test(path))).toEqual([]);
  });
});
