import { readFileSync } from 'node:fs';
import { CalledWrongly } from './service-command.ts';

/** What is in a file that the command was given. @throws CalledWrongly where it cannot be read */
export function bytesOfFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (failure) {
    throw new CalledWrongly(
      `${path} cannot be read: ${failure instanceof Error ? failure.message : failure}`,
    );
  }
}

/** The same as text. */
export function textOfFile(path: string): string {
  return bytesOfFile(path).toString('utf8');
}
