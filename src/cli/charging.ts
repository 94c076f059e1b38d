import { stringify } from 'yaml';
import type { CallingTermsShown, ChargingShown } from '../adapters/http/index.ts';
import { pathOf } from './asked.ts';
import { askingWithFile } from './faults-in-file.ts';
import { CalledWrongly, serviceCommand, type VerbCall } from './service-command.ts';
import type { Column } from './table.ts';
import { readWorldFile } from './world-file.ts';

const TERMS: readonly Column<CallingTermsShown>[] = [
  { title: 'plan', of: ({ plan }) => plan ?? 'the default plan' },
  { title: 'barred', of: ({ barredPrefixes }) => barredPrefixes.join(',') },
  { title: 'premium', of: ({ callsPremium }) => (callsPremium ? 'open' : 'barred') },
  { title: 'a day', of: ({ dailyLimit }) => dailyLimit && `${dailyLimit.amount} ${dailyLimit.currency}` },
  { title: 'calls a minute', of: ({ callsPerMinute }) => callsPerMinute },
  { title: 'price', of: ({ announcesPrice = false }) => (announcesPrice ? 'announced' : 'not announced') },
];

/** `omnidial charging`: by which tariffs calls are charged, and what was agreed with whom (R23). */
export const charging = serviceCommand('charging', [
  {
    name: 'show',
    summary: 'the plan, the agreements and the exchange rates, in the form in which they are set',
    arguments: [],
    run: async ({ client, show }) => {
      const found = await client.get<ChargingShown>('/v1/charging');
      show.text(found, stringify(found.charging));
    },
  },
  {
    name: 'set',
    summary: 'sets all of it as a YAML file has it',
    arguments: ['charging.yaml'],
    run: async (call) => {
      const path = call.argument('charging.yaml');
      const file = readWorldFile(path, process.env);
      const { revision } = await call.client.get<ChargingShown>('/v1/charging');
      const set = await askingWithFile(path, file, '/charging', () =>
        call.client.put<ChargingShown>('/v1/charging', { charging: file.world, revision }),
      );
      call.show.text(set, `Calls are charged so from now on. The set-up has the revision ${set.revision}.\n`);
    },
  },
  {
    name: 'terms',
    summary: 'shows what was agreed with a member about its calls, or sets what is given of it',
    arguments: ['member'],
    options: {
      plan: { value: '<tariff>', about: 'the retail tariff of its calls; "default" for the default plan' },
      bar: {
        value: '<prefixes>',
        about: 'numbers that are not called, with commas between; "none" for none',
      },
      premium: { value: '<open|barred>', about: 'whether premium services are called' },
      'daily-limit': {
        value: '<amount currency>',
        about: 'what it may spend on calls in a day; "none" for none',
      },
      'calls-per-minute': { value: '<count>', about: 'calls that cost something; "none" for no limit' },
      'announce-price': {
        value: '<yes|no>',
        about: 'whether a voice says what a call costs, before it rings',
      },
      'credit-limit': { value: '<amount currency>', about: 'how much it may owe: "50000 KRW"' },
    },
    run: async (call) => {
      const path = pathOf('members', call.argument('member'), 'calling-terms');
      const before = await call.client.get<CallingTermsShown>(path);
      const changes = changesOf(call);
      if (Object.keys(changes).length === 0) call.show.one(before, TERMS);
      else call.show.one(await call.client.put<CallingTermsShown>(path, changed(before, changes)), TERMS);
    },
  },
]);

/** What is to be another; null takes a limit away. */
type Changes = {
  readonly plan?: string;
  readonly barredPrefixes?: readonly string[];
  readonly callsPremium?: boolean;
  readonly dailyLimit?: Amount | null;
  readonly callsPerMinute?: number | null;
  readonly announcesPrice?: boolean;
  readonly creditLimit?: Amount;
};

type Amount = { readonly amount: string; readonly currency: string };

function changesOf({ option }: VerbCall): Changes {
  const [plan, bar, premium] = ['plan', 'bar', 'premium'].map((name) => option(name));
  const [limit, perDay, perMinute] = ['credit-limit', 'daily-limit', 'calls-per-minute'].map((name) =>
    option(name),
  );
  const announcesPrice = option('announce-price');
  if (announcesPrice !== undefined && announcesPrice !== 'yes' && announcesPrice !== 'no') {
    throw new CalledWrongly('--announce-price is yes or no.');
  }
  if (premium !== undefined && premium !== 'open' && premium !== 'barred') {
    throw new CalledWrongly('--premium is open or barred.');
  }
  if (perMinute !== undefined && perMinute !== 'none' && !/^[1-9]\d{0,5}$/.test(perMinute)) {
    throw new CalledWrongly('--calls-per-minute is a count, or none.');
  }
  return {
    ...(plan === undefined ? {} : { plan }),
    ...(bar === undefined ? {} : { barredPrefixes: bar === 'none' ? [] : bar.split(',') }),
    ...(premium === undefined ? {} : { callsPremium: premium === 'open' }),
    ...(perDay === undefined
      ? {}
      : { dailyLimit: perDay === 'none' ? null : amountOf('daily-limit', perDay) }),
    ...(perMinute === undefined ? {} : { callsPerMinute: perMinute === 'none' ? null : Number(perMinute) }),
    ...(announcesPrice === undefined ? {} : { announcesPrice: announcesPrice === 'yes' }),
    ...(limit === undefined ? {} : { creditLimit: amountOf('credit-limit', limit) }),
  };
}

function amountOf(name: string, text: string): Amount {
  const [, amount, currency] = /^([\d.]+) ?([A-Z]{3})$/.exec(text) ?? [];
  if (amount === undefined || currency === undefined) {
    throw new CalledWrongly(`--${name} is an amount and a currency: "50000 KRW".`);
  }
  return { amount, currency };
}

function changed(before: CallingTermsShown, changes: Changes) {
  const after = { ...before, ...changes };
  const kept = Object.entries(after).filter(
    ([name, value]) => value !== null && !(name === 'plan' && value === 'default'),
  );
  return Object.fromEntries(kept);
}
