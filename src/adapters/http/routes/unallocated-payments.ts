import { z } from 'zod';
import { allocatePayment } from '../../../services/allocate-payment.ts';
import { listUnallocated, type UnallocatedPayment } from '../../../services/list-unallocated.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { accepted } from '../problem.ts';
import { pageOf, pageQuery, problems, shownPage } from '../responses.ts';
import { id, idParams, words } from '../shapes.ts';
import { deposit, outcomeShown, shownDeposit, shownOutcome, subjectAsked } from './deposits.ts';

export const unallocatedPayment = z
  .object({
    deposit,
    suggestions: z
      .array(
        z.object({
          kind: z.enum(['order', 'bill']),
          id: z.string(),
          memberId: z.string(),
          description: z.string(),
          isSameName: z.boolean().describe('Whether the payer bears the member’s name.'),
        }),
      )
      .describe('What asks for the same amount.'),
  })
  .meta({ id: 'UnallocatedPayment' });

const allocation = z.union([
  z.strictObject({ orderId: id }),
  z.strictObject({ billId: id }),
  z.strictObject({ memberId: id.describe('Whose credit it becomes.') }),
  z.strictObject({ sendBack: z.literal(true), reason: words(200) }),
]);

/** Money that nobody knows a purpose for: an operator decides. */
export const unallocatedPaymentRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'GET',
    url: '/v1/unallocated-payments',
    schema: {
      summary: 'Money that nobody knows a purpose for, newest first (operator)',
      tags: ['money'],
      querystring: pageQuery,
      response: { 200: pageOf(unallocatedPayment), ...problems(401, 403) },
    },
    handler: async ({ actor, query }) =>
      shownPage(accepted(await listUnallocated(services, definite({ actor, ...query }))), shownUnallocated),
  });
  face.route({
    method: 'POST',
    url: '/v1/unallocated-payments/:id/allocation',
    schema: {
      summary: 'Say what money is for, or that it goes back (operator)',
      description:
        'An order or a bill takes it only where it is what was asked for; the credit of a member takes any amount. ' +
        'Asked again, it answers the same.',
      tags: ['money'],
      params: idParams,
      body: allocation,
      response: { 200: outcomeShown, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ actor, params, body }) => {
      const reason = 'reason' in body ? body.reason : undefined;
      const command = {
        actor,
        paymentId: params.id,
        subject: 'sendBack' in body ? undefined : subjectAsked(body),
        reason,
      };
      return shownOutcome(services, accepted(await allocatePayment(services, definite(command))));
    },
  });
};

function shownUnallocated({ payment, suggestions }: UnallocatedPayment): z.infer<typeof unallocatedPayment> {
  return {
    deposit: shownDeposit(payment),
    suggestions: suggestions.map((suggestion) => ({ ...suggestion })),
  };
}
