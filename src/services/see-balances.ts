import { type Balance, memberAccount } from '../domain/billing/ledger/index.ts';
import { type Actor, memberIdOf, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

/** A member has money in few currencies. */
const MOST_CURRENCIES = 100;

/**
 * What a member has with us, in each currency that it ever had something in.
 * @param query.memberId whose; the actor's own member where absent
 * @returns refused as `permit` does
 */
export async function seeBalances(
  ports: Pick<ServicePorts, 'ledger'>,
  { actor, memberId = memberIdOf(actor) }: { readonly actor: Actor; readonly memberId?: string },
): Promise<Result<readonly Balance[]>> {
  const permitted = permit(actor, 'see-balance', memberId);
  if (!permitted.ok) return permitted;
  if (memberId === undefined) return notFound();
  const account = memberAccount(memberId);
  const balances = await ports.ledger.balances({ prefix: account, limit: MOST_CURRENCIES });
  return accept(balances.filter((balance) => balance.account === account));
}
