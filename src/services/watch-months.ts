import { periodAt } from '../domain/billing/settlement/index.ts';
import { type InvoicePorts, invoiceCalls } from './invoice-calls.ts';
import { sellerTimeZone } from './sale-documents.ts';

/** Has the calls of each month invoiced once it is over, and looks at no member twice for it. */
export class MonthWatch {
  readonly #ports: InvoicePorts;
  #doneMonthMs: number | undefined;

  constructor(ports: InvoicePorts) {
    this.#ports = ports;
  }

  /** Sends the invoices of last month, unless this process has. */
  async lookWhereDue(): Promise<void> {
    const nowMs = this.#ports.clock.nowMs();
    const { fromMs } = periodAt(nowMs, { timeZone: sellerTimeZone(this.#ports), period: 'month' });
    if (this.#doneMonthMs === fromMs) return;
    if ((await invoiceCalls(this.#ports, { nowMs })) !== undefined) this.#doneMonthMs = fromMs;
  }
}
