import type { NumberForSale } from '../domain/market/index.ts';
import {
  type Actor,
  type Branch,
  type Member,
  type MemberKind,
  notFound,
  permit,
  type Terminal,
} from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { type Page, pageLimit, pageOf } from './page.ts';
import type { ServicePorts } from './ports/index.ts';

/** Everything that is stored about a member (R11). */
export type MemberOverview = {
  readonly member: Member;
  /** The numbers it bought. */
  readonly numbers: readonly NumberForSale[];
  readonly branches: readonly Branch[];
  readonly terminals: readonly Terminal[];
};

/** What is stored about a member; refused as `permit` does. */
export async function findMember(
  ports: Pick<ServicePorts, 'members' | 'orders'>,
  { actor, memberId }: { readonly actor: Actor; readonly memberId: string },
): Promise<Result<MemberOverview>> {
  const permitted = permit(actor, 'see-member', memberId);
  if (!permitted.ok) return permitted;
  const member = await ports.members.find(memberId);
  if (member === undefined) return notFound();
  const [numbers, branches, terminals] = await Promise.all([
    ports.orders.numbersOf(memberId),
    ports.members.branches(memberId),
    ports.members.terminals(memberId),
  ]);
  return accept({ member, numbers, branches, terminals });
}

export type ListMembers = {
  readonly actor: Actor;
  readonly kind?: MemberKind;
  readonly after?: string;
  readonly limit?: number;
};

/** All members, newest first: for operators. */
export async function listMembers(
  ports: Pick<ServicePorts, 'members'>,
  { actor, kind, after, limit }: ListMembers,
): Promise<Result<Page<Member>>> {
  const permitted = permit(actor, 'list-members');
  if (!permitted.ok) return permitted;
  const size = pageLimit(limit);
  const members = await ports.members.list({
    limit: size + 1,
    ...(kind === undefined ? {} : { kind }),
    ...(after === undefined ? {} : { before: after }),
  });
  return accept(pageOf(members, size, (member) => member.id));
}
