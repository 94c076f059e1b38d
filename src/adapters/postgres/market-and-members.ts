import type { Kysely } from 'kysely';
import type { DirectoryStore, ServicePorts } from '../../services/ports/index.ts';
import { createAccountStore } from './accounts.ts';
import { createAdjustmentStore } from './adjustments.ts';
import { createAliasStore } from './aliases.ts';
import { createBillStore } from './bills.ts';
import { createCallTaxStore } from './call-taxes.ts';
import { createCatalogueStore } from './catalogue.ts';
import { createCentreStore } from './centres.ts';
import { createChargeStore } from './charges.ts';
import { createChargingStore } from './charging.ts';
import type { Database } from './database-tables.ts';
import { createDirectoryStore } from './directory.ts';
import { createDocumentStore } from './documents.ts';
import { createIdempotencyStore } from './idempotency.ts';
import { createLedgerStore } from './ledger.ts';
import { createMemberStore } from './members.ts';
import { createOrderStore } from './orders.ts';
import { createPaymentStore } from './payments.ts';
import { createReconciliationStore } from './reconciliations.ts';
import { createRenewalStore } from './renewals.ts';
import { createSettlementStore } from './settlements.ts';
import { StorableText } from './storable-text.ts';
import { createTariffStore } from './tariffs.ts';
import { createWebhookStore } from './webhooks.ts';

/** The stores of sale and membership, and the directory that is read from them, in PostgreSQL. */
export function createMarketAndMemberStores(database: Kysely<Database>): Pick<
  ServicePorts,
  | 'accounts'
  | 'adjustments'
  | 'aliases'
  | 'bills'
  | 'callTaxes'
  | 'catalogue'
  | 'centres'
  | 'charges'
  | 'charging'
  | 'documents'
  | 'idempotency'
  | 'ledger'
  | 'members'
  | 'orders'
  | 'payments'
  | 'reconciliations'
  | 'renewals'
  | 'settlements'
  | 'tariffs'
  | 'webhooks'
> & {
  readonly directory: DirectoryStore;
} {
  const kysely = database.withPlugin(new StorableText());
  return {
    accounts: createAccountStore(kysely),
    adjustments: createAdjustmentStore(kysely),
    aliases: createAliasStore(kysely),
    bills: createBillStore(kysely),
    callTaxes: createCallTaxStore(kysely),
    catalogue: createCatalogueStore(kysely),
    centres: createCentreStore(kysely),
    charges: createChargeStore(kysely),
    charging: createChargingStore(kysely),
    directory: createDirectoryStore(kysely),
    documents: createDocumentStore(kysely),
    idempotency: createIdempotencyStore(kysely),
    ledger: createLedgerStore(kysely),
    members: createMemberStore(kysely),
    orders: createOrderStore(kysely),
    payments: createPaymentStore(kysely),
    reconciliations: createReconciliationStore(kysely),
    renewals: createRenewalStore(kysely),
    settlements: createSettlementStore(kysely),
    tariffs: createTariffStore(kysely),
    webhooks: createWebhookStore(kysely),
  };
}
