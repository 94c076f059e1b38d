import type { CarrierRouteShown } from '../adapters/http/index.ts';
import { PAGE_OPTIONS, pageAsked, pathOf } from './asked.ts';
import { textOfFile } from './given-file.ts';
import type { Items } from './service-client.ts';
import { serviceCommand } from './service-command.ts';

/** `omnidial routes`: what a carrier takes calls for, and what that costs (R14). */
export const routes = serviceCommand('routes', [
  {
    name: 'list',
    summary: 'the routes of a trunk, by prefix',
    arguments: ['trunk'],
    options: PAGE_OPTIONS,
    run: async (call) =>
      call.show.list(
        await call.client.get<Items<CarrierRouteShown>>(
          pathOf('trunks', call.argument('trunk'), 'routes'),
          pageAsked(call),
        ),
        [
          { title: 'prefix', of: ({ prefix }) => prefix },
          { title: 'a minute', of: ({ costPerMinute, currency }) => `${costPerMinute} ${currency}` },
          { title: 'priority', of: ({ priority }) => priority },
          { title: 'weight', of: ({ weight }) => weight },
        ],
      ),
  },
  {
    name: 'import',
    summary:
      'puts the routes of a CSV file (prefix,cost_per_minute,currency,priority,weight) in the place of all',
    arguments: ['trunk', 'file.csv'],
    run: async ({ client, argument, show }) => {
      const path = pathOf('trunks', argument('trunk'), 'routes');
      const made = await client.putText<{ routes: number }>(
        path,
        'text/csv',
        textOfFile(argument('file.csv')),
      );
      show.text(made, `${argument('trunk')} has ${made.routes} routes.\n`);
    },
  },
]);
