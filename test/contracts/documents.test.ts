import { sql } from 'kysely';
import { afterEach, expect, it } from 'vitest';
import {
  createMarketAndMemberStores,
  issueDocument,
  type OpenDatabase,
} from '../../src/adapters/postgres/index.ts';
import { type DocumentContent, textsOf } from '../../src/domain/billing/documents/index.ts';
import { findDocument } from '../../src/services/find-document.ts';
import { listDocuments } from '../../src/services/list-documents.ts';
import type { DocumentSubject } from '../../src/services/ports/index.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { money, receipt, SELLER, statement } from '../support/documents/sample-documents.ts';
import { describeStores, type OpenStores } from '../support/market-stores.ts';
import {
  accepted,
  OPERATOR,
  refusedWith,
  type ServiceWorld,
  serviceWorld,
  somebody,
} from '../support/service-world.ts';

describeStores('documents', contract);

function order(id: string | number): DocumentSubject {
  return { kind: 'order', id: String(id) };
}

function issue(world: ServiceWorld, subject: DocumentSubject, content: DocumentContent, memberId?: string) {
  const id = world.identifiers.next();
  return world.documents.issue({ id, subject, content, ...(memberId === undefined ? {} : { memberId }) });
}

async function numbersOf(documents: Promise<{ readonly document: { readonly number: string } }>[]) {
  return (await Promise.all(documents)).map(({ document }) => document.number);
}

/** `R-2026-000001` and so on. */
function firstNumbers(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `R-2026-${String(at + 1).padStart(6, '0')}`);
}

function contract(open: OpenStores): void {
  it('R24: a document is kept as it was issued, to the millionth and the letter', async () => {
    const world = serviceWorld(await open());
    const { memberId } = await somebody(world, 'mina');
    const content = receipt({
      notes: ['It\'s "so" \\ \u0000 \u{1F600} \uD800', '{"micros":"1"}'],
      corrects: 'R-2025-000001',
      dueAtMs: 1,
    });
    const issued = await issue(world, order(1), content, memberId);
    expect(issued).toEqual({
      id: issued.id,
      memberId,
      subject: order(1),
      document: { ...content, number: 'R-2026-000001' },
    });
    const found = await world.documents.find(issued.id);
    expect(found).toEqual(issued);
    expect(textsOf(found?.document as typeof issued.document)).toEqual(textsOf(issued.document));
    expect(await world.documents.find('nothing')).toBeUndefined();
  });

  it('R24: a subject has one document of a kind, the same however often it is issued', async () => {
    const world = serviceWorld(await open());
    const first = await issue(world, order(1), receipt());
    const again = await issue(world, order(1), receipt({ notes: ['another'] }));
    expect(again).toEqual(first);
    const invoice = await issue(world, order(1), receipt({ kind: 'invoice' }));
    const bill = await issue(world, { kind: 'bill', id: '1' }, receipt());
    expect([invoice, bill].map(({ document }) => document.number)).toEqual([
      'I-2026-000001',
      'R-2026-000002',
    ]);
    const same = Array.from({ length: 20 }, () => issue(world, order('same'), receipt()));
    expect(new Set(await numbersOf(same))).toEqual(new Set(['R-2026-000003']));
    expect((await issue(world, order('next'), receipt())).document.number).toBe('R-2026-000004');
  });

  it('R24: fifty at once have fifty numbers in a row', async () => {
    const world = serviceWorld(await open());
    const issued = Array.from({ length: 50 }, (_, at) => issue(world, order(at), receipt()));
    expect((await numbersOf(issued)).sort()).toEqual(firstNumbers(50));
  });

  it('R24: numbers are counted for each seller, kind and year of the document’s time zone', async () => {
    const world = serviceWorld(await open());
    const newYear = Date.UTC(2026, 11, 31, 15);
    const contents = [
      receipt({ issuedAtMs: newYear - 1 }),
      receipt({ issuedAtMs: newYear }),
      receipt({ issuedAtMs: newYear, timeZone: 'UTC' }),
      receipt({ seller: { ...SELLER, taxNumber: '999' } }),
      receipt({ seller: { name: 'Another', addressLines: [] } }),
      receipt({ kind: 'credit-note' }),
      statement(3),
    ];
    const numbers: string[] = [];
    for (const [at, content] of contents.entries()) {
      numbers.push((await issue(world, order(at), content)).document.number);
    }
    expect(numbers).toEqual([
      'R-2026-000001',
      'R-2027-000001',
      'R-2026-000002',
      'R-2026-000001',
      'R-2026-000001',
      'C-2026-000001',
      'S-2026-000001',
    ]);
  });

  it('R24: what does not add up is a bug that throws, and uses no number', async () => {
    const world = serviceWorld(await open());
    await expect(issue(world, order(1), receipt({ total: money(1) }))).rejects.toThrow('cannot be issued');
    expect((await issue(world, order(1), receipt())).document.number).toBe('R-2026-000001');
  });

  it('lists without the lines, newest first, by member, kind and subject, page by page', async () => {
    const world = serviceWorld(await open());
    const { memberId } = await somebody(world, 'mina');
    const issued = [];
    for (const at of [1, 2, 3]) issued.push(await issue(world, order(at), receipt(), memberId));
    const nobodys = await issue(world, { kind: 'settlement', id: '1' }, statement(3));
    const idsOf = async (filter: object) =>
      (await world.documents.list({ limit: 10, ...filter })).map(({ id }) => id);
    const ids = issued.map(({ id }) => id).reverse();
    expect(await idsOf({})).toEqual([nobodys.id, ...ids]);
    expect(await idsOf({ memberId })).toEqual(ids);
    expect(await idsOf({ memberId, limit: 2 })).toEqual(ids.slice(0, 2));
    expect(await idsOf({ before: ids[1] })).toEqual([ids[2]]);
    expect(await idsOf({ kind: 'settlement-statement' })).toEqual([nobodys.id]);
    expect(await idsOf({ subject: order(2) })).toEqual([ids[1]]);
    expect(await world.documents.list({ memberId, limit: 1 })).toEqual([
      {
        id: ids[0],
        memberId,
        subject: order(3),
        kind: 'receipt',
        number: 'R-2026-000003',
        issuedAtMs: receipt().issuedAtMs,
        total: money(55_000),
      },
    ]);
  });

  it('a member sees its own documents, operators all, and nobody learns which others there are', async () => {
    const world = serviceWorld(await open());
    const [mina, ben] = [await somebody(world, 'mina'), await somebody(world, 'ben')];
    const own = await issue(world, order(1), receipt(), mina.memberId);
    const settled = await issue(world, { kind: 'settlement', id: '1' }, statement(3));
    const seen = async (actor: typeof mina.actor, documentId: string) =>
      findDocument(world, { actor, documentId });
    expect(accepted(await seen(mina.actor, own.id))).toEqual(own);
    expect(accepted(await seen(OPERATOR, settled.id))).toEqual(settled);
    expect(await seen(ben.actor, own.id)).toEqual(await seen(ben.actor, 'nothing'));
    expect(refusedWith(await seen(mina.actor, settled.id))).toBe('not-found');
    const agent = { role: 'enterprise-agent', userId: 'a', memberId: mina.memberId } as const;
    expect(refusedWith(await seen(agent, own.id))).toBe('not-permitted');
    const listed = accepted(await listDocuments(world, { actor: mina.actor }));
    expect(listed.items.map(({ id }) => id)).toEqual([own.id]);
    expect(accepted(await listDocuments(world, { actor: OPERATOR })).items).toHaveLength(2);
    expect(refusedWith(await listDocuments(world, { actor: ben.actor, memberId: mina.memberId }))).toBe(
      'not-found',
    );
  });
}

for (const server of DATABASES) {
  describeDatabase(server, 'documents within somebody’s transaction', (fresh) => {
    const opened: OpenDatabase[] = [];
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((database) => database.close()));
    });

    it('R24: a transaction that fails leaves no document and no gap, also among others at once', async () => {
      const database = await fresh();
      opened.push(database);
      const { documents } = createMarketAndMemberStores(database.kysely);
      const attempts = Array.from({ length: 40 }, (_, at) =>
        database.kysely.transaction().execute(async (transaction) => {
          const wanted = { id: String(at), subject: order(at), content: receipt() };
          const { document } = await issueDocument(transaction, wanted);
          if (at % 3 === 0) throw new Error('the sale failed');
          return document.number;
        }),
      );
      const outcomes = await Promise.allSettled(attempts);
      const numbers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(numbers.sort()).toEqual(firstNumbers(26));
      expect(await documents.list({ limit: 100 })).toHaveLength(26);
    });

    it('R24: the database itself lets nobody change or remove a document', async () => {
      const database = await fresh();
      opened.push(database);
      const { documents } = createMarketAndMemberStores(database.kysely);
      const issued = await documents.issue({ id: '1', subject: order(1), content: receipt() });
      for (const statement of [
        sql`update documents set total_micros = 0`,
        sql`delete from documents`,
        sql`truncate documents`,
      ]) {
        await expect(statement.execute(database.kysely)).rejects.toThrow('never changed or removed');
      }
      expect(await documents.find('1')).toEqual(issued);
    });
  });
}
