import type { ColumnType } from 'kysely';

export interface RegistrationTables {
  registrations: {
    /** Of the process at which the terminal is bound: it stays the same when the process starts again. */
    place: string;
    terminal_id: string;
    /** The bindings of the terminal as JSON, as `registrations.ts` writes them. */
    bindings: ColumnType<unknown, string, string>;
    /** When the last of them expires, in milliseconds since 1970. */
    expires_at_ms: bigint;
  };
}
