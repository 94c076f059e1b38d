/**
 * What money is booked on (R23, R24), a text that says what it is; in each currency it is an account of its own.
 * Its balance is what was credited less what was debited, so that what we owe and what we earn is above zero.
 */
export type LedgerAccount =
  /** What a member has with us; below zero it owes us. Bounded by its credit limit. */
  | `member/${string}`
  /** What we owe the network behind a trunk; below zero it owes us. */
  | `trunk/${string}`
  | OwnAccount;

/** Accounts that there is one of. Those that are assets or expenses are below zero in ordinary times. */
export type OwnAccount = keyof typeof OWN_ACCOUNTS;

/** What our own accounts are, as an accountant reads them. */
export const OWN_ACCOUNTS = {
  /** Money in our account at the bank. */
  bank: 'asset',
  /** Money that the card processor has taken for us and not paid out. */
  card: 'asset',
  /** Money that came and belongs to nothing yet. */
  deposits: 'liability',
  /** Tax that is to be handed on. */
  tax: 'liability',
  'number-sales': 'income',
  'call-revenue': 'income',
  /** What other networks pay for calls that they bring us. */
  'interconnect-revenue': 'income',
  'call-costs': 'expense',
  /** What a call cost and could not be collected. */
  uncollected: 'expense',
  /** What the card processor keeps, and the like. */
  fees: 'expense',
  /** Fractions of a coin that nobody can pay. */
  rounding: 'equity',
  /** Where one currency becomes another. */
  exchange: 'equity',
} as const;

export function memberAccount(memberId: string): LedgerAccount {
  return `member/${memberId}`;
}

/** Whose account it is; undefined of those that are no member's. */
export function memberOfAccount(account: LedgerAccount): string | undefined {
  return isBounded(account) ? account.slice('member/'.length) : undefined;
}

export function trunkAccount(trunk: string): LedgerAccount {
  return `trunk/${trunk}`;
}

/** Whether a text names an account. */
export function isLedgerAccount(text: string): text is LedgerAccount {
  return /^(member|trunk)\/[^/]+$/.test(text) || Object.hasOwn(OWN_ACCOUNTS, text);
}

/** Whether the account may not fall below a floor: members spend what they have and what they were granted. */
export function isBounded(account: LedgerAccount): boolean {
  return account.startsWith('member/');
}
