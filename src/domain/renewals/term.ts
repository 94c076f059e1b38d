import type { Money } from '../billing/index.ts';

/** How a member pays for another year. */
export const RENEWAL_MODES = ['by-bill', 'from-credit'] as const;
export type RenewalMode =
  /** A bill is sent, and money with its reference pays it. */
  | 'by-bill'
  /** It is taken from the member's credit; where there is too little, a bill is sent. */
  | 'from-credit';

/** How many days before the paid time ends a member is reminded. */
export const REMINDER_DAYS = [30, 7, 1] as const;
export type ReminderDays = (typeof REMINDER_DAYS)[number];

/** What the member has yet to be told of. */
export type TermNotice = 'due' | 'grace' | 'renewed' | 'lapsed' | 'restored';

type Kept = {
  /** The order that the number was bought with. */
  readonly orderId: string;
  readonly memberId: string;
  /** When the first year began. */
  readonly startedAtMs: number;
  /** How many years are paid for, the one that came with the purchase among them. */
  readonly years: number;
  /** The number is paid for until then. */
  readonly paidUntilMs: number;
  readonly mode: RenewalMode;
  /** Counts the changes: who wants to make one says which it has seen. */
  readonly revision: number;
  readonly notice?: TermNotice;
};

/** What was asked for the next year. */
type Asked = {
  readonly billId: string;
  readonly billedAtMs: number;
};

export type CurrentTerm = Kept & { readonly state: 'current' };
export type DueTerm = Kept & Asked & { readonly state: 'due'; readonly remindedDays: ReminderDays };
export type GraceTerm = Kept & Asked & { readonly state: 'grace'; readonly graceUntilMs: number };
export type LapsedTerm = Kept &
  Asked & {
    readonly state: 'lapsed';
    readonly lapsedAtMs: number;
    /** So long the number rests, and the same member can have it back. */
    readonly quarantineUntilMs: number;
  };
/** The number was given back, or is somebody else's to buy. */
export type EndedTerm = Kept & { readonly state: 'ended'; readonly endedAtMs: number };

/** For how long a number is its member's (R24). */
export type Term = CurrentTerm | DueTerm | GraceTerm | LapsedTerm | EndedTerm;

export type TermState = Term['state'];
export const TERM_STATES: readonly TermState[] = ['current', 'due', 'grace', 'lapsed', 'ended'];

export type TermInput = { readonly nowMs: number } /** Time went by. */ & (
  | {
      readonly kind: 'time';
      /** What another year costs, tax included. */
      readonly price: Money;
      /** The id for a bill, where one is to be made. */
      readonly billId: string;
      readonly timeZone: string;
    }
  /** The year is to be paid from the member's credit; whoever keeps the step learns whether there is enough. */
  | {
      readonly kind: 'credit-offered';
      readonly price: Money;
      readonly billId: string;
      readonly timeZone: string;
    }
  /** The bill is paid. */
  | { readonly kind: 'bill-paid'; readonly billId: string; readonly timeZone: string }
  /** What a bill paid for is undone: a year is taken back. */
  | { readonly kind: 'payment-undone'; readonly timeZone: string }
  | { readonly kind: 'given-back' }
  | { readonly kind: 'mode-set'; readonly mode: RenewalMode }
  /** The member was told. */
  | { readonly kind: 'told'; readonly notice: TermNotice }
);

/** What is told to others in the moment it happens. */
export type TermEvent = 'renewal-due' | 'renewed' | 'lapsed';

/** What is kept in the same transaction in which the term's new state is kept. */
export type TermEffect =
  /** A bill for another year. */
  | { readonly kind: 'ask'; readonly billId: string; readonly amount: Money; readonly dueAtMs: number }
  /** The year is paid from credit, and so is the bill for it, if there is one. */
  | { readonly kind: 'take-credit'; readonly billId: string; readonly amount: Money }
  /** Nothing is asked for any more. */
  | { readonly kind: 'cancel-bill'; readonly billId: string }
  /** The bill can be paid until then, and no longer. */
  | { readonly kind: 'limit-bill'; readonly billId: string; readonly untilMs: number }
  | { readonly kind: 'take-number' }
  | { readonly kind: 'give-number-again' }
  | { readonly kind: 'tell'; readonly event: TermEvent };
