import { type Actor, type Branch, isText, notFound, permit } from '../domain/members/index.ts';
import { parseCountryCode } from '../domain/numbering/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

export type OpenBranch = {
  readonly actor: Actor;
  readonly memberId: string;
  /** `082` */
  readonly countryCode: string;
  /** As the enterprise calls it: `Seoul office`. */
  readonly name: string;
};

/**
 * Opens the branch that the enterprise's number with `#` and this country code reaches (R3, R10).
 * @returns refused with `enterprises-only`, `branch-already-open`, `request-invalid`, the codes of country codes,
 *   or as `permit` does
 */
export async function openBranch(
  ports: Pick<ServicePorts, 'bus' | 'clock' | 'members'>,
  command: OpenBranch,
): Promise<Result<Branch>> {
  const { actor, memberId, name } = command;
  const permitted = permit(actor, 'change-branches', memberId);
  if (!permitted.ok) return permitted;
  const country = parseCountryCode(command.countryCode);
  if (!country.ok) return country;
  if (!isText(name)) return refuse('request-invalid', 'Give the branch a name.', '/name');
  const member = await ports.members.find(memberId);
  if (member === undefined) return notFound();
  if (member.kind !== 'enterprise') return refuse('enterprises-only', 'An individual has no branches.');
  const countryCode = country.value;
  const branch = { memberId, countryCode, name: name.trim(), openedAtMs: ports.clock.nowMs() };
  if (!(await ports.members.openBranch(branch))) {
    return refuse('branch-already-open', `There is a branch in ${countryCode} already.`, '/countryCode');
  }
  ports.bus.publish({ kind: 'branch-opened', branch: { memberId, countryCode } });
  return accept(branch);
}
