import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { type ChangePorts, changeAlias } from './change-alias.ts';
import { type AliasAsked, findAlias } from './find-alias.ts';
import type { ServicePorts } from './ports/index.ts';

export type RemoveAlias = AliasAsked & {
  /** The number, address or domain itself, since calls to it reach the member no more. */
  readonly confirmation: string;
};

/**
 * Takes a name off a member: it leads to nobody from then on, and a telephone no longer rings for the member.
 * @returns refused with `confirmation-missing`, `not-found` also where it is gone already, or as `permit` does
 */
export async function removeAlias(
  ports: ChangePorts & Pick<ServicePorts, 'clock'>,
  command: RemoveAlias,
): Promise<Result<null>> {
  const found = await findAlias(ports, command, 'change-aliases');
  if (!found.ok) return found;
  const { id, value, memberId } = found.value;
  if (command.confirmation !== value) {
    const detail = `Calls to ${value} would no longer reach you. To remove it, confirm by writing ${value}.`;
    return refuse('confirmation-missing', detail, '/confirmation');
  }
  const changed = await changeAlias(ports, id, { kind: 'remove' }, ports.clock.nowMs());
  if (!changed.ok) return changed;
  const followMe = await ports.aliases.followMe(memberId);
  if (followMe?.number === value && (await ports.aliases.endFollowMe(memberId))) {
    ports.bus.publish({ kind: 'follow-me-off', memberId });
  }
  return accept(null);
}
