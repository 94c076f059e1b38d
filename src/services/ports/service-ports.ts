import type { AccountStore } from './accounts.ts';
import type { AliasStore, ProofMeans } from './aliases.ts';
import type { CardPayments } from './card-payments.ts';
import type { CentreStore } from './centres.ts';
import type { Clock } from './clock.ts';
import type { Bus } from './directory.ts';
import type { DocumentStore } from './documents.ts';
import type { IdempotencyStore } from './idempotency.ts';
import type { Hash, Identifiers, Randomness } from './identifiers.ts';
import type { LedgerStore } from './ledger.ts';
import type { CatalogueStore, OrderStore, ServiceSettings } from './market.ts';
import type { MemberStore } from './members.ts';
import type { BillStore, PaymentStore } from './payments.ts';
import type { TariffStore } from './tariffs.ts';
import type { WebhookStore } from './webhooks.ts';

/** Everything the use cases of sale and membership need; each takes the part it uses. */
export type ServicePorts = {
  readonly accounts: AccountStore;
  readonly aliases: AliasStore;
  readonly bills: BillStore;
  readonly bus: Bus;
  /** Absent where cards are not taken. */
  readonly cards?: CardPayments;
  readonly catalogue: CatalogueStore;
  readonly centres: CentreStore;
  readonly clock: Clock;
  readonly documents: DocumentStore;
  readonly hash: Hash;
  readonly idempotency: IdempotencyStore;
  readonly identifiers: Identifiers;
  readonly ledger: LedgerStore;
  readonly members: MemberStore;
  readonly orders: OrderStore;
  readonly payments: PaymentStore;
  readonly proofs: ProofMeans;
  readonly randomness: Randomness;
  readonly settings: ServiceSettings;
  readonly tariffs: TariffStore;
  readonly webhooks: WebhookStore;
};
