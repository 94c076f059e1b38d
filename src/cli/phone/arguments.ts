import { parseArgs } from 'node:util';
import type { PhoneOptions } from '../../adapters/sip/phone/index.ts';
import { parseDuration } from './duration.ts';

/** What the phone is to be and to do, as the command line says it. */
export type PhoneWish = {
  readonly phone: PhoneOptions;
  readonly registers: boolean;
  /** A WAV file to speak with, or a tone. */
  readonly plays: { readonly file: string } | { readonly hertz: number } | undefined;
  readonly record: string | undefined;
  readonly dial: string | undefined;
  /** Pressed when the call is answered. */
  readonly digits: string | undefined;
  readonly hangUpAfterMs: number | undefined;
  /** How long a dialled call may ring. */
  readonly ringForMs: number;
  readonly json: boolean;
};

export type ReadArguments =
  | { readonly kind: 'wish'; readonly wish: PhoneWish }
  | { readonly kind: 'help' }
  | { readonly kind: 'problem'; readonly problem: string };

export const USAGE = `omnidial phone --user <name> [--server <host[:port]>] [options]

A SIP phone in the terminal. With --dial it places one call and ends with it; without, it waits for calls
and for commands, one a line (\`help\` lists them).

  --server HOST[:PORT]  registers there, and dials through it
  --user NAME           the user it signs in as, e.g. the name of a terminal
  --password TEXT       better kept in the environment: OMNIDIAL_PHONE_PASSWORD
  --transport udp|tcp   udp unless told otherwise
  --domain NAME         the domain of addresses, where it is not the server's host
  --name TEXT           the name shown to those who are called
  --listen ADDR[:PORT]  where to listen; loopback and any port where the server is there
  --no-register         only calls, and is not called through the server

  --dial TEXT           calls whatever is given: 6200-6200#082, 02-6200-6200-082, +82…, alice@acme.example, sip:…
  --answer              answers calls by itself
  --play FILE.wav       speaks with this file (16 bit, 8000 samples a second)
  --tone HERTZ          speaks with a tone
  --record FILE.wav     keeps what is heard; of a second call in FILE-2.wav
  --digits 123#         presses these keys once a call is answered
  --hang-up-after 5s    hangs up that long after the answer (ms, s, m, h)
  --ring-for 60s        gives a dialled call up when it has rung that long
  --json                events as JSON, one a line

Exit codes: 0 done (a dialled call was answered and ended in order), 1 could not start or register,
2 called wrongly, 3 a dialled call was not answered, 4 it broke off.
`;

const OPTIONS = {
  server: { type: 'string' },
  user: { type: 'string' },
  password: { type: 'string' },
  transport: { type: 'string', default: 'udp' },
  domain: { type: 'string' },
  name: { type: 'string' },
  listen: { type: 'string' },
  'no-register': { type: 'boolean', default: false },
  dial: { type: 'string' },
  answer: { type: 'boolean', default: false },
  play: { type: 'string' },
  tone: { type: 'string' },
  record: { type: 'string' },
  digits: { type: 'string' },
  'hang-up-after': { type: 'string' },
  'ring-for': { type: 'string', default: '60s' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * Reads what follows `omnidial phone`.
 * @param environment where the password may be: `OMNIDIAL_PHONE_PASSWORD`
 */
export function readArguments(
  args: string[],
  environment: Readonly<Record<string, string | undefined>>,
): ReadArguments {
  let values: ReturnType<typeof parseWith>;
  try {
    values = parseWith(args);
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return { kind: 'help' };
  const { user, transport, server } = values;
  if (user === undefined || user === '') return problem('--user says who the phone is, as in --user alice.');
  if (transport !== 'udp' && transport !== 'tcp') return problem('--transport is udp or tcp.');
  const listen = values.listen === undefined ? {} : readListen(values.listen);
  if (listen === undefined)
    return problem('--listen takes an address and perhaps a port, as in 127.0.0.1:5080.');
  const digits = values.digits?.toUpperCase();
  if (digits !== undefined && !/^[0-9A-D*#]+$/.test(digits))
    return problem('--digits takes the keys 0-9, *, # and A-D.');
  const hangUpAfterMs =
    values['hang-up-after'] === undefined ? undefined : parseDuration(values['hang-up-after']);
  if (values['hang-up-after'] !== undefined && hangUpAfterMs === undefined)
    return problem('--hang-up-after takes a time such as 5s, 500ms or 2m.');
  const ringForMs = parseDuration(values['ring-for']);
  if (ringForMs === undefined) return problem('--ring-for takes a time such as 30s.');
  const hertz = values.tone === undefined ? undefined : Number(values.tone);
  if (hertz !== undefined && !(hertz >= 20 && hertz <= 4_000))
    return problem('--tone takes a frequency from 20 to 4000 hertz.');
  if (hertz !== undefined && values.play !== undefined)
    return problem('Give --play or --tone, and not both: a phone says one thing at a time.');
  const password = values.password ?? environment['OMNIDIAL_PHONE_PASSWORD'];
  const phone: PhoneOptions = {
    user,
    transport,
    answers: values.answer ? 'by-itself' : 'when-told',
    ...listen,
    ...given('server', server),
    ...given('password', password),
    ...given('domain', values.domain),
    ...given('displayName', values.name),
  };
  const plays = values.play === undefined ? undefined : { file: values.play };
  return {
    kind: 'wish',
    wish: {
      phone,
      registers: server !== undefined && !values['no-register'],
      plays: hertz === undefined ? plays : { hertz },
      record: values.record,
      dial: values.dial,
      digits,
      hangUpAfterMs,
      ringForMs,
      json: values.json,
    },
  };
}

function parseWith(args: string[]) {
  return parseArgs({ args, options: OPTIONS }).values;
}

/** `127.0.0.1`, `127.0.0.1:5080`, `[::1]:5080` or `::1`. */
function readListen(text: string): { address: string; port?: number } | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|(\d+\.\d+\.\d+\.\d+))(?::(\d{1,5}))?$/.exec(text);
  const address = match?.[1] ?? match?.[2] ?? (/^[0-9A-Fa-f:]*:[0-9A-Fa-f:]*$/.test(text) ? text : undefined);
  const port = match?.[3] === undefined ? undefined : Number(match[3]);
  if (address === undefined || (port !== undefined && port > 65_535)) return undefined;
  return port === undefined ? { address } : { address, port };
}

function given<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [Key in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]: string });
}

function problem(text: string): ReadArguments {
  return { kind: 'problem', problem: text };
}
