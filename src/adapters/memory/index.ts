/** Stores without a database, for tests of whole flows: they keep the contracts of the real ones. */
export { createMemoryCallRecordStore } from './call-records.ts';
export { MemoryCentres } from './centres.ts';
export { MemoryCharges } from './charges.ts';
export { MemoryLedger } from './ledger.ts';
export { createMemoryStores, type MarketAndMemberStores } from './market-and-members.ts';
export { createMemoryRegistrationStore } from './registrations.ts';
export { MemorySettlements } from './settlements.ts';
export { MemoryTariffs } from './tariffs.ts';
