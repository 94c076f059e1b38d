import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../src/config.ts';
import { REFUSAL_SUMMARIES } from '../src/domain/refusal/index.ts';

const root = resolve(import.meta.dirname, '..');

const REQUIREMENTS = Array.from({ length: 24 }, (_, index) => `R${index + 1}`);

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The files below a folder whose names end so, by their paths from the root. */
function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

/** The rows of a document's tables, cell by cell, without headings. */
function rowsOf(path: string): string[][] {
  return read(path)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(1, -1).split(' | '))
    .map((cells) => cells.map((cell) => cell.trim()));
}

/** What stands in code marks. */
function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

describe('docs/errors.md', () => {
  it('has a row for every refusal code, with its sentence, in the same order', () => {
    const documented = rowsOf('docs/errors.md').filter(([code]) => code?.startsWith('`'));
    expect(documented.map(([code = '', sentence]) => [code.slice(1, -1), sentence])).toEqual(
      Object.entries(REFUSAL_SUMMARIES),
    );
  });

  it('keeps the codes in alphabetical order', () => {
    const codes = Object.keys(REFUSAL_SUMMARIES);
    expect(codes).toEqual([...codes].sort());
  });
});

/** A requirement number and all that it spans: `R5, R6`, `R5 … R11`. */
const CITATION = /\bR(\d{1,2})\b(?:\s*…\s*R(\d{1,2})\b)?/g;

function citedIn(text: string): string[] {
  return [...text.matchAll(CITATION)].flatMap(([, first, last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => `R${Number(first) + index}`),
  );
}

/**
 * The names of tests in a file: what stands in quotes after `it(` and `describe(`, and what a table of cases names,
 * which begins with a requirement.
 */
function testNamesOf(text: string): string[] {
  const quoted = [...text.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`([^`]*)`/g)];
  return quoted
    .filter(({ index, 0: literal }) => {
      const before = text.slice(Math.max(0, index - 40), index);
      return /\b(?:it|test|describe\w*)\($/.test(before) || /\)\(\s*$/.test(before) || /^.R\d/.test(literal);
    })
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

const requirementsOfTests = new Map(
  [...filesBelow('src', '.test.ts'), ...filesBelow('test', '.test.ts')].map((path) => [
    path,
    new Set(testNamesOf(read(path)).flatMap(citedIn)),
  ]),
);

describe('docs/requirements.md', () => {
  const rows = rowsOf('docs/requirements.md').filter(([id]) => /^R\d/.test(id ?? ''));

  it('has a row for each requirement, in order', () => {
    expect(rows.map(([id]) => id)).toEqual(REQUIREMENTS);
  });

  it.each(rows)('%s says in words what is built, where, and which tests hold it', (...row) => {
    const [id = '', requirement, state = '', modules = '', tests = ''] = row;
    expect(requirement).toBeTruthy();
    expect(state).toMatch(/^(?:built|partly: .+|not built yet)(?:$|[:;] )/);
    const named = codeIn(tests).filter((name) => name.endsWith('.test.ts'));
    if (state.startsWith('not built yet')) return expect([modules, tests]).toEqual(['–', '–']);
    expect(codeIn(modules).filter((path) => !existsSync(join(root, 'src', path)))).toEqual([]);
    expect(codeIn(modules)).not.toEqual([]);
    expect(named).not.toEqual([]);
    expect(named.filter((path) => requirementsOfTests.get(path)?.has(id) !== true)).toEqual([]);
  });

  it('knows every requirement that a test is named by', () => {
    const unknown = [...requirementsOfTests].flatMap(([path, ids]) =>
      [...ids].filter((id) => !REQUIREMENTS.includes(id)).map((id) => `${path}: ${id}`),
    );
    expect(unknown).toEqual([]);
  });

  it('finds the requirements in names of every form', () => {
    const text = `it('R1, R2: a', …); describe.each([['R3 … R5: b']])('%s'); describeDatabase(on, "R9 c", …); it("d (R7)"`;
    expect(testNamesOf(text).flatMap(citedIn)).toEqual(['R1', 'R2', 'R3', 'R4', 'R5', 'R9', 'R7']);
  });
});

describe('docs/decisions/README.md', () => {
  it('lists every decision with its heading', () => {
    const decisions = readdirSync(join(root, 'docs/decisions')).filter((name) => /^\d{4}-.*\.md$/.test(name));
    const index = read('docs/decisions/README.md').replaceAll(/\n +/g, ' ');
    const listed = [...index.matchAll(/^- \[(\d{4})\]\(([^)]+)\) (.+)$/gm)];
    expect(listed.map(([, number, file, title]) => [file, `# ${number} ${title}`])).toEqual(
      decisions.sort().map((name) => [name, read(`docs/decisions/${name}`).split('\n')[0]]),
    );
  });

  it('has every decision that the code refers to', () => {
    const numbers = readdirSync(join(root, 'docs/decisions')).map((name) => name.slice(0, 4));
    const cited = ['src', 'test', 'bench'].flatMap((folder) =>
      filesBelow(folder, '.ts').flatMap((path) => read(path).match(/\bADR \d{4}\b/g) ?? []),
    );
    expect(cited.length).toBeGreaterThan(0);
    expect(cited.filter((text) => !numbers.includes(text.slice(4)))).toEqual([]);
  });

  it('a reason is given for every dependency, and for no other', () => {
    const { dependencies, optionalDependencies, devDependencies } = JSON.parse(read('package.json'));
    const rows = rowsOf('docs/decisions/0002-what-each-dependency-is-for.md').filter(([name]) =>
      name?.startsWith('`'),
    );
    expect(rows.flatMap(([name = '']) => codeIn(name)).sort()).toEqual(
      Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies }).sort(),
    );
  });
});

describe('ARCHITECTURE.md', () => {
  it('names files of the layers that exist, `sip` standing for `adapters/sip`', () => {
    const named = read('ARCHITECTURE.md').match(
      /(?<![\w/-])(?:domain|protocols|services|adapters|cli|sip)\/[\w./-]+\.ts\b/g,
    );
    const paths = (named ?? []).map((name) => name.replace(/^sip\//, 'adapters/sip/'));
    expect(paths.length).toBeGreaterThan(30);
    expect(paths.filter((path) => !existsSync(join(root, 'src', path)))).toEqual([]);
  });
});

describe('README.md', () => {
  it('has every setting of the environment with its default, as `omnidial serve --help` has', () => {
    const names = SETTINGS.map(({ name }) => name);
    const rows = rowsOf('README.md').filter(([name = '']) => names.includes(name.slice(1, -1)));
    expect(rows).toEqual(
      SETTINGS.map(({ name, about, byDefault }) => [
        `\`${name}\``,
        about,
        byDefault === '' ? '–' : `\`${byDefault}\``,
      ]),
    );
  });
});

const documents = [...readdirSync(root).filter((name) => name.endsWith('.md')), ...filesBelow('docs', '.md')];

describe('every document', () => {
  it.each(documents)('%s links to files that exist', (path) => {
    const links = [...read(path).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '');
    const missing = links
      .filter((link) => !/^[a-z]+:/.test(link))
      .map((link) => relative(root, resolve(root, dirname(path), link)))
      .filter((target) => !existsSync(join(root, target)));
    expect(missing).toEqual([]);
  });

  it.each(documents)('%s names files of the code that exist', (path) => {
    const named = codeIn(read(path)).filter((text) =>
      /^(?:src|test|docs|bench|scripts)\/[\w./-]+$/.test(text),
    );
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });
});
