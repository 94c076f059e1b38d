import pg from 'pg';

/** How to reach a server: by a URL the operator wrote, or by the socket of the embedded one. */
export type ConnectionTarget =
  | { readonly connectionString: string }
  | {
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly database: string;
      readonly ssl: false;
    };

/** What every connection has in common: who we are for `pg_stat_activity`, and types without loss. */
export function connectionConfig(target: ConnectionTarget): pg.ClientConfig {
  return {
    ...target,
    application_name: applicationName(),
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: { getTypeParser },
  };
}

/**
 * A pool whose lost connections do not end the process: the driver emits 'error' on the pool for one that is idle,
 * and on the connection itself for one that is in use between two queries.
 * @param onLost called for an idle connection; a query under way is rejected in any case
 */
export function openPool(config: pg.PoolConfig, onLost: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool(config);
  pool.on('error', onLost);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** The name under which a server lists our connections; it tells a second process who is using a folder. */
export function applicationName(): string {
  return `omnidial ${process.pid}`;
}

/** Object identifiers of the system catalogue (`pg_type.dat`). */
const INT8 = 20;
const INT8_ARRAY = 1016;

type Parse = (value: string) => unknown;

/** The driver's own parsers; its types list the scalar ones only. */
const driverParser = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => Parse;

const parseTextArray = driverParser(INT8_ARRAY) as (value: string) => string[];

/** int8 becomes bigint; numeric stays text, as both hold what a number cannot. For our pools only, not for all. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): Parse {
  if (oid === INT8) return BigInt;
  if (oid === INT8_ARRAY) return (value) => parseTextArray(value).map(BigInt);
  return driverParser(oid, format);
}
