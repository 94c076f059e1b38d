import { type Dialog, dialogKey } from '../../../protocols/sip/dialog/index.ts';
import type { Leg } from './leg.ts';

/** All legs by their dialogs: how a request within a dialog finds the call it belongs to. */
export class LegTable {
  readonly #legs = new Map<string, Leg>();

  get size(): number {
    return this.#legs.size;
  }

  add(dialog: Dialog, leg: Leg): void {
    this.#legs.set(dialogKey(dialog), leg);
  }

  remove(dialog: Dialog): void {
    this.#legs.delete(dialogKey(dialog));
  }

  /** The legs whose messages go to an address. */
  towards(address: string, port: number): ReadonlySet<Leg> {
    return new Set(
      [...this.#legs.values()].filter(({ flow }) => flow.address === address && flow.port === port),
    );
  }

  find(key: string | undefined): Leg | undefined {
    return key === undefined ? undefined : this.#legs.get(key);
  }
}
