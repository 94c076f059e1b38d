import { printable } from './printable.ts';
import { RequestFailed } from './service-client.ts';
import type { WorldFile } from './world-file.ts';

/**
 * Asks with what a file has, and where that is refused says in which lines of the file it is wrong.
 * @param part where the file stands in the request, as a JSON pointer: `/world`
 */
export async function askingWithFile<Value>(
  path: string,
  { lineOf }: Pick<WorldFile, 'lineOf'>,
  part: string,
  ask: () => Promise<Value>,
): Promise<Value> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    const faults = (error.problem?.errors ?? []).filter(({ pointer }) => pointer.startsWith(part));
    if (faults.length === 0) throw error;
    const lines = faults.map(({ pointer, detail }) => {
      const inFile = pointer.slice(part.length);
      return `\n${path}:${lineOf(inFile)}: ${printable(`${inFile}: ${detail}`)}`;
    });
    throw new RequestFailed(`${error.problem?.detail ?? ''}${lines.join('')}`, error.problem);
  }
}
