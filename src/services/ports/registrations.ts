import type { Binding } from '../../domain/terminals/index.ts';

/** The bindings of one terminal as they stand; an empty list where it is not registered. */
export type TerminalBindings = { readonly terminalId: string; readonly bindings: readonly Binding[] };

/** Keeps the bindings of the registrar over a restart (R18). */
export type RegistrationStore = {
  /** All bindings that have not expired; a terminal without any is left out. */
  load(nowMs: number): Promise<readonly TerminalBindings[]>;
  /**
   * Replaces the bindings of these terminals, all or none of them; kept for good when it resolves. A terminal that
   * is named twice gets the last.
   */
  save(changes: readonly TerminalBindings[]): Promise<void>;
};
