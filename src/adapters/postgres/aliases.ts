import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import {
  type Alias,
  type AliasName,
  type AliasProof,
  leadsToMember,
  nextCheckAtMs,
} from '../../domain/members/index.ts';
import type { CountryCode } from '../../domain/numbering/index.ts';
import type { AliasSending, AliasStore, AliasWrite, SendingLimits } from '../../services/ports/index.ts';
import type { AliasTables } from './alias-tables.ts';
import { isTaken } from './constraint-violation.ts';
import type { Database } from './database-tables.ts';
import { followMeRows } from './follow-me-rows.ts';

/** What else than our numbers leads to members, in PostgreSQL. */
export function createAliasStore(kysely: Kysely<Database>): AliasStore {
  return {
    add: (alias, most) => add(kysely, alias, most),
    async find(id) {
      const row = await kysely.selectFrom('aliases').selectAll().where('id', '=', id).executeTakeFirst();
      return row && aliasOf(row);
    },
    async list(memberId) {
      const query = kysely.selectFrom('aliases').selectAll().where('member_id', '=', memberId);
      return (await query.orderBy('id').execute()).map(aliasOf);
    },
    keep: (before, after, supersede) => keep(kysely, before, after, supersede),
    takeDue: (nowMs, untilMs, limit) => takeDue(kysely, nowMs, untilMs, limit),
    noteSending: (sending, limits) => noteSending(kysely, sending, limits),
    async pruneSendings(beforeMs) {
      const { numDeletedRows } = await kysely
        .deleteFrom('alias_sendings')
        .where('sent_at_ms', '<', BigInt(beforeMs))
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
    ...followMeRows(kysely),
  };
}

/** Names one lock of the database for each member, so that two claims at once are counted one after the other. */
const CLAIMS_LOCK = 4_000_001;
/** Sendings are rare: one lock for all of them is simpler than one for each name and member. */
const SENDINGS_LOCK = 4_000_002;

async function add(
  kysely: Kysely<Database>,
  alias: Alias,
  most: number,
): Promise<'added' | 'exists' | 'too-many'> {
  return kysely.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${CLAIMS_LOCK}, hashtext(${alias.memberId}))`.execute(transaction);
    const own = await transaction
      .selectFrom('aliases')
      .select(['kind', 'value', 'operator_id'])
      .where('member_id', '=', alias.memberId)
      .execute();
    const { kind, value, operator_id } = nameColumns(alias);
    if (own.some((row) => row.kind === kind && row.value === value && row.operator_id === operator_id)) {
      return 'exists';
    }
    if (own.length >= most) return 'too-many';
    const { id, memberId: member_id, claimedAtMs } = alias;
    await transaction
      .insertInto('aliases')
      .values({
        id,
        member_id,
        ...nameColumns(alias),
        record_token: alias.recordToken ?? null,
        claimed_at_ms: BigInt(claimedAtMs),
        ...changingColumns(alias),
        version: alias.version,
      })
      .execute();
    return 'added';
  });
}

async function keep(
  kysely: Kysely<Database>,
  before: Alias,
  after: Alias,
  supersede: (other: Alias) => Alias,
): Promise<AliasWrite> {
  try {
    return await kysely.transaction().execute(async (transaction) => {
      const leads = leadsToMember(after.proof) && !leadsToMember(before.proof);
      const superseded = leads ? await supersedeHolder(transaction, after, supersede) : undefined;
      const isKept = await writeChange(transaction, before, after);
      // Rolled back: whoever had the name keeps it.
      if (!isKept) throw new ChangedMeanwhile();
      return { kind: 'kept', ...(superseded === undefined ? {} : { superseded }) };
    });
  } catch (error) {
    // The unique index says that somebody else has proven the name since it was looked for.
    if (error instanceof ChangedMeanwhile || isTaken(error)) return { kind: 'changed' };
    throw error;
  }
}

class ChangedMeanwhile extends Error {}

async function supersedeHolder(
  transaction: Transaction<Database>,
  { id, ...name }: Alias,
  supersede: (other: Alias) => Alias,
): Promise<Alias | undefined> {
  const { kind, value, operator_id } = nameColumns(name);
  const row = await transaction
    .selectFrom('aliases')
    .selectAll()
    .where('kind', '=', kind)
    .where('value', '=', value)
    .where('operator_id', '=', operator_id)
    .where('proven_at_ms', 'is not', null)
    .where('id', '<>', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const other = aliasOf(row);
  const superseded = supersede(other);
  await writeChange(transaction, other, superseded);
  return { ...superseded, version: other.version + 1 };
}

async function writeChange(
  transaction: Transaction<Database>,
  { id, version }: Alias,
  after: Alias,
): Promise<boolean> {
  if (after.proof.state === 'removed') {
    const deletion = transaction.deleteFrom('aliases').where('id', '=', id).where('version', '=', version);
    return (await deletion.returning('id').executeTakeFirst()) !== undefined;
  }
  const update = transaction
    .updateTable('aliases')
    .set({ ...changingColumns(after), version: version + 1 })
    .where('id', '=', id)
    .where('version', '=', version);
  return (await update.returning('id').executeTakeFirst()) !== undefined;
}

async function takeDue(
  kysely: Kysely<Database>,
  nowMs: number,
  untilMs: number,
  limit: number,
): Promise<readonly Alias[]> {
  const due = kysely
    .selectFrom('aliases')
    .select('id')
    .where('check_at_ms', '<=', BigInt(nowMs))
    .orderBy('check_at_ms')
    .limit(limit)
    .forUpdate()
    // What another process takes at this moment is not ours.
    .skipLocked();
  const rows = await kysely
    .with('due', () => due)
    .updateTable('aliases')
    .set({ check_at_ms: BigInt(untilMs) })
    .where('id', 'in', (query) => query.selectFrom('due').select('id'))
    .returningAll()
    .execute();
  return rows
    .map(aliasOf)
    .sort((one, other) => (nextCheckAtMs(one.proof) ?? 0) - (nextCheckAtMs(other.proof) ?? 0));
}

async function noteSending(
  kysely: Kysely<Database>,
  { memberId, name, atMs }: AliasSending,
  limits: SendingLimits,
): Promise<boolean> {
  return kysely.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${SENDINGS_LOCK}, 0)`.execute(transaction);
    const { kind, value, operator_id } = nameColumns(name);
    const sent = () =>
      transaction
        .selectFrom('alias_sendings')
        .select(({ fn }) => [fn.countAll<bigint>().as('count'), fn.max('sent_at_ms').as('last')])
        .where('sent_at_ms', '>', BigInt(limits.sinceMs))
        .where('kind', '=', kind);
    const toName = await sent()
      .where('value', '=', value)
      .where('operator_id', '=', operator_id)
      .executeTakeFirstOrThrow();
    const byMember = await sent().where('member_id', '=', memberId).executeTakeFirstOrThrow();
    const isQuiet = toName.last === null || Number(toName.last) <= limits.quietSinceMs;
    const isWithin =
      Number(toName.count) < limits.toName && Number(byMember.count) < limits.byMember && isQuiet;
    if (!isWithin) return false;
    const row = { member_id: memberId, kind, value, operator_id, sent_at_ms: BigInt(atMs) };
    await transaction.insertInto('alias_sendings').values(row).execute();
    return true;
  });
}

function nameColumns({ kind, value, operatorId = '' }: AliasName) {
  return { kind, value, operator_id: operatorId };
}

function changingColumns({ proof, fallbackCountryCode }: Alias) {
  const provenAtMs = leadsToMember(proof) && 'provenAtMs' in proof ? BigInt(proof.provenAtMs) : null;
  const checkAtMs = nextCheckAtMs(proof);
  return {
    fallback_country_code: fallbackCountryCode ?? null,
    proof: JSON.stringify(proof),
    proven_at_ms: provenAtMs,
    check_at_ms: checkAtMs === undefined ? null : BigInt(checkAtMs),
  };
}

function aliasOf(row: Selectable<AliasTables['aliases']>): Alias {
  return {
    id: row.id,
    memberId: row.member_id,
    kind: row.kind,
    value: row.value,
    ...(row.operator_id === '' ? {} : { operatorId: row.operator_id }),
    ...(row.fallback_country_code === null
      ? {}
      : { fallbackCountryCode: row.fallback_country_code as CountryCode }),
    ...(row.record_token === null ? {} : { recordToken: row.record_token }),
    claimedAtMs: Number(row.claimed_at_ms),
    proof: row.proof as AliasProof,
    version: row.version,
  };
}
