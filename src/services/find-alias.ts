import { type Action, type Actor, type Alias, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

export type AliasAsked = { readonly actor: Actor; readonly aliasId: string };

/** The alias with an id, for somebody who may do this with it; refused as `permit` does. */
export async function findAlias(
  ports: Pick<ServicePorts, 'aliases'>,
  { actor, aliasId }: AliasAsked,
  action: Action = 'see-aliases',
): Promise<Result<Alias>> {
  const alias = await ports.aliases.find(aliasId);
  const permitted = permit(actor, action, alias?.memberId);
  if (!permitted.ok) return permitted;
  return alias === undefined ? notFound() : accept(alias);
}

/** What a member says leads to it, in the order in which it was said; refused as `permit` does. */
export async function listAliases(
  ports: Pick<ServicePorts, 'aliases'>,
  { actor, memberId }: { readonly actor: Actor; readonly memberId: string },
): Promise<Result<readonly Alias[]>> {
  const permitted = permit(actor, 'see-aliases', memberId);
  return permitted.ok ? accept(await ports.aliases.list(memberId)) : permitted;
}
