import {
  type Account,
  type Actor,
  type Member,
  type MemberForm,
  type MemberKind,
  permit,
  readMemberDetails,
} from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

/** A filled registration form (R10). */
export type RegisterMember = MemberForm & {
  readonly actor: Actor;
  readonly kind: MemberKind;
  /** Whose account it becomes where an operator registers for somebody else; a newcomer registers for itself. */
  readonly userId?: string;
};

/**
 * Registers a member and makes whoever registered its first account: the individual itself, or the enterprise's
 * administrator (R10, R11).
 * @returns the member as it was stored; refused with `request-invalid`, `email-invalid`, `e164-malformed`,
 *   `account-exists`, or as `permit` does
 */
export async function registerMember(
  ports: Pick<ServicePorts, 'clock' | 'identifiers' | 'members'>,
  command: RegisterMember,
): Promise<Result<Member>> {
  const { actor, kind } = command;
  const permitted = permit(actor, 'register-member');
  if (!permitted.ok) return permitted;
  const details = readMemberDetails(command);
  if (!details.ok) return details;
  const nowMs = ports.clock.nowMs();
  const member: Member = { id: ports.identifiers.next(), kind, ...details.value, registeredAtMs: nowMs };
  const userId = actor.role === 'newcomer' ? actor.userId : command.userId;
  const account: Account | undefined =
    userId === undefined
      ? undefined
      : {
          userId,
          role: kind === 'individual' ? 'individual' : 'enterprise-administrator',
          memberId: member.id,
          createdAtMs: nowMs,
        };
  if (await ports.members.register(member, account)) return accept(member);
  return refuse('account-exists', 'This sign-in belongs to a member already: use another e-mail address.');
}
