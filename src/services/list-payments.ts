import type { Payment, PaymentDisposition, PaymentSubject } from '../domain/billing/payments/index.ts';
import { type Actor, permit } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { type Page, pageLimit, pageOf } from './page.ts';
import type { ServicePorts } from './ports/index.ts';

export type ListPayments = {
  readonly actor: Actor;
  readonly subject?: PaymentSubject;
  /** `refund-due` lists the money that has to go back. */
  readonly disposition?: PaymentDisposition;
  readonly after?: string;
  readonly limit?: number;
};

/** The money that arrived, newest first: for operators. */
export async function listPayments(
  ports: Pick<ServicePorts, 'payments'>,
  { actor, subject, disposition, after, limit }: ListPayments,
): Promise<Result<Page<Payment>>> {
  const permitted = permit(actor, 'see-payments');
  if (!permitted.ok) return permitted;
  const size = pageLimit(limit);
  const payments = await ports.payments.list({
    limit: size + 1,
    ...(subject === undefined ? {} : { subject }),
    ...(disposition === undefined ? {} : { disposition }),
    ...(after === undefined ? {} : { before: after }),
  });
  return accept(pageOf(payments, size, (payment) => payment.id));
}
