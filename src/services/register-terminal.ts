import { accept, type Result } from '../domain/refusal/index.ts';
import {
  BINDING_LIMITS,
  type Binding,
  type BindingCommand,
  type BindingLimits,
  type BindingRefusal,
  type SameContact,
  updateBindings,
} from '../domain/terminals/index.ts';
import type { Registrations } from './keep-registrations.ts';
import type { Clock } from './ports/index.ts';

/** What a phone that proved to be this terminal asks of its bindings. */
export type RegisterTerminal = { readonly terminalId: string; readonly command: BindingCommand };

export type RegisterTerminalPorts = {
  readonly registrations: Registrations;
  readonly clock: Clock;
  readonly sameContact: SameContact;
  readonly limits?: BindingLimits;
};

/** How the terminal is bound now. */
export type Registration = {
  readonly bindings: readonly Binding[];
  /** What the answer has to wait for, where losing the change would lose a phone; rejects where it was not stored. */
  readonly stored?: Promise<void>;
};

/**
 * Registers phones of a terminal, removes them, or tells how it is bound (R18, RFC 3261 §10.3). It answers in the
 * same turn, so that no second request can come between reading and changing.
 * @returns refused as `updateBindings` does; nothing has changed then
 */
export function registerTerminal(
  { registrations, clock, sameContact, limits = BINDING_LIMITS }: RegisterTerminalPorts,
  { terminalId, command }: RegisterTerminal,
): Result<Registration, BindingRefusal> {
  const nowMs = clock.nowMs();
  const current = registrations.bindingsOf(terminalId, nowMs);
  const updated = updateBindings(current, command, nowMs, limits, sameContact);
  if (!updated.ok) return updated;
  const { bindings, change } = updated.value;
  switch (change) {
    case 'none':
      return accept({ bindings });
    case 'refreshed':
      registrations.refresh(terminalId, bindings);
      return accept({ bindings });
    case 'changed':
      return accept({ bindings, stored: registrations.replace(terminalId, bindings) });
  }
}
