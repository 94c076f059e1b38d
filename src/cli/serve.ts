import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { DatabaseUnavailable } from '../adapters/postgres/index.ts';
import { CertificateUnusable } from '../adapters/sip/index.ts';
import { readConfig, SETTINGS } from '../config.ts';
import { type Service, startService } from '../main.ts';
import type { Output } from './commands.ts';

const ABOUT = `omnidial serve [--centre KR[,JP …]]

Starts the service and stays up until it is told to end (Ctrl-C, SIGTERM). It prints a line
that begins with "ready" when it can be used. With --centre it hosts these centres
only, beside other processes on the same database. Everything else is set by the environment:

`;

const NO_OPERATOR = `There is no operator yet, so that nothing can be put on sale. End the service, make one with
  omnidial operator create --email you@example.com
and start it again.
`;

/** `omnidial serve`: runs the service until a signal ends it. */
export async function serve(args: string[], out: Output): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    out.stderr('omnidial serve takes no arguments but --centre. See omnidial serve --help.\n');
    return 2;
  }
  if (options.help) {
    out.stdout(ABOUT + settingsTable());
    return 0;
  }
  const outcome = readConfig({
    ...process.env,
    ...(options.centre === undefined ? {} : { OMNIDIAL_CENTRE: options.centre }),
  });
  if (!outcome.ok) {
    out.stderr(`${outcome.problems.join('\n')}\n`);
    return 2;
  }
  const log = pino({ level: outcome.config.logLevel }, pino.destination(2));
  let service: Service;
  try {
    service = await startService(outcome.config, log);
  } catch (error) {
    out.stderr(`${whyNotStarted(error)}\n`);
    return 1;
  }
  out.stdout(readyLine(service));
  const operators = await service.services.accounts.list(undefined);
  if (operators.length === 0) out.stdout(NO_OPERATOR);
  await ended();
  out.stdout('ending …\n');
  await service.drain();
  await service.close();
  return 0;
}

/** What tells people and programs that the service can be used, and where. */
export function readyLine({ httpUrl, sipAddresses }: Service): string {
  return `ready http=${httpUrl} sip=${sipAddresses.join(',')}\n`;
}

/** The reason a service did not start, as a sentence with what to do. */
export function whyNotStarted(error: unknown): string {
  if (error instanceof DatabaseUnavailable || error instanceof CertificateUnusable) return error.message;
  const { code, address, port } = error as { code?: string; address?: string; port?: number };
  const place = address === undefined ? 'the address' : `${address}:${port}`;
  switch (code) {
    case 'EADDRINUSE':
      return `Another program listens at ${place}. End it, or choose another address with OMNIDIAL_HTTP or OMNIDIAL_SIP.`;
    case 'EACCES':
      return `This user may not listen at ${place}. Choose a port above 1023.`;
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${place}. Choose one of its own with OMNIDIAL_HTTP or OMNIDIAL_SIP.`;
    default:
      return `The service could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

/** Resolves at the first signal to end; a second one ends the process at once. */
export function ended(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const end = () => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  });
}

function readOptions(args: string[]): { readonly help: boolean; readonly centre?: string } | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: { help: { type: 'boolean', short: 'h', default: false }, centre: { type: 'string' } },
    });
    const { help, centre } = values;
    return { help, ...(centre === undefined ? {} : { centre }) };
  } catch {
    return undefined;
  }
}

function settingsTable(): string {
  const width = Math.max(...SETTINGS.map(({ name }) => name.length));
  return SETTINGS.map(({ name, byDefault, about }) => {
    const usual = byDefault === '' ? '' : ` [${byDefault}]`;
    return `  ${name.padEnd(width)}  ${about}${usual}\n`;
  }).join('');
}
