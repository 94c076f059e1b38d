import { createCallRecordStore, openDatabase } from '../../src/adapters/postgres/index.ts';

/**
 * A process of its own with an open database, for tests that kill it. It prints `open`, then the number of each
 * call record when the database has acknowledged it.
 */
const [kind, where, work] = process.argv.slice(2);
if (where === undefined) throw new Error('usage: database-process folder|url <where> write|hold|exit');
const source = kind === 'url' ? { url: where } : { folder: where };
const database = await openDatabase(source, { warn: (sentence) => console.error(sentence) });
console.log('open');
const store = createCallRecordStore(database.kysely);
for (let number = 0; work === 'write'; number++) {
  const id = `${process.pid}-${number}`;
  const times = { startedAtMs: 1, answeredAtMs: 2, lastSeenAtMs: 2 };
  const record = {
    id,
    callerMemberId: 'a',
    callerTerminalId: 't',
    dialled: '1',
    status: 'answered' as const,
  };
  await store.save([{ ...record, ...times }]);
  console.log(id);
}
if (work === 'exit') process.exit(0);
if (work === 'close') await database.close();
