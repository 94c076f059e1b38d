import { periodAt } from '../domain/billing/settlement/index.ts';
import { type InvoicePorts, invoiceCalls } from './invoice-calls.ts';
import type { ServicePorts } from './ports/index.ts';
import { sellerTimeZone } from './sale-documents.ts';
import { taxCalls } from './tax-calls.ts';

type MonthPorts = InvoicePorts & Pick<ServicePorts, 'callTaxes'>;

/** Has the calls of each month invoiced and taxed once it is over, and looks at no member twice for it. */
export class MonthWatch {
  readonly #ports: MonthPorts;
  #doneMonthMs: number | undefined;

  constructor(ports: MonthPorts) {
    this.#ports = ports;
  }

  /** Sends the invoices of last month and posts its tax, unless this process has. */
  async lookWhereDue(): Promise<void> {
    const nowMs = this.#ports.clock.nowMs();
    const { fromMs } = periodAt(nowMs, { timeZone: sellerTimeZone(this.#ports), period: 'month' });
    if (this.#doneMonthMs === fromMs) return;
    if ((await invoiceCalls(this.#ports, { nowMs })) === undefined) return;
    if ((await taxCalls(this.#ports, { nowMs })) !== undefined) this.#doneMonthMs = fromMs;
  }
}
