import type { BlockShown } from '../adapters/http/index.ts';
import type { Items } from './service-client.ts';
import { serviceCommand, type Verb } from './service-command.ts';

const VERBS: readonly Verb[] = [
  {
    name: 'list',
    summary: 'networks and SIP users that are blocked after wrong passwords',
    arguments: [],
    run: async ({ client, show }) => {
      show.list(await client.get<Items<BlockShown>>('/v1/blocks'), [
        { title: 'kind', of: ({ kind }) => kind },
        { title: 'subject', of: ({ subject }) => subject },
        { title: 'since', of: ({ since }) => since },
        { title: 'until', of: ({ until }) => until },
      ]);
    },
  },
  {
    name: 'lift',
    summary: 'lets a network or user in again before its time',
    arguments: ['kind', 'subject'],
    run: async ({ client, argument, show }) => {
      const which = new URLSearchParams({ kind: argument('kind'), subject: argument('subject') });
      await client.delete(`/v1/blocks?${which}`);
      show.text({ lifted: argument('subject') }, 'The block is lifted.\n');
    },
  },
];

/** `omnidial blocks`: who is not listened to, and letting them in again. */
export const blocks = serviceCommand('blocks', VERBS);
