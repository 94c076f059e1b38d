import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/adapters/postgres/index.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';

for (const server of DATABASES) {
  describeDatabase(server, 'a database', (fresh) => {
    it('reads int8 as bigint, and numeric as text, so that nothing is lost', async () => {
      const { kysely } = await fresh();
      const { rows } = await sql<{ big: bigint; list: bigint[]; exact: string; small: number }>`
        select 9007199254740993::bigint as big, array[9007199254740993::bigint] as list,
          0.1::numeric as exact, 7 as small
      `.execute(kysely);
      expect(rows).toEqual([{ big: 9007199254740993n, list: [9007199254740993n], exact: '0.1', small: 7 }]);
    });

    it('brings its tables up to date once, however many open it at the same time', async () => {
      const { kysely, url } = await fresh();
      await sql`drop schema public cascade`.execute(kysely);
      await sql`create schema public`.execute(kysely);
      const opened = await Promise.all(
        [1, 2, 3, 4].map(() => openDatabase({ url }, { warn: () => undefined })),
      );
      const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(kysely);
      expect(rows.map(({ name }) => name)).toContain('0001-registrations-and-call-records');
      await Promise.all(opened.map((database) => database.close()));
    });

    it('gives up a statement that takes too long', async () => {
      const { url } = await fresh();
      const hasty = await openDatabase({ url }, { warn: () => undefined, statementTimeoutMs: 50 });
      await expect(sql`select pg_sleep(10)`.execute(hasty.kysely)).rejects.toThrow('statement timeout');
      await hasty.close();
    });

    it('hears notices, and says when some may have been missed', async () => {
      const { kysely, listen } = await fresh();
      const heard: string[] = [];
      let gap = () => {};
      const gapped = new Promise<void>((resolve) => {
        gap = resolve;
      });
      const stop = await listen('changes', { onNotice: (payload) => heard.push(payload), onGap: gap });
      await sql`select pg_notify('changes', 'before')`.execute(kysely);
      await expect.poll(() => heard).toEqual(['before']);
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen "changes"'
      `.execute(kysely);
      await gapped;
      await sql`select pg_notify('changes', 'after')`.execute(kysely);
      await expect.poll(() => heard).toEqual(['before', 'after']);
      await stop();
      await sql`select pg_notify('changes', 'unheard')`.execute(kysely);
      await sql`select 1`.execute(kysely);
      expect(heard).toEqual(['before', 'after']);
    });

    it('refuses a database that cannot hold every name', async () => {
      const { kysely, url } = await fresh();
      await sql`create database narrow encoding 'LATIN1' locale 'C' template template0`.execute(kysely);
      const opening = openDatabase({ url: url.replace(/[^/]+$/, 'narrow') }, { warn: () => undefined });
      await expect(opening).rejects.toThrow(
        'The database has the encoding LATIN1, and numbers and names need UTF8',
      );
    });

    it('goes on after every one of its connections was cut', async () => {
      const { kysely } = await fresh();
      await sql`select 1`.execute(kysely);
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()
      `.execute(kysely);
      await expect
        .poll(() => sql`select 1 as one`.execute(kysely).then(({ rows }) => rows))
        .toEqual([{ one: 1 }]);
    });
  });
}

it.each([
  [
    'the server cannot be reached',
    'postgres://omnidial@127.0.0.1:1/omnidial',
    'connect ECONNREFUSED 127.0.0.1:1',
  ],
  ['the URL is none', 'postgres://omnidial@[::/omnidial', 'Invalid URL'],
])('says what to do where %s', async (_, url, reason) => {
  await expect(openDatabase({ url }, { warn: () => undefined })).rejects.toThrow(
    `The database cannot be reached: ${reason}. Check DATABASE_URL.`,
  );
});
