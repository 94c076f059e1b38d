export { type ClaimOnNumber, judgeSale, priceIn, refuseClaimed, renewalPriceIn } from './judge-sale.ts';
export { isMemorable } from './memorable.ts';
export {
  countryOf,
  lookupDigits,
  type NumberForSale,
  type NumberKind,
  numberForSale,
  parseNumberForSale,
  printNumberForSale,
} from './number-for-sale.ts';
export { matchingDigits, type NumberPattern, parseNumberPattern } from './number-pattern.ts';
export {
  doRangesCollide,
  isInRange,
  type NumberRange,
  parseNumberRange,
  printRange,
  type RangeOfNumbers,
} from './number-range.ts';
export {
  type ApprovedOrder,
  type AssignedOrder,
  type AwaitingPaymentOrder,
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
export { PURCHASE_FORM } from './purchase-form.ts';
export {
  HOLD_MS,
  judgeQuote,
  type OrderRefusalCode,
  PAYMENT_TERM_MS,
  QUARANTINE_MS,
  stepOrder,
} from './step-order.ts';
