import type { CallTraceShown } from '../adapters/http/index.ts';
import { pathOf } from './asked.ts';
import { drawLadder } from './ladder.ts';
import { serviceCommand } from './service-command.ts';

/** `omnidial trace <call>`: the SIP messages of a recent call as a ladder. */
export const trace = serviceCommand('trace', [
  {
    name: '',
    summary: 'Draws the SIP messages of a recent call as a ladder (operator).',
    arguments: ['call'],
    run: async ({ client, argument, show }) => {
      const answer = await client.get<CallTraceShown>(pathOf('calls', argument('call'), 'trace'));
      const messages = answer.messages.map(({ at, ...message }) => ({ ...message, atMs: Date.parse(at) }));
      show.text(answer, drawLadder(messages));
    },
  },
]);
