import type { Insertable, Selectable } from 'kysely';
import { nextMoveAtMs, type Term } from '../../domain/renewals/index.ts';
import type { TermTables } from './term-tables.ts';

type TermRow = Selectable<TermTables['number_terms']>;

export function termColumns(term: Term): Insertable<TermTables['number_terms']> {
  return {
    order_id: term.orderId,
    member_id: term.memberId,
    state: term.state,
    started_at_ms: BigInt(term.startedAtMs),
    years: term.years,
    paid_until_ms: BigInt(term.paidUntilMs),
    mode: term.mode,
    revision: term.revision,
    notice: term.notice ?? null,
    bill_id: 'billId' in term ? term.billId : null,
    billed_at_ms: timeOf('billedAtMs' in term ? term.billedAtMs : undefined),
    reminded_days: 'remindedDays' in term ? term.remindedDays : null,
    grace_until_ms: timeOf('graceUntilMs' in term ? term.graceUntilMs : undefined),
    lapsed_at_ms: timeOf('lapsedAtMs' in term ? term.lapsedAtMs : undefined),
    quarantine_until_ms: timeOf('quarantineUntilMs' in term ? term.quarantineUntilMs : undefined),
    ended_at_ms: timeOf('endedAtMs' in term ? term.endedAtMs : undefined),
    next_move_at_ms: timeOf(nextMoveAtMs(term)),
  };
}

export function termOf(row: TermRow): Term {
  const term = {
    orderId: row.order_id,
    memberId: row.member_id,
    state: row.state,
    startedAtMs: row.started_at_ms,
    years: row.years,
    paidUntilMs: row.paid_until_ms,
    mode: row.mode,
    revision: row.revision,
    notice: row.notice,
    billId: row.bill_id,
    billedAtMs: row.billed_at_ms,
    remindedDays: row.reminded_days,
    graceUntilMs: row.grace_until_ms,
    lapsedAtMs: row.lapsed_at_ms,
    quarantineUntilMs: row.quarantine_until_ms,
    endedAtMs: row.ended_at_ms,
  };
  // What is null in SQL is absent in a term; which parts a state has was decided when it was stored.
  return Object.fromEntries(
    Object.entries(term)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  ) as Term;
}

function timeOf(ms: number | undefined): bigint | null {
  return ms === undefined ? null : BigInt(ms);
}
