import type { Alias, AliasName, FollowMe, Language } from '../../domain/members/index.ts';
import type { OperatorPlan } from '../../domain/numbering/index.ts';
import type { Result } from '../../domain/refusal/index.ts';
import type { DomainRecords } from './names.ts';

/** What came of an attempt to keep an alias's new state. */
export type AliasWrite =
  | {
      readonly kind: 'kept';
      /** Whose it was until now, as it is then. */
      readonly superseded?: Alias;
    }
  /** It is no longer as it was read, or somebody else proved the same name in this moment; nothing was kept. */
  | { readonly kind: 'changed' };

/** A code that is to be sent, or a record that is to be looked up. */
export type AliasSending = {
  readonly memberId: string;
  readonly name: AliasName;
  readonly atMs: number;
};

/** How many may be sent in a period. */
export type SendingLimits = {
  readonly sinceMs: number;
  readonly toName: number;
  /** By one member, to all names of this kind. */
  readonly byMember: number;
  /** None to the same name since then. */
  readonly quietSinceMs: number;
};

/** What else than our numbers leads to members, and how far it is proven. A proven name leads to one member. */
export type AliasStore = {
  /** @returns `exists` where the member has the name already, `too-many` where it has as many as it may */
  add(alias: Alias, most: number): Promise<'added' | 'exists' | 'too-many'>;
  find(id: string): Promise<Alias | undefined>;
  /** In the order in which they were claimed. */
  list(memberId: string): Promise<readonly Alias[]>;
  /**
   * Keeps a new state; one that is removed is forgotten. Where the name leads to its member from now on and led to
   * another one, that one's alias is kept as `supersede` makes it, in the same transaction.
   * @param after with the version of `before`, and what changed
   */
  keep(before: Alias, after: Alias, supersede: (other: Alias) => Alias): Promise<AliasWrite>;
  /**
   * Takes aliases whose time has come, so that no other process gets them before `untilMs`.
   * @returns at most `limit`, those first whose time came first
   */
  takeDue(nowMs: number, untilMs: number, limit: number): Promise<readonly Alias[]>;
  /** Notes a sending where the limits allow one more. @returns whether they do */
  noteSending(sending: AliasSending, limits: SendingLimits): Promise<boolean>;
  /** Forgets the sendings of before. @returns how many */
  pruneSendings(beforeMs: number): Promise<number>;

  followMe(memberId: string): Promise<FollowMe | undefined>;
  setFollowMe(followMe: FollowMe): Promise<void>;
  /** @returns whether there was one */
  endFollowMe(memberId: string): Promise<boolean>;
};

/** A letter by e-mail, in plain text. */
export type Mail = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly language: Language;
};

export type Mailer = {
  /** Gives a letter to the mail server; refused with `mail-unavailable` where it does not take it now. */
  send(mail: Mail): Promise<Result<null>>;
};

/** The telephone that hears a code. */
export type CodeCallTarget = AliasName & { readonly kind: 'pstn' | 'operator' };

export type CodeCaller = {
  /**
   * Calls a telephone and speaks the code in a language, digit by digit: over the carriers of its country, or over
   * the trunk of the operator whose number it is. Resolves as soon as the call is on its way.
   * @param code six digits
   * @returns refused with `verification-call-unavailable`, or with why no way leads there
   */
  speak(target: CodeCallTarget, code: string, language: Language): Promise<Result<null>>;
};

/** By what names are proven. What is absent is not set up, and is refused until it is. */
export type ProofMeans = {
  readonly mailer?: Mailer | undefined;
  readonly codeCaller?: CodeCaller | undefined;
  readonly domainRecords?: DomainRecords | undefined;
  /** The number plans of other operators as they are set up now. */
  readonly operatorPlans?: (() => readonly OperatorPlan[]) | undefined;
};
