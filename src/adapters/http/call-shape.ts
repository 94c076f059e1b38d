import { z } from 'zod';
import { type Actor, mayDo } from '../../domain/members/index.ts';
import type { AttemptRecord, CallRecord, KeptCharge } from '../../services/ports/index.ts';
import { maySeeCharge } from '../../services/see-charges.ts';
import { chargeShown, shownCharge } from './charge-shape.ts';
import { definite } from './definite.ts';
import { time, timeText } from './responses.ts';

export const callStatus = z.enum([
  'queued',
  'ringing',
  'answered',
  'completed',
  'busy',
  'no-answer',
  'failed',
  'cancelled',
]);

const attemptShown = z.object({
  trunk: z.string().optional(),
  gateway: z.string().optional(),
  centre: z.string().optional(),
  sentNumber: z.string().optional().describe('The number as it was sent there.'),
  address: z.string().optional(),
  startedAt: time,
  ringingAt: time.optional(),
  endedAt: time.optional(),
  sipStatus: z.int().optional(),
  q850Cause: z.int().optional(),
});

const streamShown = z.object({
  packets: z.number(),
  bytes: z.number(),
  lost: z.number().optional(),
  jitterMs: z.number().optional(),
  refused: z.number().describe('Packets of somebody else than the peer, or no RTP.'),
});

/** A call as one of its parties, or an operator, sees it. */
export const callShown = z
  .object({
    id: z.string(),
    status: callStatus,
    dialled: z.string().optional().describe('As the caller’s phone sent it; for the caller’s side.'),
    calledNumber: z.string().optional(),
    callerNumber: z.string().optional(),
    callerMemberId: z.string().optional().describe('For the caller’s side.'),
    callerTerminalId: z.string().optional().describe('For the caller’s side.'),
    calleeMemberId: z.string().optional().describe('For the callee’s side.'),
    calleeTerminalId: z.string().optional().describe('For the callee’s side.'),
    callerTrunk: z.string().optional().describe('The trunk it came in by; for operators.'),
    calleeTrunk: z.string().optional().describe('The trunk by which it was answered; for operators.'),
    calleeAddress: z.string().optional().describe('The SIP address that answered; for the caller’s side.'),
    attempts: z
      .array(attemptShown)
      .optional()
      .describe('The ways to other networks that were tried, in order; for operators.'),
    media: z
      .object({ fromCaller: streamShown, fromCallee: streamShown })
      .optional()
      .describe('What went through the relay; for operators.'),
    startedAt: time,
    ringingAt: time.optional(),
    answeredAt: time.optional(),
    endedAt: time.optional(),
    durationSeconds: z.number().optional().describe('From the answer to the end.'),
    hungUpBy: z.enum(['caller', 'callee', 'exchange']).optional(),
    sipStatus: z.int().optional(),
    q850Cause: z.int().optional(),
    refusal: z.string().optional().describe('A code of docs/errors.md.'),
    charges: z
      .array(chargeShown)
      .optional()
      .describe('Of one call: what you pay for it; for operators also what it costs.'),
  })
  .meta({ id: 'Call' });

/** Whose side only operators may see: that of another network. */
const NOBODY = '';

/**
 * The call as somebody may see it: each party learns of the other only what the call itself shows, its number;
 * who holds the number and which phone it was is the other's matter.
 * @param charges all of the call, where they are shown; everybody sees those of the own account
 */
export function shownCall(
  actor: Actor,
  call: CallRecord,
  charges?: readonly KeptCharge[],
): z.infer<typeof callShown> {
  const maySee = (memberId: string | undefined) => mayDo(actor, 'see-calls', memberId ?? NOBODY);
  const [isCallersSide, isCalleesSide] = [maySee(call.callerMemberId), maySee(call.calleeMemberId)];
  const isOperators = maySee(NOBODY);
  const { id, status, calledNumber, callerNumber, hungUpBy, sipStatus, q850Cause, refusal } = call;
  return definite({
    ...{ id, status, calledNumber, callerNumber, hungUpBy, sipStatus, q850Cause, refusal },
    dialled: isCallersSide ? call.dialled : undefined,
    callerMemberId: isCallersSide ? call.callerMemberId : undefined,
    callerTerminalId: isCallersSide ? call.callerTerminalId : undefined,
    calleeMemberId: isCalleesSide ? call.calleeMemberId : undefined,
    calleeTerminalId: isCalleesSide ? call.calleeTerminalId : undefined,
    callerTrunk: isOperators ? call.callerTrunk : undefined,
    calleeTrunk: isOperators ? call.calleeTrunk : undefined,
    calleeAddress: isCallersSide ? call.calleeAddress : undefined,
    attempts: isOperators ? call.attempts?.map(shownAttempt) : undefined,
    media: isOperators ? call.media : undefined,
    startedAt: timeText(call.startedAtMs),
    ringingAt: timeIfAny(call.ringingAtMs),
    answeredAt: timeIfAny(call.answeredAtMs),
    endedAt: timeIfAny(call.endedAtMs),
    durationSeconds: durationSeconds(call),
    charges: charges?.filter((charge) => maySeeCharge(actor, charge)).map(shownCharge),
  });
}

function shownAttempt({
  startedAtMs,
  ringingAtMs,
  endedAtMs,
  ...others
}: AttemptRecord): z.infer<typeof attemptShown> {
  return definite({
    ...others,
    startedAt: timeText(startedAtMs),
    ringingAt: timeIfAny(ringingAtMs),
    endedAt: timeIfAny(endedAtMs),
  });
}

function timeIfAny(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : timeText(atMs);
}

function durationSeconds({ answeredAtMs, endedAtMs }: CallRecord): number | undefined {
  if (answeredAtMs === undefined || endedAtMs === undefined) return undefined;
  return Math.max(0, endedAtMs - answeredAtMs) / 1000;
}

/** Whether somebody is a party of the call, or may see all calls. */
export function maySeeCall(actor: Actor, call: CallRecord): boolean {
  return partiesOf(call).some((memberId) => mayDo(actor, 'see-calls', memberId));
}

/** Whether somebody may see the messages of both sides, with the addresses in them. */
export function maySeeBothSides(actor: Actor, call: CallRecord): boolean {
  return partiesOf(call).every((memberId) => mayDo(actor, 'see-calls', memberId));
}

/** The members of both sides; `NOBODY` for a side that lies in another network. */
function partiesOf({ callerMemberId, calleeMemberId, ...call }: CallRecord): readonly string[] {
  const caller = callerMemberId ?? NOBODY;
  const wasRefusedHere = call.calleeTrunk === undefined && call.calleeAddress === undefined;
  return calleeMemberId === undefined && wasRefusedHere ? [caller] : [caller, calleeMemberId ?? NOBODY];
}
