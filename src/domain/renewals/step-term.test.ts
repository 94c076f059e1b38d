import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anniversary } from './anniversary.ts';
import { firstTerm, nextMoveAtMs, stepTerm } from './step-term.ts';
import type { Term, TermEffect, TermInput } from './term.ts';

const DAY_MS = 24 * 3_600_000;
const QUARANTINE_MS = 90 * DAY_MS;
const START = Date.parse('2027-03-01T12:00:00Z');
const price = { currency: 'KRW', micros: 33_000_000_000n } as const;
const bought = firstTerm(
  { orderId: 'order', memberId: 'mina', startedAtMs: START },
  anniversary(START, 1, 'UTC'),
);
const END = bought.paidUntilMs;

/** Days after the end of the first year. */
const day = (days: number) => END + days * DAY_MS;
const timeZone = 'UTC';
const time = (days: number): TermInput => ({
  kind: 'time',
  nowMs: day(days),
  price,
  billId: 'bill',
  timeZone,
});
const free = (days: number): TermInput => ({ ...time(days), price: { ...price, micros: 0n } }) as TermInput;
const credit = (days: number): TermInput => ({
  kind: 'credit-offered',
  nowMs: day(days),
  price,
  billId: 'bill',
  timeZone,
});
const paid = (days: number): TermInput => ({ kind: 'bill-paid', billId: 'bill', nowMs: day(days), timeZone });
const undone = (days: number): TermInput => ({ kind: 'payment-undone', nowMs: day(days), timeZone });
const givenBack = (days: number): TermInput => ({ kind: 'given-back', nowMs: day(days) });

/** What becomes of a term, as a person reads it. */
function told(inputs: readonly TermInput[]): string {
  let term: Term = bought;
  let text = '';
  for (const input of inputs) {
    const stepped = stepTerm(term, input, QUARANTINE_MS);
    if (!stepped.ok) {
      text = `refused ${stepped.refusal.code}`;
      continue;
    }
    term = stepped.value[0];
    const until = new Date(term.paidUntilMs).toISOString().slice(0, 10);
    text = [`${term.state} until ${until}`, ...stepped.value[1].map(printEffect)].join(', ');
  }
  return text;
}

function printEffect(effect: TermEffect): string {
  switch (effect.kind) {
    case 'tell':
      return `tell ${effect.event}`;
    case 'limit-bill':
      return `limit-bill ${(effect.untilMs - END) / DAY_MS}`;
    case 'ask':
      return `ask ${effect.amount.micros / 1_000_000n} by ${(effect.dueAtMs - END) / DAY_MS}`;
    default:
      return effect.kind;
  }
}

const asked = [time(-30)];
const overdue = [...asked, time(-7), time(-1), time(0)];
const lapsed = [...overdue, time(30)];

describe('R24: the years of a number, state by state', () => {
  it.each<[string, TermInput[], string]>([
    ['a day too early', [time(-31)], 'current until 2028-03-01'],
    ['30 days before', asked, 'due until 2028-03-01, ask 33000 by 0, tell renewal-due'],
    ['asked twice', [...asked, time(-29)], 'due until 2028-03-01'],
    ['7 days before', [...asked, time(-7)], 'due until 2028-03-01, tell renewal-due'],
    ['1 day before', [...asked, time(-7), time(-1)], 'due until 2028-03-01, tell renewal-due'],
    ['between the reminders', [...asked, time(-7), time(-2)], 'due until 2028-03-01'],
    ['nobody looked for weeks', [time(-3), time(-2)], 'due until 2028-03-01'],
    ['its end', overdue, 'grace until 2028-03-01, tell renewal-due'],
    ['in grace', [...overdue, time(29)], 'grace until 2028-03-01'],
    ['grace is over', lapsed, 'lapsed until 2028-03-01, take-number, limit-bill 120, tell lapsed'],
    ['it rests', [...lapsed, time(119)], 'lapsed until 2028-03-01'],
    ['others may buy it', [...lapsed, time(120)], 'ended until 2028-03-01'],
    ['paid in time', [...asked, paid(-20)], 'current until 2029-03-01, tell renewed'],
    ['paid in grace: from the old date', [...overdue, paid(29)], 'current until 2029-03-01, tell renewed'],
    [
      'paid while it rests',
      [...lapsed, paid(119)],
      'current until 2029-03-01, give-number-again, tell renewed',
    ],
    ['paid when it rests no longer', [...lapsed, paid(120)], 'refused bill-closed'],
    ['paid when it is gone', [...lapsed, time(120), paid(121)], 'refused bill-closed'],
    ['paid after it was given back', [...asked, givenBack(-9), paid(-8)], 'refused bill-closed'],
    ['given back', [givenBack(-200)], 'ended until 2028-03-01'],
    ['given back with an open bill', [...asked, givenBack(-9)], 'ended until 2028-03-01, cancel-bill'],
    ['given back twice', [...asked, givenBack(-9), givenBack(-8)], 'ended until 2028-03-01'],
    ['from credit', [credit(-30)], 'current until 2029-03-01, take-credit, tell renewed'],
    ['from credit, too early', [credit(-31)], 'current until 2028-03-01'],
    [
      'from credit, at the next reminder',
      [...asked, credit(-7)],
      'current until 2029-03-01, take-credit, tell renewed',
    ],
    ['from credit, never when it has lapsed', [...lapsed, credit(40)], 'lapsed until 2028-03-01'],
    ['a year that costs nothing', [free(-30)], 'current until 2029-03-01, tell renewed'],
    ['undone', [...asked, paid(-20), undone(-10)], 'current until 2028-03-01'],
    [
      'undone, and asked again',
      [...asked, paid(-20), undone(-10), time(-10)],
      'due until 2028-03-01, ask 33000 by 0, tell renewal-due',
    ],
    ['undone: the first year cannot be', [undone(-10)], 'current until 2028-03-01'],
  ])('%s', (_, inputs, outcome) => {
    expect(told(inputs)).toBe(outcome);
  });

  it('R24: whoever was asked late has as long as others', () => {
    const late = [time(100), time(100)];
    expect(told(late)).toBe('grace until 2028-03-01, tell renewal-due');
    expect(told([...late, time(129)])).toBe('grace until 2028-03-01');
    expect(told([...late, time(130)])).toContain('lapsed');
  });

  it('R24: what the member is told is told before anything else, and once', () => {
    const stepped = stepTerm(bought, time(-30), QUARANTINE_MS);
    const due = stepped.ok ? stepped.value[0] : bought;
    expect([due.notice, nextMoveAtMs(due)]).toEqual(['due', 0]);
    const quiet = stepTerm(due, { kind: 'told', notice: 'due', nowMs: day(-30) }, QUARANTINE_MS);
    expect(quiet.ok && nextMoveAtMs(quiet.value[0])).toBe(day(-7));
    const other = stepTerm(due, { kind: 'told', notice: 'grace', nowMs: day(-30) }, QUARANTINE_MS);
    expect(other.ok && other.value[0]).toBe(due);
  });

  it('R24: whatever happens in whatever order, a year is added for each payment and none else', () => {
    const inputs = fc
      .array(
        fc.tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom(time, credit, paid, undone, givenBack)),
      )
      .map((steps) => {
        let days = -60;
        return steps.map(([wait, input]) => {
          days += wait;
          return input(days);
        });
      });
    fc.assert(
      fc.property(inputs, (given) => {
        let term: Term = bought;
        for (const input of given) {
          const stepped = stepTerm(term, input, QUARANTINE_MS);
          if (!stepped.ok) continue;
          const [after, effects] = stepped.value;
          const added = effects.some((effect) => effect.kind === 'tell' && effect.event === 'renewed')
            ? 1
            : 0;
          const taken = input.kind === 'payment-undone' && after !== term ? 1 : 0;
          expect(after.years).toBe(term.years + added - taken);
          expect(after.paidUntilMs).toBe(anniversary(START, after.years, timeZone));
          expect(after.revision).toBe(after === term ? term.revision : term.revision + 1);
          term = after;
        }
      }),
    );
  });
});
