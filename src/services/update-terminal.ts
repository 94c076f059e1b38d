import { type Actor, isText, notFound, type Terminal } from '../domain/members/index.ts';
import { parseCountryCode } from '../domain/numbering/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { findTerminal } from './find-terminal.ts';
import type { ServicePorts } from './ports/index.ts';
import { publishTerminal } from './terminal-secrets.ts';

export type UpdateTerminal = {
  readonly actor: Actor;
  readonly terminalId: string;
  readonly name?: string;
  /** Where it has been taken to: from now on it uses that country's emergency numbers and dialling rules. */
  readonly countryCode?: string;
};

/** Notes a terminal's new name or country; what is left out stays. Refused with `request-invalid` or as `permit` does. */
export async function updateTerminal(
  ports: Pick<ServicePorts, 'bus' | 'members'>,
  command: UpdateTerminal,
): Promise<Result<Terminal>> {
  const found = await findTerminal(ports, command, 'change-terminals');
  if (!found.ok) return found;
  const name = command.name ?? found.value.name;
  if (!isText(name)) return refuse('request-invalid', 'Give the terminal a name.', '/name');
  const country = parseCountryCode(command.countryCode ?? found.value.countryCode);
  if (!country.ok) return country;
  const changes = { name: name.trim(), countryCode: country.value };
  const terminal = await ports.members.updateTerminal(found.value.id, changes);
  if (terminal === undefined) return notFound();
  publishTerminal(ports, terminal);
  return accept(terminal);
}
