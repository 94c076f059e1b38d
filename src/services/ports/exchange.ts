import type { CalledParty } from '../../domain/exchange/call/index.ts';
import type { CountryCode } from '../../domain/numbering/index.ts';
import type { Result } from '../../domain/refusal/index.ts';

/** A SIP message of a call, as the exchange received or sent it. */
export type TracedMessage = {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly direction: 'received' | 'sent';
  /** Who sent it and who got it: `address:port`, the same text for the same party all through a call. */
  readonly from: string;
  readonly to: string;
  /** The message as it was on the wire, without passwords: credentials are blanked out. */
  readonly text: string;
};

/** The SIP messages of recent calls; old ones are forgotten. */
export type CallTraces = {
  /** In the order they passed; `undefined` where the call is unknown or its messages are forgotten. */
  find(callId: string): readonly TracedMessage[] | undefined;
};

/** One thing the exchange decided on the way from a dialled string to what rings. */
export type ExplainedDecision = {
  /** What was decided, in one word of the exchange: `reading`, `holder`, `centre`, `branch`, `terminals`. */
  readonly step: string;
  readonly outcome: string;
  /** Why, in a sentence for a person. */
  readonly because: string;
};

/** What would happen if somebody dialled this, with every decision in order. */
export type Explanation = {
  readonly text: string;
  readonly from: CountryCode;
  readonly decisions: readonly ExplainedDecision[];
  /** What would ring, or the refusal the caller would hear. */
  readonly result: Result<{ readonly rings: readonly ExplainedRing[] }>;
};

/** One phone or way that would be asked. */
export type ExplainedRing = {
  /** Those of one branch are tried one after the other, in their order; branches ring at the same time. */
  readonly branch: number;
  readonly order: number;
  /** How long the branches before ring alone. */
  readonly afterMs: number;
  readonly party: CalledParty;
};

/** A dry run of the exchange. */
export type Explanations = {
  /** @param memberId the caller, where it matters who calls */
  explain(
    text: string,
    context: { readonly from: CountryCode; readonly memberId?: string },
  ): Promise<Explanation>;
};

/** A phone that is registered now. */
export type RegisteredPhone = {
  readonly memberId: string;
  readonly terminalId: string;
  readonly user: string;
  /** The Contact URI as the phone gave it. */
  readonly contact: string;
  /** Where it is reached: `udp 192.0.2.1:5060`. */
  readonly reachedAt: string;
  readonly expiresAtMs: number;
};

/** Who is registered at this moment. */
export type RegistrationsView = {
  /** All phones of a member, or of everybody. */
  of(memberId?: string): readonly RegisteredPhone[];
};

/** Who is not listened to for a while, since too many wrong passwords came from or for them. */
export type Block = {
  /** `source`: from one network; `user`: for one user, from wherever. */
  readonly kind: 'source' | 'user';
  /** The network (`192.0.2.1`, `2001:db8:0:1::/64`), or the user name as it was given. */
  readonly subject: string;
  readonly sinceMs: number;
  readonly untilMs: number;
};

/** The blocks there are at this moment, and the hand that lifts them. */
export type Blocks = {
  list(): readonly Block[];
  /** @returns false where nothing was held against the subject */
  lift(kind: Block['kind'], subject: string): boolean;
};
