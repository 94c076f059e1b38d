import { createInterface } from 'node:readline/promises';
import type { ConfigurationChangeShown } from '../adapters/http/index.ts';
import type { Command } from './commands.ts';
import { askingWithFile } from './faults-in-file.ts';
import { printable } from './printable.ts';
import { RequestFailed } from './service-client.ts';
import { CalledWrongly, serviceCommand, type VerbCall } from './service-command.ts';
import { readWorldFile, type WorldFile } from './world-file.ts';

/**
 * `omnidial apply world.yaml`: sets up centres, trunks and operators as a file has them (R1). Who is used to write `-f`
 * before the file may do so.
 */
export const apply: Command = (args, out) =>
  applyFile(
    args.filter((arg) => arg !== '-f'),
    out,
  );

const applyFile = serviceCommand('apply', [
  {
    name: '',
    summary:
      'Shows what would become different of centres, trunks and operators, asks, and makes it (operator).',
    arguments: ['world.yaml'],
    options: {
      'dry-run': { value: '', about: 'only shows the difference' },
      yes: { value: '', about: 'makes it without asking' },
    },
    run: async (call) => {
      const path = call.argument('world.yaml');
      const asks = call.option('yes') === undefined;
      const file = readWorldFile(path, process.env);
      const planned = await asked(call, path, file, { dryRun: true });
      const lines = planned.differences.map((line) => `${printable(line)}\n`).join('');
      if (call.option('dry-run') !== undefined || planned.differences.length === 0) {
        call.show.text(planned, lines === '' ? 'Nothing is different.\n' : lines);
        return;
      }
      if (asks) await confirmed(lines);
      // The revision that was shown: what somebody else changed since is not overwritten unseen.
      const made = await asked(call, path, file, { dryRun: false, revision: planned.revision });
      call.show.text(
        made,
        `${asks ? '' : lines}Made. The configuration has the revision ${made.revision}.\n`,
      );
    },
  },
]);

type Wish = { readonly dryRun: boolean; readonly revision?: string };

function asked({ client }: VerbCall, path: string, file: WorldFile, wish: Wish) {
  return askingWithFile(path, file, '/world', () =>
    client.post<ConfigurationChangeShown>('/v1/configuration', { world: file.world, ...wish }),
  );
}

async function confirmed(lines: string): Promise<void> {
  if (!process.stdin.isTTY) throw new CalledWrongly('Nobody can be asked here: give --yes or --dry-run.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${lines}Make these changes? [y/N] `);
  terminal.close();
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new RequestFailed('Nothing was changed.');
}
