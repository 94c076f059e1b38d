/** Comparing our charges with the call records of another network (R23). */
export type { ComparedCall, OurCall, TheirCall, TheirPrice } from './compared-call.ts';
export { NumberCells, type NumberWriting } from './compared-number.ts';
export { type DisputedDifference, type DisputeWording, disputedDifference } from './disputed-difference.ts';
export type { Tolerances } from './match-calls.ts';
export {
  type PartnerRecords,
  type RecordFault,
  type RecordWriting,
  readPartnerRecords,
} from './read-partner-records.ts';
export {
  type CallDifference,
  type CallTotals,
  DIFFERENCE_KINDS,
  type DifferenceKind,
  type DifferenceTotals,
  type Reconciliation,
  reconcile,
} from './reconcile.ts';
export type { DateOrder } from './record-cells.ts';
export { RECORD_PARTS, type RecordPart } from './record-columns.ts';
