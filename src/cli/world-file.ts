import { LineCounter, parseDocument } from 'yaml';
import { bytesOfFile } from './given-file.ts';
import { CalledWrongly } from './service-command.ts';

/** A world as it was written, and where in the file each part is. */
export type WorldFile = {
  readonly world: unknown;
  /** The line of the part a JSON pointer leads to, or of the nearest part around it. */
  readonly lineOf: (pointer: string) => number;
};

const LARGEST_FILE_BYTES = 4 * 1024 * 1024;

/** Few aliases are a convenience; many of aliases of aliases are a bomb. */
const MOST_ALIASES = 100;

/** Reads a world from a YAML file. @throws CalledWrongly with the line of what is wrong */
export function readWorldFile(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): WorldFile {
  return readWorldText(textOf(path), path, environment);
}

/** The same from its text. @param path how messages call it */
export function readWorldText(
  text: string,
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): WorldFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new CalledWrongly(`${path}:${lines.linePos(error.pos[0]).line}: ${error.message}`);
  }
  const lineOf = (pointer: string) => {
    const steps = pointer.split('/').slice(1).map(unescaped);
    for (let length = steps.length; length > 0; length -= 1) {
      const node = document.getIn(steps.slice(0, length), true) as { range?: readonly number[] } | undefined;
      const start = node?.range?.[0];
      if (start !== undefined) return lines.linePos(start).line;
    }
    return 1;
  };
  try {
    const world: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    return { world: filledIn(world, '', { path, lineOf, environment }), lineOf };
  } catch (failure) {
    if (failure instanceof CalledWrongly) throw failure;
    throw new CalledWrongly(`${path}: ${failure instanceof Error ? failure.message : String(failure)}`);
  }
}

function textOf(path: string): string {
  const bytes = bytesOfFile(path);
  if (bytes.length <= LARGEST_FILE_BYTES) return bytes.toString('utf8');
  throw new CalledWrongly(`${path} is larger than 4 MB.`);
}

/** RFC 6901 §4. */
function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

type Filling = Pick<WorldFile, 'lineOf'> & {
  readonly path: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** `${env:NAME}` becomes what the environment has under the name, so that passwords need not stand in a file. */
function filledIn(value: unknown, pointer: string, filling: Filling): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\{env:(\w+)\}/g, (_, name: string) => {
      const found = filling.environment[name];
      if (found !== undefined) return found;
      const line = filling.lineOf(pointer);
      throw new CalledWrongly(`${filling.path}:${line}: the environment has no ${name}.`);
    });
  }
  if (Array.isArray(value)) return value.map((item, at) => filledIn(item, `${pointer}/${at}`, filling));
  if (typeof value !== 'object' || value === null) return value;
  const filled = Object.entries(value).map(([name, part]) => {
    const below = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return [name, filledIn(part, below, filling)];
  });
  return Object.fromEntries(filled);
}
