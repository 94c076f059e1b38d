/** What the services need of the world; each port is fulfilled by an adapter. */
export type { AccountStore } from './accounts.ts';
export type { AdjustmentStore, LedgerAdjustment } from './adjustments.ts';
export type {
  AliasSending,
  AliasStore,
  AliasWrite,
  CodeCaller,
  CodeCallTarget,
  Mail,
  Mailer,
  ProofMeans,
  SendingLimits,
} from './aliases.ts';
export type {
  AttemptRecord,
  CallRecord,
  CallRecordFilter,
  CallRecordStore,
  CallStatus,
} from './call-records.ts';
export type { CallTaxStore } from './call-taxes.ts';
export type { CardCheckout, CardNotice, CardPayments } from './card-payments.ts';
export type { CentreConfiguration, CentreStore, ConfigurationChange } from './centres.ts';
export type {
  ChargeFilter,
  ChargeStore,
  Correction,
  KeptCharge,
  MarginFilter,
  MarginKey,
  MarginLine,
} from './charges.ts';
export type { ChargingRevision, ChargingStore, MemberTerms } from './charging.ts';
export type { Clock, StopTimer, Timers } from './clock.ts';
export type {
  BranchFact,
  Bus,
  DirectoryChange,
  DirectoryStore,
  NumberInService,
  TerminalFact,
} from './directory.ts';
export type {
  DocumentFilter,
  DocumentPrinter,
  DocumentStore,
  DocumentSubject,
  DocumentToIssue,
  IssuedDocument,
  ListedDocument,
} from './documents.ts';
export { SUBJECT_KINDS } from './documents.ts';
export type {
  Block,
  Blocks,
  CallTraces,
  ExplainedDecision,
  ExplainedRing,
  Explanation,
  Explanations,
  RegisteredPhone,
  RegistrationsView,
  TracedMessage,
} from './exchange.ts';
export type {
  IdempotencyClaim,
  IdempotencyStore,
  IdempotentRequest,
  StoredAnswer,
} from './idempotency.ts';
export type { Hash, Identifiers, Randomness } from './identifiers.ts';
export type {
  LedgerAudit,
  LedgerLine,
  LedgerLineFilter,
  LedgerStore,
  LedgerWrite,
  Reservation,
  Standing,
} from './ledger.ts';
export type { ReachedGateway, TrunkLines, TrunkState, TrunkStates } from './lines.ts';
export type {
  CatalogueStore,
  DepositAccount,
  NumberClaim,
  OrderFilter,
  OrderStore,
  OrderWrite,
  ServiceSettings,
} from './market.ts';
export type { MediaRelay, MediaRelays, RelayedStream, RelaySide, RelayStatistics } from './media.ts';
export type { MemberFilter, MemberStore, TerminalChanges } from './members.ts';
export type { DomainRecords, EnumLookups, SipHop, SipServers } from './names.ts';
export type {
  BillFilter,
  BillStore,
  BillWrite,
  MoneyWrite,
  PaymentFilter,
  PaymentStore,
} from './payments.ts';
export type {
  KeptProcess,
  LiveProcess,
  Processes,
  ProcessReport,
  ProcessSignatures,
  ProcessStore,
  ServingStore,
} from './processes.ts';
export type { RegistrationStore, TerminalBindings } from './registrations.ts';
export type { RenewalStore, TermChange, TermWrite } from './renewals.ts';
export type { ServicePorts } from './service-ports.ts';
export {
  type Agreements,
  type KeptReconciliation,
  type ListedSettlement,
  type ReconciliationStore,
  type SettledLeg,
  type SettledSpan,
  type SettlementFilter,
  type SettlementStore,
  spanOf,
} from './settlements.ts';
export type {
  TariffChangeShown,
  TariffDraft,
  TariffImport,
  TariffStore,
  TariffWithVersions,
} from './tariffs.ts';
export type {
  ClaimedDeliveries,
  ClaimLimits,
  DeliveryFilter,
  EndpointFilter,
  EventDelivery,
  ListedDelivery,
  PruneLimits,
  WebhookMessage,
  WebhookSender,
  WebhookStore,
  WebhookTargets,
} from './webhooks.ts';
