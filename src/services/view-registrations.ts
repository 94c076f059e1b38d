import type { Directory } from './directory.ts';
import type { Registrations } from './keep-registrations.ts';
import type { Clock, RegisteredPhone, RegistrationsView } from './ports/index.ts';

/** Shows who is registered now, with the names the directory knows. */
export function createRegistrationsView(ports: {
  readonly directory: Directory;
  readonly registrations: Registrations;
  readonly clock: Clock;
}): RegistrationsView {
  return { of: (memberId) => phonesOf(ports, memberId) };
}

function phonesOf(
  { directory, registrations, clock }: Parameters<typeof createRegistrationsView>[0],
  memberId: string | undefined,
): RegisteredPhone[] {
  const phones: RegisteredPhone[] = [];
  for (const { terminalId, bindings } of registrations.all(clock.nowMs())) {
    const terminal = directory.terminal(terminalId);
    if (terminal === undefined || (memberId !== undefined && terminal.memberId !== memberId)) continue;
    for (const { contact, flow, expiresAtMs } of bindings) {
      const host = flow.address.includes(':') ? `[${flow.address}]` : flow.address;
      phones.push({
        memberId: terminal.memberId,
        terminalId,
        user: terminal.user,
        contact,
        reachedAt: `${flow.transport} ${host}:${flow.port}`,
        expiresAtMs,
      });
    }
  }
  return phones;
}
