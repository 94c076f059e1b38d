import type { SettlementState, StatedSettlement } from '../domain/billing/settlement/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { type Page, pageLimit, pageOf } from './page.ts';
import { type ListedSettlement, type ServicePorts, type SettledLeg, spanOf } from './ports/index.ts';

type Ports = Pick<ServicePorts, 'settlements'>;

export type ListSettlements = {
  readonly actor: Actor;
  readonly trunk?: string;
  readonly state?: SettlementState;
  readonly after?: string;
  readonly limit?: number;
};

/** Settlements that were closed, newest first: for operators. */
export async function listSettlements(
  ports: Ports,
  { actor, after, limit, ...filter }: ListSettlements,
): Promise<Result<Page<ListedSettlement>>> {
  const permitted = permit(actor, 'see-settlements');
  if (!permitted.ok) return permitted;
  const size = pageLimit(limit);
  const before = after === undefined ? {} : { before: after };
  const listed = await ports.settlements.list({ ...filter, ...before, limit: size + 1 });
  return accept(pageOf(listed, size, ({ id }) => id));
}

export type FindSettlement = { readonly actor: Actor; readonly settlementId: string };

/** One settlement with its statement. @returns refused with `not-found`, or as `permit` does */
export async function findSettlement(
  ports: Ports,
  { actor, settlementId }: FindSettlement,
): Promise<Result<StatedSettlement>> {
  const permitted = permit(actor, 'see-settlements');
  if (!permitted.ok) return permitted;
  const found = await ports.settlements.find(settlementId);
  return found === undefined ? notFound() : accept(found);
}

/** Every charge of a settlement, in pages. @returns refused as `findSettlement` does */
export async function settledCharges(
  ports: Ports,
  asked: FindSettlement,
): Promise<
  Result<{ readonly settlement: StatedSettlement; readonly legs: AsyncIterable<readonly SettledLeg[]> }>
> {
  const found = await findSettlement(ports, asked);
  if (!found.ok) return found;
  const settlement = found.value;
  const before = await ports.settlements.before(settlement);
  const span = spanOf(settlement, settlement.statement.cutLine, before);
  return accept({ settlement, legs: ports.settlements.legs(span) });
}
