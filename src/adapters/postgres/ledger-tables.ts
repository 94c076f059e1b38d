import type { Generated } from 'kysely';
import type { Currency } from '../../domain/billing/index.ts';
import type { LedgerAccount, LedgerEntry } from '../../domain/billing/ledger/index.ts';

export interface LedgerTables {
  ledger_accounts: {
    account: LedgerAccount;
    currency: Currency;
    debits_micros: bigint;
    credits_micros: bigint;
    pending_micros: bigint;
    floor_micros: bigint | null;
    day: Generated<bigint>;
    day_debits_micros: Generated<bigint>;
  };
  ledger_lines: {
    id: string;
    line: Generated<bigint>;
    kind: LedgerEntry['kind'];
    pending_id: string | null;
    debit: LedgerAccount;
    credit: LedgerAccount;
    currency: Currency;
    micros: bigint;
    purpose: string;
    subject: string;
    at_ms: bigint;
    expires_at_ms: bigint | null;
    exchange_rate_picos: bigint | null;
    /** The process that is to end a pending one. */
    holder: string | null;
  };
  ledger_pendings: {
    id: string;
    debit: LedgerAccount;
    credit: LedgerAccount;
    currency: Currency;
    micros: bigint;
    purpose: string;
    subject: string;
    expires_at_ms: bigint;
    holder: string | null;
  };
}
