import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countryCodeOf } from '../domain/numbering/index.ts';
import { Directory } from './directory.ts';
import type {
  BranchFact,
  Bus,
  DirectoryChange,
  DirectoryStore,
  NumberInService,
  TerminalFact,
} from './ports/index.ts';

const MEMBERS = ['ann', 'ben', 'acme'];
const COUNTRIES = [countryCodeOf('KR'), countryCodeOf('US')];
const DIGITS = ['0262006200082', '0262006201082', '0262006202082'];
const SECRETS = { md5: '', sha256: '' };

type Facts = { numbers: NumberInService[]; branches: BranchFact[]; terminals: TerminalFact[] };

/** A store that holds these facts, and may do something while it is read. */
function storeOf(facts: Facts, onRead: () => void = () => {}): DirectoryStore {
  return {
    async *numbers() {
      const rows = [...facts.numbers];
      onRead();
      yield rows;
    },
    async *branches() {
      yield facts.branches;
    },
    async *terminals() {
      yield facts.terminals;
    },
  };
}

function silentBus(): Bus {
  return { publish: () => {}, subscribe: () => {} };
}

/** What the store would hold after a change: numbers and terminals in the order in which they came. */
function applied({ numbers, branches, terminals }: Facts, change: DirectoryChange): Facts {
  switch (change.kind) {
    case 'number-assigned':
      return { numbers: [...numbers, change.number], branches, terminals };
    case 'number-released':
      return { numbers: numbers.filter(({ digits }) => digits !== change.digits), branches, terminals };
    case 'branch-opened':
      return { numbers, branches: [...branches, change.branch], terminals };
    case 'branch-closed': {
      const { memberId, countryCode } = change.branch;
      const others = branches.filter((one) => one.memberId !== memberId || one.countryCode !== countryCode);
      return { numbers, branches: others, terminals };
    }
    case 'terminal-saved': {
      const at = terminals.findIndex(({ id }) => id === change.terminal.id);
      const next = at === -1 ? [...terminals, change.terminal] : terminals.with(at, change.terminal);
      return { numbers, branches, terminals: next };
    }
    case 'terminal-removed':
      return { numbers, branches, terminals: terminals.filter(({ id }) => id !== change.terminalId) };
    default:
      return { numbers, branches, terminals };
  }
}

/** All answers of a directory. */
function answers(directory: Directory): unknown {
  return {
    size: directory.size,
    holds: DIGITS.map((digits) => [directory.holds(digits), directory.holderOf('personal', digits)]),
    branches: MEMBERS.map((member) => COUNTRIES.map((code) => directory.hasBranch(member, code))),
    terminals: MEMBERS.map((member) => [
      directory.terminalsOf(member),
      ...COUNTRIES.map((code) => directory.terminalsOf(member, code)),
    ]),
    byUser: [0, 1, 2, 3].map((n) => [directory.terminalByUser(`user${n}`), directory.terminal(`t${n}`)]),
    shown: MEMBERS.map((member) => directory.shownNumberOf(member)),
  };
}

const memberId = fc.constantFrom(...MEMBERS);
const digits = fc.constantFrom(...DIGITS);
const branch = fc.record({ memberId, countryCode: fc.constantFrom(...COUNTRIES) });
const change: fc.Arbitrary<DirectoryChange> = fc.oneof(
  fc.record({
    kind: fc.constant('number-assigned' as const),
    number: fc.record({ digits, kind: fc.constant('personal' as const), memberId }),
  }),
  fc.record({
    kind: fc.constant('number-released' as const),
    digits,
    numberKind: fc.constant('personal' as const),
  }),
  fc.record({ kind: fc.constant('branch-opened' as const), branch }),
  fc.record({ kind: fc.constant('branch-closed' as const), branch }),
  // A terminal stays with its member and keeps its user name; its place and branch may change.
  fc.nat({ max: 3 }).chain((n) =>
    fc.constantFrom(...COUNTRIES).map((code) => ({
      kind: 'terminal-saved' as const,
      terminal: {
        id: `t${n}`,
        user: `user${n}`,
        memberId: MEMBERS[n % 3] ?? '',
        countryCode: code,
        branchCountryCode: code,
        secrets: SECRETS,
      },
    })),
  ),
  fc.nat({ max: 3 }).map((n) => ({ kind: 'terminal-removed' as const, terminalId: `t${n}` })),
);

describe('R11: the directory in memory', () => {
  it('says after any changes what the store says when it is read anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 30 }), async (changes) => {
        let facts: Facts = { numbers: [], branches: [], terminals: [] };
        const living = await Directory.load(storeOf(facts), silentBus());
        for (const each of changes) {
          // A number is released before it is anybody else's: the store has an index for that.
          const isHeld = each.kind === 'number-assigned' && living.holds(each.number.digits) !== undefined;
          if (isHeld) continue;
          facts = applied(facts, each);
          living.apply(each);
        }
        expect(answers(living)).toEqual(answers(await Directory.load(storeOf(facts), silentBus())));
      }),
    );
  });

  it('forgets no change that comes while it is being read, though the row is older', async () => {
    const [number] = [{ digits: DIGITS[0] ?? '', kind: 'personal' as const, memberId: 'ann' }];
    const listeners: ((change: DirectoryChange) => void)[] = [];
    const bus: Bus = { publish: () => {}, subscribe: (listener) => listeners.push(listener) };
    const released: DirectoryChange = {
      kind: 'number-released',
      digits: number.digits,
      numberKind: 'personal',
    };
    const facts = { numbers: [number], branches: [], terminals: [] };
    const store = storeOf(facts, () => {
      for (const listener of listeners) listener(released);
    });
    const directory = await Directory.load(store, bus);
    expect(directory.holderOf('personal', number.digits)).toBeUndefined();
    for (const listener of listeners) listener({ kind: 'number-assigned', number });
    expect(directory.holderOf('personal', number.digits)).toBe('ann');
  });

  it('R3: terminals are of one party within a member, or within a branch of an enterprise', async () => {
    const [korea, america] = COUNTRIES;
    const at = (id: string, memberId: string, branch?: typeof korea): TerminalFact => ({
      id,
      user: id,
      memberId,
      countryCode: countryCodeOf('KR'),
      secrets: SECRETS,
      ...(branch === undefined ? {} : { branchCountryCode: branch }),
    });
    const terminals = [
      at('desk', 'ann'),
      at('mobile', 'ann'),
      at('other', 'ben'),
      at('seoul', 'acme', korea),
      at('busan', 'acme', korea),
      at('york', 'acme', america),
    ];
    const directory = await Directory.load(storeOf({ numbers: [], branches: [], terminals }), silentBus());
    const pairs = [
      ['desk', 'mobile'],
      ['desk', 'desk'],
      ['seoul', 'busan'],
      ['desk', 'other'],
      ['seoul', 'york'],
      ['desk', 'unknown'],
      ['unknown', 'unknown'],
    ] as const;
    expect(pairs.map(([one, other]) => directory.areOfOneParty(one, other))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
