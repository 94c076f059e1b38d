import { accept, type Result, refuse } from '../../refusal/index.ts';
import { type LedgerEntry, trunkAccount } from '../ledger/index.ts';
import type {
  ClosedSettlement,
  ConfirmedSettlement,
  DisputedItem,
  DisputedSettlement,
  OpenSettlement,
  PaidSettlement,
  Settlement,
  SettlementEffect,
  SettlementInput,
  StatedSettlement,
} from './settlement.ts';

/*
 * The settlement of one period with one network (R23).
 *
 *   +------+  its period is over: calls are    +--------+     both sides agree      +-----------+
 *   | open |---------------------------------->| closed |-------------------------->| confirmed |
 *   +------+  counted, late ones left for next +--------+                           +-----------+
 *                                                  |  one side says that     +----------+   |  ^
 *                                                  |  items are wrong        |              |  | outcomes of all
 *                                                  v                         v              |  | items: what is agreed
 *                                              +----------+  <---------------+              |  | moves in the ledger
 *                                              | disputed |---------------------------------+--+
 *                                              +----------+  more items: stays              |
 *                                                                                           v  money went or came
 *                                                                                        +------+
 *                                                                                        | paid |
 *                                                                                        +------+
 *
 * What was paid too little or too much is carried into the next settlement that is closed. A paid settlement stays as
 * it is: what turns out later is corrected charge by charge, and belongs to the period in which it is.
 */

export type SettlementRefusalCode =
  | 'settlement-period-not-over'
  | 'settlement-state-refused'
  | 'settlement-outcomes-incomplete';

type Step = Result<[Settlement, SettlementEffect[]], SettlementRefusalCode>;

/** Nobody goes through more items of one period by hand. */
export const MOST_DISPUTED_ITEMS = 20_000;

/**
 * The next state and what the ledger is told along with it, or a refusal that leaves everything as it was. An input
 * that has been given before is accepted again without effects; only outcomes are given once.
 */
export function stepSettlement(settlement: Settlement, input: SettlementInput): Step {
  switch (settlement.state) {
    case 'open':
      return stepOpen(settlement, input);
    case 'closed':
      return stepClosed(settlement, input);
    case 'disputed':
      return stepDisputed(settlement, input);
    case 'confirmed':
      return stepConfirmed(settlement, input);
    case 'paid':
      return stepPaid(settlement, input);
  }
}

function stepOpen(settlement: OpenSettlement, input: SettlementInput): Step {
  if (input.kind !== 'closed') return outOfPlace(settlement, input);
  const { statement, nowMs } = input;
  if (nowMs < settlement.period.untilMs) {
    return refuse('settlement-period-not-over', 'The period is not over: its calls are not known yet.');
  }
  return accept([
    { ...settlement, state: 'closed', statement, closedAtMs: nowMs, disputed: [], outcomes: [] },
    [],
  ]);
}

function stepClosed(settlement: ClosedSettlement, input: SettlementInput): Step {
  switch (input.kind) {
    case 'closed':
      return unchanged(settlement);
    case 'confirmed':
      return accept([{ ...settlement, state: 'confirmed', confirmedAtMs: input.nowMs }, []]);
    case 'disputed':
      return dispute(settlement, input.items);
    case 'resolved':
    case 'paid':
      return outOfPlace(settlement, input);
  }
}

function stepDisputed(settlement: DisputedSettlement, input: SettlementInput): Step {
  switch (input.kind) {
    case 'closed':
      return unchanged(settlement);
    case 'disputed':
      return dispute(settlement, input.items);
    case 'resolved':
      return resolve(settlement, input);
    case 'confirmed':
    case 'paid':
      return outOfPlace(settlement, input);
  }
}

function stepConfirmed(settlement: ConfirmedSettlement, input: SettlementInput): Step {
  switch (input.kind) {
    case 'closed':
    case 'confirmed':
      return unchanged(settlement);
    case 'disputed': {
      if (newItems(settlement, input.items).length === 0) return unchanged(settlement);
      const { confirmedAtMs: _, ...agreed } = settlement;
      return dispute(agreed, input.items);
    }
    case 'paid':
      return pay(settlement, input);
    case 'resolved':
      return outOfPlace(settlement, input);
  }
}

function stepPaid(settlement: PaidSettlement, input: SettlementInput): Step {
  switch (input.kind) {
    case 'closed':
    case 'confirmed':
      return unchanged(settlement);
    case 'paid': {
      const { micros, reference } = settlement.payment;
      const isSame = micros === input.payment.micros && reference === input.payment.reference;
      return isSame ? unchanged(settlement) : outOfPlace(settlement, input);
    }
    case 'disputed':
    case 'resolved':
      return outOfPlace(settlement, input);
  }
}

function dispute(
  settlement: Omit<ClosedSettlement | DisputedSettlement, 'state'>,
  items: readonly Omit<DisputedItem, 'item'>[],
): Step {
  const listed = [...settlement.disputed, ...newItems(settlement, items)];
  const disputed = listed.map((item, at) => ({ ...item, item: at + 1 }));
  return accept([{ ...settlement, state: 'disputed', disputed }, []]);
}

/** Items that are in the list already are not put there twice. */
function newItems(
  { disputed }: Pick<ClosedSettlement, 'disputed'>,
  items: readonly Omit<DisputedItem, 'item'>[],
): readonly Omit<DisputedItem, 'item'>[] {
  const known = new Set(disputed.map(textOf));
  return items.filter((item) => {
    const text = textOf(item);
    return !known.has(text) && known.add(text);
  });
}

function textOf({ what, micros, callId = '' }: Omit<DisputedItem, 'item'>): string {
  return `${callId}\n${micros}\n${what}`;
}

function resolve(
  settlement: DisputedSettlement,
  { outcomes, nowMs }: Extract<SettlementInput, { readonly kind: 'resolved' }>,
): Step {
  const before = new Set(settlement.outcomes.map(({ item }) => item));
  const waiting = settlement.disputed.filter(({ item }) => !before.has(item)).map(({ item }) => item);
  const decided = new Set(outcomes.map(({ item }) => item));
  const isComplete = decided.size === outcomes.length && decided.size === waiting.length;
  if (!isComplete || waiting.some((item) => !decided.has(item))) {
    return refuse(
      'settlement-outcomes-incomplete',
      `Give each item that waits one outcome: ${waiting.slice(0, 20).join(', ')}${waiting.length > 20 ? ', …' : ''}.`,
      '/outcomes',
    );
  }
  const agreed = outcomes.reduce((sum, { micros }) => sum + micros, 0n);
  return accept([
    {
      ...settlement,
      state: 'confirmed',
      confirmedAtMs: nowMs,
      outcomes: [...settlement.outcomes, ...outcomes],
    },
    movement(settlement, {
      id: `dispute/${Math.max(...waiting)}`,
      micros: agreed,
      other: 'call-costs',
      purpose: 'adjustment',
      atMs: nowMs,
    }),
  ]);
}

function pay(
  settlement: ConfirmedSettlement,
  { payment, nowMs }: Extract<SettlementInput, { readonly kind: 'paid' }>,
): Step {
  // What goes to the bank's other side is owed no longer.
  const moved = { id: 'payment', micros: -payment.micros, other: 'bank', purpose: 'settlement' } as const;
  return accept([{ ...settlement, state: 'paid', payment }, movement(settlement, { ...moved, atMs: nowMs })]);
}

type Moved = Pick<LedgerEntry, 'id' | 'atMs'> & {
  /** What is owed to the network more, or less where below zero. */
  readonly micros: bigint;
  readonly other: 'bank' | 'call-costs';
  readonly purpose: 'adjustment' | 'settlement';
};

/** The same id each time, so that a step that is stored twice moves once. */
function movement({ id, trunk, currency }: StatedSettlement, moved: Moved): SettlementEffect[] {
  if (moved.micros === 0n) return [];
  const account = trunkAccount(trunk);
  const isOwed = moved.micros > 0n;
  const entry: LedgerEntry = {
    kind: 'posted',
    id: `settlement/${id}/${moved.id}`,
    debit: isOwed ? moved.other : account,
    credit: isOwed ? account : moved.other,
    currency,
    micros: isOwed ? moved.micros : -moved.micros,
    purpose: moved.purpose,
    subject: `settlement/${id}`,
    atMs: moved.atMs,
  };
  return [{ kind: 'write-ledger', entries: [entry] }];
}

function unchanged(settlement: Settlement): Step {
  return accept([settlement, []]);
}

const DONE: Readonly<Record<SettlementInput['kind'], string>> = {
  closed: 'closed',
  confirmed: 'confirmed',
  disputed: 'disputed',
  resolved: 'resolved: nothing of it is in dispute',
  paid: 'paid',
};

/** What has to come first. */
const HINTS: Readonly<Partial<Record<Settlement['state'], string>>> = {
  open: ' Close it first.',
  closed: ' It has to be confirmed first.',
  disputed: ' Its dispute has to be resolved first.',
};

function outOfPlace({ state }: Settlement, { kind }: SettlementInput): Step {
  const hint = kind === 'resolved' ? '' : (HINTS[state] ?? '');
  return refuse(
    'settlement-state-refused',
    `The settlement is ${state}, and cannot be ${DONE[kind]}.${hint}`,
  );
}
