import { type Actor, notFound } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { findTerminal } from './find-terminal.ts';
import type { ServicePorts } from './ports/index.ts';
import { newTerminalPassword, publishTerminal, type TerminalWithPassword } from './terminal-secrets.ts';

/**
 * Gives a terminal a new password, shown this once; the old one is worth nothing from then on.
 * @returns refused as `permit` does
 */
export async function replaceTerminalPassword(
  ports: Pick<ServicePorts, 'bus' | 'hash' | 'members' | 'randomness' | 'settings'>,
  command: { readonly actor: Actor; readonly terminalId: string },
): Promise<Result<TerminalWithPassword>> {
  const found = await findTerminal(ports, command, 'change-terminals');
  if (!found.ok) return found;
  const { password, secrets } = newTerminalPassword(ports, found.value.user);
  const terminal = await ports.members.updateTerminal(found.value.id, { secrets });
  if (terminal === undefined) return notFound();
  publishTerminal(ports, terminal);
  return accept({ terminal, password });
}
