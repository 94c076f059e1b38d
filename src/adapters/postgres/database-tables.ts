import type { AliasTables } from './alias-tables.ts';
import type { CallRecordTables } from './call-record-tables.ts';
import type { CentreTables } from './centre-tables.ts';
import type { ChargeTables } from './charge-tables.ts';
import type { ChargingTables } from './charging-tables.ts';
import type { DocumentTables } from './document-tables.ts';
import type { LedgerTables } from './ledger-tables.ts';
import type { MarketTables } from './market-tables.ts';
import type { MemberTables } from './member-tables.ts';
import type { PaymentTables } from './payment-tables.ts';
import type { ProcessTables } from './process-tables.ts';
import type { RegistrationTables } from './registration-tables.ts';
import type { SettlementTables } from './settlement-tables.ts';
import type { TariffTables } from './tariff-tables.ts';
import type { TermTables } from './term-tables.ts';
import type { WebhookTables } from './webhook-tables.ts';

/** Every table of the database; each file of tables adds its own, and its migration makes them. */
export interface Database
  extends AliasTables,
    RegistrationTables,
    CallRecordTables,
    CentreTables,
    ChargeTables,
    ChargingTables,
    DocumentTables,
    LedgerTables,
    MarketTables,
    MemberTables,
    PaymentTables,
    ProcessTables,
    SettlementTables,
    TariffTables,
    TermTables,
    WebhookTables {}
