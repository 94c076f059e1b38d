import { lookupDigits } from '../../domain/market/index.ts';
import type { DirectoryStore, ServicePorts } from '../../services/ports/index.ts';
import { createMemoryAccounts } from './accounts.ts';
import { createMemoryAdjustments } from './adjustments.ts';
import { MemoryAliases } from './aliases.ts';
import { MemoryBills } from './bills.ts';
import { createMemoryCallTaxes } from './call-taxes.ts';
import { createMemoryCatalogue } from './catalogue.ts';
import { MemoryCentres } from './centres.ts';
import { MemoryCharges } from './charges.ts';
import { MemoryCharging } from './charging.ts';
import { MemoryDocuments } from './documents.ts';
import { createMemoryIdempotency } from './idempotency.ts';
import { MemoryLedger } from './ledger.ts';
import { MemoryMembers } from './members.ts';
import { MemoryOrders } from './orders.ts';
import { MemoryPayments } from './payments.ts';
import { createMemoryReconciliations } from './reconciliations.ts';
import { MemoryRenewals, MemoryTerms } from './renewals.ts';
import { MemorySettlements } from './settlements.ts';
import { MemoryTariffs } from './tariffs.ts';
import { MemoryWebhooks } from './webhooks.ts';

/** The stores of sale and membership, and the directory that is read from them. */
export type MarketAndMemberStores = Pick<
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
> & { readonly directory: DirectoryStore };

/** Empty stores in memory: for tests and trials, gone with the process. */
export function createMemoryStores(): MarketAndMemberStores & { readonly charges: MemoryCharges } {
  const accounts = createMemoryAccounts();
  const ledger = new MemoryLedger();
  const charges = new MemoryCharges(ledger);
  const members = new MemoryMembers(accounts);
  const documents = new MemoryDocuments();
  const webhooks = new MemoryWebhooks();
  const payments = new MemoryPayments(ledger, documents, webhooks);
  const bills = new MemoryBills(payments);
  const terms = new MemoryTerms(bills);
  const orders = new MemoryOrders({ payments, webhooks, terms });
  const aliases = new MemoryAliases();
  const directory: DirectoryStore = {
    async *numbers() {
      yield orders
        .assigned()
        .map(({ number, memberId }) => ({ digits: lookupDigits(number), kind: number.kind, memberId }));
    },
    async *branches() {
      yield members.allBranches().map(({ memberId, countryCode }) => ({ memberId, countryCode }));
    },
    async *terminals() {
      yield members.allTerminals().map(({ name: _, addedAtMs: __, ...fact }) => fact);
    },
    async *aliases() {
      yield aliases.facts();
    },
    async *followMes() {
      yield aliases.allFollowMes();
    },
  };
  return {
    accounts,
    adjustments: createMemoryAdjustments(ledger, webhooks),
    aliases,
    bills,
    callTaxes: createMemoryCallTaxes(charges, ledger),
    catalogue: createMemoryCatalogue(),
    centres: new MemoryCentres(),
    charges,
    charging: new MemoryCharging((memberId) => members.has(memberId)),
    directory,
    documents,
    idempotency: createMemoryIdempotency(),
    ledger,
    members,
    orders,
    payments,
    reconciliations: createMemoryReconciliations(),
    renewals: new MemoryRenewals({ terms, orders, bills, payments, webhooks }),
    settlements: new MemorySettlements(charges, ledger),
    tariffs: new MemoryTariffs(),
    webhooks,
  };
}
