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
  {
    name: 'operator',
    summary: 'makes the first operator of a new service',
    load: async () => (await import('./operator.ts')).operator,
  },
  {
    name: 'numbers',
    summary: 'search, order, pay for and sell numbers',
    load: async () => (await import('./numbers.ts')).numbers,
  },
  {
    name: 'documents',
    summary: 'receipts, invoices, credit notes and statements: list, save as PDF',
    load: async () => (await import('./documents.ts')).documents,
  },
  {
    name: 'deposits',
    summary: 'money that came in: bank statements, and what nobody knows a purpose for (operator)',
    load: async () => (await import('./deposits.ts')).deposits,
  },
  {
    name: 'top-up',
    summary: 'asks for prepaid credit; the answer says how to pay',
    load: async () => (await import('./balance.ts')).topUp,
  },
  {
    name: 'bills',
    summary: 'what is to be paid besides numbers: list, show, cancel',
    load: async () => (await import('./balance.ts')).bills,
  },
  {
    name: 'balance',
    summary: 'what a member has with the service',
    load: async () => (await import('./balance.ts')).balance,
  },
  {
    name: 'ledger',
    summary: 'the books: accounts, lines, audit, transfers by hand (operator)',
    load: async () => (await import('./ledger.ts')).ledger,
  },
  {
    name: 'members',
    summary: 'register members, and see what is stored of them; branches of enterprises',
    load: async () => (await import('./members.ts')).members,
  },
  {
    name: 'terminals',
    summary: 'what can ring and call for a member: add, list, remove',
    load: async () => (await import('./terminals.ts')).terminals,
  },
  {
    name: 'aliases',
    summary: 'telephones, addresses and domains that lead to a member: add, prove, remove; follow-me',
    load: async () => (await import('./aliases.ts')).aliases,
  },
  {
    name: 'apply',
    summary: 'sets up centres, trunks and operators as a file has them; shows the difference first',
    load: async () => (await import('./apply.ts')).apply,
  },
  {
    name: 'centres',
    summary: 'communication centres: list, open, drain, close',
    load: async () => (await import('./centres.ts')).centres,
  },
  {
    name: 'trunks',
    summary: 'the ways to other networks: list, open, drain, close',
    load: async () => (await import('./centres.ts')).trunks,
  },
  {
    name: 'routes',
    summary: 'what carriers take calls for: list, import',
    load: async () => (await import('./routes.ts')).routes,
  },
  {
    name: 'tariffs',
    summary: 'what calls cost: create, import, export, take back, list, show, rate',
    load: async () => (await import('./tariffs.ts')).tariffs,
  },
  {
    name: 'charging',
    summary: 'how calls are charged: plan, agreements, exchange rates; terms of members',
    load: async () => (await import('./charging.ts')).charging,
  },
  {
    name: 'blocks',
    summary: 'who is not listened to after too many wrong passwords; lift a block',
    load: async () => (await import('./blocks.ts')).blocks,
  },
  {
    name: 'charges',
    summary: 'what calls were charged: list, export, correct',
    load: async () => (await import('./charges.ts')).charges,
  },
  {
    name: 'settlements',
    summary: 'what is owed between us and other networks: close, reconcile, dispute, confirm, pay',
    load: async () => (await import('./settlements.ts')).settlements,
  },
  {
    name: 'margins',
    summary: 'what calls earned, by destination, carrier or member',
    load: async () => (await import('./charges.ts')).margins,
  },
  {
    name: 'calls',
    summary: 'the records of calls',
    load: async () => (await import('./calls.ts')).calls,
  },
  {
    name: 'webhooks',
    summary: 'where events are sent: add, test, list what was sent, send again',
    load: async () => (await import('./webhooks.ts')).webhooks,
  },
  {
    name: 'resolve',
    summary: 'what would happen if this were dialled, decision by decision',
    load: async () => (await import('./resolve.ts')).resolve,
  },
  {
    name: 'trace',
    summary: 'the SIP messages of a call as a ladder',
    load: async () => (await import('./trace.ts')).trace,
  },
];
