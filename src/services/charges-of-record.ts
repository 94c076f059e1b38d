import { type Charge, finishCharge } from '../domain/billing/charging/index.ts';
import type { CallRecord } from './ports/index.ts';

/** What a call is charged now that its record has ended: nothing where it was not answered, or is under way. */
export function chargesOfRecord({ id, charging, answeredAtMs, endedAtMs }: CallRecord): readonly Charge[] {
  if (charging === undefined || answeredAtMs === undefined || endedAtMs === undefined) return [];
  return charging.map((terms) => finishCharge(terms, { id, answeredAtMs, endedAtMs }));
}
