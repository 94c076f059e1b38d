import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { readConfig } from '../../config.ts';
import type { Actor } from '../../domain/members/index.ts';
import { type Service, startService } from '../../main.ts';
import { createAccount } from '../../services/create-account.ts';
import { createApiKey, listApiKeys } from '../../services/create-api-key.ts';
import { revokeApiKey } from '../../services/revoke-api-key.ts';
import type { Output } from '../commands.ts';
import { drawLadder, type LadderMessage } from '../ladder.ts';
import { ended, readyLine, whyNotStarted } from '../serve.ts';
import { ServiceClient } from '../service-client.ts';
import { PRESSED, type ProofCall, placeProofCall } from './proof-call.ts';
import { type DemoWorld, demoWorld, sellNumber } from './world.ts';

const ABOUT = `omnidial demo [--once]

Starts the service with a small world of members, sells one more number through the API, calls it
from one phone to another, shows what was heard, and stays up to be tried. Set by the same
environment as omnidial serve.

  --once   end after the proof call; exit code 1 where it was not heard in both directions
`;

/** Below this, G.711 and a line that loses nothing would not have brought the sound. */
const HEARD_AT_LEAST = 0.99;

const OPERATOR = 'demo-operator';
const KEY_NAME = 'demo';

/** `omnidial demo`: what `npm start` runs. */
export async function demo(args: string[], out: Output): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    out.stderr(ABOUT);
    return 2;
  }
  if (options.help) {
    out.stdout(ABOUT);
    return 0;
  }
  const outcome = readConfig({ OMNIDIAL_LOG: 'warn', ...process.env });
  if (!outcome.ok) {
    out.stderr(`${outcome.problems.join('\n')}\n`);
    return 2;
  }
  const { config } = outcome;
  out.stdout(
    `starting the service on ${config.databaseUrl === undefined ? resolve(config.dataFolder) : 'DATABASE_URL'} …\n`,
  );
  let service: Service;
  try {
    service = await startService(config, pino({ level: config.logLevel }, pino.destination(2)));
  } catch (error) {
    out.stderr(`${whyNotStarted(error)}\n`);
    return 1;
  }
  const interrupted = ended();
  try {
    mkdirSync(config.dataFolder, { recursive: true });
    const wasHeard = await show(service, join(config.dataFolder, 'demo-world.json'), out);
    if (options.once) return wasHeard ? 0 : 1;
    await interrupted;
    out.stdout('ending …\n');
    return 0;
  } catch (error) {
    out.stderr(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    await service.close();
  }
}

/** The whole show. @returns whether the proof call was heard in both directions */
async function show(service: Service, worldFile: string, out: Output): Promise<boolean> {
  const key = await operatorKey(service);
  const api = new ServiceClient({ url: service.httpUrl, key });
  const tell = (line: string) => out.stdout(`  ${line}\n`);
  out.stdout('\nThe world:\n');
  const world = await demoWorld(api, worldFile, tell);
  for (const { name, number, phones } of [world.minji, world.alex, world.hanbit]) {
    tell(`${name}: ${number}, phones in ${Object.keys(phones).join(', ')}`);
  }
  out.stdout('\nOne more number is sold to Sora Kim, through the API:\n');
  const number = await sellNumber(api, world.sora.id, { country: '082' }, tell);
  out.stdout(`\nAlex in the USA (UDP) calls ${number}, which Sora in Korea (TCP) bought just now:\n`);
  const server = addressOf(service.sipAddresses[0] ?? '');
  const proof = await placeProofCall({
    server,
    caller: onlyPhone(world.alex.phones),
    callee: onlyPhone(world.sora.phones),
    dialled: number,
  });
  const ladder = await ladderOfLastCall(api);
  out.stdout(`\n${indented(ladder)}\n`);
  const wasHeard = reportHeard(proof, tell);
  out.stdout(`\n${readyLine(service)}${whatNext(service, world, key, number, server)}`);
  return wasHeard;
}

/** A key of the demo's operator, new at every start: the one before it is revoked. */
async function operatorKey({ services }: Service): Promise<string> {
  const account = await createAccount(services, {
    actor: { role: 'service' },
    userId: OPERATOR,
    role: 'operator',
  });
  if (!account.ok && account.refusal.code !== 'account-exists') throw new Error(account.refusal.detail);
  const actor: Actor = { role: 'operator', userId: OPERATOR };
  const keys = await listApiKeys(services, { actor });
  for (const { id, name, revokedAtMs } of keys.ok ? keys.value : []) {
    if (name === KEY_NAME && revokedAtMs === undefined) await revokeApiKey(services, { actor, apiKeyId: id });
  }
  const made = await createApiKey(services, { actor, name: KEY_NAME });
  if (!made.ok) throw new Error(made.refusal.detail);
  return made.value.key;
}

async function ladderOfLastCall(api: ServiceClient): Promise<string> {
  const { items } = await api.get<{ items: { id: string }[] }>('/v1/calls?limit=1');
  const { messages } = await api.get<{ messages: { at: string; from: string; to: string; text: string }[] }>(
    `/v1/calls/${items[0]?.id}/trace`,
  );
  return drawLadder(
    messages.map(({ at, from, to, text }): LadderMessage => ({ atMs: Date.parse(at), from, to, text })),
  );
}

function reportHeard({ callerHeard, calleeHeard, digits }: ProofCall, tell: (line: string) => void): boolean {
  const hasDigits = digits === PRESSED;
  const wasHeard = callerHeard >= HEARD_AT_LEAST && calleeHeard >= HEARD_AT_LEAST && hasDigits;
  tell(`Alex heard Sora: correlation ${callerHeard.toFixed(4)}; Sora heard Alex: ${calleeHeard.toFixed(4)}`);
  tell(`Sora heard the keys ${digits === '' ? 'none' : digits} of ${PRESSED}`);
  tell(wasHeard ? 'The call was heard in both directions.' : 'THE CALL WAS NOT HEARD as it was said.');
  return wasHeard;
}

function whatNext(
  { httpUrl }: Service,
  { minji, hanbit }: DemoWorld,
  key: string,
  number: string,
  server: string,
): string {
  const phone = onlyPhone(minji.phones);
  const branch = hanbit.phones['082'] ?? phone;
  return `
Try next, in another terminal:
  ./omnidial phone --server ${server} --user ${branch.user} --password ${branch.password} --answer
  ./omnidial phone --server ${server} --user ${phone.user} --password ${phone.password} --dial '6200-6200#082'
  export OMNIDIAL_URL=${httpUrl} OMNIDIAL_KEY=${key}
  ./omnidial calls list
  ./omnidial resolve '${number}' --from US     (every decision of the exchange)
  open ${httpUrl}/docs for the API
Any SIP phone works: the server is ${server}; users and passwords are in demo-world.json of the data folder.
Ctrl-C ends it.
`;
}

function onlyPhone(phones: DemoWorld['minji']['phones']) {
  const [phone] = Object.values(phones);
  if (phone === undefined) throw new Error('A member of the demo has no phone.');
  return phone;
}

/** `udp:127.0.0.1:5060` → `127.0.0.1:5060`; where all addresses are listened at, loopback is one of them. */
function addressOf(sipAddress: string): string {
  const address = sipAddress.slice(sipAddress.indexOf(':') + 1);
  return address.replace(/^0\.0\.0\.0:/, '127.0.0.1:').replace('[::]:', '[::1]:');
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

function readOptions(args: string[]): { readonly help: boolean; readonly once: boolean } | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        once: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch {
    return undefined;
  }
}
