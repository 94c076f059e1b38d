import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { createMarketAndMemberStores } from '../../src/adapters/postgres/index.ts';
import {
  type LedgerAccount,
  type LedgerEntry,
  memberAccount,
  type PendingTransfer,
  type PostedTransfer,
} from '../../src/domain/billing/ledger/index.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { describeStores, type OpenStores } from '../support/market-stores.ts';

describeStores('the ledger', contract);

const MINA = memberAccount('mina');

function posted(id: string, debit: LedgerAccount, credit: LedgerAccount, micros: bigint): PostedTransfer {
  return {
    kind: 'posted',
    id,
    debit,
    credit,
    micros,
    currency: 'KRW',
    purpose: 'top-up',
    subject: 'bill/1',
    atMs: 1_000,
  };
}

function topUp(micros: bigint, member = MINA): PostedTransfer {
  return posted(`top-up of ${member}`, 'bank', member, micros);
}

function pending(id: string, micros: bigint, member = MINA): PendingTransfer {
  return {
    ...posted(id, member, 'call-revenue', micros),
    kind: 'pending',
    purpose: 'call',
    subject: 'call/1',
    expiresAtMs: 60_000,
  };
}

function contract(open: OpenStores): void {
  async function ledgerWith(...entries: readonly LedgerEntry[]) {
    const { ledger } = await open();
    expect(await ledger.write(entries)).toBe('written');
    const standing = async (account: LedgerAccount) => {
      const { debitsMicros, creditsMicros, pendingMicros } = await ledger.balance(account, 'KRW');
      return { balance: creditsMicros - debitsMicros, pending: pendingMicros };
    };
    return { ledger, standing };
  }

  it('R23: a transfer takes from one account what it gives to another', async () => {
    const { ledger, standing } = await ledgerWith(topUp(5_000n));
    expect(await standing('bank')).toEqual({ balance: -5_000n, pending: 0n });
    expect(await standing(MINA)).toEqual({ balance: 5_000n, pending: 0n });
    expect(await ledger.audit()).toEqual({ accounts: 2, lines: 1, unbalanced: [], deviating: [] });
  });

  it('R23: the same id twice is the same movement, and another movement under it is refused', async () => {
    const { ledger, standing } = await ledgerWith(topUp(5_000n));
    expect(await ledger.write([topUp(5_000n)])).toBe('written');
    expect(await ledger.write([topUp(6_000n), posted('other', 'bank', MINA, 1n)])).toBe('id-reused');
    expect(await standing(MINA)).toEqual({ balance: 5_000n, pending: 0n });
  });

  it('R23: no member spends more than it has, and of several entries all are written or none', async () => {
    const { ledger, standing } = await ledgerWith(topUp(5_000n));
    const both = [posted('a', 'bank', MINA, 10n), posted('b', MINA, 'call-revenue', 5_011n)];
    expect(await ledger.write(both)).toBe('credit-exceeded');
    expect(await standing(MINA)).toEqual({ balance: 5_000n, pending: 0n });
    expect(await standing('call-revenue')).toEqual({ balance: 0n, pending: 0n });
  });

  it('R23: a credit limit lets a member owe so much, and is not taken from what is owed', async () => {
    const { ledger } = await ledgerWith();
    expect(await ledger.setFloor(MINA, 'KRW', -1_000n)).toBe(true);
    expect(await ledger.write([posted('a', MINA, 'call-revenue', 1_001n)])).toBe('credit-exceeded');
    expect(await ledger.write([posted('b', MINA, 'call-revenue', 1_000n)])).toBe('written');
    expect(await ledger.setFloor(MINA, 'KRW', -999n)).toBe(false);
    expect((await ledger.balance(MINA, 'KRW')).floorMicros).toBe(-1_000n);
  });

  it('R23: what is pending is kept back until so much of it is posted as was used', async () => {
    const { ledger, standing } = await ledgerWith(topUp(5_000n));
    expect(await ledger.reserve([pending('p', 3_000n)])).toEqual([
      { kind: 'reserved', after: { availableMicros: 2_000n, spentTodayMicros: 3_000n } },
    ]);
    expect(await standing(MINA)).toEqual({ balance: 5_000n, pending: 3_000n });
    expect(await standing('call-revenue')).toEqual({ balance: 0n, pending: 0n });
    const post = { kind: 'post', id: 'p+', pendingId: 'p', micros: 1_200n, atMs: 2_000 } as const;
    expect(await ledger.write([post])).toBe('written');
    expect(await ledger.write([post])).toBe('written');
    expect(await standing(MINA)).toEqual({ balance: 3_800n, pending: 0n });
    expect(await standing('call-revenue')).toEqual({ balance: 1_200n, pending: 0n });
  });

  it('R23: a pending transfer ends once, at no more than itself, and one that never was does not end', async () => {
    const { ledger, standing } = await ledgerWith(topUp(5_000n), pending('p', 3_000n));
    const end = { kind: 'post', id: 'p+', pendingId: 'p', micros: 3_001n, atMs: 2_000 } as const;
    expect(await ledger.write([end])).toBe('not-pending');
    expect(await ledger.write([{ ...end, pendingId: 'q', micros: 1n }])).toBe('not-pending');
    expect(await ledger.write([{ kind: 'void', id: 'p-', pendingId: 'p', atMs: 2_000 }])).toBe('written');
    expect(await ledger.write([{ ...end, micros: 1n }])).toBe('not-pending');
    expect(await standing(MINA)).toEqual({ balance: 5_000n, pending: 0n });
  });

  it('R23: a pending transfer past its time is ended with nothing moved', async () => {
    const { ledger, standing } = await ledgerWith(topUp(5_000n), pending('p', 3_000n));
    expect(await ledger.expire(59_999, 10)).toBe(0);
    expect(await ledger.expire(60_000, 10)).toBe(1);
    expect(await standing(MINA)).toEqual({ balance: 5_000n, pending: 0n });
  });

  it('R23: thirty at once on credit for one and a half: one is reserved, and the others are told what is left', async () => {
    const { ledger, standing } = await ledgerWith(topUp(1_500n));
    const asked = Array.from({ length: 30 }, (_, at) => ledger.reserve([pending(`p${at}`, 1_000n)]));
    const answers = (await Promise.all(asked)).flat();
    expect(answers.filter(({ kind }) => kind === 'reserved')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'exceeded')).toEqual(
      Array.from({ length: 29 }, () => ({ kind: 'exceeded', availableMicros: 500n, why: 'credit' })),
    );
    expect(await standing(MINA)).toEqual({ balance: 1_500n, pending: 1_000n });
  });

  it('R23: requests of one batch are judged one after the other, each by what those before it left', async () => {
    const { ledger } = await ledgerWith(topUp(1_500n), topUp(100n, memberAccount('juno')));
    const requests = [
      pending('a', 1_000n),
      pending('b', 100n, memberAccount('juno')),
      pending('c', 600n),
      pending('d', 500n),
      pending('e', 1n, memberAccount('nobody')),
    ];
    const answers = [
      { kind: 'reserved' },
      { kind: 'reserved' },
      { kind: 'exceeded', availableMicros: 500n, why: 'credit' },
      { kind: 'reserved' },
      { kind: 'exceeded', availableMicros: 0n, why: 'credit' },
    ];
    expect(await ledger.reserve(requests)).toMatchObject(answers);
    expect((await ledger.reserve(requests)).map(({ kind }) => kind)).toEqual(answers.map(({ kind }) => kind));
  });

  it('R23: of a day no more is spent than its limit, what is kept back included', async () => {
    const { ledger } = await ledgerWith(topUp(5_000n), posted('renewal', MINA, 'number-sales', 1_000n));
    const DAY_MS = 86_400_000;
    const ask = async (id: string, micros: bigint, atMs: number) =>
      (await ledger.reserve([{ ...pending(id, micros), atMs, dayLimitMicros: 700n }]))[0];
    expect(await ask('a', 500n, DAY_MS)).toMatchObject({
      kind: 'reserved',
      after: { spentTodayMicros: 500n },
    });
    await ledger.write([{ kind: 'post', id: 'a+', pendingId: 'a', micros: 400n, atMs: DAY_MS }]);
    expect(await ask('b', 301n, DAY_MS + 1)).toEqual({
      kind: 'exceeded',
      availableMicros: 300n,
      why: 'day-limit',
    });
    expect(await ask('c', 300n, DAY_MS + 2)).toMatchObject({
      kind: 'reserved',
      after: { availableMicros: 0n, spentTodayMicros: 700n },
    });
    // Another year of a number is no call.
    await ledger.write([{ ...posted('year', MINA, 'number-sales', 900n), purpose: 'renewal' }]);
    expect(await ask('year of a number', 1n, DAY_MS + 3)).toMatchObject({
      kind: 'exceeded',
      availableMicros: 0n,
    });
    await ledger.write([{ kind: 'void', id: 'c-', pendingId: 'c', atMs: DAY_MS + 3 }]);
    expect(await ask('d', 700n, 2 * DAY_MS)).toMatchObject({ kind: 'reserved' });
  });

  it('R23: the lines of an account and of a subject are read in pages, the newest first', async () => {
    const { ledger } = await ledgerWith(
      topUp(5_000n),
      pending('p', 3_000n),
      posted('t', 'bank', 'deposits', 7n),
    );
    await ledger.write([{ kind: 'void', id: 'p-', pendingId: 'p', atMs: 2_000 }]);
    const lines = await ledger.lines({ account: MINA, limit: 2 });
    expect(lines.map(({ id }) => id)).toEqual(['p-', 'p']);
    const rest = await ledger.lines({ account: MINA, before: lines[1]?.line ?? 0, limit: 2 });
    expect(rest.map(({ id }) => id)).toEqual([topUp(1n).id]);
    expect((await ledger.lines({ subject: 'call/1', limit: 9 })).map(({ id }) => id)).toEqual(['p-', 'p']);
    const accounts = await ledger.balances({ limit: 2 });
    expect(accounts.map(({ account }) => account)).toEqual(['bank', 'deposits']);
    expect(
      (await ledger.balances({ after: ['deposits', 'KRW'], limit: 9 })).map(({ account }) => account),
    ).toEqual([MINA]);
    expect(await ledger.balances({ prefix: 'member/', limit: 9 })).toHaveLength(1);
  });

  it('R23: whatever is asked in whatever order, sums are zero and no member is below its floor', async () => {
    const { ledger } = await open();
    const members = [memberAccount('a'), memberAccount('b')];
    const amount = fc.bigInt({ min: 1n, max: 2_000n });
    const request = fc.oneof(
      fc.record({ kind: fc.constant('top-up' as const), to: fc.constantFrom(...members), micros: amount }),
      fc.record({ kind: fc.constant('spend' as const), to: fc.constantFrom(...members), micros: amount }),
      fc.record({ kind: fc.constant('reserve' as const), to: fc.constantFrom(...members), micros: amount }),
      fc.record({ kind: fc.constant('post' as const), of: fc.nat(40), micros: amount }),
      fc.record({ kind: fc.constant('void' as const), of: fc.nat(40) }),
    );
    let count = 0;
    const reserved: string[] = [];
    const perform = async (asked: typeof request extends fc.Arbitrary<infer R> ? R : never) => {
      const id = `any ${++count}`;
      switch (asked.kind) {
        case 'top-up':
          return ledger.write([posted(id, 'bank', asked.to, asked.micros)]);
        case 'spend':
          return ledger.write([posted(id, asked.to, 'number-sales', asked.micros)]);
        case 'reserve':
          reserved.push(id);
          return ledger.reserve([pending(id, asked.micros, asked.to)]);
        case 'post':
        case 'void': {
          const pendingId = reserved[asked.of % Math.max(1, reserved.length)] ?? 'none';
          return ledger.write([
            {
              ...('micros' in asked ? { micros: asked.micros } : {}),
              kind: asked.kind,
              id,
              pendingId,
              atMs: 1,
            } as LedgerEntry,
          ]);
        }
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 12 }), async (requests) => {
        await Promise.all(requests.map(perform));
        const { unbalanced, deviating } = await ledger.audit();
        expect({ unbalanced, deviating }).toEqual({ unbalanced: [], deviating: [] });
        for (const { creditsMicros, debitsMicros, pendingMicros } of await ledger.balances({
          prefix: 'member/',
          limit: 9,
        })) {
          expect(creditsMicros - debitsMicros - pendingMicros).toBeGreaterThanOrEqual(0n);
        }
      }),
      { numRuns: 25 },
    );
  });
}

for (const server of DATABASES) {
  describeDatabase(server, 'the tables of the ledger', (fresh) => {
    it('R23: what is ended while its call is settled waits for that, and neither is undone for the other', async () => {
      const { kysely } = await fresh();
      const ledger = createMarketAndMemberStores(kysely).ledger;
      await ledger.write([topUp(5_000n), pending('p', 1_000n)]);
      const isWaiting = async () => {
        const { rows } = await sql`
          select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
        `.execute(kysely);
        return rows.length > 0;
      };
      const freed = await kysely.transaction().execute(async (transaction) => {
        await sql`
          select ledger_lock(array['call-revenue', ${MINA}::text], array['KRW', 'KRW'])
        `.execute(transaction);
        const freeing = ledger.write([{ kind: 'void', id: 'p-', pendingId: 'p', atMs: 2_000 }]);
        await expect.poll(isWaiting, { interval: 5 }).toBe(true);
        await sql`
          select ledger_settle(array['c'], array['call/1'], array[${MINA}::text], array['call-revenue'], array['KRW'],
            array[700::bigint], array['call'], array[2000::bigint])
        `.execute(transaction);
        return { freeing };
      });
      expect(await freed.freeing).toBe('not-pending');
      expect(await ledger.balance(MINA, 'KRW')).toMatchObject({ debitsMicros: 700n, pendingMicros: 0n });
    });

    it('R23: no line is changed or removed, and an account that was meddled with is found', async () => {
      const { kysely } = await fresh();
      const ledger = createMarketAndMemberStores(kysely).ledger;
      await ledger.write([topUp(5_000n)]);
      for (const meddling of [
        'update ledger_lines set micros = 1',
        'delete from ledger_lines',
        'truncate ledger_lines cascade',
      ]) {
        await expect(sql.raw(meddling).execute(kysely)).rejects.toThrow('never changed or removed');
      }
      await sql`update ledger_accounts set credits_micros = 6000 where account = ${MINA}`.execute(kysely);
      expect(await ledger.audit()).toEqual({
        accounts: 2,
        lines: 1,
        unbalanced: [{ currency: 'KRW', micros: 1_000n }],
        deviating: [{ account: MINA, currency: 'KRW' }],
      });
    });
  });
}
