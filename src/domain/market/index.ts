export type { NumberForSale, NumberKind } from './number-for-sale.ts';
export type { NumberRange } from './number-range.ts';
export {
  type ApprovedOrder,
  type AssignedOrder,
  type AwaitingPaymentOrder,
  type Deposit,
  type EndedOrder,
  ORDER_STATES,
  type Order,
  type OrderEffect,
  type OrderInput,
  type OrderState,
  type PaidOrder,
  type QuotedOrder,
  type RefusedOrder,
  type ReleasedOrder,
} from './order.ts';
export type { Payment, PaymentDisposition } from './payment.ts';
export {
  HOLD_MS,
  judgeQuote,
  type OrderRefusalCode,
  PAYMENT_TERM_MS,
  QUARANTINE_MS,
  stepOrder,
} from './step-order.ts';
