import type { AliasFact, AliasKind, FollowMe } from '../domain/members/index.ts';
import type { CountryCode, E164, HeldAs } from '../domain/numbering/index.ts';
import { KnownAliases } from './known-aliases.ts';
import type {
  BranchFact,
  Bus,
  DirectoryChange,
  DirectoryStore,
  NumberInService,
  TerminalFact,
} from './ports/index.ts';

/**
 * Every fact a call is decided by, in memory: who holds which number, which branches there are, what rings for whom.
 * It is read from the store once and kept right by the bus, so that no call waits for the database.
 */
export class Directory {
  #personal = new Map<string, string>();
  #enterprise = new Map<string, string>();
  /** The digits a member is shown by: the number that was assigned first. */
  #shownNumbers = new Map<string, string>();
  #branches = new Map<string, Set<CountryCode>>();
  #terminals = new Map<string, TerminalFact>();
  #terminalsByUser = new Map<string, TerminalFact>();
  #terminalsByMember = new Map<string, TerminalFact[]>();
  #aliases = new KnownAliases();

  /** Changes that come while the store is read: a row may have been read before one and come after it. */
  readonly #meanwhile = new Set<DirectoryChange[]>();

  /** Reads everything, and hears of changes from before the first row on, so that none falls in between. */
  static async load(store: DirectoryStore, bus: Bus): Promise<Directory> {
    const directory = new Directory();
    bus.subscribe((change) => directory.apply(change));
    await directory.reload(store);
    return directory;
  }

  /** Reads everything again, where changes may have been missed. Until the last row is there the old facts hold. */
  async reload(store: DirectoryStore): Promise<void> {
    const missed: DirectoryChange[] = [];
    this.#meanwhile.add(missed);
    try {
      const fresh = new Directory();
      await fresh.#read(store);
      for (const change of missed) fresh.apply(change);
      this.#become(fresh);
    } finally {
      this.#meanwhile.delete(missed);
    }
  }

  async #read(store: DirectoryStore): Promise<void> {
    for await (const batch of store.numbers()) for (const number of batch) this.#assign(number);
    for await (const batch of store.branches()) for (const branch of batch) this.#open(branch);
    for await (const batch of store.terminals()) for (const terminal of batch) this.#save(terminal);
    for await (const batch of store.aliases()) for (const alias of batch) this.#aliases.prove(alias);
    for await (const batch of store.followMes()) {
      for (const followMe of batch) this.#aliases.setFollowMe(followMe);
    }
  }

  #become(fresh: Directory): void {
    this.#personal = fresh.#personal;
    this.#enterprise = fresh.#enterprise;
    this.#shownNumbers = fresh.#shownNumbers;
    this.#branches = fresh.#branches;
    this.#terminals = fresh.#terminals;
    this.#terminalsByUser = fresh.#terminalsByUser;
    this.#terminalsByMember = fresh.#terminalsByMember;
    this.#aliases = fresh.#aliases;
  }

  get size(): { readonly numbers: number; readonly terminals: number; readonly aliases: number } {
    return {
      numbers: this.#personal.size + this.#enterprise.size,
      terminals: this.#terminals.size,
      aliases: this.#aliases.size,
    };
  }

  apply(change: DirectoryChange): void {
    for (const missed of this.#meanwhile) missed.push(change);
    switch (change.kind) {
      case 'number-assigned':
        this.#assign(change.number);
        break;
      case 'number-released':
        this.#release(change.numberKind, change.digits);
        break;
      case 'branch-opened':
        this.#open(change.branch);
        break;
      case 'branch-closed':
        this.#branches.get(change.branch.memberId)?.delete(change.branch.countryCode);
        break;
      case 'terminal-saved':
        this.#save(change.terminal);
        break;
      case 'terminal-removed':
        this.#remove(change.terminalId);
        break;
      case 'alias-proven':
        this.#aliases.prove(change.alias);
        break;
      case 'alias-lapsed':
        this.#aliases.lapse(change.alias);
        break;
      case 'follow-me-set':
        this.#aliases.setFollowMe(change.followMe);
        break;
      case 'follow-me-off':
        this.#aliases.endFollowMe(change.memberId);
        break;
    }
  }

  /** What the digits of a whole dialled string are, where somebody holds them. */
  holds(digits: string): HeldAs | undefined {
    if (this.#personal.has(digits)) return 'personal';
    if (this.#enterprise.has(digits)) return 'enterprise';
    return this.#aliases.aliasOf('operator', digits) === undefined ? undefined : 'alias';
  }

  /** The member who holds a number. */
  holderOf(kind: NumberInService['kind'], digits: string): string | undefined {
    return (kind === 'personal' ? this.#personal : this.#enterprise).get(digits);
  }

  hasBranch(memberId: string, countryCode: CountryCode): boolean {
    return this.#branches.get(memberId)?.has(countryCode) ?? false;
  }

  /** The terminals of a member, or of one of its branches, in the order they were added. */
  terminalsOf(memberId: string, branchCountryCode?: CountryCode): readonly TerminalFact[] {
    const all = this.#terminalsByMember.get(memberId) ?? [];
    return branchCountryCode === undefined
      ? all
      : all.filter((terminal) => terminal.branchCountryCode === branchCountryCode);
  }

  terminal(id: string): TerminalFact | undefined {
    return this.#terminals.get(id);
  }

  /** Whether two terminals ring for the same: a member, or one branch of an enterprise. A terminal is with itself. */
  areOfOneParty(terminalId: string, otherId: string): boolean {
    const one = this.#terminals.get(terminalId);
    const other = this.#terminals.get(otherId);
    if (one === undefined || other === undefined) return false;
    return one.memberId === other.memberId && one.branchCountryCode === other.branchCountryCode;
  }

  terminalByUser(user: string): TerminalFact | undefined {
    return this.#terminalsByUser.get(user);
  }

  /** The digits by which others know a member; none where it holds no number. */
  shownNumberOf(memberId: string): string | undefined {
    return this.#shownNumbers.get(memberId);
  }

  /**
   * Whom a proven name leads to (R17, R19).
   * @param operatorId whose number it is; without it a number that several operators have given is nobody's
   */
  aliasOf(kind: AliasKind, value: string, operatorId?: string): AliasFact | undefined {
    return this.#aliases.aliasOf(kind, value, operatorId);
  }

  /** Whether and when the member's own telephone rings (R18); none where its number is no longer proven. */
  followMeOf(memberId: string): FollowMe | undefined {
    return this.#aliases.followMeOf(memberId);
  }

  /** The telephone that other networks are shown as the member's: the one proven first. */
  provenTelephoneOf(memberId: string): E164 | undefined {
    return this.#aliases.telephonesOf(memberId)[0];
  }

  #assign({ kind, digits, memberId }: NumberInService): void {
    (kind === 'personal' ? this.#personal : this.#enterprise).set(digits, memberId);
    if (!this.#shownNumbers.has(memberId)) this.#shownNumbers.set(memberId, digits);
  }

  #release(kind: NumberInService['kind'], digits: string): void {
    const numbers = kind === 'personal' ? this.#personal : this.#enterprise;
    const memberId = numbers.get(digits);
    numbers.delete(digits);
    if (memberId === undefined || this.#shownNumbers.get(memberId) !== digits) return;
    // Releases are rare: the member's next number is looked for among all.
    this.#shownNumbers.delete(memberId);
    for (const held of [this.#personal, this.#enterprise]) {
      for (const [other, holder] of held) {
        if (holder === memberId) {
          this.#shownNumbers.set(memberId, other);
          return;
        }
      }
    }
  }

  #open({ memberId, countryCode }: BranchFact): void {
    const branches = this.#branches.get(memberId) ?? new Set();
    this.#branches.set(memberId, branches.add(countryCode));
  }

  #save(terminal: TerminalFact): void {
    const before = this.#terminals.get(terminal.id);
    if (before !== undefined) this.#terminalsByUser.delete(before.user);
    this.#terminals.set(terminal.id, terminal);
    this.#terminalsByUser.set(terminal.user, terminal);
    const all = this.#terminalsByMember.get(terminal.memberId) ?? [];
    const at = all.findIndex(({ id }) => id === terminal.id);
    this.#terminalsByMember.set(terminal.memberId, at === -1 ? [...all, terminal] : all.with(at, terminal));
  }

  #remove(terminalId: string): void {
    const terminal = this.#terminals.get(terminalId);
    if (terminal === undefined) return;
    this.#terminals.delete(terminalId);
    this.#terminalsByUser.delete(terminal.user);
    const others = (this.#terminalsByMember.get(terminal.memberId) ?? []).filter(
      ({ id }) => id !== terminalId,
    );
    this.#terminalsByMember.set(terminal.memberId, others);
  }
}
