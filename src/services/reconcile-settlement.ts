import {
  type DateOrder,
  type DifferenceKind,
  disputedDifference,
  NumberCells,
  type NumberWriting,
  type OurCall,
  type RecordPart,
  readPartnerRecords,
  reconcile,
} from '../domain/billing/reconciliation/index.ts';
import {
  type CallDirection,
  directionOf,
  MOST_DISPUTED_ITEMS,
  type StatedSettlement,
} from '../domain/billing/settlement/index.ts';
import { isTimeZone } from '../domain/billing/tariffs/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { type Country, pstnNumberOf, registeredPersonalNumber } from '../domain/numbering/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { disputeSettlement } from './change-settlement.ts';
import type { KeptReconciliation, ServicePorts, SettledLeg } from './ports/index.ts';
import { settledCharges } from './see-settlements.ts';
import { timeOf } from './time-text.ts';

type Ports = Pick<ServicePorts, 'clock' | 'identifiers' | 'reconciliations' | 'settlements'>;

export type ReconcileSettlement = {
  readonly actor: Actor;
  readonly settlementId: string;
  /** Their records, as CSV with a heading. */
  readonly text: string;
  readonly direction: CallDirection;
  /** Of their times; that of the agreement where absent. */
  readonly timeZone?: string;
  /** In which numbers without a country code are. */
  readonly country?: Country;
  /** Whether numbers are the network's own rather than telephone numbers. */
  readonly hasOwnNumbers?: boolean;
  readonly dateOrder?: DateOrder;
  readonly columns?: Readonly<Partial<Record<RecordPart, string>>>;
  /** That of the agreement where absent. */
  readonly toleranceSeconds?: number;
  readonly durationToleranceSeconds?: number;
  /** Lets others go on for a moment. */
  readonly pause: () => Promise<void>;
};

const DURATION_TOLERANCE_SECONDS = 1;

/**
 * Compares the charges of a settlement with the other network's records, and keeps what differs (R23).
 * @returns refused with `records-unreadable`, `time-zone-unknown`, `not-found`, or as `permit` does
 */
export async function reconcileSettlement(
  ports: Ports,
  asked: ReconcileSettlement,
): Promise<Result<KeptReconciliation>> {
  const permitted = permit(asked.actor, 'settle');
  if (!permitted.ok) return permitted;
  const charges = await settledCharges(ports, asked);
  if (!charges.ok) return charges;
  const { settlement, legs } = charges.value;
  const timeZone = asked.timeZone ?? settlement.agreement.timeZone;
  if (!isTimeZone(timeZone)) {
    return refuse('time-zone-unknown', `"${timeZone}" is no time zone, as Asia/Seoul.`, '/timeZone');
  }
  const { dateOrder, columns, pause } = asked;
  const numbers = writingOf(asked);
  const theirs = await finished(
    readPartnerRecords(asked.text, {
      timeZone,
      numbers,
      currency: settlement.currency,
      ...(dateOrder === undefined ? {} : { dateOrder }),
      ...(columns === undefined ? {} : { columns }),
    }),
    pause,
  );
  if (!theirs.ok) return theirs;
  const { calls, ...unread } = theirs.value;
  const outcome = await finished(
    reconcile(await oursOf(legs, asked.direction, numbers), calls, tolerancesOf(asked, settlement)),
    pause,
  );
  const kept: KeptReconciliation = {
    id: ports.identifiers.next(),
    settlementId: settlement.id,
    madeAtMs: ports.clock.nowMs(),
    direction: asked.direction,
    paidBy: payerOf(settlement, asked.direction),
    outcome: { ...outcome, differences: outcome.differences.slice(0, MOST_DISPUTED_ITEMS) },
    moreDifferences: Math.max(0, outcome.differences.length - MOST_DISPUTED_ITEMS),
    ...unread,
  };
  await ports.reconciliations.keep(kept);
  return accept(kept);
}

/** One reconciliation. @returns refused with `not-found`, or as `permit` does */
export async function findReconciliation(
  { reconciliations }: Pick<ServicePorts, 'reconciliations'>,
  { actor, reconciliationId }: { readonly actor: Actor; readonly reconciliationId: string },
): Promise<Result<KeptReconciliation>> {
  const permitted = permit(actor, 'see-settlements');
  if (!permitted.ok) return permitted;
  const found = await reconciliations.find(reconciliationId);
  return found === undefined ? notFound() : accept(found);
}

export type DisputeDifferences = {
  readonly actor: Actor;
  readonly settlementId: string;
  readonly reconciliationId: string;
  /** Which differences; all where absent. */
  readonly kinds?: readonly DifferenceKind[];
};

/**
 * Puts what a reconciliation found into dispute.
 * @returns refused as `findReconciliation` and `disputeSettlement` do
 */
export async function disputeDifferences(
  ports: Ports,
  { kinds, ...asked }: DisputeDifferences,
): Promise<Result<StatedSettlement>> {
  const found = await findReconciliation(ports, asked);
  if (!found.ok) return found;
  const { settlementId, outcome, paidBy } = found.value;
  if (settlementId !== asked.settlementId) return notFound();
  const settlement = await ports.settlements.find(settlementId);
  if (settlement === undefined) return notFound();
  const wording = { currency: settlement.currency, paidBy, timeText: timeOf };
  const items = outcome.differences
    .filter(({ kind }) => kinds === undefined || kinds.includes(kind))
    .map((difference) => disputedDifference(difference, wording));
  return disputeSettlement(ports, { ...asked, items });
}

function writingOf({ hasOwnNumbers, country }: ReconcileSettlement): NumberWriting {
  if (hasOwnNumbers === true) return { kind: 'as-written' };
  return { kind: 'telephone', ...(country === undefined ? {} : { country }) };
}

function tolerancesOf(asked: ReconcileSettlement, { agreement }: StatedSettlement) {
  return {
    startMs: (asked.toleranceSeconds ?? agreement.toleranceSeconds) * 1_000,
    durationMs: (asked.durationToleranceSeconds ?? DURATION_TOLERANCE_SECONDS) * 1_000,
  };
}

function payerOf({ agreement }: StatedSettlement, direction: CallDirection): 'other' | 'us' {
  if (direction === 'outbound') return 'us';
  return direction === 'inbound' ? agreement.inboundPaidBy : 'other';
}

async function oursOf(
  legs: AsyncIterable<readonly SettledLeg[]>,
  direction: CallDirection,
  writing: NumberWriting,
): Promise<readonly OurCall[]> {
  const numbers = new NumberCells(writing);
  const calls = new Map<string, OurCall>();
  for await (const page of legs) {
    for (const leg of page) {
      if (directionOf(leg.charge.kind) !== direction) continue;
      const key = `${leg.charge.callId}/${leg.charge.leg}`;
      const known = calls.get(key);
      if (known !== undefined) calls.set(key, { ...known, micros: known.micros + leg.micros });
      // What corrects a call of an earlier period is not in the records of this one.
      else if (leg.charge.run === 1) calls.set(key, callOf(leg, numbers));
    }
  }
  return [...calls.values()];
}

function callOf({ charge, callerNumber, micros }: SettledLeg, numbers: NumberCells): OurCall {
  // What other networks see of a caller is a telephone number; a number of ours is not shown to them.
  const caller = callerNumber?.startsWith('+') === true ? numbers.read(callerNumber) : '';
  return {
    callId: charge.callId,
    leg: charge.leg,
    called: calledDigits(charge.number),
    startedAtMs: charge.answeredAtMs,
    durationMs: charge.endedAtMs - charge.answeredAtMs,
    micros,
    ...(caller === '' ? {} : { caller }),
  };
}

/** The digits by which a network knows a number: a personal number of ours is called by its telephone number. */
function calledDigits(number: string): string {
  const digits = number.slice(number.lastIndexOf(':') + 1);
  const telephone = number.startsWith('operator:own:')
    ? pstnNumberOf(registeredPersonalNumber(digits))
    : undefined;
  return telephone?.slice(1) ?? digits;
}

async function finished<Outcome>(
  steps: Generator<undefined, Outcome>,
  pause: () => Promise<void>,
): Promise<Outcome> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await pause();
  }
}
