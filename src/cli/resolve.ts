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
      ? ringsText(rings ?? [])
      : `Refused: ${printable(refusal.detail)} (${refusal.code})`;
  return `${steps}\n${end}\n`;
}

type Ring = NonNullable<ExplanationShown['rings']>[number];

function ringsText(rings: readonly Ring[]): string {
  if (rings.length === 0) return 'Rings: nothing that is registered';
  const lines = rings.map((ring) => {
    const when =
      ring.order > 0 ? 'where that fails' : ring.afterMs > 0 ? `after ${ring.afterMs / 1000} s` : 'at once';
    return `  ${when}: ${printable(ringText(ring))}`;
  });
  return ['Rings:', ...lines].join('\n');
}

function ringText({ terminalId, trunk, gateway, centre, number, address }: Ring): string {
  if (terminalId !== undefined) return `terminal ${terminalId}`;
  if (trunk !== undefined) return `${number} by ${trunk} (${gateway}) of the centre ${centre}`;
  return address ?? '';
}
