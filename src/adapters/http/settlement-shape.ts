import { z } from 'zod';
import { type Currency, printAmount } from '../../domain/billing/index.ts';
import {
  type CallDifference,
  type CallTotals,
  DIFFERENCE_KINDS,
} from '../../domain/billing/reconciliation/index.ts';
import {
  differenceMicros,
  dueMicros,
  type Period,
  type StatedSettlement,
  type Statement,
} from '../../domain/billing/settlement/index.ts';
import type { KeptReconciliation, ListedSettlement, SettledLeg } from '../../services/ports/index.ts';
import { CHARGE_COLUMNS } from './charge-shape.ts';
import type { CsvColumn } from './csv.ts';
import { definite } from './definite.ts';
import { time, timeText } from './responses.ts';
import { money, shownMoney } from './shapes.ts';

export const settlementState = z.enum(['closed', 'disputed', 'confirmed', 'paid']);
export const callDirection = z
  .enum(['outbound', 'inbound', 'transit'])
  .describe('To the other network, from it to us, or from it through us to a third one.');

const period = z.object({
  name: z.string().describe('Its first day in the time zone of the agreement.'),
  from: time,
  until: time.describe('The first moment that no longer belongs to it.'),
});

/** A settlement in a list. */
export const settlementListed = z
  .object({
    id: z.string(),
    trunk: z.string(),
    currency: z.string(),
    period,
    state: settlementState,
    owedByUs: money,
    owedToUs: money,
    due: money.describe('What is to be paid to the other network; below zero, by it.'),
    difference: money.describe('Between statement and ledger: anything but 0 has to be looked into.'),
  })
  .meta({ id: 'SettlementListed' });

const usage = z.object({
  direction: callDirection,
  paidBy: z.enum(['other', 'us']),
  destination: z.string(),
  calls: z.int(),
  minutes: z.number(),
  billedSeconds: z.number(),
  amount: money,
});

export const statementShown = z
  .object({
    usage: z.array(usage),
    owedByUs: money,
    owedToUs: money,
    carriedForward: money.describe('What earlier settlements left; above zero it is owed by us.'),
    lateCalls: z.int().describe('Calls of earlier periods that became known after those were closed.'),
    late: money.describe('What they come to; above zero it is owed by us.'),
    ledger: money.describe('By how much the ledger moved the trunk’s account for these charges.'),
    difference: money.describe('Between statement and ledger: anything but 0 has to be looked into.'),
  })
  .meta({ id: 'SettlementStatement' });

export const settlementShown = settlementListed
  .extend({
    timeZone: z.string(),
    partner: z.string(),
    statement: statementShown,
    closedAt: time,
    confirmedAt: time.optional(),
    disputed: z.array(
      z.object({
        item: z.int(),
        what: z.string(),
        callId: z.string().optional(),
        amount: money.describe('What would be owed more, if it was granted.'),
        outcome: z.object({ amount: money, because: z.string() }).optional(),
      }),
    ),
    payment: z
      .object({
        amount: money.describe('Below zero it came from the other network.'),
        reference: z.string(),
        paidAt: time,
      })
      .optional(),
  })
  .meta({ id: 'Settlement' });

export const settlementPreview = z
  .object({ trunk: z.string(), currency: z.string(), period, isOver: z.boolean(), statement: statementShown })
  .meta({ id: 'SettlementPreview' });

export function shownPeriod({ name, fromMs, untilMs }: Period): z.infer<typeof period> {
  return { name, from: timeText(fromMs), until: timeText(untilMs) };
}

export function shownListed(listed: ListedSettlement): z.infer<typeof settlementListed> {
  const { id, trunk, currency, state } = listed;
  const shown = (micros: bigint) => shownMoney({ currency, micros });
  return {
    id,
    trunk,
    currency,
    period: shownPeriod(listed.period),
    state: state as z.infer<typeof settlementState>,
    owedByUs: shown(listed.owedByUsMicros),
    owedToUs: shown(listed.owedToUsMicros),
    due: shown(listed.dueMicros),
    difference: shown(listed.differenceMicros),
  };
}

export function shownStatement(statement: Statement, currency: Currency): z.infer<typeof statementShown> {
  const shown = (micros: bigint) => shownMoney({ currency, micros });
  return {
    usage: statement.usage.map(({ durationMs, micros, ...used }) => ({
      ...used,
      minutes: Math.round(durationMs / 600) / 100,
      amount: shown(micros),
    })),
    owedByUs: shown(statement.owedByUsMicros),
    owedToUs: shown(statement.owedToUsMicros),
    carriedForward: shown(statement.carriedForwardMicros),
    lateCalls: statement.late.calls,
    late: shown(statement.late.micros),
    ledger: shown(statement.ledgerMicros),
    difference: shown(differenceMicros(statement)),
  };
}

export function shownSettlement(settlement: StatedSettlement): z.infer<typeof settlementShown> {
  const { id, trunk, currency, state, statement, agreement, disputed, outcomes } = settlement;
  const shown = (micros: bigint) => shownMoney({ currency, micros });
  const stated = shownStatement(statement, currency);
  const { owedByUs, owedToUs, difference } = stated;
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.item, outcome]));
  return definite({
    id,
    trunk,
    currency,
    state,
    period: shownPeriod(settlement.period),
    owedByUs,
    owedToUs,
    due: shown(dueMicros(settlement)),
    difference,
    timeZone: agreement.timeZone,
    partner: agreement.partner.name,
    statement: stated,
    closedAt: timeText(settlement.closedAtMs),
    confirmedAt: 'confirmedAtMs' in settlement ? timeText(settlement.confirmedAtMs) : undefined,
    disputed: disputed.map(({ item, what, callId, micros }) => {
      const outcome = outcomeOf.get(item);
      return definite({
        item,
        what,
        callId,
        amount: shown(micros),
        outcome: outcome && { amount: shown(outcome.micros), because: outcome.because },
      });
    }),
    payment:
      settlement.state === 'paid'
        ? {
            amount: shown(settlement.payment.micros),
            reference: settlement.payment.reference,
            paidAt: timeText(settlement.payment.paidAtMs),
          }
        : undefined,
  });
}

/** The columns of a settlement's charges in a file. */
export const LEG_COLUMNS: readonly CsvColumn<SettledLeg>[] = [
  ...CHARGE_COLUMNS.map(
    ([heading, of]): CsvColumn<SettledLeg> => [heading, ({ charge }) => of(charge)],
  ).filter(([heading]) => heading !== 'amount' && heading !== 'billed_seconds'),
  ['caller', ({ callerNumber }) => callerNumber],
  ['late', ({ isLate }) => (isLate ? 'yes' : 'no')],
  ['billed_seconds', ({ billedSeconds }) => billedSeconds],
  ['amount', ({ charge, micros }) => printAmount({ currency: charge.currency, micros })],
];

const totals = z.object({ calls: z.int(), minutes: z.number(), amount: money });
const callOfOneSide = z.object({
  caller: z.string().optional(),
  called: z.string(),
  startedAt: time,
  seconds: z.number(),
  amount: money.optional(),
  callId: z.string().optional(),
  line: z.int().optional().describe('In their file.'),
});

export const reconciliationShown = z
  .object({
    id: z.string(),
    settlementId: z.string(),
    madeAt: time,
    direction: callDirection,
    ours: totals,
    theirs: totals,
    alike: z.int().describe('Calls that both sides have alike.'),
    found: z.array(z.object({ kind: z.enum(DIFFERENCE_KINDS), calls: z.int(), amount: money })),
    atStake: money.describe('What all differences are about.'),
    differences: z
      .array(
        z.object({
          kind: z.enum(DIFFERENCE_KINDS),
          ours: callOfOneSide.optional(),
          theirs: callOfOneSide.optional(),
          amount: money.optional().describe('By how much their price is more than ours.'),
        }),
      )
      .describe('Those about the most money first.'),
    moreDifferences: z.int(),
    faults: z.array(z.object({ line: z.int(), detail: z.string() })).describe('Lines that were not read.'),
    faulty: z.int(),
    unanswered: z.int().describe('Lines of calls that did not last, which are not compared.'),
  })
  .meta({ id: 'Reconciliation' });

/** More than a screen holds; the others are in the dispute, and about less. */
const MOST_SHOWN = 1_000;

/** @param currency of the settlement */
export function shownReconciliation(
  kept: KeptReconciliation,
  currency: Currency,
): z.infer<typeof reconciliationShown> {
  const { id, settlementId, madeAtMs, direction, outcome, faults, faulty, unanswered, moreDifferences } =
    kept;
  const shown = (micros: bigint) => shownMoney({ currency, micros });
  const shownTotals = ({ calls, durationMs, micros }: CallTotals) => ({
    calls,
    minutes: Math.round(durationMs / 600) / 100,
    amount: shown(micros),
  });
  return {
    id,
    settlementId,
    madeAt: timeText(madeAtMs),
    direction,
    ours: shownTotals(outcome.ours),
    theirs: shownTotals(outcome.theirs),
    alike: outcome.alike,
    found: DIFFERENCE_KINDS.map((kind) => ({
      kind,
      calls: outcome.totals[kind].calls,
      amount: shown(outcome.totals[kind].micros),
    })),
    atStake: shown(outcome.atStakeMicros),
    differences: outcome.differences
      .slice(0, MOST_SHOWN)
      .map((difference) => shownDifference(difference, currency)),
    moreDifferences: moreDifferences + Math.max(0, outcome.differences.length - MOST_SHOWN),
    faults: faults.slice(0, MOST_SHOWN).map((fault) => ({ ...fault })),
    faulty,
    unanswered,
  };
}

function shownDifference({ kind, ours, theirs, micros }: CallDifference, currency: Currency) {
  const amount = (of: bigint | undefined) =>
    of === undefined ? undefined : shownMoney({ currency, micros: of });
  const sideOf = (call: CallDifference['ours'] | CallDifference['theirs']) =>
    call === undefined
      ? undefined
      : definite({
          caller: call.caller,
          called: call.called,
          startedAt: timeText(call.startedAtMs),
          seconds: call.durationMs / 1_000,
          amount: amount('micros' in call ? call.micros : call.price?.micros),
          callId: 'callId' in call ? call.callId : undefined,
          line: 'line' in call ? call.line : undefined,
        });
  return definite({ kind, ours: sideOf(ours), theirs: sideOf(theirs), amount: amount(micros) });
}
