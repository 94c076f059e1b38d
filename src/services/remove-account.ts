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
  if (account.role === 'enterprise-administrator') {
    const all = await ports.accounts.list(account.memberId);
    if (all.filter(({ role }) => role === 'enterprise-administrator').length === 1) {
      return refuse(
        'last-administrator',
        'Make somebody else administrator first, then remove this account.',
      );
    }
  }
  return (await ports.accounts.remove(userId, ports.clock.nowMs())) ? accept(null) : notFound();
}
