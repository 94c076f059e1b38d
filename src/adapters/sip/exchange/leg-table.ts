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

  find(key: string | undefined): Leg | undefined {
    return key === undefined ? undefined : this.#legs.get(key);
  }
}
