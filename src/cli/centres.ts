import type {
  NetworkPartShown,
  NumberFormatExplanationShown,
  TrunkStateShown,
} from '../adapters/http/index.ts';
import { pathOf } from './asked.ts';
import { printable } from './printable.ts';
import type { Items } from './service-client.ts';
import { serviceCommand, type Verb } from './service-command.ts';
import type { Column } from './table.ts';

type Kind = 'centres' | 'trunks';

/** A part of a value that the service gave, as text. */
function part(name: string): (shown: NetworkPartShown) => string | undefined {
  return ({ value }) => {
    const found = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
    if (found === undefined) return undefined;
    return Array.isArray(found) ? found.join(', ') : String(found);
  };
}

const COLUMNS: Readonly<Record<Kind, readonly Column<NetworkPartShown>[]>> = {
  centres: [
    { title: 'centre', of: ({ name }) => name },
    { title: 'state', of: part('state') },
    { title: 'countries', of: part('countries') },
    { title: 'capacity', of: part('capacity') },
    { title: 'priority', of: part('priority') },
    { title: 'emergency trunk', of: part('emergencyTrunk') },
  ],
  trunks: [
    { title: 'trunk', of: ({ name }) => name },
    { title: 'kind', of: part('kind') },
    { title: 'state', of: part('state') },
    { title: 'centre', of: part('centre') },
    { title: 'channels', of: part('channels') },
  ],
};

const STATES = [
  ['open', 'open', 'takes calls again'],
  ['drain', 'draining', 'takes no new calls, and carries those there are to their end'],
  ['close', 'closed', 'takes no calls'],
] as const;

function verbsOf(kind: Kind): readonly Verb[] {
  const changes = STATES.map(
    ([name, state, summary]): Verb => ({
      name,
      summary,
      arguments: ['name'],
      run: async ({ client, argument, show }) =>
        show.one(
          await client.patch<NetworkPartShown>(pathOf(kind, argument('name')), { state }),
          COLUMNS[kind],
        ),
    }),
  );
  return [
    {
      name: 'list',
      summary: `the ${kind} as they are set up`,
      arguments: [],
      run: async ({ client, show }) =>
        show.list(await client.get<Items<NetworkPartShown>>(`/v1/${kind}`), COLUMNS[kind]),
    },
    ...changes,
  ];
}

/** `omnidial centres`: the communication centres, and their states (R1). */
export const centres = serviceCommand('centres', verbsOf('centres'));

/** `omnidial trunks`: the ways to other networks, and how they stand. */
export const trunks = serviceCommand('trunks', [
  ...verbsOf('trunks'),
  {
    name: 'try',
    summary: 'what a number becomes on its way to a trunk, or from it, step by step',
    arguments: ['trunk', 'number'],
    options: {
      from: { value: '', about: 'from the trunk; to it where absent' },
      calling: { value: '', about: 'who calls; who is called where absent' },
    },
    run: async ({ client, argument, option, show }) => {
      const body = {
        trunk: argument('trunk'),
        number: argument('number'),
        direction: option('from') === undefined ? 'outbound' : 'inbound',
        party: option('calling') === undefined ? 'called' : 'calling',
      };
      const path = '/v1/number-format-explanations';
      const tried = await client.post<NumberFormatExplanationShown>(path, body);
      const steps = tried.steps.map(
        ({ sentence, result }) => `${printable(sentence)} ${printable(result)}\n`,
      );
      show.text(tried, `${steps.join('')}${printable(tried.result)}\n`);
    },
  },
  {
    name: 'states',
    summary: 'which gateways live, and what they carry',
    arguments: [],
    run: async ({ client, show }) => {
      const states = await client.get<Items<TrunkStateShown>>('/v1/trunk-states');
      show.list({ items: states.items.flatMap(gatewayRows) }, GATEWAY_COLUMNS);
    },
  },
]);

type GatewayRow = Omit<TrunkStateShown, 'gateways'> & TrunkStateShown['gateways'][number];

function gatewayRows({ gateways, ...trunk }: TrunkStateShown): readonly GatewayRow[] {
  return gateways.map((gateway) => ({ ...trunk, ...gateway }));
}

const GATEWAY_COLUMNS: readonly Column<GatewayRow>[] = [
  { title: 'trunk', of: ({ name }) => name },
  { title: 'calls', of: ({ channelsInUse }) => channelsInUse },
  { title: 'gateway', of: ({ gateway }) => gateway },
  { title: 'state', of: ({ state }) => state },
  { title: 'since', of: ({ since }) => since },
  { title: 'registration', of: ({ registration }) => registration },
  { title: 'reason', of: ({ reason }) => reason },
];
