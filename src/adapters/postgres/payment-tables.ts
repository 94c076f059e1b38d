import type { BillKind, BillState } from '../../domain/billing/bills/index.ts';
import type { PaymentChannel, PaymentDisposition } from '../../domain/billing/payments/index.ts';

export interface PaymentTables {
  /** Of order, bill and member at most one says what the money is for. */
  payments: {
    id: string;
    order_id: string | null;
    bill_id: string | null;
    member_id: string | null;
    notice_id: string;
    channel: PaymentChannel;
    currency: string;
    amount_micros: bigint;
    tax_micros: bigint;
    disposition: PaymentDisposition;
    reason: string | null;
    payer: string | null;
    remark: string | null;
    recorded_at_ms: bigint;
    accepted_at_ms: bigint | null;
    refunded_at_ms: bigint | null;
  };
  /** Why an operator moved money by hand, and who: beside the line of the ledger, which has the rest. */
  ledger_adjustments: {
    id: string;
    reason: string;
    user_id: string;
  };
  bills: {
    id: string;
    member_id: string;
    kind: BillKind;
    order_id: string | null;
    currency: string;
    amount_micros: bigint;
    description: string;
    payment_reference: string;
    state: BillState;
    created_at_ms: bigint;
    due_at_ms: bigint;
    period_from_ms: bigint | null;
    period_until_ms: bigint | null;
    cut_line: bigint | null;
    expires_at_ms: bigint | null;
    paid_at_ms: bigint | null;
    ended_at_ms: bigint | null;
  };
}
