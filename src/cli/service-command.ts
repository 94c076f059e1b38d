import { parseArgs } from 'node:util';
import { closest } from './closest.ts';
import type { Command, Output } from './commands.ts';
import { RequestFailed, ServiceClient } from './service-client.ts';
import { type Column, card, table } from './table.ts';

/** What somebody may add to a verb: a value, empty where it takes none, and one line of help. */
export type VerbOption = { readonly value: string; readonly about: string; readonly isRequired?: boolean };

/** One thing a command does by asking the service: `search` of `omnidial numbers search`. */
export type Verb = {
  /** Empty where the command has one verb only, which needs no name. */
  readonly name: string;
  readonly summary: string;
  /** Names of what has to be given, in order. */
  readonly arguments: readonly string[];
  readonly options?: Readonly<Record<string, VerbOption>>;
  readonly run: (call: VerbCall) => Promise<void>;
};

/** One use of a verb: what was given, whom to ask, and where to show what came of it. */
export type VerbCall = {
  readonly client: ServiceClient;
  /** An argument that has to be given, by its name. */
  readonly argument: (name: string) => string;
  /** What was given for it: empty text where it takes no value. */
  readonly option: (name: string) => string | undefined;
  readonly show: Shown;
};

/** How answers are shown: as they are with `--json`, else for people. */
export type Shown = {
  list<Item>(
    answer: { readonly items: readonly Item[]; readonly next?: string },
    columns: readonly Column<Item>[],
  ): void;
  one<Item>(answer: Item, columns: readonly Column<Item>[]): void;
  /** @param text what people read instead of the answer */
  text(answer: unknown, text: string): void;
};

/** An argument that makes no sense: the command was called wrongly. */
export class CalledWrongly extends Error {}

const DEFAULT_URL = 'http://127.0.0.1:8080';

const COMMON: Readonly<Record<string, VerbOption>> = {
  url: { value: '<url>', about: `where the service is; else OMNIDIAL_URL, else ${DEFAULT_URL}` },
  key: { value: '<key>', about: 'API key; else OMNIDIAL_KEY' },
};

/** Makes a command of verbs that ask the running service. Exit codes: 0 done, 1 refused or failed, 2 called wrongly. */
export function serviceCommand(
  name: string,
  verbs: readonly Verb[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Command {
  return async (args, out) => {
    const [first = '', ...rest] = args;
    const only = verbs.find((verb) => verb.name === '');
    if (only !== undefined) return runVerb(name, only, args, out, environment);
    if (['', '--help', '-h', 'help'].includes(first)) {
      (first === '' ? out.stderr : out.stdout)(usageOf(name, verbs));
      return first === '' ? 2 : 0;
    }
    const verb = verbs.find((candidate) => candidate.name === first);
    if (verb !== undefined) return runVerb(`${name} ${verb.name}`, verb, rest, out, environment);
    const meant = closest(
      first,
      verbs.map((candidate) => candidate.name),
    );
    const hint = meant.length === 0 ? '' : ` Did you mean ${meant.join(' or ')}?`;
    out.stderr(`omnidial ${name}: there is no "${first}".${hint}\n\n${usageOf(name, verbs)}`);
    return 2;
  };
}

async function runVerb(
  title: string,
  verb: Verb,
  args: string[],
  out: Output,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const usage = usageOfVerb(title, verb);
  try {
    const { values, positionals } = readArguments(verb, args);
    const { help, json } = values;
    if (help === true) {
      out.stdout(usage);
      return 0;
    }
    const text = (name: string) => {
      const value = values[name];
      return value === true ? '' : value === false ? undefined : value;
    };
    const { OMNIDIAL_URL, OMNIDIAL_KEY } = environment;
    const url = text('url') ?? OMNIDIAL_URL ?? DEFAULT_URL;
    if (!URL.canParse(url)) throw new CalledWrongly(`"${url}" is not a URL.`);
    checkGiven(verb, positionals, text);
    await verb.run({
      client: new ServiceClient({ url, key: text('key') ?? OMNIDIAL_KEY }),
      argument: (name) => positionals[verb.arguments.indexOf(name)] ?? '',
      option: text,
      show: json === true ? showJson(out) : showText(out),
    });
    return 0;
  } catch (error) {
    if (error instanceof RequestFailed) {
      const asJson = args.includes('--json') && error.problem !== undefined;
      out.stderr(asJson ? `${JSON.stringify(error.problem)}\n` : `omnidial ${title}: ${error.message}\n`);
      return 1;
    }
    if (!(error instanceof CalledWrongly)) throw error;
    out.stderr(`omnidial ${title}: ${error.message}\n\n${usage}`);
    return 2;
  }
}

type Arguments = {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
};

function readArguments(verb: Verb, args: string[]): Arguments {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  };
  for (const [name, { value }] of Object.entries({ ...verb.options, ...COMMON })) {
    options[name] = { type: value === '' ? 'boolean' : 'string' };
  }
  try {
    return parseArgs({ args, allowPositionals: true, options }) as Arguments;
  } catch (error) {
    throw new CalledWrongly(error instanceof Error ? error.message : String(error));
  }
}

function checkGiven(
  verb: Verb,
  positionals: readonly string[],
  option: (name: string) => string | undefined,
): void {
  const missing = verb.arguments[positionals.length];
  if (missing !== undefined) throw new CalledWrongly(`<${missing}> is missing.`);
  const surplus = positionals[verb.arguments.length];
  if (surplus !== undefined) throw new CalledWrongly(`"${surplus}" is too much; quote what has spaces.`);
  for (const [name, { isRequired }] of Object.entries(verb.options ?? {})) {
    if (isRequired === true && option(name) === undefined) throw new CalledWrongly(`--${name} is missing.`);
  }
}

function showJson(out: Output): Shown {
  const print = (answer: unknown) => out.stdout(`${JSON.stringify(answer, undefined, 2)}\n`);
  return { list: print, one: print, text: print };
}

function showText(out: Output): Shown {
  return {
    list: ({ items, next }, columns) => {
      out.stdout(items.length === 0 ? 'None.\n' : table(items, columns));
      if (next !== undefined) out.stderr(`There are more: --after ${next}\n`);
    },
    one: (answer, columns) => out.stdout(card(answer, columns)),
    text: (_, text) => out.stdout(text),
  };
}

function usageOf(name: string, verbs: readonly Verb[]): string {
  const lines = verbs.map((verb) => [
    `${verb.name} ${verb.arguments.map((one) => `<${one}>`).join(' ')}`.trim(),
    verb.summary,
  ]);
  const width = Math.max(...lines.map(([call = '']) => call.length));
  const listed = lines.map(([call = '', summary]) => `  ${call.padEnd(width)}  ${summary}`).join('\n');
  return `omnidial ${name} <what> [options]\n\n${listed}\n\nomnidial ${name} <what> --help says more.\n`;
}

function usageOfVerb(title: string, verb: Verb): string {
  const all = { ...verb.options, ...COMMON };
  const lines = Object.entries(all).map(([name, { value, about, isRequired }]) => [
    `--${name} ${value}`,
    isRequired === true ? `${about} (required)` : about,
  ]);
  lines.push(['--json', 'the answer as JSON instead of text']);
  const width = Math.max(...lines.map(([call = '']) => call.length));
  const listed = lines.map(([call = '', about]) => `  ${call.padEnd(width)}  ${about}`).join('\n');
  const given = verb.arguments.map((one) => ` <${one}>`).join('');
  return `omnidial ${title}${given} [options]\n\n${verb.summary}\n\n${listed}\n`;
}
