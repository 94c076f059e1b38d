import { setTimeout as wait } from 'node:timers/promises';
import type {
  TariffImportShown,
  TariffRateShown,
  TariffShown,
  TariffVersionShown,
} from '../adapters/http/index.ts';
import { PAGE_OPTIONS, pageAsked, pathOf } from './asked.ts';
import { textOfFile } from './given-file.ts';
import { importEnd, importProgress } from './import-progress.ts';
import { type Items, RequestFailed, withQuery } from './service-client.ts';
import { serviceCommand, type VerbCall } from './service-command.ts';
import { type Column, card, table } from './table.ts';

/** So often an import is asked how far it is. */
const ASK_EVERY_MS = 300;

const TARIFF: readonly Column<TariffShown>[] = [
  { title: 'tariff', of: ({ name }) => name },
  { title: 'kind', of: ({ kind }) => kind },
  { title: 'currency', of: ({ currency }) => currency },
  { title: 'time zone', of: ({ timeZone }) => timeZone },
  { title: 'in force', of: ({ inForce }) => inForce },
  { title: 'rows', of: ({ inForce, versions }) => versions.find(({ number }) => number === inForce)?.rows },
];

const VERSION: readonly Column<TariffVersionShown>[] = [
  { title: 'version', of: ({ number }) => number },
  { title: 'counts from', of: ({ effectiveFrom }) => effectiveFrom },
  { title: 'published', of: ({ publishedAt }) => publishedAt },
  { title: 'rows', of: ({ rows }) => rows },
  { title: 'taken back', of: ({ takenBackAt }) => takenBackAt },
];

const RATE: readonly Column<TariffRateShown>[] = [
  { title: 'status', of: ({ status }) => status },
  { title: 'version', of: ({ version }) => version },
  { title: 'prefix', of: ({ prefix }) => prefix },
  { title: 'destination', of: ({ destination }) => destination || undefined },
  { title: 'terms', of: ({ terms }) => terms },
  { title: 'billed', of: ({ billedSeconds }) => billedSeconds && `${billedSeconds} s` },
  { title: 'price', of: ({ price }) => price && `${price.amount} ${price.currency}` },
];

/** `omnidial tariffs`: what calls cost (R23). */
export const tariffs = serviceCommand('tariffs', [
  {
    name: 'list',
    summary: 'the tariffs, by name',
    arguments: [],
    options: PAGE_OPTIONS,
    run: async (call) =>
      call.show.list(await call.client.get<Items<TariffShown>>('/v1/tariffs', pageAsked(call)), TARIFF),
  },
  {
    name: 'create',
    summary: 'makes a tariff, which has no rates yet',
    arguments: ['name'],
    options: {
      kind: { value: '<kind>', about: 'retail (members pay us) or carrier (networks pay)', isRequired: true },
      currency: { value: '<code>', about: 'USD', isRequired: true },
      'time-zone': { value: '<zone>', about: 'of the dates in decks: Asia/Seoul', isRequired: true },
    },
    run: async ({ client, argument, option, show }) => {
      const body = {
        name: argument('name'),
        kind: option('kind'),
        currency: option('currency'),
        timeZone: option('time-zone'),
      };
      show.one(await client.post<TariffShown>('/v1/tariffs', body), TARIFF);
    },
  },
  {
    name: 'show',
    summary: 'a tariff and its versions',
    arguments: ['name'],
    run: async ({ client, argument, show }) => {
      const tariff = await client.get<TariffShown>(pathOf('tariffs', argument('name')));
      const versions = tariff.versions.length === 0 ? '' : `\n${table(tariff.versions, VERSION)}`;
      show.text(tariff, `${card(tariff, TARIFF)}${versions}`);
    },
  },
  {
    name: 'rate',
    summary: 'what calls to a number cost by a tariff: +821012345678, or operator:tello:0701234567',
    arguments: ['name', 'number'],
    options: {
      at: { value: '<date>', about: 'then: 2027-01-31; now where absent' },
      seconds: { value: '<n>', about: 'of a conversation, for its price' },
    },
    run: async ({ client, argument, option, show }) => {
      const query = { number: argument('number'), at: option('at'), seconds: option('seconds') };
      show.one(await client.get<TariffRateShown>(pathOf('tariffs', argument('name'), 'rate'), query), RATE);
    },
  },
  {
    name: 'import',
    summary: 'makes a version of a deck (CSV), after every line of it was checked',
    arguments: ['name', 'deck.csv'],
    options: {
      amend: { value: '', about: 'changes the prefixes of the deck, and leaves the others as they are' },
      'dry-run': { value: '', about: 'only shows what is wrong and what would be different' },
      'skip-faulty': { value: '', about: 'takes the good lines where others are wrong' },
      from: { value: '<date>', about: 'from when it counts: 2027-01-31; at once where absent' },
    },
    run: importDeck,
  },
  {
    name: 'export',
    summary: 'a version as a deck (CSV), which can be imported again',
    arguments: ['name'],
    options: { version: { value: '<n>', about: 'which one; the one in force where absent' } },
    run: async ({ client, argument, option, show }) => {
      const path = withQuery(pathOf('tariffs', argument('name'), 'deck'), { version: option('version') });
      const deck = new TextDecoder().decode(await client.getFile(path, 'text/csv'));
      show.text({ deck }, deck);
    },
  },
  {
    name: 'take-back',
    summary: 'takes a version back: the one before is in force again',
    arguments: ['name', 'version'],
    run: async ({ client, argument, show }) => {
      const path = pathOf('tariffs', argument('name'), 'versions', argument('version'), 'take-back');
      show.one(await client.post<TariffVersionShown>(path), VERSION);
    },
  },
]);

async function importDeck({ client, argument, option, show }: VerbCall): Promise<void> {
  const [name, path] = [argument('name'), argument('deck.csv')];
  const query = {
    mode: option('amend') === undefined ? 'replace' : 'amend',
    dryRun: option('dry-run') === undefined ? undefined : 'true',
    skipFaulty: option('skip-faulty') === undefined ? undefined : 'true',
    effectiveFrom: option('from'),
  };
  const text = textOfFile(path);
  let job = await client.postText<TariffImportShown>(
    withQuery(pathOf('tariffs', name, 'imports'), query),
    'text/csv',
    text,
  );
  while (job.state === 'reading' || job.state === 'storing') {
    if (process.stderr.isTTY) process.stderr.write(`\r${importProgress(job)}`);
    await wait(ASK_EVERY_MS);
    job = await client.get<TariffImportShown>(pathOf('tariffs', name, 'imports', job.id));
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${' '.repeat(importProgress(job).length)}\r`);
  const { isDone, lines } = importEnd(job, path);
  if (!isDone) throw new RequestFailed(lines.join('\n'));
  show.text(job, `${lines.join('\n')}\n`);
}
