// `node bench/sale.ts [--json]`: how many numbers a second are sold, from the purchase request to the assigned number,
// on the embedded PostgreSQL with every commit on the disk, beside bare inserts of one row each.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { createInProcessBus } from '../src/adapters/bus/index.ts';
import { systemClock } from '../src/adapters/clock/index.ts';
import { createIdentifiers, systemHash, systemRandomness } from '../src/adapters/entropy/index.ts';
import { createMarketAndMemberStores, type Database, openDatabase } from '../src/adapters/postgres/index.ts';
import type { Result } from '../src/domain/refusal/index.ts';
import { addNumberRange } from '../src/services/add-number-range.ts';
import { buyNumber } from '../src/services/buy-number.ts';
import { confirmPayment } from '../src/services/confirm-payment.ts';
import type { ServicePorts } from '../src/services/ports/index.ts';
import { quoteNumber } from '../src/services/quote-number.ts';
import { registerMember } from '../src/services/register-member.ts';

const BUYERS = 10;
const ROUNDS = 5;
const ROUND_MS = 1_500;

const OPERATOR = { role: 'operator', userId: 'operator' } as const;
const PRICE = { currency: 'KRW', micros: 55_000_000_000n } as const;

function held<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.detail}`);
  return result.value;
}

/** The n-th number that is sold: spread over all blocks, as buyers choose. */
function numberSold(n: number): string {
  return `62${String((n * 7_919) % 1_000_000).padStart(6, '0')}`;
}

async function buyers(services: ServicePorts): Promise<string[]> {
  held(await addNumberRange(services, { actor: OPERATOR, range: '62XX-XXXX', price: PRICE }));
  const ids: string[] = [];
  for (let n = 0; n < BUYERS; n += 1) {
    const form = {
      kind: 'enterprise',
      identity: { name: `Firm ${n}`, address: 'Seoul' },
      language: 'ko',
      email: `firm${n}@firm.example`,
      reachableNumber: '+82262006200',
    } as const;
    ids.push(held(await registerMember(services, { actor: OPERATOR, ...form })).id);
  }
  return ids;
}

async function sell(services: ServicePorts, memberId: string, n: number): Promise<void> {
  const request = { actor: OPERATOR, memberId, number: numberSold(n) };
  const order = held(await quoteNumber(services, request));
  const { paymentRequest } = held(await buyNumber(services, { actor: OPERATOR, orderId: order.id }));
  const { reference: paymentReference, amount } = paymentRequest;
  const deposit = { actor: OPERATOR, paymentReference, noticeId: `transfer ${n}`, amount };
  const { order: assigned } = held(await confirmPayment(services, deposit));
  if (assigned === undefined) throw new Error('The order is gone.');
  if (assigned.state !== 'assigned') throw new Error(`Number ${n} was paid and is ${assigned.state}.`);
}

/** How often a second `run` is done by that many at once. */
async function rate(workers: number, run: (worker: number) => Promise<void>): Promise<number> {
  const startMs = performance.now();
  let done = 0;
  const work = async (_: unknown, worker: number) => {
    while (performance.now() - startMs < ROUND_MS) {
      await run(worker);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return (done * 1_000) / (performance.now() - startMs);
}

async function insertBare(kysely: Kysely<Database>, n: number): Promise<void> {
  await sql`insert into bare_inserts (id, what) values (${n}, ${numberSold(n)})`.execute(kysely);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const folder = mkdtempSync(join(tmpdir(), 'omnidial-sale-'));
const database = await openDatabase({ folder }, { warn: (sentence) => console.error(sentence) });
try {
  const services: ServicePorts = {
    ...createMarketAndMemberStores(database.kysely),
    agreements: { list: () => [] },
    bus: createInProcessBus((error) => {
      throw error;
    }),
    clock: systemClock,
    proofs: {},
    hash: systemHash,
    identifiers: createIdentifiers(systemClock, systemRandomness),
    randomness: systemRandomness,
    settings: { sipRealm: 'omnidial.example', depositAccounts: {} },
  };
  await sql`create table bare_inserts (id bigint primary key, what text not null)`.execute(database.kysely);
  const members = await buyers(services);
  let n = 0;
  const sales: number[] = [];
  const inserts: number[] = [];
  // The two take turns, so that what else the machine does falls on both.
  for (let round = 0; round < ROUNDS; round += 1) {
    inserts.push(await rate(BUYERS, () => insertBare(database.kysely, n++)));
    sales.push(await rate(BUYERS, (worker) => sell(services, members[worker] ?? '', n++)));
  }
  const outcome = {
    benchmark: 'sale',
    salesPerSecond: Math.round(median(sales)),
    bareInsertsPerSecond: Math.round(median(inserts)),
    bareInsertsPerSale: Number((median(inserts) / median(sales)).toFixed(1)),
    buyersAtOnce: BUYERS,
  };
  if (process.argv.includes('--json')) console.log(JSON.stringify(outcome));
  else console.table([outcome]);
} finally {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}
