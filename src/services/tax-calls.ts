import { type TaxedMonth, taxMonth } from '../domain/billing/call-taxes/index.ts';
import { periodFrom } from '../domain/billing/settlement/index.ts';
import { type Actor, permit } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { closedMonth } from './closed-month.ts';
import type { ServicePorts } from './ports/index.ts';
import { sellerTimeZone } from './sale-documents.ts';

/** Ten years. */
const MOST_MONTHS = 120;

/**
 * Takes the tax out of what calls earned from members in the months that are over (R23, R24), each month once, however
 * often and by however many processes it is done. A call that became known late, or was corrected, is taxed in the
 * month in which that was, at its rate.
 * @returns the months that were counted; undefined where last month cannot be counted yet
 */
export async function taxCalls(
  ports: Pick<ServicePorts, 'callTaxes' | 'settings' | 'settlements'>,
  { nowMs }: { readonly nowMs: number },
): Promise<readonly TaxedMonth[] | undefined> {
  const closed = await closedMonth(ports, nowMs);
  if (closed === undefined) return undefined;
  const { month, cutLine } = closed;
  const cutting = { timeZone: sellerTimeZone(ports), period: 'month' } as const;
  const ratePerMillion = ports.settings.taxation?.ratePerMillion ?? 0;
  const counted: TaxedMonth[] = [];
  for (;;) {
    const last = await ports.callTaxes.last();
    // The first month begins with itself: nobody can say what was taxed before there was this.
    const fromMs = last?.period.untilMs ?? month.fromMs;
    const period = periodFrom(fromMs, cutting);
    if (period.untilMs > month.untilMs) return counted;
    const before = { untilMs: fromMs, cutLine: last?.cutLine ?? cutLine };
    const earned = await ports.callTaxes.earned({ untilMs: period.untilMs, cutLine, before });
    const [taxed, entries] = taxMonth({ period, cutLine, ratePerMillion, countedAtMs: nowMs }, earned);
    if ((await ports.callTaxes.keep(taxed, entries)) === 'kept') counted.push(taxed);
  }
}

/** The last ten years of months that were counted, newest first: for operators. @returns refused as `permit` does */
export async function listCallTaxes(
  { callTaxes }: Pick<ServicePorts, 'callTaxes'>,
  { actor }: { readonly actor: Actor },
): Promise<Result<readonly TaxedMonth[]>> {
  const permitted = permit(actor, 'see-ledger');
  return permitted.ok ? accept(await callTaxes.list(MOST_MONTHS)) : permitted;
}
