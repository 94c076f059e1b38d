import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import {
  type DocumentContent,
  type DocumentKind,
  type DocumentSeries,
  documentNumber,
  seriesOf,
  soundDocument,
} from '../../domain/billing/documents/index.ts';
import type {
  DocumentFilter,
  DocumentStore,
  DocumentSubject,
  DocumentToIssue,
  IssuedDocument,
  ListedDocument,
} from '../../services/ports/index.ts';
import type { Database } from './database-tables.ts';
import type { DocumentTables } from './document-tables.ts';

/** Documents that were issued, in PostgreSQL. */
export function createDocumentStore(kysely: Kysely<Database>): DocumentStore {
  return {
    issue: (wanted) => kysely.transaction().execute((transaction) => issueDocument(transaction, wanted)),
    async find(id) {
      const row = await kysely.selectFrom('documents').selectAll().where('id', '=', id).executeTakeFirst();
      return row && issuedOf(row);
    },
    list: (filter) => list(kysely, filter),
  };
}

/**
 * Issues a document within somebody's transaction, so that what it is about and the document are there together or not
 * at all. From here on until the transaction ends nobody else gets a number of the series: call it last. It expects
 * `read committed`, as all transactions here are.
 * @returns the document; the one that was there where the subject has one of this kind
 * @throws Error where the sums do not add up
 */
export async function issueDocument(
  transaction: Transaction<Database>,
  { id, memberId, subject, content }: DocumentToIssue,
): Promise<IssuedDocument> {
  const known = await findOfSubject(transaction, subject, content.kind);
  if (known !== undefined) return known;
  const series = seriesOf(soundDocument(content));
  const place = (await lockSeries(transaction, series)) + 1;
  const inserted = await transaction
    .insertInto('documents')
    .values({
      id,
      member_id: memberId ?? null,
      subject_kind: subject.kind,
      subject_id: subject.id,
      ...series,
      place,
      issued_at_ms: BigInt(content.issuedAtMs),
      currency: content.total.currency,
      total_micros: content.total.micros,
      content: textOf(content),
    })
    .onConflict((conflict) => conflict.columns(['subject_kind', 'subject_id', 'kind']).doNothing())
    .executeTakeFirstOrThrow();
  if (inserted.numInsertedOrUpdatedRows === 0n) {
    // Somebody issued it while the series was waited for.
    return findOfSubject(transaction, subject, content.kind) as Promise<IssuedDocument>;
  }
  await transaction
    .updateTable('document_series')
    .set({ last_place: place })
    .where('seller', '=', series.seller)
    .where('kind', '=', series.kind)
    .where('year', '=', series.year)
    .execute();
  const document = { ...content, number: documentNumber(series, place) };
  return { id, ...(memberId === undefined ? {} : { memberId }), subject, document };
}

/** Waits until nobody else is adding to a series. @returns the last place in it */
async function lockSeries(transaction: Transaction<Database>, series: DocumentSeries): Promise<number> {
  const { seller, kind, year } = series;
  await transaction
    .insertInto('document_series')
    .values({ ...series, last_place: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { rows } = await sql<{ readonly last_place: number }>`
    select last_place from document_series
    where seller = ${seller} and kind = ${kind} and year = ${year} for update
  `.execute(transaction);
  return (rows[0] as { readonly last_place: number }).last_place;
}

async function findOfSubject(
  transaction: Transaction<Database>,
  subject: DocumentSubject,
  kind: DocumentKind,
): Promise<IssuedDocument | undefined> {
  const row = await transaction
    .selectFrom('documents')
    .selectAll()
    .where('subject_kind', '=', subject.kind)
    .where('subject_id', '=', subject.id)
    .where('kind', '=', kind)
    .executeTakeFirst();
  return row && issuedOf(row);
}

async function list(
  kysely: Kysely<Database>,
  { memberId, kind, subject, before, limit }: DocumentFilter,
): Promise<readonly ListedDocument[]> {
  let query = kysely
    .selectFrom('documents')
    .select(['id', 'member_id', 'subject_kind', 'subject_id', 'kind', 'year', 'place', 'seller'])
    .select(['issued_at_ms', 'currency', 'total_micros'])
    .orderBy('id', 'desc')
    .limit(limit);
  if (memberId !== undefined) query = query.where('member_id', '=', memberId);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (subject !== undefined) {
    query = query.where('subject_kind', '=', subject.kind).where('subject_id', '=', subject.id);
  }
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.execute()).map((row) => ({
    ...belongingOf(row),
    kind: row.kind,
    number: documentNumber(row, row.place),
    issuedAtMs: Number(row.issued_at_ms),
    total: { currency: row.currency, micros: row.total_micros },
  }));
}

type DocumentRow = Selectable<DocumentTables['documents']>;

function issuedOf(row: DocumentRow): IssuedDocument {
  const document = { ...contentOf(row.content), number: documentNumber(row, row.place) };
  return { ...belongingOf(row), document };
}

function belongingOf({
  id,
  member_id,
  subject_kind,
  subject_id,
}: Pick<DocumentRow, 'id' | 'member_id' | 'subject_kind' | 'subject_id'>): Omit<IssuedDocument, 'document'> {
  const subject = { kind: subject_kind, id: subject_id };
  return { id, ...(member_id === null ? {} : { memberId: member_id }), subject };
}

/** The parts of a document that are bigints. */
const BIGINTS = ['micros', 'count'];

function textOf(content: DocumentContent): string {
  return JSON.stringify(content, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
}

/** What `textOf` wrote, after the driver has parsed it. */
function contentOf(parsed: unknown): DocumentContent {
  return withBigints(parsed) as DocumentContent;
}

function withBigints(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBigints);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      BIGINTS.includes(name) && typeof part === 'string' ? BigInt(part) : withBigints(part),
    ]),
  );
}
