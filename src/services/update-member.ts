import {
  type Actor,
  type Member,
  type MemberForm,
  notFound,
  permit,
  readMemberDetails,
} from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

export type UpdateMember = MemberForm & { readonly actor: Actor; readonly memberId: string };

/**
 * Replaces what a member has told of itself by a newly filled form (R10, R11); its kind stays.
 * @returns the member as it was stored; refused as `registerMember` is
 */
export async function updateMember(
  ports: Pick<ServicePorts, 'members'>,
  command: UpdateMember,
): Promise<Result<Member>> {
  const permitted = permit(command.actor, 'change-member', command.memberId);
  if (!permitted.ok) return permitted;
  const details = readMemberDetails(command);
  if (!details.ok) return details;
  const before = await ports.members.find(command.memberId);
  if (before === undefined) return notFound();
  const after = { ...before, ...details.value };
  return (await ports.members.update(after)) ? accept(after) : notFound();
}
