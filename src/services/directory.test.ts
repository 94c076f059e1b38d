import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AliasFact, AliasName, FollowMe } from '../domain/members/index.ts';
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

type Facts = {
  numbers: NumberInService[];
  branches: BranchFact[];
  terminals: TerminalFact[];
  aliases: AliasFact[];
  followMes: FollowMe[];
};

const NOTHING: Facts = { numbers: [], branches: [], terminals: [], aliases: [], followMes: [] };
const TELEPHONES = ['+82262006200', '+12125550100'];
const ELSEWHERE = '07012345678';
const OPERATORS = ['dialpad', 'ohara'];

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
    async *aliases() {
      yield facts.aliases;
    },
    async *followMes() {
      yield facts.followMes;
    },
  };
}

function silentBus(): Bus {
  return { publish: () => {}, subscribe: () => {} };
}

/** What the store would hold after a change: numbers and terminals in the order in which they came. */
function applied(facts: Facts, change: DirectoryChange): Facts {
  const { numbers, branches, terminals, aliases, followMes } = facts;
  switch (change.kind) {
    case 'number-assigned':
      return { ...facts, numbers: [...numbers, change.number] };
    case 'number-released':
      return { ...facts, numbers: numbers.filter(({ digits }) => digits !== change.digits) };
    case 'branch-opened':
      return { ...facts, branches: [...branches, change.branch] };
    case 'branch-closed': {
      const { memberId, countryCode } = change.branch;
      const others = branches.filter((one) => one.memberId !== memberId || one.countryCode !== countryCode);
      return { ...facts, branches: others };
    }
    case 'terminal-saved': {
      const at = terminals.findIndex(({ id }) => id === change.terminal.id);
      const next = at === -1 ? [...terminals, change.terminal] : terminals.with(at, change.terminal);
      return { ...facts, terminals: next };
    }
    case 'terminal-removed':
      return { ...facts, terminals: terminals.filter(({ id }) => id !== change.terminalId) };
    case 'alias-proven': {
      const at = aliases.findIndex((alias) => isSameName(alias, change.alias));
      // Proven again by its holder it keeps its place; by somebody else it is new.
      if (aliases[at]?.memberId === change.alias.memberId) {
        return { ...facts, aliases: aliases.with(at, change.alias) };
      }
      return { ...facts, aliases: [...aliases.filter((_, each) => each !== at), change.alias] };
    }
    case 'alias-lapsed':
      return { ...facts, aliases: aliases.filter((alias) => !isSameName(alias, change.alias)) };
    case 'follow-me-set': {
      const { memberId } = change.followMe;
      const others = followMes.filter((each) => each.memberId !== memberId);
      return { ...facts, followMes: [...others, change.followMe] };
    }
    case 'follow-me-off':
      return { ...facts, followMes: followMes.filter((each) => each.memberId !== change.memberId) };
    default:
      return facts;
  }
}

function isSameName(one: AliasName, other: AliasName): boolean {
  return one.kind === other.kind && one.value === other.value && one.operatorId === other.operatorId;
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
    names: NAMES.map(({ kind, value, operatorId }) => directory.aliasOf(kind, value, operatorId)),
    elsewhere: [directory.aliasOf('operator', ELSEWHERE), directory.holds(ELSEWHERE)],
    telephones: MEMBERS.map((member) => directory.provenTelephoneOf(member)),
    followMes: MEMBERS.map((member) => directory.followMeOf(member)),
  };
}

const NAMES: readonly AliasName[] = [
  ...TELEPHONES.map((value) => ({ kind: 'pstn' as const, value })),
  ...OPERATORS.map((operatorId) => ({ kind: 'operator' as const, value: ELSEWHERE, operatorId })),
  { kind: 'email', value: 'ann@mail.example' },
  { kind: 'domain', value: 'acme.example' },
];

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
  fc
    .tuple(fc.constantFrom(...NAMES), memberId)
    .map(([name, member]) => ({ kind: 'alias-proven' as const, alias: { ...name, memberId: member } })),
  fc.constantFrom(...NAMES).map((alias) => ({ kind: 'alias-lapsed' as const, alias })),
  fc.record({
    kind: fc.constant('follow-me-set' as const),
    followMe: fc.record({
      memberId,
      number: fc.constantFrom(...TELEPHONES),
      mode: fc.constantFrom('with' as const, 'after' as const),
      afterMs: fc.constant(20_000),
    }),
  }),
  fc.record({ kind: fc.constant('follow-me-off' as const), memberId }),
);

describe('R11: the directory in memory', () => {
  it('says after any changes what the store says when it is read anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 30 }), async (changes) => {
        let facts: Facts = NOTHING;
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
    const facts = { ...NOTHING, numbers: [number] };
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
    const directory = await Directory.load(storeOf({ ...NOTHING, terminals }), silentBus());
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

  it('R18: a telephone rings for its member only as long as it is proven', async () => {
    const [number = ''] = TELEPHONES;
    const directory = await Directory.load(storeOf(NOTHING), silentBus());
    const alias = { kind: 'pstn' as const, value: number };
    const followMe = { memberId: 'ann', number, mode: 'with' as const, afterMs: 20_000 };
    directory.apply({ kind: 'follow-me-set', followMe });
    expect(directory.followMeOf('ann')).toBeUndefined();
    directory.apply({ kind: 'alias-proven', alias: { ...alias, memberId: 'ann' } });
    expect(directory.followMeOf('ann')).toEqual(followMe);
    directory.apply({ kind: 'alias-proven', alias: { ...alias, memberId: 'ben' } });
    expect([directory.followMeOf('ann'), directory.provenTelephoneOf('ann')]).toEqual([undefined, undefined]);
    expect(directory.provenTelephoneOf('ben')).toBe(number);
  });

  it('R19: digits that two operators have given are nobody’s, unless one of them is named', async () => {
    const of = (operatorId: string, memberId: string) =>
      ({ kind: 'operator', value: ELSEWHERE, operatorId, memberId }) as const;
    const directory = await Directory.load(
      storeOf({ ...NOTHING, aliases: [of('dialpad', 'ann')] }),
      silentBus(),
    );
    expect([directory.holds(ELSEWHERE), directory.aliasOf('operator', ELSEWHERE)?.memberId]).toEqual([
      'alias',
      'ann',
    ]);
    directory.apply({ kind: 'alias-proven', alias: of('ohara', 'ben') });
    expect([directory.holds(ELSEWHERE), directory.aliasOf('operator', ELSEWHERE)]).toEqual([
      undefined,
      undefined,
    ]);
    expect(directory.aliasOf('operator', ELSEWHERE, 'ohara')?.memberId).toBe('ben');
  });
});
