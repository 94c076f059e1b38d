import type { Generated } from 'kysely';
import type { ChargeKind } from '../../domain/billing/charging/index.ts';
import type { Currency } from '../../domain/billing/index.ts';
import type { LedgerAccount } from '../../domain/billing/ledger/index.ts';
import type { RateJson } from './charge-rows.ts';

export interface ChargeTables {
  charges: {
    id: string;
    line: Generated<bigint>;
    call_id: string;
    leg: string;
    run: number;
    kind: ChargeKind;
    account: LedgerAccount;
    paid_by: 'other' | 'us';
    number: string;
    tariff: string;
    version_id: string | null;
    prefix: string;
    destination: string;
    rate: RateJson;
    currency: Currency;
    micros: bigint;
    billed_seconds: number;
    answered_at_ms: bigint;
    ended_at_ms: bigint;
  };
}
