import { type Kysely, sql } from 'kysely';
import type { Binding } from '../../domain/terminals/index.ts';
import type { RegistrationStore, TerminalBindings } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';

/**
 * Registrations in PostgreSQL: a row a terminal, its bindings as JSON, since they are only ever read and replaced
 * together. One row is replaced whole, so that two saves of one terminal cannot mix their bindings.
 */
export function createRegistrationStore(kysely: Kysely<Database>): RegistrationStore {
  return {
    async load(nowMs) {
      const rows = await kysely
        .selectFrom('registrations')
        .select(['terminal_id', 'bindings'])
        .where('expires_at_ms', '>', BigInt(nowMs))
        .orderBy('terminal_id')
        .execute();
      return rows.map(({ terminal_id, bindings }) => ({
        terminalId: terminal_id,
        bindings: (bindings as readonly Binding[]).filter(({ expiresAtMs }) => expiresAtMs > nowMs),
      }));
    },

    async save(changes) {
      const latest = latestByTerminal(changes);
      const gone = latest.filter(({ bindings }) => bindings.length === 0);
      const kept = latest.filter(({ bindings }) => bindings.length > 0);
      await sql`
        with gone as (delete from registrations where terminal_id = any(${gone.map(({ terminalId }) => terminalId)}::text[]))
        insert into registrations (terminal_id, bindings, expires_at_ms)
        select * from unnest(
          ${kept.map(({ terminalId }) => terminalId)}::text[],
          ${kept.map(({ bindings }) => JSON.stringify(bindings))}::json[],
          ${kept.map(({ bindings }) => Math.max(...bindings.map(({ expiresAtMs }) => expiresAtMs)))}::bigint[])
        on conflict (terminal_id) do update
        set bindings = excluded.bindings, expires_at_ms = excluded.expires_at_ms
      `.execute(kysely);
    },
  };
}

/** The last word on each terminal, in the order of their ids, in which concurrent saves cannot lock each other. */
function latestByTerminal(changes: readonly TerminalBindings[]): TerminalBindings[] {
  const latest = new Map(changes.map((change) => [change.terminalId, change]));
  return [...latest.values()].sort((one, other) => (one.terminalId < other.terminalId ? -1 : 1));
}
