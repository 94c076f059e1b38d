import { z } from 'zod';
import { RENEWAL_MODES, TERM_STATES } from '../../domain/renewals/index.ts';
import type { HeldNumber } from '../../services/set-renewal.ts';
import { definite } from './definite.ts';
import { time, timeText } from './responses.ts';
import { serviceNumber, shownNumber } from './shapes.ts';

/** A number that a member holds, and for how long it is paid for (R24). */
export const heldNumber = serviceNumber
  .extend({
    orderId: z.string().describe('The order it was bought with: by it the number is renewed and given back.'),
    paidUntil: time,
    renewal: z.object({
      mode: z.enum(RENEWAL_MODES).describe('`from-credit`: taken from prepaid credit where there is enough.'),
      state: z
        .enum(TERM_STATES)
        .describe('`due`: a bill waits. `grace`: it is late, and the number works on until `graceUntil`.'),
      billId: z.string().optional().describe('What is to be paid for another year.'),
      graceUntil: time.optional(),
      restsUntil: time.optional().describe('Until then a number that has lapsed comes back with the money.'),
    }),
  })
  .meta({ id: 'HeldNumber' });

export function shownHeldNumber({ order, term }: HeldNumber): z.infer<typeof heldNumber> {
  return {
    ...shownNumber(order.number),
    orderId: order.id,
    paidUntil: timeText(term.paidUntilMs),
    renewal: definite({
      mode: term.mode,
      state: term.state,
      billId: 'billId' in term ? term.billId : undefined,
      graceUntil: term.state === 'grace' ? timeText(term.graceUntilMs) : undefined,
      restsUntil: term.state === 'lapsed' ? timeText(term.quarantineUntilMs) : undefined,
    }),
  };
}
