import type { Account, Branch, Member, MemberKind, Terminal } from '../../domain/members/index.ts';
import type { CountryCode } from '../../domain/numbering/index.ts';

export type MemberFilter = {
  readonly kind?: MemberKind;
  /** Members registered before the one with this id, newest first. */
  readonly before?: string;
  readonly limit: number;
};

/** What can change of a terminal. */
export type TerminalChanges = Partial<Pick<Terminal, 'countryCode' | 'name' | 'secrets'>>;

/** Members and what belongs to them (R10, R11). */
export type MemberStore = {
  /**
   * Keeps a new member, and the account of who registered it, in one transaction.
   * @returns false where that account exists already; nothing was kept
   */
  register(member: Member, account: Account | undefined): Promise<boolean>;
  /** Replaces what is known of a member. @returns false where there is none */
  update(member: Member): Promise<boolean>;
  find(id: string): Promise<Member | undefined>;
  /** Newest first. */
  list(filter: MemberFilter): Promise<readonly Member[]>;

  /** @returns false where the enterprise has a branch in that country already */
  openBranch(branch: Branch): Promise<boolean>;
  /** @returns `in-use` where terminals still ring for it; nothing was changed */
  closeBranch(memberId: string, countryCode: CountryCode): Promise<'closed' | 'in-use' | 'missing'>;
  /** Ordered by country. */
  branches(memberId: string): Promise<readonly Branch[]>;

  /**
   * Keeps a new terminal.
   * @returns `user-taken` where its SIP user name exists, `branch-missing` where its branch does not
   */
  addTerminal(terminal: Terminal): Promise<'added' | 'user-taken' | 'branch-missing'>;
  /**
   * Changes what is given and nothing else, so that a new name cannot bring back an old password.
   * @returns the terminal as it is then, or undefined where there is none
   */
  updateTerminal(id: string, changes: TerminalChanges): Promise<Terminal | undefined>;
  /** @returns whether there was one */
  removeTerminal(id: string): Promise<boolean>;
  findTerminal(id: string): Promise<Terminal | undefined>;
  /** In the order they were added. */
  terminals(memberId: string): Promise<readonly Terminal[]>;
};
