import type { Account, Branch, Member, Terminal } from '../../domain/members/index.ts';
import type { AccountStore, MemberStore, TerminalChanges } from '../../services/ports/index.ts';

/** Members, their branches and their terminals, in memory. */
export class MemoryMembers implements MemberStore {
  readonly #members = new Map<string, Member>();
  readonly #branches = new Map<string, Branch>();
  readonly #terminals = new Map<string, Terminal>();
  readonly #accounts: AccountStore;

  /** @param accounts where the account of who registers is kept */
  constructor(accounts: AccountStore) {
    this.#accounts = accounts;
  }

  async register(member: Member, account: Account | undefined): Promise<boolean> {
    if (account !== undefined && !(await this.#accounts.create(account))) return false;
    this.#members.set(member.id, member);
    return true;
  }

  async update(member: Member): Promise<boolean> {
    if (!this.#members.has(member.id)) return false;
    this.#members.set(member.id, member);
    return true;
  }

  has(id: string): boolean {
    return this.#members.has(id);
  }

  async find(id: string): Promise<Member | undefined> {
    return this.#members.get(id);
  }

  async list({ kind, before, limit }: Parameters<MemberStore['list']>[0]): Promise<readonly Member[]> {
    return [...this.#members.values()]
      .filter((member) => kind === undefined || member.kind === kind)
      .filter(({ id }) => before === undefined || id < before)
      .sort((one, other) => (one.id > other.id ? -1 : 1))
      .slice(0, limit);
  }

  async openBranch(branch: Branch): Promise<boolean> {
    const key = branchKey(branch.memberId, branch.countryCode);
    if (this.#branches.has(key)) return false;
    this.#branches.set(key, branch);
    return true;
  }

  async closeBranch(memberId: string, countryCode: string): Promise<'closed' | 'in-use' | 'missing'> {
    const isInUse = this.allTerminals().some(
      (terminal) => terminal.memberId === memberId && terminal.branchCountryCode === countryCode,
    );
    if (isInUse) return 'in-use';
    return this.#branches.delete(branchKey(memberId, countryCode)) ? 'closed' : 'missing';
  }

  async branches(memberId: string): Promise<readonly Branch[]> {
    return this.allBranches()
      .filter((branch) => branch.memberId === memberId)
      .sort((one, other) => (one.countryCode < other.countryCode ? -1 : 1));
  }

  async addTerminal(terminal: Terminal): Promise<'added' | 'user-taken' | 'branch-missing'> {
    const { memberId, branchCountryCode, user } = terminal;
    if (branchCountryCode !== undefined && !this.#branches.has(branchKey(memberId, branchCountryCode))) {
      return 'branch-missing';
    }
    if (this.allTerminals().some((other) => other.user === user)) return 'user-taken';
    this.#terminals.set(terminal.id, terminal);
    return 'added';
  }

  async updateTerminal(id: string, changes: TerminalChanges): Promise<Terminal | undefined> {
    const before = this.#terminals.get(id);
    if (before === undefined) return undefined;
    const after = { ...before, ...changes };
    this.#terminals.set(id, after);
    return after;
  }

  async removeTerminal(id: string): Promise<boolean> {
    return this.#terminals.delete(id);
  }

  async findTerminal(id: string): Promise<Terminal | undefined> {
    return this.#terminals.get(id);
  }

  async terminals(memberId: string): Promise<readonly Terminal[]> {
    return this.allTerminals().filter((terminal) => terminal.memberId === memberId);
  }

  allBranches(): Branch[] {
    return [...this.#branches.values()];
  }

  allTerminals(): Terminal[] {
    return [...this.#terminals.values()];
  }
}

function branchKey(memberId: string, countryCode: string): string {
  return `${memberId} ${countryCode}`;
}
