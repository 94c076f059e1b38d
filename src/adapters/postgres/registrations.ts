import { type Kysely, sql } from 'kysely';
import type { Binding } from '../../domain/terminals/index.ts';
import type { RegistrationStore, ServingStore, TerminalBindings } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';

/**
 * Registrations in PostgreSQL: a row a terminal, its bindings as JSON, since they are only ever read and replaced
 * together. One row is replaced whole, so that two saves of one terminal cannot mix their bindings.
 * @param place of the process whose bindings these are; those of other places are neither read nor changed
 */
export function createRegistrationStore(
  kysely: Kysely<Database>,
  place = '',
): RegistrationStore & ServingStore {
  return {
    async load(nowMs) {
      const rows = await kysely
        .selectFrom('registrations')
        .select(['terminal_id', 'bindings'])
        .where('place', '=', place)
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
        with gone as (
          delete from registrations where place = ${place} and terminal_id = any(${gone.map(({ terminalId }) => terminalId)}::text[]))
        insert into registrations (place, terminal_id, bindings, expires_at_ms)
        select ${place}, * from unnest(
          ${kept.map(({ terminalId }) => terminalId)}::text[],
          ${kept.map(({ bindings }) => JSON.stringify(bindings))}::json[],
          ${kept.map(({ bindings }) => Math.max(...bindings.map(({ expiresAtMs }) => expiresAtMs)))}::bigint[])
        on conflict (place, terminal_id) do update
        set bindings = excluded.bindings, expires_at_ms = excluded.expires_at_ms
      `.execute(kysely);
    },

    async elsewhere(nowMs) {
      const rows = await kysely
        .selectFrom('registrations')
        .innerJoin('processes', 'processes.place', 'registrations.place')
        .select(['terminal_id', 'processes.id as process_id'])
        .where('registrations.place', '<>', place)
        .where('expires_at_ms', '>', BigInt(nowMs))
        .execute();
      return rows.map((row) => ({ terminalId: row.terminal_id, processId: row.process_id }));
    },
  };
}

/** The last word on each terminal, in the order of their ids, in which concurrent saves cannot lock each other. */
function latestByTerminal(changes: readonly TerminalBindings[]): TerminalBindings[] {
  const latest = new Map(changes.map((change) => [change.terminalId, change]));
  return [...latest.values()].sort((one, other) => (one.terminalId < other.terminalId ? -1 : 1));
}
