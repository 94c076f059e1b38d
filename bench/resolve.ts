// `node bench/resolve.ts [--json]`: how many dialled strings a second are read and resolved with a million numbers
// sold, beside the least that any exchange does: to decode the bytes and to look them up in one map.
import { type ResolveFacts, resolve } from '../src/domain/exchange/index.ts';
import { countryCodeOf, type DialContext, readDialled } from '../src/domain/numbering/index.ts';
import { Directory } from '../src/services/directory.ts';
import type { DirectoryStore, NumberInService, TerminalFact } from '../src/services/ports/index.ts';

const NUMBERS_SOLD = 1_000_000;
const MEMBERS = 10_000;
const CALLS = 200_000;
const ROUNDS = 5;

const KR = countryCodeOf('KR');
const US = countryCodeOf('US');
const BRANCHES = [KR, US];

/** The n-th number sold: seven personal numbers of Korea, two of the US, one of an enterprise in every ten. */
function numberSold(n: number): NumberInService {
  const memberId = `member-${n % MEMBERS}`;
  if (n % 10 < 7) return { kind: 'personal', digits: `02${60_000_000 + n}082`, memberId };
  if (n % 10 < 9) return { kind: 'personal', digits: `212${2_000_000 + n}001`, memberId };
  return { kind: 'enterprise', digits: `${70_000_000 + n}`, memberId };
}

function terminalOf(memberId: string, n: number): TerminalFact {
  const branchCountryCode = BRANCHES[n % BRANCHES.length] ?? KR;
  const id = `${memberId}-terminal-${n}`;
  return {
    id,
    memberId,
    branchCountryCode,
    countryCode: branchCountryCode,
    user: id,
    secrets: { md5: '', sha256: '' },
  };
}

const store: DirectoryStore = {
  async *numbers() {
    for (let n = 0; n < NUMBERS_SOLD; n += 1) yield [numberSold(n)];
  },
  async *branches() {
    for (let n = 0; n < MEMBERS; n += 1) {
      yield BRANCHES.map((countryCode) => ({ memberId: `member-${n}`, countryCode }));
    }
  },
  async *terminals() {
    for (let n = 0; n < MEMBERS; n += 1) yield BRANCHES.map((_, at) => terminalOf(`member-${n}`, at));
  },
  async *aliases() {
    yield [];
  },
  async *followMes() {
    yield [];
  },
};

const directory = await Directory.load(store, { publish: () => undefined, subscribe: () => undefined });
const facts: ResolveFacts = {
  holderOf: (kind, digits) => directory.holderOf(kind, digits),
  aliasOf: (kind, value, operatorId) => directory.aliasOf(kind, value, operatorId),
  accessCentreOf: () => undefined,
  callsStrangers: true,
  branchOf: (memberId, countryCode) => directory.hasBranch(memberId, countryCode),
  terminalsOf: (memberId, code) => directory.terminalsOf(memberId, code).map(({ id }) => id),
};
const context: DialContext = { from: KR, presentIn: KR, registry: directory, operators: [] };

const WRITTEN = {
  'personal, digits': (n: number) => personalSold(n),
  'personal, with hyphens': (n: number) =>
    personalSold(n).replace(/^(\d{2,3})(\d{4})(\d+)(\d{3})$/, '$1-$2-$3-$4'),
  'enterprise, with %23 and a country': (n: number) => `${enterpriseSold(n)}%23${BRANCHES[n % 2]}`,
  'enterprise, without': (n: number) => enterpriseSold(n),
  mixed: (n: number) => WRITTEN[MIX[n % MIX.length] ?? 'personal, digits'](n),
};
type Way = keyof typeof WRITTEN;
const MIX: readonly Exclude<Way, 'mixed'>[] = [
  ...Array<'personal, digits'>(5).fill('personal, digits'),
  ...Array<'personal, with hyphens'>(2).fill('personal, with hyphens'),
  ...Array<'enterprise, with %23 and a country'>(2).fill('enterprise, with %23 and a country'),
  'enterprise, without',
];

const keys = new Map<string, string>();
for (let n = 0; n < NUMBERS_SOLD; n += 1) keys.set(numberSold(n).digits, numberSold(n).memberId);
const asSold = packed((n) => numberSold(scattered(n)).digits);

const ways = (Object.keys(WRITTEN) as Way[]).map((what) => ({ what, calls: packed(WRITTEN[what]), best: 0 }));
let baseline = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  baseline = Math.max(
    baseline,
    rate(asSold, (digits) => keys.has(digits)),
  );
  for (const way of ways) {
    way.best = Math.max(
      way.best,
      rate(way.calls, (typed) => resolve(readDialled(typed, context), facts).ok),
    );
  }
}

const result = [
  ...ways.map(({ what, best }) => row(what, best)),
  row('baseline: decode and look up in one map', baseline),
];
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ benchmark: 'resolve', numbersSold: directory.size.numbers, result }));
} else console.table(result);

function row(what: string, best: number) {
  return {
    what,
    perSecond: Math.round(best),
    microseconds: Number((1e6 / best).toFixed(2)),
    baselines: Number((baseline / best).toFixed(2)),
  };
}

/** Numbers in an order that no cache foresees: a step that shares no factor with how many there are. */
function scattered(n: number): number {
  return (n * 611_953) % NUMBERS_SOLD;
}

function personalSold(n: number): string {
  const at = scattered(n);
  return numberSold(at % 10 < 9 ? at : at - 1).digits;
}

function enterpriseSold(n: number): string {
  const at = scattered(n);
  return numberSold(at - (at % 10) + 9).digits;
}

type Packed = { readonly bytes: Buffer; readonly ends: Uint32Array };

/** The strings as bytes of one buffer, since that is how they arrive: a string used before has its hash ready. */
function packed(written: (n: number) => string): Packed {
  const texts = Array.from({ length: CALLS }, (_, n) => written(n));
  const ends = new Uint32Array(CALLS);
  let end = 0;
  for (const [n, text] of texts.entries()) {
    end += text.length;
    ends[n] = end;
  }
  return { bytes: Buffer.from(texts.join(''), 'latin1'), ends };
}

/** How many a second; all of them must be found. */
function rate({ bytes, ends }: Packed, found: (text: string) => boolean): number {
  const startMs = performance.now();
  let start = 0;
  for (const end of ends) {
    const text = bytes.toString('latin1', start, end);
    if (!found(text)) throw new Error(`${text} was not found.`);
    start = end;
  }
  return (CALLS / (performance.now() - startMs)) * 1000;
}
