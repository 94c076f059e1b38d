import { z } from 'zod';
import { printAmount } from '../../domain/billing/index.ts';
import type { KeptCharge, MarginLine } from '../../services/ports/index.ts';
import type { CsvColumn } from './csv.ts';
import { definite } from './definite.ts';
import { time, timeText } from './responses.ts';
import { money, shownMoney } from './shapes.ts';

export const chargeKind = z
  .enum(['sale', 'cost', 'inbound'])
  .describe(
    '`sale`: who called pays; `cost`: we pay who took the call on; `inbound`: calls of other networks.',
  );

/** One charging run of one leg of a call. */
export const chargeShown = z
  .object({
    id: z.string(),
    callId: z.string(),
    kind: chargeKind,
    leg: z.string(),
    run: z.int().describe('1 for the first, and one more with each correction.'),
    account: z.string().describe('Of the other party: `member/…`, `trunk/…`.'),
    paidBy: z.enum(['other', 'us']),
    number: z.string(),
    destination: z.string(),
    prefix: z.string(),
    tariff: z.string(),
    versionId: z.string().optional(),
    answeredAt: time,
    endedAt: time,
    billedSeconds: z.int(),
    amount: money.describe('What the leg costs after this run.'),
    correction: z.object({ reason: z.string(), by: z.string(), at: time }).optional(),
  })
  .meta({ id: 'Charge' });

export function shownCharge(charge: KeptCharge): z.infer<typeof chargeShown> {
  const { answeredAtMs, endedAtMs, correction, currency, micros, rate: _, line: __, ...shown } = charge;
  return definite({
    ...shown,
    answeredAt: timeText(answeredAtMs),
    endedAt: timeText(endedAtMs),
    amount: shownMoney({ currency, micros }),
    correction:
      correction === undefined
        ? undefined
        : { reason: correction.reason, by: correction.by, at: timeText(correction.atMs) },
  });
}

/** The columns of charges in a file. */
export const CHARGE_COLUMNS: readonly CsvColumn<KeptCharge>[] = [
  ['id', ({ id }) => id],
  ['call', ({ callId }) => callId],
  ['kind', ({ kind }) => kind],
  ['run', ({ run }) => run],
  ['account', ({ account }) => account],
  ['paid_by', ({ paidBy }) => paidBy],
  ['number', ({ number }) => number],
  ['destination', ({ destination }) => destination],
  ['prefix', ({ prefix }) => prefix],
  ['tariff', ({ tariff }) => tariff],
  ['answered_at', ({ answeredAtMs }) => timeText(answeredAtMs)],
  ['ended_at', ({ endedAtMs }) => timeText(endedAtMs)],
  ['billed_seconds', ({ billedSeconds }) => billedSeconds],
  ['amount', ({ currency, micros }) => printAmount({ currency, micros })],
  ['currency', ({ currency }) => currency],
];

export const marginShown = z
  .object({
    key: z
      .string()
      .describe('A destination, the trunk of a carrier, or a member; empty where calls have none.'),
    calls: z.int(),
    minutes: z.number(),
    averageSeconds: z.number().describe('How long a call lasted on average.'),
    revenue: money,
    cost: money,
    margin: money.describe('Within this currency: what was earned or paid in others stands in other lines.'),
  })
  .meta({ id: 'Margin' });

export function shownMargin(line: MarginLine): z.infer<typeof marginShown> {
  const { key, currency, calls, durationMs, revenueMicros, costMicros } = line;
  return {
    key,
    calls,
    minutes: Math.round(durationMs / 600) / 100,
    averageSeconds: calls === 0 ? 0 : Math.round(durationMs / calls / 100) / 10,
    revenue: shownMoney({ currency, micros: revenueMicros }),
    cost: shownMoney({ currency, micros: costMicros }),
    margin: shownMoney({ currency, micros: revenueMicros - costMicros }),
  };
}

/** An amount of calls, with more decimals than there are coins for; below zero where it is owed the other way. */
export const callAmount = z
  .string()
  .regex(/^-?\d{1,12}(?:\.\d{1,6})?$/, 'Write digits, with a point before at most six decimals: 0.0125.');

/** @param amount as `callAmount` takes it @returns millionths */
export function microsOf(amount: string): bigint {
  const [whole = '', fraction = ''] = amount.replace('-', '').split('.');
  const micros = BigInt(whole + fraction.padEnd(6, '0'));
  return amount.startsWith('-') ? -micros : micros;
}
