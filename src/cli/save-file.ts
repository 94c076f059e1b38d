import { createWriteStream, rmSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ServiceClient } from './service-client.ts';
import { CalledWrongly } from './service-command.ts';

/** A file is made and never written over. */
const NEW_FILE = { flags: 'wx', flag: 'wx' } as const;

/** Saves what is there already. @throws CalledWrongly where the file is there already, or cannot be made */
export function saveBytes(file: string, content: Uint8Array): void {
  try {
    writeFileSync(file, content, NEW_FILE);
  } catch (failure) {
    throw notSaved(file, failure);
  }
}

/** Saves CSV of the service as it comes, however long it is. @throws as `saveBytes` does */
export async function saveCsv(client: ServiceClient, path: string, file: string): Promise<void> {
  const content = await client.openFile(path, 'text/csv');
  try {
    await pipeline(Readable.fromWeb(content), createWriteStream(file, NEW_FILE));
  } catch (failure) {
    // Half a file would be taken for a whole one, and stand in the way of the next attempt.
    if (!isThere(failure)) rmSync(file, { force: true });
    throw notSaved(file, failure);
  }
}

function isThere(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && failure.code === 'EEXIST';
}

function notSaved(file: string, failure: unknown): CalledWrongly {
  return new CalledWrongly(
    isThere(failure)
      ? `${file} is there already: name another file.`
      : `${file} cannot be written: ${failure instanceof Error ? failure.message : failure}`,
  );
}
