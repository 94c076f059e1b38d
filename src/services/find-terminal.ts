import { type Action, type Actor, notFound, permit, type Terminal } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

/** The terminal with an id, for somebody who may do this with it; refused as `permit` does. */
export async function findTerminal(
  ports: Pick<ServicePorts, 'members'>,
  { actor, terminalId }: { readonly actor: Actor; readonly terminalId: string },
  action: Action = 'see-terminals',
): Promise<Result<Terminal>> {
  const terminal = await ports.members.findTerminal(terminalId);
  const permitted = permit(actor, action, terminal?.memberId);
  if (!permitted.ok) return permitted;
  return terminal === undefined ? notFound() : accept(terminal);
}

/** The terminals of a member, in the order they were added; refused as `permit` does. */
export async function listTerminals(
  ports: Pick<ServicePorts, 'members'>,
  { actor, memberId }: { readonly actor: Actor; readonly memberId: string },
): Promise<Result<readonly Terminal[]>> {
  const permitted = permit(actor, 'see-terminals', memberId);
  return permitted.ok ? accept(await ports.members.terminals(memberId)) : permitted;
}
