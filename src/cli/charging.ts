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

type Changes = {
  readonly plan?: string;
  readonly barredPrefixes?: readonly string[];
  readonly callsPremium?: boolean;
  readonly creditLimit?: { readonly amount: string; readonly currency: string };
};

function changesOf({ option }: VerbCall): Changes {
  const [plan, bar, premium, limit] = ['plan', 'bar', 'premium', 'credit-limit'].map((name) => option(name));
  if (premium !== undefined && premium !== 'open' && premium !== 'barred') {
    throw new CalledWrongly('--premium is open or barred.');
  }
  const [, amount, currency] = /^([\d.]+) ?([A-Z]{3})$/.exec(limit ?? '') ?? [];
  if (limit !== undefined && amount === undefined) {
    throw new CalledWrongly('--credit-limit is an amount and a currency: "50000 KRW".');
  }
  return {
    ...(plan === undefined ? {} : { plan }),
    ...(bar === undefined ? {} : { barredPrefixes: bar === 'none' ? [] : bar.split(',') }),
    ...(premium === undefined ? {} : { callsPremium: premium === 'open' }),
    ...(amount === undefined || currency === undefined ? {} : { creditLimit: { amount, currency } }),
  };
}

function changed(before: CallingTermsShown, changes: Changes) {
  const { plan, ...after } = { ...before, ...changes };
  return plan === undefined || plan === 'default' ? after : { ...after, plan };
}
