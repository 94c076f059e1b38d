/** What members are asked to pay besides number orders. */
export {
  BILL_KINDS,
  BILL_REFERENCES,
  BILL_STATES,
  type Bill,
  type BillEffect,
  type BillInput,
  type BillKind,
  type BillState,
  type EndedBill,
  type OpenBill,
  type PaidBill,
} from './bill.ts';
export { payFromCredit } from './pay-from-credit.ts';
export { type BillRefusalCode, stepBill } from './step-bill.ts';
