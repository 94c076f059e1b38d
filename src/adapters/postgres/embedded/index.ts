/** A PostgreSQL of our own, for whoever tries the service or runs a small site (design: ADR 0120). */
export { type EmbeddedDatabase, openEmbeddedDatabase } from './embedded-database.ts';
