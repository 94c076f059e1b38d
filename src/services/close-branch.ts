import { type Actor, permit } from '../domain/members/index.ts';
import { parseCountryCode } from '../domain/numbering/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

export type CloseBranch = {
  readonly actor: Actor;
  readonly memberId: string;
  readonly countryCode: string;
};

/**
 * Closes a branch: calls to it are refused from then on. It can be opened again.
 * @returns refused with `branch-has-terminals`, `branch-not-open`, or as `permit` does
 */
export async function closeBranch(
  ports: Pick<ServicePorts, 'bus' | 'members'>,
  command: CloseBranch,
): Promise<Result<null>> {
  const { actor, memberId } = command;
  const permitted = permit(actor, 'change-branches', memberId);
  if (!permitted.ok) return permitted;
  const country = parseCountryCode(command.countryCode);
  if (!country.ok) return country;
  switch (await ports.members.closeBranch(memberId, country.value)) {
    case 'closed':
      ports.bus.publish({ kind: 'branch-closed', branch: { memberId, countryCode: country.value } });
      return accept(null);
    case 'in-use':
      return refuse('branch-has-terminals', 'Remove the terminals of the branch first, then close it.');
    case 'missing':
      return refuse('branch-not-open', `There is no branch in ${country.value}.`);
  }
}
