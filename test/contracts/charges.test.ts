import { describe, expect, it } from 'vitest';
import { createMemoryCallRecordStore, MemoryCharges, MemoryLedger } from '../../src/adapters/memory/index.ts';
import {
  createCallRecordStore,
  createChargeStore,
  createMarketAndMemberStores,
} from '../../src/adapters/postgres/index.ts';
import type { ChargeTerms } from '../../src/domain/billing/charging/index.ts';
import {
  type LedgerAccount,
  memberAccount,
  type PendingTransfer,
} from '../../src/domain/billing/ledger/index.ts';
import type {
  CallRecord,
  CallRecordStore,
  ChargeStore,
  LedgerStore,
} from '../../src/services/ports/index.ts';
import { costTerms, saleTerms } from '../support/charging-terms.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';

type Stores = {
  readonly calls: CallRecordStore;
  readonly charges: ChargeStore;
  readonly ledger: LedgerStore;
};

describe('charges (memory)', () =>
  contract(async () => {
    const ledger = new MemoryLedger();
    const charges = new MemoryCharges(ledger);
    return { calls: createMemoryCallRecordStore(charges), charges, ledger };
  }));
for (const server of DATABASES) {
  describeDatabase(server, 'charges', (fresh) => {
    contract(async () => {
      const { kysely } = await fresh();
      const { ledger } = createMarketAndMemberStores(kysely);
      return { calls: createCallRecordStore(kysely, 'dead'), charges: createChargeStore(kysely), ledger };
    });
  });
}

const NOW_MS = 1_793_000_000_000;
const MINA = memberAccount('mina');

const SALE = saleTerms({ versionId: 'version-1' });
const COST = costTerms({ versionId: 'version-1' });

const WHY = { reason: 'The rate was wrong.', by: 'olga', atMs: NOW_MS + 86_400_000 };

function answered(id: string, charging: readonly ChargeTerms[] = [SALE, COST]): CallRecord {
  return {
    id,
    status: 'answered',
    callerMemberId: 'mina',
    dialled: '+442079460000',
    startedAtMs: NOW_MS - 5_000,
    answeredAtMs: NOW_MS,
    lastSeenAtMs: NOW_MS,
    charging,
  };
}

function ended(id: string, seconds: number, charging?: readonly ChargeTerms[]): CallRecord {
  const endedAtMs = NOW_MS + seconds * 1_000;
  return { ...answered(id, charging), status: 'completed', endedAtMs, lastSeenAtMs: endedAtMs };
}

/** A slice of a call that is reserved, of so many won. */
function slice(id: string, won: number): PendingTransfer {
  return {
    kind: 'pending',
    id: `${id}`,
    debit: MINA,
    credit: 'call-revenue',
    currency: 'KRW',
    micros: BigInt(won) * 1_000_000n,
    purpose: 'call',
    subject: 'call/c1/sale',
    atMs: NOW_MS,
    expiresAtMs: NOW_MS + 600_000,
  };
}

function contract(open: () => Promise<Stores>): void {
  async function withCredit(won: number) {
    const stores = await open();
    await stores.ledger.write([
      {
        kind: 'posted',
        id: 'top-up',
        debit: 'bank',
        credit: MINA,
        currency: 'KRW',
        micros: BigInt(won) * 1_000_000n,
        purpose: 'top-up',
        subject: 'bill/1',
        atMs: NOW_MS,
      },
    ]);
    const won_ = async (account: LedgerAccount) => {
      const { creditsMicros, debitsMicros } = await stores.ledger.balance(account, 'KRW');
      return Number(creditsMicros - debitsMicros) / 1_000_000;
    };
    const standing = async () => {
      const { pendingMicros } = await stores.ledger.balance(MINA, 'KRW');
      expect(await stores.ledger.audit()).toMatchObject({ unbalanced: [], deviating: [] });
      return {
        mina: await won_(MINA),
        pending: Number(pendingMicros) / 1_000_000,
        revenue: await won_('call-revenue'),
        bt: await won_('trunk/bt'),
        uncollected: await won_('uncollected'),
      };
    };
    return { ...stores, standing };
  }

  it('R23: a call that ends is charged to the caller, and its carrier is owed its share', async () => {
    const { calls, charges, ledger, standing } = await withCredit(1_000);
    await ledger.reserve([slice('s1', 60), slice('s2', 60)]);
    await calls.save([answered('c1')]);
    expect((await calls.find('c1'))?.charging).toEqual([SALE, COST]);
    await calls.save([ended('c1', 75)]);
    expect(await standing()).toEqual({ mina: 925, pending: 0, revenue: 75, bt: 37.5, uncollected: 0 });
    const kept = await charges.ofCall('c1');
    expect(kept.map(({ line: _, ...charge }) => charge)).toEqual([
      {
        ...SALE,
        id: 'c1/sale',
        callId: 'c1',
        run: 1,
        currency: 'KRW',
        micros: 75_000_000n,
        billedSeconds: 75,
        answeredAtMs: NOW_MS,
        endedAtMs: NOW_MS + 75_000,
      },
      expect.objectContaining({ id: 'c1/cost', micros: 37_500_000n }),
    ]);
    expect((await calls.find('c1'))?.charging).toBeUndefined();
  });

  it('R23: an end that is written twice is charged once', async () => {
    const { calls, standing } = await withCredit(1_000);
    await calls.save([answered('c1')]);
    await calls.save([ended('c1', 75)]);
    await calls.save([ended('c1', 75)]);
    expect(await standing()).toEqual({ mina: 925, pending: 0, revenue: 75, bt: 37.5, uncollected: 0 });
  });

  it('R23: a call that was not answered costs nothing', async () => {
    const { calls, charges, standing } = await withCredit(1_000);
    const { answeredAtMs: _, ...failed } = ended('c1', 0);
    await calls.save([{ ...failed, status: 'failed' }]);
    expect(await charges.ofCall('c1')).toEqual([]);
    expect(await standing()).toEqual({ mina: 1_000, pending: 0, revenue: 0, bt: 0, uncollected: 0 });
  });

  it('R23: slices that were posted on the way count, and what was posted too much comes back', async () => {
    const { calls, ledger, standing } = await withCredit(1_000);
    await ledger.reserve([slice('s1', 60), slice('s2', 60)]);
    await calls.save([answered('c1')]);
    await ledger.write([{ kind: 'post', id: 's1+', pendingId: 's1', micros: 60_000_000n, atMs: NOW_MS }]);
    await calls.save([ended('c1', 40)]);
    expect(await standing()).toEqual({ mina: 960, pending: 0, revenue: 40, bt: 20, uncollected: 0 });
  });

  it('R23: what a member cannot pay any more is booked as uncollected, and the carrier is owed its share', async () => {
    const { calls, standing } = await withCredit(50);
    await calls.save([answered('c1')]);
    await calls.save([ended('c1', 75)]);
    expect(await standing()).toEqual({ mina: 0, pending: 0, revenue: 75, bt: 37.5, uncollected: -25 });
  });

  it('R23: after a crash a call is charged to its last proof of life', async () => {
    const { calls, ledger, standing } = await withCredit(1_000);
    await ledger.reserve([slice('s1', 60)]);
    await calls.save([answered('c1')]);
    await calls.touch(['c1'], NOW_MS + 12_000);
    expect(await calls.closeOpen()).toBe(1);
    expect(await standing()).toEqual({ mina: 988, pending: 0, revenue: 12, bt: 6, uncollected: 0 });
  });

  it('R23: a call that went on while its process was thought dead is charged to its end, once', async () => {
    const { calls, charges, standing } = await withCredit(1_000);
    await calls.save([answered('c1')]);
    await calls.touch(['c1'], NOW_MS + 12_000);
    await calls.closeOpen();
    await calls.save([ended('c1', 30)]);
    await calls.save([ended('c1', 30)]);
    expect(await standing()).toEqual({ mina: 970, pending: 0, revenue: 30, bt: 15, uncollected: 0 });
    const runs = await charges.ofCall('c1');
    expect(runs.map(({ id, billedSeconds }) => [id, billedSeconds])).toEqual([
      ['c1/sale', 12],
      ['c1/cost', 12],
      ['c1/sale/2', 30],
      ['c1/cost/2', 30],
    ]);
    expect(runs.at(-1)?.correction?.by).toBe('the service');
  });

  it('R23: a correction is another run, and moves what it changes', async () => {
    const { calls, charges, standing } = await withCredit(1_000);
    await calls.save([answered('c1')]);
    await calls.save([ended('c1', 75)]);
    const [first] = await charges.ofCall('c1');
    if (first === undefined) throw new Error('There is no charge.');
    const { line: _, ...sale } = first;
    expect(await charges.correct({ ...sale, id: 'c1/sale/2', run: 2, micros: 70_000_000n }, WHY)).toBe(
      'kept',
    );
    expect(await standing()).toEqual({ mina: 930, pending: 0, revenue: 70, bt: 37.5, uncollected: 0 });
    expect(await charges.correct({ ...sale, id: 'c1/sale/2', run: 2, micros: 60_000_000n }, WHY)).toBe(
      'run-known',
    );
    expect(await charges.correct({ ...sale, id: 'another', run: 2, micros: 60_000_000n }, WHY)).toBe(
      'run-known',
    );
    expect(await charges.correct({ ...sale, id: 'c1/sale/3', run: 3, micros: 80_000_000n }, WHY)).toBe(
      'kept',
    );
    expect(await standing()).toEqual({ mina: 920, pending: 0, revenue: 80, bt: 37.5, uncollected: 0 });
    expect((await charges.ofCall('c1')).map(({ id }) => id)).toEqual([
      'c1/sale',
      'c1/cost',
      'c1/sale/2',
      'c1/sale/3',
    ]);
    expect((await charges.find('c1/sale/2'))?.correction).toEqual(WHY);
    expect((await charges.find('c1/sale'))?.correction).toBeUndefined();
    expect(await charges.find('c9/sale')).toBeUndefined();
  });

  it('R23: a correction of what was written off in part writes off less, before anything comes back', async () => {
    const { calls, charges, standing } = await withCredit(50);
    await calls.save([answered('c1')]);
    await calls.save([ended('c1', 75)]);
    const [first] = await charges.ofCall('c1');
    if (first === undefined) throw new Error('There is no charge.');
    const { line: _, ...sale } = first;
    const correct = async (run: number, won: number) => {
      const micros = BigInt(won) * 1_000_000n;
      expect(await charges.correct({ ...sale, id: `c1/sale/${run}`, run, micros }, WHY)).toBe('kept');
      return standing();
    };
    const others = { pending: 0, bt: 37.5 };
    expect(await correct(2, 60)).toEqual({ ...others, mina: 0, revenue: 60, uncollected: -10 });
    expect(await correct(3, 80)).toEqual({ ...others, mina: 0, revenue: 80, uncollected: -30 });
    expect(await correct(4, 40)).toEqual({ ...others, mina: 10, revenue: 40, uncollected: 0 });
    expect(await correct(5, 45)).toEqual({ ...others, mina: 5, revenue: 45, uncollected: 0 });
  });

  it('R23: calls of another network are owed by it', async () => {
    const { calls, ledger } = await withCredit(0 + 1);
    const inbound: ChargeTerms = { ...SALE, kind: 'inbound', leg: 'inbound', account: 'trunk/bt' };
    const transit: ChargeTerms = { ...SALE, account: 'trunk/bt' };
    await calls.save([answered('c1', [inbound]), answered('c2', [transit])]);
    await calls.save([ended('c1', 10, [inbound]), ended('c2', 20, [transit])]);
    const { creditsMicros, debitsMicros } = await ledger.balance('trunk/bt', 'KRW');
    expect(creditsMicros - debitsMicros).toBe(-30_000_000n);
    expect((await ledger.balance('interconnect-revenue', 'KRW')).creditsMicros).toBe(30_000_000n);
  });

  it('R23: charges are listed by account, kind and time, in pages', async () => {
    const { calls, charges } = await withCredit(1_000);
    await calls.save([ended('c1', 10), ended('c2', 20), ended('c3', 30)]);
    const ids = async (filter: Parameters<ChargeStore['list']>[0]) =>
      (await charges.list(filter)).map(({ id }) => id);
    expect(await ids({ account: 'trunk/bt', limit: 9 })).toEqual(['c3/cost', 'c2/cost', 'c1/cost']);
    expect(await ids({ kind: 'sale', endedFromMs: NOW_MS + 20_000, limit: 9 })).toEqual([
      'c3/sale',
      'c2/sale',
    ]);
    expect(await ids({ endedBeforeMs: NOW_MS + 20_000, limit: 9 })).toEqual(['c1/cost', 'c1/sale']);
    expect(await ids({ numberPrefix: '4420', kind: 'cost', limit: 1 })).toEqual(['c3/cost']);
    expect(await ids({ numberPrefix: '4421', limit: 9 })).toEqual([]);
    const [newest] = await charges.list({ limit: 1 });
    expect(await ids({ before: newest?.line ?? 0, limit: 1 })).toEqual(['c3/sale']);
  });

  it('R23: margins are added up by destination, carrier and member, each currency apart', async () => {
    const { calls, charges } = await withCredit(1_000);
    const dollars: ChargeTerms = { ...COST, rate: { ...COST.rate, currency: 'USD' } };
    const inbound: ChargeTerms = {
      ...COST,
      kind: 'inbound',
      leg: 'inbound',
      paidBy: 'other',
      number: '82',
      destination: 'Korea',
    };
    const cost: ChargeTerms = { ...COST, destination: '' };
    await calls.save([
      ended('c1', 10, [SALE, cost]),
      ended('c2', 20, [SALE, dollars]),
      ended('c3', 30, [inbound]),
      ended('c4', 90),
    ]);
    const [first] = await charges.ofCall('c1');
    if (first === undefined) throw new Error('There is no charge.');
    const { line: _, ...sale } = first;
    await charges.correct({ ...sale, id: 'c1/sale/2', run: 2, micros: 5_000_000n }, WHY);
    const margins = async (by: 'destination' | 'carrier' | 'member') => {
      const span = { fromMs: NOW_MS, untilMs: NOW_MS + 60_000, limit: 9 };
      return (await charges.margins({ by, ...span })).map(
        ({ key, currency, calls: count, durationMs, revenueMicros, costMicros }) =>
          `${key} ${currency} ${count} ${durationMs} ${revenueMicros / 1_000_000n} ${costMicros / 1_000_000n}`,
      );
    };
    expect(await margins('destination')).toEqual([
      'United Kingdom KRW 2 30000 25 5',
      'Korea KRW 1 30000 15 0',
      'United Kingdom USD 1 20000 0 10',
    ]);
    expect(await margins('carrier')).toEqual(['bt KRW 3 60000 40 5', 'bt USD 1 20000 0 10']);
    expect(await margins('member')).toEqual([
      'mina KRW 2 30000 25 5',
      ' KRW 1 30000 15 0',
      'mina USD 1 20000 0 10',
    ]);
  });
}
