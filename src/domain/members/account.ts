/** What an account may be: the first three belong to a member, an operator to none. */
export type Role = 'individual' | 'enterprise-administrator' | 'enterprise-agent' | 'operator';

export const ROLES: readonly Role[] = [
  'individual',
  'enterprise-administrator',
  'enterprise-agent',
  'operator',
];

/** Ties who signed in to what they are here. */
export type Account = {
  /** The id the sign-in knows the person by. */
  readonly userId: string;
  readonly role: Role;
  /** Absent of operators only. */
  readonly memberId?: string;
  readonly createdAtMs: number;
};

/** Who asks for something. */
export type Actor =
  /** Somebody who has not signed in. */
  | { readonly role: 'visitor' }
  /** Somebody who has signed in and is nobody's account yet: may register as a member. */
  | { readonly role: 'newcomer'; readonly userId: string }
  | {
      readonly role: 'individual' | 'enterprise-administrator' | 'enterprise-agent';
      readonly userId: string;
      readonly memberId: string;
    }
  | { readonly role: 'operator'; readonly userId: string }
  /** The service itself: its start and its jobs. Never made from a request. */
  | { readonly role: 'service' };

/** What an account makes of the one who signed in with it; without an account, a newcomer. */
export function actorOf(userId: string, account: Account | undefined): Actor {
  if (account === undefined) return { role: 'newcomer', userId };
  if (account.role === 'operator') return { role: 'operator', userId };
  if (account.memberId === undefined) return { role: 'newcomer', userId };
  return { role: account.role, userId, memberId: account.memberId };
}

/** A key for programs that act as an account. */
export type ApiKey = {
  /** A UUID, version 7. */
  readonly id: string;
  /** The account it acts as. */
  readonly userId: string;
  /** As its owner calls it. */
  readonly name: string;
  /** The first characters of the key, to recognise it by: `omni_k3m7q2xa`. */
  readonly prefix: string;
  /** SHA-256 of the whole key, lower-case hexadecimal; the key itself is not kept. */
  readonly digest: string;
  readonly createdAtMs: number;
  readonly revokedAtMs?: number;
};
