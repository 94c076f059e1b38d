import { closest } from './closest.ts';
import { COMMANDS, type Output } from './commands.ts';

/** Runs `omnidial <args>`; returns the exit code. */
export async function dispatch(args: readonly string[], out: Output): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    out.stdout(usage());
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const meant = closest(
      name,
      COMMANDS.map((candidate) => candidate.name),
    );
    const hint = meant.length === 0 ? '' : ` Did you mean ${meant.join(' or ')}?`;
    out.stderr(`omnidial: there is no command "${name}".${hint}\nSee omnidial --help.\n`);
    return 2;
  }
  const run = await command.load();
  return run(rest, out);
}

function usage(): string {
  const width = Math.max(0, ...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `omnidial <command> [options]\n\n${lines.join('\n')}\n\nomnidial <command> --help says more about a command.\n`;
}
