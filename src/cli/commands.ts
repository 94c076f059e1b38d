/** Where a command writes: results to `stdout`, what went wrong to `stderr`. */
export type Output = { stdout(text: string): void; stderr(text: string): void };

/** A command: takes what follows its name, returns the exit code (0 done, 1 failed, 2 called wrongly). */
export type Command = (args: string[], out: Output) => Promise<number> | number;

/** Each command with the one line the help shows, loaded only when called. A new command is a new line here. */
export const COMMANDS: readonly {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}[] = [
  {
    name: 'demo',
    summary: 'runs the service with a small world, and proves it by a call',
    load: async () => (await import('./demo/index.ts')).demo,
  },
  {
    name: 'serve',
    summary: 'runs the service',
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    name: 'parse',
    summary: 'reads what somebody dials, and shows every step; needs no service',
    load: async () => (await import('./parse.ts')).parse,
  },
  {
    name: 'phone',
    summary: 'a SIP phone in the terminal: registers, calls, is called, plays, records, presses keys',
    load: async () => (await import('./phone/index.ts')).phone,
  },
];
