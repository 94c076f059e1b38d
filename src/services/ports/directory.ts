import type { AliasFact, AliasName, FollowMe } from '../../domain/members/index.ts';
import type { CountryCode } from '../../domain/numbering/index.ts';

/** A number somebody holds and pays for, as the exchange looks it up. */
export type NumberInService = {
  /** The digits that find it: of a PIN all of them (`0262006200082`), of a VNS those before the `#` (`62006200`). */
  readonly digits: string;
  readonly kind: 'personal' | 'enterprise';
  readonly memberId: string;
};

/** A branch of an enterprise: what the country code after `#` picks (R3). */
export type BranchFact = { readonly memberId: string; readonly countryCode: CountryCode };

/** What can ring and call for a member (R18). */
export type TerminalFact = {
  readonly id: string;
  readonly memberId: string;
  /** The branch it rings for, where the member is an enterprise. */
  readonly branchCountryCode?: CountryCode;
  /** Where it is now: whose emergency numbers and dialling rules it uses. */
  readonly countryCode: CountryCode;
  /** The SIP user name, unique in the service. */
  readonly user: string;
  /** Hashes of user:realm:password in lower-case hexadecimal (RFC 8760 §2.3); the password itself is not kept. */
  readonly secrets: { readonly md5: string; readonly sha256: string };
};

/** What changed in the directory; the whole new fact, so that nobody has to ask again. */
export type DirectoryChange =
  | { readonly kind: 'number-assigned'; readonly number: NumberInService }
  | {
      readonly kind: 'number-released';
      readonly digits: string;
      readonly numberKind: NumberInService['kind'];
    }
  | { readonly kind: 'branch-opened'; readonly branch: BranchFact }
  | { readonly kind: 'branch-closed'; readonly branch: BranchFact }
  | { readonly kind: 'terminal-saved'; readonly terminal: TerminalFact }
  | { readonly kind: 'terminal-removed'; readonly terminalId: string }
  | { readonly kind: 'alias-proven'; readonly alias: AliasFact }
  | { readonly kind: 'alias-lapsed'; readonly alias: AliasName }
  | { readonly kind: 'follow-me-set'; readonly followMe: FollowMe }
  | { readonly kind: 'follow-me-off'; readonly memberId: string }
  /** Centres, trunks or operators: to be read again. */
  | { readonly kind: 'configuration-changed'; readonly revision: string }
  /** The routes of a trunk, to be read again. */
  | { readonly kind: 'routes-changed'; readonly trunk: string }
  /** A tariff has a version more, or one was taken back: to be read again. */
  | { readonly kind: 'tariff-changed'; readonly tariff: string }
  /** How calls are charged: to be read again. */
  | { readonly kind: 'charging-changed' }
  /** What was agreed with a member about its calls: to be read again. */
  | { readonly kind: 'calling-terms-changed'; readonly memberId: string }
  /** A process serves a terminal from now on, or no longer; several may serve one. */
  | {
      readonly kind: 'terminal-served';
      readonly terminalId: string;
      readonly processId: string;
      readonly isServed: boolean;
    };

/** Everything the exchange has to know before its first call, read once at the start, in batches. */
export type DirectoryStore = {
  numbers(): AsyncIterable<readonly NumberInService[]>;
  branches(): AsyncIterable<readonly BranchFact[]>;
  terminals(): AsyncIterable<readonly TerminalFact[]>;
  /** What is proven, in the order in which it was. */
  aliases(): AsyncIterable<readonly AliasFact[]>;
  followMes(): AsyncIterable<readonly FollowMe[]>;
};

/** Carries changes to everyone who keeps facts in memory. A change is published after it was committed. */
export type Bus = {
  publish(change: DirectoryChange): void;
  subscribe(listener: (change: DirectoryChange) => void): void;
};
