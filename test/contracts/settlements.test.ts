import { setImmediate as setImmediatePromise, setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import {
  createMemoryCallRecordStore,
  createMemoryStores,
  MemoryCharges,
  MemoryLedger,
  MemorySettlements,
} from '../../src/adapters/memory/index.ts';
import {
  createCallRecordStore,
  createMarketAndMemberStores,
  type Database,
} from '../../src/adapters/postgres/index.ts';
import type { ChargeTerms } from '../../src/domain/billing/charging/index.ts';
import {
  differenceMicros,
  dueMicros,
  makeStatement,
  type OpenSettlement,
  periodAt,
  type StatedSettlement,
  type StatementParts,
  stepSettlement,
} from '../../src/domain/billing/settlement/index.ts';
import {
  type CallRecordStore,
  type ChargeStore,
  type KeptReconciliation,
  type LedgerStore,
  type ReconciliationStore,
  type SettlementStore,
  spanOf,
} from '../../src/services/ports/index.ts';
import { BT_AGREEMENT, btCost } from '../support/charging-terms.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';

type Stores = {
  readonly calls: CallRecordStore;
  readonly charges: ChargeStore;
  readonly ledger: LedgerStore;
  readonly settlements: SettlementStore;
  readonly reconciliations: ReconciliationStore;
};

describe('settlements (memory)', () =>
  contract(async () => {
    const ledger = new MemoryLedger();
    const charges = new MemoryCharges(ledger);
    const settlements = new MemorySettlements(charges, ledger);
    const { reconciliations } = createMemoryStores();
    return { calls: createMemoryCallRecordStore(charges), charges, ledger, settlements, reconciliations };
  }));
for (const server of DATABASES) {
  describeDatabase(server, 'settlements', (fresh) => {
    contract(async () => {
      const { kysely } = await fresh();
      const { charges, ledger, reconciliations, settlements } = createMarketAndMemberStores(kysely);
      return {
        calls: createCallRecordStore(kysely, 'dead'),
        charges,
        ledger,
        settlements,
        reconciliations,
      };
    });

    it('R23: a charge comes with the number that the callee saw, where the call has a record', async () => {
      const { kysely } = await fresh();
      const { settlements } = createMarketAndMemberStores(kysely);
      await createCallRecordStore(kysely, 'dead').save([call('c1', '2026-10-05T10:00:00Z', 60)]);
      const callers: (string | undefined)[] = [];
      for await (const legs of settlements.legs(spanOf(OCTOBER, 9, undefined))) {
        callers.push(...legs.map(({ callerNumber }) => callerNumber));
      }
      expect(callers).toEqual(['+82262006200']);
    });

    it('R23: a charge that is being kept while a period is closed is waited for', async () => {
      const { kysely } = await fresh();
      const { charges, ledger, reconciliations, settlements } = createMarketAndMemberStores(kysely);
      const calls = createCallRecordStore(kysely, 'dead');
      const stores = { calls, charges, ledger, reconciliations, settlements };
      await stores.calls.save([call('first', '2026-10-29T00:00:00Z', 60)]);
      const release = await held(
        kysely,
        sql`select from ledger_accounts where account = 'trunk/bt' for update`,
      );
      // It has its number by now, and cannot be seen: the one with the next number overtakes it.
      const slow = stores.calls.save([call('slow', '2026-10-30T00:00:00Z', 60)]);
      await someoneWaits(kysely);
      await stores.calls.save([call('quick', '2026-10-30T00:00:00Z', 60, [DOLLARS])]);
      expect((await charges.list({ limit: 9 })).map(({ line }) => line)).toEqual([3, 1]);
      const closing = close(stores, OCTOBER, 's1');
      // Who did not wait would have counted by then, without the slow one.
      await Promise.race([closing, someoneWaits(kysely, 'relation')]);
      await release();
      await slow;
      const closed = await closing;
      expect(closed.statement.usage.map(({ calls }) => calls)).toEqual([2]);
      expect(await legIds(stores, closed)).toEqual(['first/cost', 'slow/cost']);
      expect((await close(stores, NOVEMBER, 's2')).statement.usage).toEqual([]);
    });

    it('R23: where a charge takes long to keep, others are kept, and the period is not closed', async () => {
      const { kysely } = await fresh();
      const { settlements } = createMarketAndMemberStores(kysely);
      const calls = createCallRecordStore(kysely, 'dead');
      const release = await held(kysely, sql`lock table charges in row exclusive mode`);
      try {
        const closing = settlements.close(OCTOBER, closedOf(OCTOBER, 's1'));
        await someoneWaits(kysely, 'relation');
        const startedMs = performance.now();
        await calls.save([call('c1', '2026-10-30T00:00:00Z', 60)]);
        expect(performance.now() - startedMs).toBeLessThan(2_000);
        expect(await closing).toBe('busy');
      } finally {
        await release();
      }
      expect(await settlements.last('bt', 'GBP')).toBeUndefined();
    });
  });
}

/** Holds a lock. @returns what lets go of it */
async function held(kysely: Kysely<Database>, lock: RawBuilder<unknown>): Promise<() => Promise<void>> {
  const transaction = await kysely.startTransaction().execute();
  await lock.execute(transaction);
  return () => transaction.rollback().execute();
}

/** Resolves when a query waits for a lock. @param event what it waits for, as `pg_stat_activity` calls it */
async function someoneWaits(kysely: Kysely<Database>, event?: string): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
        and (${event ?? null}::text is null or wait_event = ${event ?? null})
    `.execute(kysely);
    if (rows.length > 0) return;
    await sleep(10);
  }
  throw new Error('Nobody waits for a lock.');
}

function open(day: string, id = ''): OpenSettlement {
  const period = periodAt(Date.parse(`${day}T12:00:00Z`), BT_AGREEMENT);
  return { state: 'open', id, trunk: 'bt', currency: 'GBP', period, agreement: BT_AGREEMENT };
}

const OCTOBER = open('2026-10-15');
const NOVEMBER = open('2026-11-15');
const DECEMBER = open('2026-12-15');

/** A penny a minute, by the second after the first minute. */
const COST = btCost(10_000n, { initialIncrementSeconds: 60 });
const DOLLARS: ChargeTerms = { ...COST, rate: { ...COST.rate, currency: 'USD' } };
const INBOUND: ChargeTerms = {
  ...COST,
  kind: 'inbound',
  leg: 'inbound',
  paidBy: 'other',
  destination: 'Korea',
};

function call(id: string, answeredAt: string, seconds: number, charging: readonly ChargeTerms[] = [COST]) {
  const answeredAtMs = Date.parse(answeredAt);
  const endedAtMs = answeredAtMs + seconds * 1_000;
  return {
    id,
    status: 'completed' as const,
    callerNumber: '+82262006200',
    dialled: '+442079460000',
    startedAtMs: answeredAtMs - 5_000,
    answeredAtMs,
    endedAtMs,
    lastSeenAtMs: endedAtMs,
    charging,
  };
}

function closedOf(settlement: OpenSettlement, id: string) {
  return (parts: StatementParts): StatedSettlement => {
    const { untilMs: nowMs } = settlement.period;
    const input = { kind: 'closed', statement: makeStatement(parts), nowMs } as const;
    const stepped = stepSettlement({ ...settlement, id }, input);
    if (!stepped.ok || stepped.value[0].state === 'open') throw new Error('It was not closed.');
    return stepped.value[0];
  };
}

async function close({ settlements }: Pick<Stores, 'settlements'>, settlement: OpenSettlement, id: string) {
  const closed = await settlements.close(settlement, closedOf(settlement, id));
  if (closed === 'busy') throw new Error('The store is busy.');
  expect(differenceMicros(closed.statement)).toBe(0n);
  return closed;
}

async function pay({ settlements }: Stores, id: string, micros: bigint) {
  const nowMs = 2_000_000_000_000;
  await settlements.revise(id, (kept) => stepSettlement(kept, { kind: 'confirmed', nowMs }));
  const payment = { micros, reference: 'wire', paidAtMs: nowMs };
  return settlements.revise(id, (kept) => stepSettlement(kept, { kind: 'paid', payment, nowMs }));
}

async function legIds({ settlements }: Stores, settlement: StatedSettlement): Promise<readonly string[]> {
  const before = await settlements.before(settlement);
  const ids: string[] = [];
  for await (const legs of settlements.legs(spanOf(settlement, settlement.statement.cutLine, before))) {
    ids.push(...legs.map(({ charge, isLate }) => `${charge.id}${isLate ? ' late' : ''}`));
  }
  return ids;
}

function contract(openStores: () => Promise<Stores>): void {
  it('R23: a period has the calls that ended in it, by direction and destination', async () => {
    const stores = await openStores();
    await stores.calls.save([
      call('c1', '2026-10-31T23:59:00Z', 59),
      call('c2', '2026-10-31T23:59:00Z', 60),
      call('c3', '2026-10-02T10:00:00Z', 90, [{ ...COST, destination: 'UK mobile' }, INBOUND]),
      call('c4', '2026-10-02T10:00:00Z', 30),
      call('c5', '2026-10-02T10:00:00Z', 60, [{ ...COST, account: 'trunk/kt' }]),
      call('c6', '2026-10-02T10:00:00Z', 60, [{ ...COST, rate: { ...COST.rate, currency: 'USD' } }]),
    ]);
    const october = await close(stores, OCTOBER, 's1');
    expect(october.statement).toMatchObject({
      usage: [
        {
          direction: 'outbound',
          paidBy: 'us',
          destination: 'UK',
          calls: 2,
          durationMs: 89_000,
          micros: 20_000n,
        },
        { direction: 'outbound', destination: 'UK mobile', calls: 1, billedSeconds: 90, micros: 15_000n },
        { direction: 'inbound', paidBy: 'other', destination: 'Korea', calls: 1, micros: 15_000n },
      ],
      owedByUsMicros: 35_000n,
      owedToUsMicros: 15_000n,
      carriedForwardMicros: 0n,
      late: { calls: 0, micros: 0n },
      ledgerMicros: 20_000n,
    });
    expect(await legIds(stores, october)).toEqual(['c4/cost', 'c3/cost', 'c3/inbound', 'c1/cost']);
    const november = await close(stores, NOVEMBER, 's2');
    expect(await legIds(stores, november)).toEqual(['c2/cost']);
    expect(await stores.settlements.find('s1')).toEqual(october);
    expect(await stores.settlements.last('bt', 'GBP')).toEqual(november);
    expect(await stores.settlements.before(november)).toEqual(october);
    expect(await stores.settlements.firstEndMs('trunk/bt', 'GBP')).toBe(Date.parse('2026-10-02T10:00:30Z'));
    expect(await stores.settlements.firstEndMs('trunk/ntt', 'GBP')).toBeUndefined();
  });

  it('R23: a call that becomes known after its period was closed belongs to the next one', async () => {
    const stores = await openStores();
    await stores.calls.save([
      call('october', '2026-10-05T10:00:00Z', 60),
      call('november', '2026-11-05T10:00:00Z', 60),
    ]);
    await close(stores, OCTOBER, 's1');
    await stores.calls.save([
      call('late', '2026-10-06T10:00:00Z', 120),
      call('next', '2026-11-06T10:00:00Z', 60),
      call('december', '2026-12-06T10:00:00Z', 60),
    ]);
    const november = await close(stores, NOVEMBER, 's2');
    expect(november.statement.late).toEqual({ calls: 1, micros: 20_000n });
    expect(await legIds(stores, november)).toEqual(['late/cost late', 'november/cost', 'next/cost']);
    await stores.calls.save([call('later', '2026-10-07T10:00:00Z', 60)]);
    const december = await close(stores, DECEMBER, 's3');
    expect(await legIds(stores, december)).toEqual(['later/cost late', 'december/cost']);
  });

  it('R23: a correction after the end of its period changes the next one by what it changes', async () => {
    const stores = await openStores();
    await stores.calls.save([
      call('c1', '2026-10-05T10:00:00Z', 120),
      call('c2', '2026-10-05T11:00:00Z', 60),
    ]);
    const correct = async (run: number, micros: bigint, billedSeconds: number) => {
      const [first] = await stores.charges.ofCall('c1');
      if (first === undefined) throw new Error('There is no charge.');
      const { line: _, ...charge } = first;
      const again = { ...charge, id: `c1/cost/${run}`, run, micros, billedSeconds };
      await stores.charges.correct(again, { reason: 'The clock was wrong.', by: 'olga', atMs: 0 });
    };
    await correct(2, 25_000n, 150);
    const october = await close(stores, OCTOBER, 's1');
    expect(october.statement).toMatchObject({
      owedByUsMicros: 35_000n,
      usage: [{ calls: 2, billedSeconds: 210 }],
    });
    await correct(3, 5_000n, 30);
    const november = await close(stores, NOVEMBER, 's2');
    expect(november.statement).toMatchObject({
      owedByUsMicros: -20_000n,
      ledgerMicros: -20_000n,
      late: { calls: 0, micros: -20_000n },
      usage: [{ calls: 0, billedSeconds: -120, micros: -20_000n }],
    });
    expect(await legIds(stores, november)).toEqual(['c1/cost/3 late']);
  });

  it('R23: what the ledger has otherwise is seen', async () => {
    const stores = await openStores();
    await stores.calls.save([call('c1', '2026-10-05T10:00:00Z', 60)]);
    const forged = {
      kind: 'posted',
      id: 'forged',
      debit: 'trunk/bt',
      credit: 'call-costs',
      currency: 'GBP',
      micros: 1n,
      purpose: 'adjustment',
      subject: 'call/c1/cost',
      atMs: 0,
    } as const;
    await stores.ledger.write([forged]);
    const parts = await stores.settlements.preview(OCTOBER);
    expect(differenceMicros(makeStatement(parts))).toBe(1n);
  });

  it('R23: a period is closed once, by whoever asks', async () => {
    const stores = await openStores();
    await stores.calls.save([call('c1', '2026-10-05T10:00:00Z', 60)]);
    const closed = await Promise.all(['s1', 's2', 's3'].map((id) => close(stores, OCTOBER, id)));
    expect(new Set(closed.map(({ id }) => id)).size).toBe(1);
    await stores.calls.save([call('c2', '2026-10-05T10:00:00Z', 60)]);
    expect(await close(stores, OCTOBER, 's4')).toEqual(closed[0]);
    expect(await stores.settlements.list({ limit: 9 })).toHaveLength(1);
  });

  it('R23: what was paid too little or too much is carried into the next one, once', async () => {
    const stores = await openStores();
    await stores.calls.save([
      call('c1', '2026-10-05T10:00:00Z', 600),
      call('c2', '2026-11-05T10:00:00Z', 60),
    ]);
    await close(stores, OCTOBER, 's1');
    await pay(stores, 's1', 70_000n);
    const november = await close(stores, NOVEMBER, 's2');
    expect(november.statement.carriedForwardMicros).toBe(30_000n);
    expect(dueMicros(november)).toBe(40_000n);
    await pay(stores, 's2', 45_000n);
    const december = await close(stores, DECEMBER, 's3');
    expect(december.statement.carriedForwardMicros).toBe(-5_000n);
    const { creditsMicros, debitsMicros } = await stores.ledger.balance('trunk/bt', 'GBP');
    expect(creditsMicros - debitsMicros).toBe(dueMicros(december));
  });

  it('R23: what is paid at the moment of the next closing is carried once', async () => {
    const stores = await openStores();
    await stores.calls.save([call('c1', '2026-10-05T10:00:00Z', 600)]);
    await close(stores, OCTOBER, 's1');
    const [november] = await Promise.all([close(stores, NOVEMBER, 's2'), pay(stores, 's1', 70_000n)]);
    const december = await close(stores, DECEMBER, 's3');
    const carried = [november, december].map(({ statement }) => statement.carriedForwardMicros);
    expect(carried.reduce((sum, micros) => sum + micros, 0n)).toBe(30_000n);
  });

  it('R23: a payment moves money once, and is seen in lists', async () => {
    const stores = await openStores();
    await stores.calls.save([call('c1', '2026-10-05T10:00:00Z', 60)]);
    await close(stores, OCTOBER, 's1');
    const paid = await pay(stores, 's1', 10_000n);
    expect(await pay(stores, 's1', 10_000n)).toEqual(paid);
    expect(await pay(stores, 's1', 20_000n)).toMatchObject({ ok: false });
    expect(await stores.settlements.revise('s9', () => paid as never)).toBeUndefined();
    const { creditsMicros } = await stores.ledger.balance('bank', 'GBP');
    expect(creditsMicros).toBe(10_000n);
    expect(await stores.settlements.list({ trunk: 'bt', state: 'paid', limit: 9 })).toEqual([
      {
        id: 's1',
        trunk: 'bt',
        currency: 'GBP',
        period: OCTOBER.period,
        state: 'paid',
        owedByUsMicros: 10_000n,
        owedToUsMicros: 0n,
        dueMicros: 10_000n,
        differenceMicros: 0n,
      },
    ]);
    for (const filter of [
      { trunk: 'kt' },
      { state: 'closed' },
      { state: 'open' },
      { before: 's1' },
    ] as const) {
      expect(await stores.settlements.list({ ...filter, limit: 9 })).toEqual([]);
    }
  });

  it('R23: while calls are charged without a pause, each belongs to exactly one period', async () => {
    const stores = await openStores();
    let isOver = false;
    let saved = 0;
    const write = async () => {
      while (!isOver && saved < 3_000) {
        const calls = Array.from({ length: 7 }, () => {
          const n = saved;
          saved += 1;
          return call(`c${n}`, `2026-1${n % 3}-0${1 + (n % 9)}T10:00:00Z`, 60 + (n % 50));
        });
        await stores.calls.save(calls);
        await setImmediatePromise();
      }
    };
    // Those in another currency wait for nobody: they overtake the others, whose numbers are smaller.
    const overtake = async () => {
      for (let n = 0; !isOver && n < 3_000; n += 1) {
        await stores.calls.save([call(`d${n}`, '2026-10-05T10:00:00Z', 60, [DOLLARS])]);
        await setImmediatePromise();
      }
    };
    const writers = [write(), write(), write(), overtake()];
    const settled: StatedSettlement[] = [];
    for (const [at, period] of [OCTOBER, NOVEMBER, DECEMBER].entries()) {
      await sleep(150);
      settled.push(await close(stores, period, `s${at}`));
    }
    isOver = true;
    await Promise.all(writers);
    settled.push(await close(stores, open('2027-01-15'), 's3'));
    const ids = (await Promise.all(settled.map((each) => legIds(stores, each)))).flat();
    expect(ids.map((id) => id.replace(' late', '')).sort()).toEqual(
      Array.from({ length: saved }, (_, n) => `c${n}/cost`).sort(),
    );
    const counted = settled.flatMap(({ statement }) => statement.usage.map(({ calls }) => calls));
    expect(counted.reduce((sum, calls) => sum + calls, 0)).toBe(saved);
    const owed = settled.reduce((sum, { statement }) => sum + statement.owedByUsMicros, 0n);
    const { creditsMicros } = await stores.ledger.balance('trunk/bt', 'GBP');
    expect(owed).toBe(creditsMicros);
  });

  it('R23: a reconciliation is kept with every amount', async () => {
    const stores = await openStores();
    await close(stores, OCTOBER, 's1');
    const ours = { callId: 'c1', leg: 'cost', called: '44', startedAtMs: 1, durationMs: 2, micros: 3n };
    const theirs = {
      line: 2,
      called: '44',
      startedAtMs: 1,
      durationMs: 2,
      price: { micros: -(2n ** 60n), roundedByMicros: 5n },
    };
    const none = { calls: 0, micros: 0n };
    const kept: KeptReconciliation = {
      id: 'r1',
      settlementId: 's1',
      madeAtMs: 4,
      direction: 'outbound',
      paidBy: 'us',
      outcome: {
        ours: { calls: 1, durationMs: 2, micros: 3n },
        theirs: { calls: 1, durationMs: 2, micros: -(2n ** 60n) },
        alike: 0,
        differences: [{ kind: 'price', ours, theirs, micros: 7n }],
        totals: { 'only-ours': none, 'only-theirs': none, duration: none, price: { calls: 1, micros: 7n } },
        atStakeMicros: 7n,
      },
      moreDifferences: 0,
      faults: [{ line: 3, detail: 'It is "12" micros.' }],
      faulty: 1,
      unanswered: 0,
    };
    await stores.reconciliations.keep(kept);
    expect(await stores.reconciliations.find('r1')).toEqual(kept);
    expect(await stores.reconciliations.find('r2')).toBeUndefined();
  });
}
