import {
  type Account,
  type Actor,
  type MemberKind,
  notFound,
  permit,
  type Role,
} from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

export type CreateAccount = {
  readonly actor: Actor;
  /** The id the sign-in knows the person by. */
  readonly userId: string;
  readonly role: Role;
  /** Left out of operators only. */
  readonly memberId?: string;
};

/**
 * Lets somebody who can sign in act for a member, or as an operator.
 * @returns refused with `role-refused`, `account-exists`, or as `permit` does
 */
export async function createAccount(
  ports: Pick<ServicePorts, 'accounts' | 'clock' | 'members'>,
  { actor, userId, role, memberId }: CreateAccount,
): Promise<Result<Account>> {
  const isOperator = role === 'operator';
  const permitted = permit(actor, isOperator ? 'change-operators' : 'change-accounts', memberId);
  if (!permitted.ok) return permitted;
  if (isOperator !== (memberId === undefined)) {
    return refuse('role-refused', 'Operators belong to no member, and everyone else to one.', '/memberId');
  }
  if (memberId !== undefined) {
    const member = await ports.members.find(memberId);
    if (member === undefined) return notFound();
    if (!fits(role, member.kind)) {
      return refuse('role-refused', `Nobody can be ${role} of an ${member.kind}.`, '/role');
    }
  }
  const createdAtMs = ports.clock.nowMs();
  const account: Account = { userId, role, ...(memberId === undefined ? {} : { memberId }), createdAtMs };
  if (await ports.accounts.create(account)) return accept(account);
  return refuse('account-exists', 'This sign-in has an account already: remove that one first.');
}

function fits(role: Role, kind: MemberKind): boolean {
  return (role === 'individual') === (kind === 'individual');
}
