import type { ReconciliationShown, SettlementListedShown, SettlementShown } from '../adapters/http/index.ts';
import { priced } from './money-text.ts';
import { type Column, card, table } from './table.ts';

/** A settlement in a line. */
export const BRIEF: readonly Column<SettlementListedShown>[] = [
  { title: 'settlement', of: ({ id }) => id },
  { title: 'trunk', of: ({ trunk }) => trunk },
  { title: 'period', of: ({ period }) => period.name },
  { title: 'state', of: ({ state }) => state },
  { title: 'we owe', of: ({ owedByUs }) => priced(owedByUs) },
  { title: 'they owe', of: ({ owedToUs }) => priced(owedToUs) },
  { title: 'due', of: ({ due }) => priced(due) },
  // Nobody is shown a zero where only its absence matters.
  {
    title: 'differs from the ledger',
    of: ({ difference }) => (isNothing(difference.amount) ? undefined : priced(difference)),
  },
];

const USAGE: readonly Column<SettlementShown['statement']['usage'][0]>[] = [
  { title: 'direction', of: ({ direction }) => direction },
  { title: 'destination', of: ({ destination }) => destination },
  { title: 'paid by', of: ({ paidBy }) => paidBy },
  { title: 'calls', of: ({ calls }) => calls },
  { title: 'minutes', of: ({ minutes }) => minutes },
  { title: 'billed s', of: ({ billedSeconds }) => billedSeconds },
  { title: 'amount', of: ({ amount }) => priced(amount) },
];

const SUMS: readonly Column<SettlementShown['statement']>[] = [
  { title: 'we owe', of: ({ owedByUs }) => priced(owedByUs) },
  { title: 'they owe', of: ({ owedToUs }) => priced(owedToUs) },
  { title: 'carried forward', of: ({ carriedForward }) => priced(carriedForward) },
  { title: 'late calls', of: ({ lateCalls, late }) => `${lateCalls}, ${priced(late)}` },
  { title: 'in the ledger', of: ({ ledger }) => priced(ledger) },
  { title: 'difference', of: ({ difference }) => priced(difference) },
];

/** A settlement with its statement, and what is in dispute. */
export function settlementText(settlement: SettlementShown): string {
  const { statement, disputed, payment } = settlement;
  const items =
    disputed.length === 0
      ? ''
      : `\n${table(disputed, [
          { title: 'item', of: ({ item }) => item },
          { title: 'amount', of: ({ amount }) => priced(amount) },
          { title: 'what', of: ({ what }) => what },
          {
            title: 'agreed',
            of: ({ outcome }) => outcome && `${priced(outcome.amount)}: ${outcome.because}`,
          },
        ])}`;
  const paid = payment === undefined ? '' : `\npaid: ${priced(payment.amount)} (${payment.reference})\n`;
  return `${card(settlement, BRIEF)}\n${statementText(statement)}${items}${paid}`;
}

/** Usage and sums. */
export function statementText(statement: SettlementShown['statement']): string {
  const usage = statement.usage.length === 0 ? 'No calls.\n' : table(statement.usage, USAGE);
  return `${usage}\n${card(statement, SUMS)}`;
}

/** A terminal shows the dearest differences; all of them are in the answer with --json. */
const MOST_SHOWN = 30;

/** What both sides have, what differs, and the dearest differences. */
export function reconciliationText({
  ours,
  theirs,
  alike,
  found,
  atStake,
  differences,
  faults,
  faulty,
}: ReconciliationShown): string {
  const sides = table(
    [
      { side: 'ours', ...ours },
      { side: 'theirs', ...theirs },
    ],
    [
      { title: '', of: ({ side }) => side },
      { title: 'calls', of: ({ calls }) => calls },
      { title: 'minutes', of: ({ minutes }) => minutes },
      { title: 'amount', of: ({ amount }) => priced(amount) },
    ],
  );
  const kinds = table(found, [
    { title: 'difference', of: ({ kind }) => kind },
    { title: 'calls', of: ({ calls }) => calls },
    { title: 'amount', of: ({ amount }) => priced(amount) },
  ]);
  const shown = differences.slice(0, MOST_SHOWN);
  const calls =
    shown.length === 0
      ? ''
      : `\n${table(shown, [
          { title: 'difference', of: ({ kind }) => kind },
          { title: 'began', of: (each) => (each.ours ?? each.theirs)?.startedAt },
          { title: 'from', of: (each) => (each.ours ?? each.theirs)?.caller },
          { title: 'to', of: (each) => (each.ours ?? each.theirs)?.called },
          { title: 'our s', of: (each) => each.ours?.seconds },
          { title: 'their s', of: (each) => each.theirs?.seconds },
          { title: 'their line', of: (each) => each.theirs?.line },
          { title: 'more', of: ({ amount }) => priced(amount) },
        ])}`;
  const unread =
    faulty === 0
      ? ''
      : `\n${faulty} lines were not read:\n${faults
          .slice(0, MOST_SHOWN)
          .map(({ line, detail }) => `  ${line}: ${detail}\n`)
          .join('')}`;
  return `${sides}\nAlike: ${alike}. At stake: ${priced(atStake)}.\n\n${kinds}${calls}${unread}`;
}

function isNothing(amount: string): boolean {
  return /^-?0*(?:\.0*)?$/.test(amount);
}
