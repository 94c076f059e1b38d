/** Money that arrives: what becomes of it, and the lines of the ledger that it makes. */
export {
  type Deposit,
  isAllocatable,
  type MoneyEffect,
  PAYMENT_CHANNELS,
  PAYMENT_DISPOSITIONS,
  type Payment,
  type PaymentChannel,
  type PaymentDisposition,
  type PaymentSubject,
} from './payment.ts';
export {
  creditEntries,
  creditReversal,
  keptEntries,
  payoutEntries,
  saleEntries,
  saleReversal,
} from './payment-postings.ts';
export {
  acceptDeposit,
  disputeLost,
  disputeWon,
  keepDeposit,
  noteOnPayment,
  type PaymentUse,
  payOut,
  sendBack,
  undoPayment,
} from './payment-steps.ts';
