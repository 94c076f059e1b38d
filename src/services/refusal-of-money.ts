import { type Result, refuse } from '../domain/refusal/index.ts';
import type { MoneyWrite } from './ports/index.ts';

/**
 * Why money was not kept, for whoever asked: `payment-notice-reused` where the bank's reference was recorded in the
 * same moment by somebody else, `payment-changed` where the payment was, `credit-spent`.
 * @returns undefined where it is about something else than money
 */
export function refusalOfMoney(
  write: MoneyWrite | string,
): Result<never, 'payment-notice-reused' | 'payment-changed' | 'credit-spent'> | undefined {
  switch (write) {
    case 'notice-known':
      return refuse(
        'payment-notice-reused',
        'The same notice is being recorded by somebody else; repeat it.',
      );
    case 'payment-changed':
      return refuse('payment-changed', 'Somebody else did something with this payment: look at it again.');
    case 'credit-exceeded':
      return refuse('credit-spent', 'The member has spent this credit: there is nothing to take back.');
    default:
      return undefined;
  }
}
