/** Everything that is kept: the stores of the services in PostgreSQL, ours or the operator's. */
export { createCallRecordStore } from './call-records.ts';
export { createCentreStore } from './centres.ts';
export { createChargeStore } from './charges.ts';
export type { Database } from './database-tables.ts';
export { DatabaseUnavailable } from './database-unavailable.ts';
export { issueDocument } from './documents.ts';
export { type EmbeddedDatabase, openEmbeddedDatabase } from './embedded/index.ts';
export { insertEvents } from './insert-events.ts';
export type { ChannelListener } from './listening.ts';
export { createMarketAndMemberStores } from './market-and-members.ts';
export {
  type DatabaseOptions,
  type DatabaseSource,
  type OpenDatabase,
  openDatabase,
} from './open-database.ts';
export { loadProcessSignatures } from './process-signatures.ts';
export { createProcessStore } from './processes.ts';
export { createRegistrationStore } from './registrations.ts';
export { createTariffStore } from './tariffs.ts';
export { createWebhookStore } from './webhooks.ts';
