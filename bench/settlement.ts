// `node bench/settlement.ts [--json]`: a million answered calls are recorded, charged and settled for a month, on the
// embedded PostgreSQL with every commit on the disk, beside a plain insert of the same rows and their sum; then a
// hundred thousand of our calls are compared with a partner's records.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import {
  createCallRecordStore,
  createMarketAndMemberStores,
  openDatabase,
} from '../src/adapters/postgres/index.ts';
import type { ChargeTerms } from '../src/domain/billing/charging/index.ts';
import { type OurCall, readPartnerRecords, reconcile } from '../src/domain/billing/reconciliation/index.ts';
import {
  differenceMicros,
  makeStatement,
  type OpenSettlement,
  periodAt,
  stepSettlement,
} from '../src/domain/billing/settlement/index.ts';
import type { CallRecord } from '../src/services/ports/index.ts';
import { BT_AGREEMENT } from '../test/support/charging-terms.ts';

const CALLS = 1_000_000;
const CALLS_AT_ONCE = 1_000;
const COMPARED = 100_000;
const DESTINATIONS = 500;

const OCTOBER = periodAt(Date.parse('2026-10-15T00:00:00Z'), BT_AGREEMENT);

/** Numbers without chance, so that each run has the same calls. */
let state = 1;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

function cost(destination: number): ChargeTerms {
  return {
    kind: 'cost',
    leg: 'cost',
    account: 'trunk/bt',
    paidBy: 'us',
    number: `44${2_000_000_000 + destination * 1_000_000 + Math.floor(random() * 1_000_000)}`,
    tariff: 'bt-deck',
    versionId: 'v1',
    prefix: `44${2_000 + destination}`,
    destination: `United Kingdom ${destination}`,
    rate: {
      currency: 'GBP',
      perMinuteMicros: 4_000n + BigInt(destination),
      connectFeeMicros: 0n,
      initialIncrementSeconds: 30,
      nextIncrementSeconds: 6,
      minimumMicros: 0n,
      freeSeconds: 0,
    },
  };
}

function call(n: number): CallRecord {
  const answeredAtMs = OCTOBER.fromMs + Math.floor(random() * (OCTOBER.untilMs - OCTOBER.fromMs - 3_600_000));
  const endedAtMs = answeredAtMs + Math.floor(random() * 600_000) + 1;
  return {
    id: `call-${n}`,
    status: 'completed',
    callerNumber: `+822${60_000_000 + Math.floor(random() * 10_000)}`,
    dialled: '+44',
    startedAtMs: answeredAtMs,
    answeredAtMs,
    endedAtMs,
    lastSeenAtMs: endedAtMs,
    charging: [cost(Math.floor(random() * DESTINATIONS))],
  };
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return (performance.now() - startedMs) / 1_000;
}

/** Runs to the end, with a turn for others where they are let. @returns also how long they waited at most */
async function finished<Outcome>(steps: Generator<undefined, Outcome>) {
  for (let longestMs = 0; ; ) {
    const startedMs = performance.now();
    const { done, value } = steps.next();
    longestMs = Math.max(longestMs, performance.now() - startedMs);
    if (done === true) return { value, longestMs };
    await nextTurn();
  }
}

async function compareRecords() {
  const ours: OurCall[] = [];
  const lines = ['caller,called,answer_time,duration,price'];
  for (let n = 0; n < COMPARED; n += 1) {
    const { callerNumber = '', answeredAtMs = 0, endedAtMs = 0, charging = [] } = call(n);
    const called = charging[0]?.number ?? '';
    const durationMs = endedAtMs - answeredAtMs;
    ours.push({
      callId: `call-${n}`,
      leg: 'cost',
      caller: callerNumber.slice(1),
      called,
      startedAtMs: answeredAtMs,
      durationMs,
      micros: 1_000n,
    });
    if (random() < 0.01) continue;
    const startedAt = new Date(answeredAtMs + Math.floor(random() * 4_000) - 2_000)
      .toISOString()
      .slice(0, 19);
    const lasted = Math.round(durationMs / 1_000) + (random() < 0.01 ? 30 : 0);
    lines.push(`${callerNumber},00${called},${startedAt.replace('T', ' ')},${Math.max(1, lasted)},0.001`);
  }
  const startedMs = performance.now();
  const writing = { timeZone: 'Etc/UTC', numbers: { kind: 'telephone' }, currency: 'GBP' } as const;
  const read = await finished(readPartnerRecords(lines.join('\n'), writing));
  if (!read.value.ok) throw new Error(read.value.refusal.detail);
  const compared = await finished(
    reconcile(ours, read.value.value.calls, { startMs: 5_000, durationMs: 1_000 }),
  );
  return {
    reconciledCalls: COMPARED,
    reconcileSeconds: round((performance.now() - startedMs) / 1_000),
    longestTurnMs: Math.round(Math.max(read.longestMs, compared.longestMs)),
    alike: compared.value.alike,
  };
}

function round(value: number): number {
  return Number(value.toFixed(2));
}

const folder = mkdtempSync(join(tmpdir(), 'omnidial-settlement-'));
const database = await openDatabase(
  { folder },
  { warn: (sentence) => console.error(sentence), statementTimeoutMs: 600_000 },
);
try {
  const { kysely } = database;
  const { charges, settlements, ledger } = createMarketAndMemberStores(kysely);
  const calls = createCallRecordStore(kysely, 'bench');
  const keepSeconds = await seconds(async () => {
    for (let n = 0; n < CALLS; n += CALLS_AT_ONCE) {
      await calls.save(Array.from({ length: CALLS_AT_ONCE }, (_, at) => call(n + at)));
    }
  });
  await sql`create table bare_charges (like charges)`.execute(kysely);
  const insertSeconds = await seconds(() =>
    sql`insert into bare_charges select * from charges`.execute(kysely),
  );
  await sql`analyze`.execute(kysely);
  const sumSeconds = await seconds(() => sql`select sum(micros) from bare_charges`.execute(kysely));
  const open: OpenSettlement = {
    state: 'open',
    id: 's1',
    trunk: 'bt',
    currency: 'GBP',
    period: OCTOBER,
    agreement: BT_AGREEMENT,
  };
  let difference: bigint | undefined;
  let settled = 0;
  const closeSeconds = await seconds(async () => {
    const closed = await settlements.close(open, (parts) => {
      const input = { kind: 'closed', statement: makeStatement(parts), nowMs: OCTOBER.untilMs } as const;
      const stepped = stepSettlement(open, input);
      if (!stepped.ok || stepped.value[0].state === 'open') throw new Error('It was not closed.');
      return stepped.value[0];
    });
    if (closed === 'busy') throw new Error('It is busy.');
    const balance = await ledger.balance('trunk/bt', 'GBP');
    const { statement } = closed;
    if (statement.owedByUsMicros !== balance.creditsMicros - balance.debitsMicros)
      throw new Error('The ledger has it otherwise.');
    difference = differenceMicros(statement);
    settled = statement.usage.reduce((sum, line) => sum + line.calls, 0);
  });
  const peakBytes = process.resourceUsage().maxRSS * 1_024;
  let exported = 0;
  const exportSeconds = await seconds(async () => {
    const span = { account: 'trunk/bt', currency: 'GBP', untilMs: OCTOBER.untilMs, cutLine: CALLS } as const;
    for await (const legs of settlements.legs(span)) exported += legs.length;
  });
  const exportPeakBytes = process.resourceUsage().maxRSS * 1_024;
  let marginLines = 0;
  const marginsSeconds = await seconds(async () => {
    const month = { fromMs: OCTOBER.fromMs, untilMs: OCTOBER.untilMs, limit: 5_000 };
    marginLines = (await charges.margins({ by: 'destination', ...month })).length;
  });
  const outcome = {
    benchmark: 'settlement',
    calls: CALLS,
    settled,
    differenceFromLedger: String(difference),
    keepSeconds: round(keepSeconds),
    keptPerSecond: Math.round(CALLS / keepSeconds),
    closeSeconds: round(closeSeconds),
    bareInsertSeconds: round(insertSeconds),
    bareSumSeconds: round(sumSeconds),
    keepPerBareInsert: round(keepSeconds / insertSeconds),
    closePerBareSum: round(closeSeconds / sumSeconds),
    peakMegabytes: Math.round(peakBytes / 1e6),
    exported,
    exportSeconds: round(exportSeconds),
    exportPeakMegabytes: Math.round(exportPeakBytes / 1e6),
    marginLines,
    marginsSeconds: round(marginsSeconds),
    ...(await compareRecords()),
  };
  if (process.argv.includes('--json')) console.log(JSON.stringify(outcome));
  else console.table([outcome]);
} finally {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}
