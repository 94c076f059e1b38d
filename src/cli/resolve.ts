import type { ExplanationShown } from '../adapters/http/index.ts';
import { countryCodeAsked, given } from './asked.ts';
import { printable } from './printable.ts';
import { serviceCommand } from './service-command.ts';
import { table } from './table.ts';

/** `omnidial resolve "<text>" --from KR`: what the exchange would do with it, decision by decision (R12, R13). */
export const resolve = serviceCommand('resolve', [
  {
    name: '',
    summary: 'Shows what would happen if this were dialled, with every decision in order (operator).',
    arguments: ['text'],
    options: {
      from: { value: '<country>', about: 'where the caller is: KR or 082', isRequired: true },
      member: { value: '<id>', about: 'who calls' },
    },
    run: async ({ client, argument, option, show }) => {
      const from = countryCodeAsked(option('from'));
      const body = given({ text: argument('text'), from, memberId: option('member') });
      const explained = await client.post<ExplanationShown>('/v1/route-explanations', body);
      show.text(explained, explanationText(explained));
    },
  },
]);

function explanationText({ decisions, rings, refusal }: ExplanationShown): string {
  const steps = table(
    decisions.map((decision, at) => ({ ...decision, at: at + 1 })),
    [
      { title: '#', of: ({ at }) => at },
      { title: 'decision', of: ({ step }) => step },
      { title: 'outcome', of: ({ outcome }) => outcome },
      { title: 'because', of: ({ because }) => because },
    ],
  );
  const end =
    refusal === undefined
      ? `Rings: ${(rings ?? []).map(printable).join(', ') || 'nothing that is registered'}`
      : `Refused: ${printable(refusal.detail)} (${refusal.code})`;
  return `${steps}\n${end}\n`;
}
