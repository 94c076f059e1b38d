import type { Fault } from '../../refusal/index.ts';

/** A hostile file may be wrong in thousands of places; nobody reads more than these. */
export const MOST_FAULTS = 100;

/** Collects everything that is wrong, so that a person corrects it in one go. */
export class Faults {
  readonly #list: Fault[] = [];

  get list(): readonly Fault[] {
    return this.#list;
  }

  add(pointer: string, detail: string): undefined {
    if (this.#list.length < MOST_FAULTS) this.#list.push({ pointer, detail });
    return undefined;
  }
}

/** RFC 6901 §3. @param name cut, since nobody reads a name of a megabyte */
export function below(pointer: string, name: string | number): string {
  return `${pointer}/${String(name).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
