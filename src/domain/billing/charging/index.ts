export type { Charge, ChargeKind, ChargeRate, ChargeTerms } from './charge.ts';
export {
  bookingOf,
  type ChargeBooking,
  type ChargedCall,
  continuedTerms,
  finishCharge,
  laterEnd,
  WENT_ON,
} from './finish-charge.ts';
export { losesMoney } from './loss-guard.ts';
export {
  type Meter,
  type MeterEffect,
  type MeterInput,
  type MeterRefusal,
  needsMeter,
  type Slice,
  startMeter,
  stepMeter,
} from './meter.ts';
export { readChargingSetUp, writeChargingSetUp } from './read-set-up.ts';
export { type CallingTerms, type ChargingSetUp, NOTHING_CHARGED, USUAL_TERMS } from './set-up.ts';
