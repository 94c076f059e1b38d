import { z } from 'zod';
import { BILL_KINDS, BILL_STATES, type Bill } from '../../domain/billing/bills/index.ts';
import type { ServicePorts } from '../../services/ports/index.ts';
import { definite } from './definite.ts';
import { time, timeText } from './responses.ts';
import { money, shownMoney } from './shapes.ts';

/** What a member is asked to pay, as the API shows it. */
export const billShown = z
  .object({
    id: z.string(),
    memberId: z.string(),
    kind: z.enum(BILL_KINDS),
    amount: money.describe('Tax included.'),
    description: z.string(),
    orderId: z.string().optional().describe('The order of the number that is renewed.'),
    period: z
      .object({ from: time, until: time.describe('No longer part of it.') })
      .optional()
      .describe('The year that is renewed, or the month of an invoice.'),
    state: z.enum(BILL_STATES),
    paymentReference: z.string().describe('Write this on the transfer: by it the money finds the bill.'),
    depositTo: z
      .object({ bank: z.string(), account: z.string(), holder: z.string() })
      .optional()
      .describe('Where to transfer it while it is open; ask the operator where absent.'),
    createdAt: time,
    dueAt: time,
    expiresAt: time.optional().describe('From then on it can no longer be paid.'),
    paidAt: time.optional(),
    endedAt: time.optional(),
  })
  .meta({ id: 'Bill' });

export function shownBill(
  { settings }: Pick<ServicePorts, 'settings'>,
  bill: Bill,
): z.infer<typeof billShown> {
  const { amount, createdAtMs, dueAtMs, expiresAtMs, period, cutLine: _, ...rest } = bill;
  const { paidAtMs, endedAtMs, ...kept } = { paidAtMs: undefined, endedAtMs: undefined, ...rest };
  const textOf = (atMs: number | undefined) => (atMs === undefined ? undefined : timeText(atMs));
  return definite({
    ...kept,
    amount: shownMoney(amount),
    period: period && { from: timeText(period.fromMs), until: timeText(period.untilMs) },
    depositTo: bill.state === 'open' ? settings.depositAccounts[amount.currency] : undefined,
    createdAt: timeText(createdAtMs),
    dueAt: timeText(dueAtMs),
    expiresAt: textOf(expiresAtMs),
    paidAt: textOf(paidAtMs),
    endedAt: textOf(endedAtMs),
  });
}
