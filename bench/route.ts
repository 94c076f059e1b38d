// `node bench/route.ts [--json]`: how fast a number finds its carriers among a million prefixes of ten trunks that
// overlap, how long the prefixes take to load and what they weigh, beside one look-up in a map for every length of
// prefix, which is the least that the longest prefix costs.
import { type CarrierRoute, CarrierTable, PrefixTable } from '../src/domain/centres/index.ts';
import { collectGarbage, digits, random } from './support/repeatable.ts';

const PREFIXES = 1_000_000;
const TRUNKS = 10;
const LOOKUPS = 200_000;
const ROUNDS = 5;
const SHORTEST = 3;
const LONGEST = 9;

/** Real lists share most of their prefixes: so do these, since every trunk draws from the same countries and areas. */
function routeOf(n: number): CarrierRoute {
  const length = SHORTEST + Math.floor(random() * (LONGEST - SHORTEST + 1));
  return {
    trunk: `trunk-${n % TRUNKS}`,
    prefix: digits(length),
    costPerMinute: BigInt(Math.floor(random() * 100_000)),
    currency: 'USD',
    priority: 1 + Math.floor(random() * 3),
    weight: 1 + Math.floor(random() * 100),
  };
}

/** A million different ones: a trunk has each prefix once. */
const distinct = new Map<string, CarrierRoute>();
for (let n = 0; distinct.size < PREFIXES; n += 1) {
  const route = routeOf(n);
  distinct.set(`${route.trunk} ${route.prefix}`, route);
}
const routes = [...distinct.values()];
distinct.clear();
const numbers = Array.from({ length: LOOKUPS }, () => digits(11));
collectGarbage();
const before = process.memoryUsage();

const table = new CarrierTable();
const begun = performance.now();
const tables = new Map<string, PrefixTable>();
for (const route of routes) {
  const own = tables.get(route.trunk) ?? new PrefixTable();
  tables.set(route.trunk, own);
  own.set(route);
}
for (const [trunk, own] of tables) table.replace(trunk, own);
const loadSeconds = (performance.now() - begun) / 1000;
collectGarbage();
const after = process.memoryUsage();
const megabytes = (after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed) / 1e6;

const keys = new Map(routes.map(({ prefix }, at) => [prefix, at]));

/** Look-ups a second. */
function rate(look: (number: string) => number): number {
  const from = performance.now();
  let found = 0;
  for (const number of numbers) found += look(number);
  if (found < 0) throw new Error('unreachable, and keeps the loop from being left out');
  return LOOKUPS / ((performance.now() - from) / 1000);
}

let carriers = 0;
let plain = 0;
let matches = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  matches = 0;
  carriers = Math.max(
    carriers,
    rate((number) => {
      const found = table.carriersFor(number, random).length;
      matches += found;
      return found;
    }),
  );
  plain = Math.max(
    plain,
    rate((number) => {
      for (let length = LONGEST; length >= SHORTEST; length -= 1) {
        const at = keys.get(number.slice(0, length));
        if (at !== undefined) return at;
      }
      return 0;
    }),
  );
}

const result = {
  prefixes: table.size,
  trunks: TRUNKS,
  loadSeconds: Number(loadSeconds.toFixed(2)),
  megabytes: Math.round(megabytes),
  bytesPerPrefix: Math.round((megabytes * 1e6) / table.size),
  carriersFound: Number((matches / LOOKUPS).toFixed(2)),
  lookupsPerSecond: Math.round(carriers),
  microseconds: Number((1e6 / carriers).toFixed(2)),
  baselinePerSecond: Math.round(plain),
  baselines: Number((plain / carriers).toFixed(2)),
};
if (process.argv.includes('--json')) console.log(JSON.stringify({ benchmark: 'route', result }));
else console.table(result);
