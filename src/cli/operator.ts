import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { createSignIn, openSignInStorage } from '../adapters/accounts/index.ts';
import { systemClock } from '../adapters/clock/index.ts';
import { createIdentifiers, systemHash, systemRandomness } from '../adapters/entropy/index.ts';
import {
  createMarketAndMemberStores,
  DatabaseUnavailable,
  type OpenDatabase,
  openDatabase,
} from '../adapters/postgres/index.ts';
import { type Config, readConfig } from '../config.ts';
import { readableCode } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { createAccount } from '../services/create-account.ts';
import { createApiKey } from '../services/create-api-key.ts';
import type { Output } from './commands.ts';

const USAGE = `omnidial operator create --email <address> [--name <name>] [--json]

Makes an operator in the database of the service: needed for the first one, since further ones are made by an
operator over HTTP (POST /v1/accounts). It works on the database itself, so set OMNIDIAL_DATA or DATABASE_URL as
for omnidial serve. The embedded database is used by one process at a time: end the service first.

  --email   what the operator signs in with
  --name    how the operator is called
  --json    one JSON object instead of text

The password is what OMNIDIAL_PASSWORD says, or else made up. It is shown once, like the API key made along with it.
Exit codes: 0 made, 1 refused or failed, 2 called wrongly.
`;

/** What is shown once. */
type NewOperator = {
  readonly userId: string;
  readonly email: string;
  readonly password: string;
  readonly key: string;
};

/** 80 bits: nobody guesses sixteen characters. */
const PASSWORD_BYTES = 10;

/** `omnidial operator create`: the first operator, who can make all others. */
export async function operator(
  args: string[],
  out: Output,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  const asked = readArguments(args);
  if (typeof asked === 'string') {
    out.stderr(`omnidial operator: ${asked}\n\n${USAGE}`);
    return 2;
  }
  if (asked.help) {
    out.stdout(USAGE);
    return 0;
  }
  const outcome = readConfig(environment);
  if (!outcome.ok) {
    out.stderr(`${outcome.problems.join('\n')}\n`);
    return 2;
  }
  try {
    const { OMNIDIAL_PASSWORD: password = newPassword() } = environment;
    const made = await makeIn(outcome.config, { ...asked, password }, out);
    if (!made.ok) {
      out.stderr(`omnidial operator create: ${made.refusal.detail} (${made.refusal.code})\n`);
      return 1;
    }
    out.stdout(asked.json ? `${JSON.stringify(made.value, undefined, 2)}\n` : textOf(made.value));
    return 0;
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    out.stderr(`omnidial operator create: ${error.message}\n`);
    return 1;
  }
}

type Asked = {
  readonly email: string;
  readonly name: string;
  readonly json: boolean;
  readonly help: boolean;
};

/** The operator to be made. */
type Wanted = Pick<Asked, 'email' | 'name'> & { readonly password: string };

function newPassword(): string {
  return readableCode(systemRandomness.bytes(PASSWORD_BYTES));
}

function readArguments(args: string[]): Asked | string {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        email: { type: 'string' },
        name: { type: 'string', default: 'Operator' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const { email = '', name, json, help } = values;
    if (!help && positionals.join(' ') !== 'create') return 'Say what to do: create.';
    return help || email !== '' ? { email, name, json, help } : '--email is missing.';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function makeIn(config: Config, wanted: Wanted, out: Output): Promise<Result<NewOperator>> {
  const source =
    config.databaseUrl === undefined ? { folder: config.dataFolder } : { url: config.databaseUrl };
  const database = await openDatabase(source, { warn: (sentence) => out.stderr(`${sentence}\n`) });
  try {
    return await makeOperator(database, wanted);
  } finally {
    await database.close();
  }
}

/** Makes a user who can sign in, the account that makes it an operator, and an API key. */
async function makeOperator(
  database: OpenDatabase,
  { email, name, password }: Wanted,
): Promise<Result<NewOperator>> {
  const identifiers = createIdentifiers(systemClock, systemRandomness);
  const signIn = createSignIn({
    ...(await openSignInStorage(database.kysely)),
    trustedOrigins: () => [],
    newId: () => identifiers.next(),
    log: pino({ level: 'silent' }),
  });
  const user = await signIn.createUser({ email, password, name });
  if (!user.ok) return user;
  const ports = {
    ...createMarketAndMemberStores(database.kysely),
    clock: systemClock,
    hash: systemHash,
    identifiers,
    randomness: systemRandomness,
  };
  const userId = user.value.id;
  const account = await createAccount(ports, { actor: { role: 'service' }, userId, role: 'operator' });
  if (!account.ok) return account;
  const made = await createApiKey(ports, {
    actor: { role: 'operator', userId },
    name: 'made with the operator',
  });
  return made.ok ? accept({ userId, email: user.value.email, password, key: made.value.key }) : made;
}

function textOf({ email, password, key }: NewOperator): string {
  return `The operator is made. This is shown once:

  e-mail    ${email}
  password  ${password}
  API key   ${key}

To act as this operator: export OMNIDIAL_KEY=${key}
`;
}
