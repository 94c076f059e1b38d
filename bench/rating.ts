// `node bench/rating.ts [--json]`: how many calls a second are rated by a tariff of a million rows (the longest prefix
// of the number, then the price of the duration), what the rows weigh, and how long they take to load, beside a plain
// map of the same prefixes that is asked for every length of prefix, longest first, with the same price behind it.
import { priceMicros, type Rate } from '../src/domain/billing/index.ts';
import { type TariffRow, TariffTable } from '../src/domain/billing/tariffs/index.ts';
import { collectGarbage, digits, random } from './support/repeatable.ts';

const ROWS = 1_000_000;
const CALLS = 200_000;
const ROUNDS = 5;
const SHORTEST = 3;
const LONGEST = 9;
const DESTINATIONS = 3_000;
const RATES = 5_000;
const INCREMENTS = [
  [1, 1],
  [60, 60],
  [30, 6],
  [6, 6],
] as const;

/** Each row has a rate and a text of its own, as rows that were read have; equal ones are the table's to find. */
function rowOf(prefix: string): TariffRow {
  const [initial, next] = INCREMENTS[Math.floor(random() * INCREMENTS.length)] ?? [1, 1];
  const rate: Rate = {
    currency: 'USD',
    perMinuteMicros: BigInt(1_000 + Math.floor(random() * RATES) * 100),
    connectFeeMicros: 0n,
    initialIncrementSeconds: initial,
    nextIncrementSeconds: next,
    minimumMicros: 0n,
    freeSeconds: 0,
  };
  const destination = `Destination ${Math.floor(random() * DESTINATIONS)}`;
  return { prefix, destination, status: 'open', rate };
}

const prefixes = new Set<string>();
while (prefixes.size < ROWS) prefixes.add(digits(SHORTEST + Math.floor(random() * (LONGEST - SHORTEST + 1))));
const calls = Array.from({ length: CALLS }, () => ({
  number: digits(11),
  durationMs: Math.floor(random() * 600_000),
}));
collectGarbage();
const before = process.memoryUsage();

const table = new TariffTable();
let loadMs = 0;
const batch: TariffRow[] = [];
/** Batches, as a database gives them; making them is not what is measured. */
function addBatch(): void {
  const begun = performance.now();
  for (const row of batch) table.add(row);
  loadMs += performance.now() - begun;
  batch.length = 0;
}
for (const prefix of prefixes) {
  batch.push(rowOf(prefix));
  if (batch.length === 5_000) addBatch();
}
addBatch();
collectGarbage();
const after = process.memoryUsage();
const megabytes = (after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed) / 1e6;

const plain = new Map<string, TariffRow>();
for (const prefix of prefixes) {
  const row = table.rowFor(prefix, 0);
  if (row !== undefined) plain.set(prefix, row);
}

function longestIn(map: ReadonlyMap<string, TariffRow>, number: string): TariffRow | undefined {
  for (let length = LONGEST; length >= SHORTEST; length -= 1) {
    const row = map.get(number.slice(0, length));
    if (row !== undefined) return row;
  }
  return undefined;
}

/** Ratings a second, and what they came to: the two ways have to agree to the last millionth. */
function rate(look: (number: string) => TariffRow | undefined): {
  perSecond: number;
  total: bigint;
  rated: number;
} {
  let total = 0n;
  let rated = 0;
  const from = performance.now();
  for (const { number, durationMs } of calls) {
    const row = look(number);
    if (row?.status !== 'open') continue;
    total += priceMicros(row.rate, durationMs);
    rated += 1;
  }
  return { perSecond: CALLS / ((performance.now() - from) / 1000), total, rated };
}

let ratings = 0;
let baseline = 0;
let rated = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  const own = rate((number) => table.rowFor(number, 0));
  const other = rate((number) => longestIn(plain, number));
  if (own.total !== other.total) throw new Error(`the sums differ: ${own.total} and ${other.total}`);
  ratings = Math.max(ratings, own.perSecond);
  baseline = Math.max(baseline, other.perSecond);
  rated = own.rated;
}

const result = {
  rows: table.size,
  loadSeconds: Number((loadMs / 1000).toFixed(2)),
  megabytes: Math.round(megabytes),
  bytesPerRow: Math.round((megabytes * 1e6) / table.size),
  callsRated: Number((rated / CALLS).toFixed(2)),
  ratingsPerSecond: Math.round(ratings),
  microseconds: Number((1e6 / ratings).toFixed(2)),
  baselinePerSecond: Math.round(baseline),
  baselines: Number((baseline / ratings).toFixed(2)),
};
if (process.argv.includes('--json')) console.log(JSON.stringify({ benchmark: 'rating', result }));
else console.table(result);
