import type { Actor } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { findTerminal } from './find-terminal.ts';
import type { ServicePorts } from './ports/index.ts';

export type RemoveTerminal = {
  readonly actor: Actor;
  readonly terminalId: string;
  /** Its SIP user name, since it cannot be taken back: the phone has to be set up anew. */
  readonly confirmation: string;
};

/**
 * Removes a terminal: it can neither call nor be called from then on.
 * @returns refused with `confirmation-missing`, `not-found` also where it is gone already, or as `permit` does
 */
export async function removeTerminal(
  ports: Pick<ServicePorts, 'bus' | 'members'>,
  command: RemoveTerminal,
): Promise<Result<null>> {
  const found = await findTerminal(ports, command, 'change-terminals');
  if (!found.ok) return found;
  if (command.confirmation !== found.value.user) {
    return refuse(
      'confirmation-missing',
      `The phone would have to be set up anew. To remove it, confirm by writing ${found.value.user}.`,
      '/confirmation',
    );
  }
  await ports.members.removeTerminal(command.terminalId);
  ports.bus.publish({ kind: 'terminal-removed', terminalId: command.terminalId });
  return accept(null);
}
