import { type Kysely, sql } from 'kysely';
import type { KeptProcess, ProcessStore } from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';

/** Processes in PostgreSQL, a row each. Silence is measured by the database's clock: those of machines differ. */
export function createProcessStore(kysely: Kysely<Database>): ProcessStore {
  return {
    async beat({ id, place, centres, address, isDraining }) {
      // A process that was taken for dead and lives writes its row anew.
      const { rows } = await sql<Row>`
        with beat as (
          insert into processes (id, place, centres, address, is_draining)
          values (${id}, ${place}, ${centres ?? null}::text[], ${address ?? null}, ${isDraining})
          on conflict (id) do update set
            address = excluded.address, is_draining = excluded.is_draining, heartbeat_at = clock_timestamp())
        select id, place, centres, address, is_draining,
          (extract(epoch from clock_timestamp() - heartbeat_at) * 1000)::float8 as silent_ms
        from processes order by id
      `.execute(kysely);
      return rows.map(keptProcessOf);
    },

    async removeSilent(silentMs) {
      const { numAffectedRows } = await sql`
        delete from processes where heartbeat_at < clock_timestamp() - ${silentMs} * interval '1 millisecond'
      `.execute(kysely);
      return Number(numAffectedRows ?? 0n);
    },

    async takePlace({ id, place }) {
      await kysely.deleteFrom('processes').where('place', '=', place).where('id', '<>', id).execute();
    },

    async leave(id) {
      await kysely.deleteFrom('processes').where('id', '=', id).execute();
    },
  };
}

type Row = {
  readonly id: string;
  readonly place: string;
  readonly centres: string[] | null;
  readonly address: string | null;
  readonly is_draining: boolean;
  readonly silent_ms: number;
};

function keptProcessOf({ id, place, centres, address, is_draining, silent_ms }: Row): KeptProcess {
  return {
    id,
    place,
    ...(centres === null ? {} : { centres }),
    ...(address === null ? {} : { address }),
    isDraining: is_draining,
    silentMs: silent_ms,
  };
}
