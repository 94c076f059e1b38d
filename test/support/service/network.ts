import pg from 'pg';
import type { Api } from './api.ts';
import type { Service } from './service.ts';

/** The parts of a world as `examples/world.yaml` has them. */
export type NetworkWorld = {
  readonly centres: Readonly<Record<string, unknown>>;
  readonly trunks: Readonly<Record<string, unknown>>;
  readonly operators?: Readonly<Record<string, unknown>>;
};

/** Sets up centres, trunks and operators as an operator does, and the routes of carriers: lines of CSV by trunk. */
export async function setUpNetwork(
  api: Api,
  { operators = {}, ...world }: NetworkWorld,
  routes: Readonly<Record<string, readonly string[]>> = {},
): Promise<void> {
  await api.post('/v1/configuration', { world: { ...world, operators } });
  for (const [trunk, lines] of Object.entries(routes)) {
    const csv = ['prefix,cost_per_minute,currency,priority,weight', ...lines, ''].join('\n');
    await api.putText(`/v1/trunks/${trunk}/routes`, csv, 'text/csv');
  }
}

/** A name that leads to a member, as it stands once it is proven. */
export type ProvenName = {
  readonly memberId: string;
  readonly kind: 'pstn' | 'operator' | 'email' | 'domain';
  readonly value: string;
  readonly operatorId?: string;
  readonly fallbackCountryCode?: string;
};

const HALF_A_YEAR_MS = 182 * 24 * 60 * 60_000;

/**
 * Puts names into the database of a running service as if they had been proven, and starts it again. How names are
 * proven has tests of its own.
 */
export async function proveNames(service: Service, names: readonly ProvenName[]): Promise<void> {
  const client = await databaseOf(service);
  const provenAtMs = Date.now();
  const checkAtMs = provenAtMs + HALF_A_YEAR_MS;
  const proof = JSON.stringify({ state: 'proven', provenAtMs, checkAtMs });
  for (const [
    at,
    { memberId, kind, value, operatorId = '', fallbackCountryCode = null },
  ] of names.entries()) {
    await client.query(
      `insert into aliases (id, member_id, kind, value, operator_id, fallback_country_code, claimed_at_ms, proof,
         proven_at_ms, check_at_ms, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $7, $9, 1)`,
      [
        `proven-${at}-${value}`,
        memberId,
        kind,
        value,
        operatorId,
        fallbackCountryCode,
        provenAtMs,
        proof,
        checkAtMs,
      ],
    );
  }
  await client.end();
  await service.restart();
}

/** The database of a running service, which whoever asks for it ends. */
export async function databaseOf(service: Service): Promise<pg.Client> {
  const url = /DATABASE_URL='([^']+)'/.exec(service.log)?.[1];
  if (url === undefined) throw new Error('The service has not said where its database is.');
  const client = new pg.Client(url);
  await client.connect();
  return client;
}
