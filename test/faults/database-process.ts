import { systemClock } from '../../src/adapters/clock/index.ts';
import { createCallRecordStore, openDatabase } from '../../src/adapters/postgres/index.ts';
import { CallRecordWriter } from '../../src/services/keep-call-records.ts';
import type { CallRecord, Timers } from '../../src/services/ports/index.ts';

/**
 * A process of its own with an open database, for tests that kill it. It prints `open`, then the id of each call
 * record: when the database has acknowledged it (`write`), or when the call was answered, with that time (`calls`).
 */
const [kind, where, work] = process.argv.slice(2);
if (where === undefined)
  throw new Error('usage: database-process folder|url <where> write|calls|hold|exit|close');
const source = kind === 'url' ? { url: where } : { folder: where };
const database = await openDatabase(source, { warn: (sentence) => console.error(sentence) });
console.log('open');
const store = createCallRecordStore(database.kysely);
if (work === 'write') await writeRecords();
if (work === 'calls') keepCalls();
if (work === 'exit') process.exit(0);
if (work === 'close') await database.close();

/** Saves one record after the other. */
async function writeRecords(): Promise<never> {
  for (let number = 0; ; number++) {
    const id = `${process.pid}-${number}`;
    await store.save([answeredCall(id)]);
    console.log(id);
  }
}

/** Answers a call each millisecond or so, as the service does, and prints it; each third of them ends at once. */
function keepCalls(): void {
  const timers: Timers = {
    start(afterMs, run) {
      const timer = setTimeout(run, afterMs);
      return () => clearTimeout(timer);
    },
  };
  const warn = (sentence: string) => console.error(sentence);
  const writer = new CallRecordWriter({ store, clock: systemClock, timers, warn }, { touchEveryMs: 200 });
  let number = 0;
  setInterval(() => {
    const call = answeredCall(`${process.pid}-${number}`);
    writer.put(call);
    if (number % 3 === 0) writer.put({ ...call, status: 'completed', endedAtMs: Date.now() });
    console.log(`${call.id} ${call.answeredAtMs}`);
    number++;
  }, 1);
}

function answeredCall(id: string): CallRecord & { answeredAtMs: number } {
  const answeredAtMs = Date.now();
  const times = { startedAtMs: answeredAtMs - 1, answeredAtMs, lastSeenAtMs: answeredAtMs };
  return { id, callerMemberId: 'a', callerTerminalId: 't', dialled: '1', status: 'answered', ...times };
}
