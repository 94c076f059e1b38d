import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BT_AGREEMENT } from '../../../../test/support/charging-terms.ts';
import {
  dueMicros,
  leftMicros,
  type OpenSettlement,
  type Settlement,
  type SettlementInput,
} from './settlement.ts';
import { differenceMicros, makeStatement, type UsageLine } from './statement.ts';
import { stepSettlement } from './step-settlement.ts';

const OPEN: OpenSettlement = {
  state: 'open',
  id: 's1',
  trunk: 'bt',
  currency: 'GBP',
  period: { fromMs: 1_000, untilMs: 2_000, name: '1970-01-01' },
  agreement: BT_AGREEMENT,
};

function usage(paidBy: 'us' | 'other', micros: bigint): UsageLine {
  const direction = paidBy === 'us' ? 'outbound' : 'inbound';
  return { direction, paidBy, destination: 'UK', calls: 1, durationMs: 60_000, billedSeconds: 60, micros };
}

const STATEMENT = makeStatement({
  usage: [usage('us', 9_000_000n), usage('us', 1_000_000n), usage('other', 4_000_000n)],
  carriedForwardMicros: 500_000n,
  late: { calls: 0, micros: 0n },
  ledgerMicros: 6_000_000n,
  cutLine: 7,
});

const close: SettlementInput = { kind: 'closed', statement: STATEMENT, nowMs: 2_000 };
const confirm: SettlementInput = { kind: 'confirmed', nowMs: 3_000 };

function pay(micros: bigint, reference = 'wire 1'): SettlementInput {
  return { kind: 'paid', payment: { micros, reference, paidAtMs: 4_000 }, nowMs: 4_000 };
}

function dispute(...items: readonly (readonly [string, bigint])[]): SettlementInput {
  return { kind: 'disputed', items: items.map(([what, micros]) => ({ what, micros })), nowMs: 2_500 };
}

function resolve(...amounts: readonly bigint[]): SettlementInput {
  const outcomes = amounts.map((micros, at) => ({ item: at + 1, micros, because: 'looked into' }));
  return { kind: 'resolved', outcomes, nowMs: 2_800 };
}

/** What becomes of it, with everything the ledger was told. */
function outcomeOf(...inputs: readonly SettlementInput[]) {
  let settlement: Settlement = OPEN;
  const moved: string[] = [];
  for (const input of inputs) {
    const step = stepSettlement(settlement, input);
    if (!step.ok) return { settlement, moved, refused: step.refusal.code };
    settlement = step.value[0];
    for (const { entries } of step.value[1]) {
      for (const entry of entries) {
        if (entry.kind !== 'posted') throw new Error('Something is kept back.');
        moved.push(`${entry.debit} > ${entry.credit} ${entry.micros} (${entry.purpose}, ${entry.id})`);
      }
    }
  }
  return { settlement, moved };
}

describe('a settlement', () => {
  it('R23: is closed, confirmed and paid; the payment leaves the trunk’s account', () => {
    const { settlement, moved } = outcomeOf(close, confirm, pay(6_500_000n));
    expect(settlement).toMatchObject({ state: 'paid', closedAtMs: 2_000, confirmedAtMs: 3_000 });
    expect(moved).toEqual(['trunk/bt > bank 6500000 (settlement, settlement/s1/payment)']);
    if (settlement.state !== 'paid') throw new Error('It is not paid.');
    expect([dueMicros(settlement), leftMicros(settlement)]).toEqual([6_500_000n, 0n]);
  });

  it('R23: money that comes is below zero, and comes from the bank', () => {
    expect(outcomeOf(close, confirm, pay(-2_000_000n)).moved).toEqual([
      'bank > trunk/bt 2000000 (settlement, settlement/s1/payment)',
    ]);
  });

  it('R23: what was not paid is left for the next one, also all of it', () => {
    for (const [paid, left] of [
      [6_000_000n, 500_000n],
      [7_000_000n, -500_000n],
      [0n, 6_500_000n],
    ] as const) {
      const { settlement } = outcomeOf(close, confirm, pay(paid));
      expect(settlement.state === 'paid' && leftMicros(settlement)).toBe(left);
    }
    expect(outcomeOf(close, confirm, pay(0n)).moved).toEqual([]);
  });

  it('R23: may be told everything twice, and moves money once', () => {
    const once = outcomeOf(close, confirm, pay(6_500_000n));
    expect(
      outcomeOf(close, close, confirm, confirm, close, pay(6_500_000n), pay(6_500_000n), confirm),
    ).toEqual(once);
    expect(outcomeOf(close, confirm, pay(6_500_000n), pay(6_500_000n, 'wire 2'))).toMatchObject({
      refused: 'settlement-state-refused',
    });
  });

  it('R23: is not closed before its period is over', () => {
    expect(outcomeOf({ ...close, nowMs: 1_999 })).toMatchObject({ refused: 'settlement-period-not-over' });
  });

  it('R23: what was agreed about disputed items changes what is due, and moves in the ledger', () => {
    const { settlement, moved } = outcomeOf(
      close,
      dispute(['c1 lasted 5 s, not 50', -700_000n], ['c2 is missing', 200_000n]),
      resolve(-600_000n, 0n),
      pay(5_900_000n),
    );
    expect(moved).toEqual([
      'trunk/bt > call-costs 600000 (adjustment, settlement/s1/dispute/2)',
      'trunk/bt > bank 5900000 (settlement, settlement/s1/payment)',
    ]);
    expect(settlement.state === 'paid' && leftMicros(settlement)).toBe(0n);
  });

  it('R23: a dispute takes more items, each once, and ends when each has an outcome', () => {
    const first = ['c1', 1n] as const;
    const disputed = outcomeOf(close, dispute(first), dispute(first, ['c2', 2n]));
    expect(disputed.settlement).toMatchObject({
      state: 'disputed',
      disputed: [
        { item: 1, what: 'c1', micros: 1n },
        { item: 2, what: 'c2', micros: 2n },
      ],
    });
    for (const outcomes of [resolve(), resolve(1n), resolve(1n, 2n, 3n)]) {
      expect(outcomeOf(close, dispute(first, ['c2', 2n]), outcomes).refused).toBe(
        'settlement-outcomes-incomplete',
      );
    }
  });

  it('R23: a dispute that is told again after its outcome leaves the settlement confirmed', () => {
    const { settlement, moved } = outcomeOf(close, dispute(['c1', 1n]), resolve(10n), dispute(['c1', 1n]));
    expect(settlement).toMatchObject({ state: 'confirmed', confirmedAtMs: expect.any(Number) });
    expect(moved).toHaveLength(1);
  });

  it('R23: may be disputed again after it was confirmed; earlier outcomes stay', () => {
    const again: SettlementInput = {
      kind: 'resolved',
      outcomes: [{ item: 2, micros: 40n, because: 'yes' }],
      nowMs: 3_500,
    };
    const { settlement, moved } = outcomeOf(
      close,
      dispute(['c1', 1n]),
      resolve(10n),
      dispute(['c2', 2n]),
      again,
    );
    expect(settlement.state).toBe('confirmed');
    expect(settlement.state === 'confirmed' && dueMicros(settlement)).toBe(6_500_050n);
    expect(moved).toEqual([
      'call-costs > trunk/bt 10 (adjustment, settlement/s1/dispute/1)',
      'call-costs > trunk/bt 40 (adjustment, settlement/s1/dispute/2)',
    ]);
  });

  it.each([
    ['open', [], [confirm, dispute(['c1', 1n]), resolve(1n), pay(1n)]],
    ['closed', [close], [resolve(1n), pay(1n)]],
    ['disputed', [close, dispute(['c1', 1n])], [confirm, pay(1n)]],
    ['confirmed', [close, confirm], [resolve(1n)]],
    ['paid', [close, confirm, pay(1n)], [dispute(['c1', 1n]), resolve(1n)]],
  ] as const)('R23: %s refuses what does not fit', (state, before, refused) => {
    for (const input of refused) {
      const outcome = outcomeOf(...before, input);
      expect(outcome.settlement.state).toBe(state);
      expect(outcome.refused).toBe('settlement-state-refused');
    }
  });

  it('R23: whatever happens, what the ledger moved is what was agreed and paid', () => {
    const input = fc.oneof(
      fc.constant(close),
      fc.constant(confirm),
      fc.bigInt({ min: -9n, max: 9n }).map((micros) => pay(micros)),
      fc.bigInt({ min: -9n, max: 9n }).map((micros) => dispute([`about ${micros}`, micros])),
      fc.array(fc.bigInt({ min: -9n, max: 9n }), { maxLength: 2 }).map((amounts) => resolve(...amounts)),
    );
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        let settlement: Settlement = OPEN;
        let owed = 0n;
        for (const each of inputs) {
          const step = stepSettlement(settlement, each);
          if (!step.ok) continue;
          settlement = step.value[0];
          for (const entry of step.value[1].flatMap(({ entries }) => entries)) {
            if (entry.kind !== 'posted') throw new Error('Something is kept back.');
            owed += entry.credit === 'trunk/bt' ? entry.micros : -entry.micros;
          }
        }
        if (settlement.state === 'open') {
          expect(owed).toBe(0n);
          return;
        }
        const agreed = settlement.outcomes.reduce((sum, { micros }) => sum + micros, 0n);
        expect(owed).toBe(agreed - (settlement.state === 'paid' ? settlement.payment.micros : 0n));
      }),
    );
  });
});

describe('a statement', () => {
  it('R23: adds up what each side owes, and shows where the ledger has it otherwise', () => {
    expect([STATEMENT.owedByUsMicros, STATEMENT.owedToUsMicros, differenceMicros(STATEMENT)]).toEqual([
      10_000_000n,
      4_000_000n,
      0n,
    ]);
    expect(differenceMicros({ ...STATEMENT, ledgerMicros: 5_999_999n })).toBe(1n);
  });
});
