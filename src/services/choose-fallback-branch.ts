import { type Alias, notFound } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { fallbackOf } from './add-alias.ts';
import { publishProven } from './change-alias.ts';
import { type AliasAsked, findAlias } from './find-alias.ts';
import type { ServicePorts } from './ports/index.ts';

export type ChooseFallbackBranch = AliasAsked & {
  /** Absent: callers from countries without a branch reach none. */
  readonly fallbackCountryCode?: string | undefined;
};

/**
 * Chooses the branch that takes the calls to a domain from countries where the enterprise has none (R17).
 * @returns refused with `branch-not-open`, `request-invalid` where it is no domain, or as `permit` does
 */
export async function chooseFallbackBranch(
  ports: Pick<ServicePorts, 'aliases' | 'bus' | 'members'>,
  command: ChooseFallbackBranch,
): Promise<Result<Alias>> {
  const found = await findAlias(ports, command, 'change-aliases');
  if (!found.ok) return found;
  const before = found.value;
  const member = await ports.members.find(before.memberId);
  if (member === undefined) return notFound();
  const fallback = await fallbackOf(ports, before, member, command.fallbackCountryCode);
  if (!fallback.ok) return fallback;
  const { fallbackCountryCode: _, ...rest } = before;
  const after = fallback.value === undefined ? rest : { ...rest, fallbackCountryCode: fallback.value };
  const write = await ports.aliases.keep(before, after, (other) => other);
  if (write.kind === 'changed') {
    return refuse('service-unavailable', 'Somebody else changed it in the same moment: try again.');
  }
  publishProven(ports, after);
  return accept(after);
}
