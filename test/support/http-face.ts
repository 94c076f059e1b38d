import { memoryAdapter } from 'better-auth/adapters/memory';
import type { FastifyInstance } from 'fastify';
import { type Logger, pino } from 'pino';
import { createInProcessBus } from '../../src/adapters/bus/index.ts';
import { createIdentifiers, systemHash, systemRandomness } from '../../src/adapters/entropy/index.ts';
import { createHttpServer, type HttpServerOptions } from '../../src/adapters/http/index.ts';
import { createMemoryCallRecordStore, createMemoryStores } from '../../src/adapters/memory/index.ts';
import { createDocumentPrinter } from '../../src/adapters/pdf/index.ts';
import type { Agreement } from '../../src/domain/billing/settlement/index.ts';
import type { Actor, Member, MemberKind, Role } from '../../src/domain/members/index.ts';
import { addNumberRange } from '../../src/services/add-number-range.ts';
import { createAccount } from '../../src/services/create-account.ts';
import { createApiKey } from '../../src/services/create-api-key.ts';
import { Tariffs } from '../../src/services/keep-tariffs.ts';
import type {
  Block,
  CallRecordStore,
  RegisteredPhone,
  ServicePorts,
  TracedMessage,
} from '../../src/services/ports/index.ts';
import { registerMember } from '../../src/services/register-member.ts';

/** The HTTP face on stores in memory, or on those it is given, with hands to prepare and to look. */
const TRUNK_STATE = {
  name: 'kt',
  channelsInUse: 2,
  gateways: [
    { gateway: '192.0.2.7:5060/udp', state: 'down' as const, sinceMs: 0, reason: 'no answer to OPTIONS' },
  ],
};

const TERMINAL = { kind: 'terminal' as const, terminalId: 't-1', memberId: 'm-1' };

export type TestFace = {
  readonly server: FastifyInstance;
  readonly services: ServicePorts;
  readonly calls: CallRecordStore;
  readonly traces: Map<string, readonly TracedMessage[]>;
  readonly phones: RegisteredPhone[];
  readonly blocks: Block[];
  /** What was agreed with other networks; nothing at first. */
  readonly agreements: Agreement[];
  /** Why the service is not ready; empty at first. */
  readonly hindrances: string[];
  /** Everything that was logged, a line of JSON each. */
  readonly logged: string[];
  /** The time as the services see it; it stands still until it is moved. */
  readonly clock: { nowMs: number };
  member(kind: MemberKind): Promise<Member>;
  /** Headers of somebody with a new account of this role. */
  as(role: Role, memberId?: string): Promise<{ authorization: string }>;
};

const SERVICE: Actor = { role: 'service' };

/** Opens the face with two ranges on sale: `02-6200-XXXX` of Korea for 55000 KRW, and `6200-XXXX` for 900 USD. */
export async function openTestFace(
  stores: Partial<
    Pick<
      ServicePorts,
      | 'accounts'
      | 'aliases'
      | 'cards'
      | 'catalogue'
      | 'centres'
      | 'idempotency'
      | 'members'
      | 'orders'
      | 'proofs'
    >
  > & {
    readonly calls?: CallRecordStore;
  } = {},
  options: Partial<HttpServerOptions> = {},
): Promise<TestFace> {
  const { directory: _, ...memory } = createMemoryStores();
  const { calls = createMemoryCallRecordStore(memory.charges), ...given } = stores;
  const time = { nowMs: Date.UTC(2026, 10, 25) };
  const clock = { nowMs: () => time.nowMs };
  const agreements: Agreement[] = [];
  const services: ServicePorts = {
    ...memory,
    agreements: { list: () => agreements },
    proofs: {},
    ...given,
    bus: createInProcessBus((error) => {
      throw error;
    }),
    clock,
    hash: systemHash,
    identifiers: createIdentifiers(clock, systemRandomness),
    randomness: systemRandomness,
    settings: {
      sipRealm: 'omnidial.test',
      depositAccounts: { KRW: { bank: 'Bank of Test', account: '110-0', holder: 'Omnidial' } },
    },
  };
  const logged: string[] = [];
  const traces = new Map<string, readonly TracedMessage[]>();
  const phones: RegisteredPhone[] = [];
  const blocks: Block[] = [];
  const hindrances: string[] = [];
  const server = await createHttpServer({
    services,
    calls,
    traces: { find: (callId) => traces.get(callId) },
    documentPrinter: createDocumentPrinter(),
    explanations: {
      explain: async (text, { from }) => ({
        text,
        from,
        decisions: [{ step: 'reading', outcome: 'own', because: 'It is a number of ours.' }],
        result: { ok: true, value: { rings: [{ branch: 0, order: 0, afterMs: 0, party: TERMINAL }] } },
      }),
    },
    registrations: {
      of: (memberId) => phones.filter((phone) => memberId === undefined || phone.memberId === memberId),
    },
    tariffs: await Tariffs.load({
      store: services.tariffs,
      bus: services.bus,
      clock,
      onTrouble: (what, error) => {
        throw new Error(what, { cause: error });
      },
    }),
    trunkStates: { list: () => [TRUNK_STATE] },
    blocks: { list: () => blocks, lift: (kind, subject) => liftFrom(blocks, kind, subject) },
    hindrances: async () => hindrances,
    signIn: memorySignIn(),
    log: collectingLog(logged),
    version: '0.0.0',
    ...options,
  });
  await putOnSale(services);
  return {
    server,
    services,
    agreements,
    calls,
    traces,
    phones,
    blocks,
    hindrances,
    logged,
    clock: time,
    member: (kind) => newMember(services, kind),
    as: (role, memberId) => keyOf(services, role, memberId),
  };
}

/** Users and sessions in memory; nobody runs out of attempts in a test that is not about them. */
export function memorySignIn(): HttpServerOptions['signIn'] {
  const tables = {
    sign_in_users: [],
    sign_in_sessions: [],
    sign_in_credentials: [],
    sign_in_verifications: [],
  };
  return {
    storage: memoryAdapter(tables),
    secret: 'a secret for tests, of more than 32 letters',
    attempts: { max: 1_000, windowSeconds: 60 },
  };
}

function collectingLog(lines: string[]): Logger {
  return pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
}

async function putOnSale(services: ServicePorts): Promise<void> {
  const prices = [
    { range: '02-6200-XXXX', countryCode: '082', price: { currency: 'KRW', micros: 55_000_000_000n } },
    { range: '6200-XXXX', price: { currency: 'USD', micros: 900_000_000n } },
  ] as const;
  for (const offer of prices) {
    const added = await addNumberRange(services, { actor: SERVICE, ...offer });
    // On a database that was used before they are on sale already.
    if (!added.ok && added.refusal.code !== 'number-range-overlaps') throw new Error(added.refusal.detail);
  }
}

async function newMember(services: ServicePorts, kind: MemberKind): Promise<Member> {
  const registered = await registerMember(services, {
    actor: SERVICE,
    kind,
    identity: { name: 'Kim', address: 'Seoul' },
    language: 'ko',
    email: 'kim@example.com',
    reachableNumber: '+82262006200',
  });
  if (!registered.ok) throw new Error(registered.refusal.detail);
  return registered.value;
}

async function keyOf(
  services: ServicePorts,
  role: Role,
  memberId?: string,
): Promise<{ authorization: string }> {
  const userId = services.identifiers.next();
  const member = memberId === undefined ? {} : { memberId };
  const account = await createAccount(services, { actor: SERVICE, userId, role, ...member });
  if (!account.ok) throw new Error(account.refusal.detail);
  const actor = role === 'operator' ? { role, userId } : { role, userId, memberId: memberId ?? '' };
  const made = await createApiKey(services, { actor, name: 'test' });
  if (!made.ok) throw new Error(made.refusal.detail);
  return { authorization: `Bearer ${made.value.key}` };
}

function liftFrom(blocks: Block[], kind: Block['kind'], subject: string): boolean {
  const at = blocks.findIndex((block) => block.kind === kind && block.subject === subject);
  if (at !== -1) blocks.splice(at, 1);
  return at !== -1;
}
