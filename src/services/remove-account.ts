import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

/**
 * Takes from somebody the right to act for a member, or as an operator, and revokes their API keys.
 * @returns refused with `last-administrator`, or as `permit` does
 */
export async function removeAccount(
  ports: Pick<ServicePorts, 'accounts' | 'clock'>,
  { actor, userId }: { readonly actor: Actor; readonly userId: string },
): Promise<Result<null>> {
  const account = await ports.accounts.find(userId);
  const action = account?.role === 'operator' ? 'change-operators' : 'change-accounts';
  const permitted = permit(actor, action, account?.memberId);
  if (!permitted.ok) return permitted;
  if (account === undefined) return notFound();
  switch (await ports.accounts.remove(userId, ports.clock.nowMs())) {
    case 'removed':
      return accept(null);
    case 'missing':
      return notFound();
    case 'last-administrator':
      return refuse(
        'last-administrator',
        'Make somebody else administrator first, then remove this account.',
      );
  }
}
