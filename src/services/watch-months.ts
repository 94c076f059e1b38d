import { periodAt } from '../domain/billing/settlement/index.ts';
import { type InvoicePorts, invoiceCalls } from './invoice-calls.ts';
import type { ServicePorts } from './ports/index.ts';
import { sellerTimeZone } from './sale-documents.ts';
import { taxCalls } from './tax-calls.ts';

type MonthPorts = InvoicePorts & Pick<ServicePorts, 'callTaxes'>;

/** Has the calls of each month invoiced and taxed once it is over, and does neither twice for it. */
export class MonthWatch {
  readonly #ports: MonthPorts;
  #invoicedMonthMs: number | undefined;
  #taxedMonthMs: number | undefined;

  constructor(ports: MonthPorts) {
    this.#ports = ports;
  }

  /** Sends the invoices of last month and posts its tax, unless this process has; a failure of one leaves the other. */
  async lookWhereDue(): Promise<void> {
    const nowMs = this.#ports.clock.nowMs();
    const { fromMs } = periodAt(nowMs, { timeZone: sellerTimeZone(this.#ports), period: 'month' });
    try {
      if (this.#invoicedMonthMs !== fromMs && (await invoiceCalls(this.#ports, { nowMs })) !== undefined) {
        this.#invoicedMonthMs = fromMs;
      }
    } finally {
      if (this.#taxedMonthMs !== fromMs && (await taxCalls(this.#ports, { nowMs })) !== undefined) {
        this.#taxedMonthMs = fromMs;
      }
    }
  }
}
