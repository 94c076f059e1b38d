/** What networks owe each other, period by period (R23, C16). */
export { type Agreement, type Partner, PERIOD_KINDS, type PeriodKind } from './agreement.ts';
export { type Cutting, type Period, periodAt, periodFrom } from './period.ts';
export { readAgreement } from './read-agreement.ts';
export {
  type ClosedSettlement,
  type ConfirmedSettlement,
  type DisputedItem,
  type DisputedSettlement,
  type DisputeOutcome,
  dueMicros,
  leftMicros,
  type OpenSettlement,
  type PaidSettlement,
  SETTLEMENT_STATES,
  type Settlement,
  type SettlementEffect,
  type SettlementInput,
  type SettlementPayment,
  type SettlementState,
  type StatedSettlement,
} from './settlement.ts';
export {
  type CallDirection,
  differenceMicros,
  directionOf,
  makeStatement,
  type Statement,
  type StatementParts,
  type UsageLine,
} from './statement.ts';
export { MOST_DISPUTED_ITEMS, type SettlementRefusalCode, stepSettlement } from './step-settlement.ts';
