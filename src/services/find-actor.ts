import { type Account, type Actor, actorOf, permit } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

/** Who somebody is that has signed in: an account's actor, or a newcomer. */
export async function findActor(ports: Pick<ServicePorts, 'accounts'>, userId: string): Promise<Actor> {
  return actorOf(userId, await ports.accounts.find(userId));
}

/** The accounts that act for a member, or the operators where none is named; refused as `permit` does. */
export async function listAccounts(
  ports: Pick<ServicePorts, 'accounts'>,
  { actor, memberId }: { readonly actor: Actor; readonly memberId?: string },
): Promise<Result<readonly Account[]>> {
  const permitted = permit(actor, 'see-accounts', memberId);
  return permitted.ok ? accept(await ports.accounts.list(memberId)) : permitted;
}
