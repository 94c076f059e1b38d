import type { Fault } from '../../refusal/index.ts';
import { below } from './faults.ts';
import type { World } from './read-world.ts';
import { type Written, writeWorld } from './write-world.ts';

type SetUp<Item> = { readonly save: readonly Item[]; readonly remove: readonly string[] };

/** What has to be stored and what goes, so that one world becomes another. */
export type WorldChange = {
  readonly centres: SetUp<World['centres'][number]>;
  readonly trunks: SetUp<World['trunks'][number]>;
  readonly operators: SetUp<World['operators'][number]>;
};

export type WorldDifference = {
  readonly change: WorldChange;
  /** For people, a line each: `+ trunk kt-seoul`, `~ trunk kt-seoul: channels 30 -> 60`, `- centre JP`. */
  readonly lines: readonly string[];
};

/** What is different between two worlds. Of passwords it says that they changed, never what they are. */
export function diffWorld(before: World, after: World): WorldDifference {
  const [was, is] = [writeWorld(before), writeWorld(after)];
  const centres = diff('centre', before.centres, after.centres, ({ code }) => code, was.centres, is.centres);
  const trunks = diff('trunk', before.trunks, after.trunks, ({ name }) => name, was.trunks, is.trunks);
  const operators = diff(
    'operator',
    before.operators,
    after.operators,
    ({ id }) => id,
    was.operators,
    is.operators,
  );
  return {
    change: { centres: centres.setUp, trunks: trunks.setUp, operators: operators.setUp },
    lines: [...centres.lines, ...trunks.lines, ...operators.lines],
  };
}

/**
 * Why a change may not be made although the new world fits together: what is open carries calls, and goes only after
 * it was drained or closed.
 */
export function checkChange(before: World, { centres, trunks }: WorldChange): readonly Fault[] {
  const open = new Set([
    ...before.centres.filter(({ state }) => state === 'open').map(({ code }) => below('/centres', code)),
    ...before.trunks.filter(({ state }) => state === 'open').map(({ name }) => below('/trunks', name)),
  ]);
  const going = [
    ...centres.remove.map((code) => ({ pointer: below('/centres', code), what: `The centre ${code}` })),
    ...trunks.remove.map((name) => ({ pointer: below('/trunks', name), what: `The trunk ${name}` })),
  ];
  return going
    .filter(({ pointer }) => open.has(pointer))
    .map(({ pointer, what }) => ({
      pointer,
      detail: `${what} is open: set its state to draining or closed before it is removed.`,
    }));
}

function diff<Item>(
  kind: string,
  before: readonly Item[],
  after: readonly Item[],
  nameOf: (item: Item) => string,
  was: Readonly<Record<string, Written>>,
  is: Readonly<Record<string, Written>>,
): { readonly setUp: SetUp<Item>; readonly lines: readonly string[] } {
  const present = new Map(before.map((item) => [nameOf(item), item]));
  const names = new Set(after.map(nameOf));
  const lines: string[] = [];
  const save = after.filter((item) => {
    const name = nameOf(item);
    const old = present.get(name);
    if (old === undefined) {
      lines.push(`+ ${kind} ${name}`);
      return true;
    }
    const changes = partsThatDiffer(was[name], is[name], '');
    if (changes.length === 0 && !isSame(old, item)) changes.push('password changed');
    lines.push(...changes.map((change) => `~ ${kind} ${name}: ${change}`));
    return changes.length > 0;
  });
  const remove = [...present.keys()].filter((name) => !names.has(name));
  lines.push(...remove.map((name) => `- ${kind} ${name}`));
  return { setUp: { save, remove }, lines };
}

function isSame(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

/** The parts by their names in one order, since a database and a parser keep other ones. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

function partsThatDiffer(was: Written | undefined, is: Written | undefined, path: string): string[] {
  if (canonical(was) === canonical(is)) return [];
  if (!isParts(was) || !isParts(is)) return [`${path} ${shown(was)} -> ${shown(is)}`.trim()];
  const names = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...names].flatMap((name) =>
    partsThatDiffer(was[name], is[name], path === '' ? name : `${path}.${name}`),
  );
}

function isParts(value: Written | undefined): value is { readonly [name: string]: Written | undefined } {
  return typeof value === 'object' && !Array.isArray(value);
}

const LONGEST_SHOWN = 120;

function shown(value: Written | undefined): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
