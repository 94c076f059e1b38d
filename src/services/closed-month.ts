import { type Period, periodAt } from '../domain/billing/settlement/index.ts';
import type { ServicePorts } from './ports/index.ts';
import { sellerTimeZone } from './sale-documents.ts';

/** So long after the end of a month it is counted: processes that died have been found, and their calls ended. */
const SETTLING_MS = 3_600_000;

/** A month that is over, and the last charge that is in it or before it for good. */
export type ClosedMonth = { readonly month: Period; readonly cutLine: number };

/** Last month in the seller's time zone; undefined where it cannot be counted yet. */
export async function closedMonth(
  ports: Pick<ServicePorts, 'settings' | 'settlements'>,
  nowMs: number,
): Promise<ClosedMonth | undefined> {
  const cutting = { timeZone: sellerTimeZone(ports), period: 'month' } as const;
  const { fromMs } = periodAt(nowMs, cutting);
  if (nowMs < fromMs + SETTLING_MS) return undefined;
  const cutLine = await ports.settlements.cut();
  return cutLine === 'busy' ? undefined : { month: periodAt(fromMs - 1, cutting), cutLine };
}
