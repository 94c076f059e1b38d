/** Cards through Stripe. */
export { openStripePayments, type StripeOptions } from './stripe-payments.ts';
