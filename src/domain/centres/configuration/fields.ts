import { below, type Faults } from './faults.ts';

/** Bounds of a whole number. */
export type Bounds = { readonly from: number; readonly to: number };

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** How a part of a list is read: at its pointer, with what is wrong noted; undefined where it cannot be used. */
export type ReadItem<Item> = (value: unknown, pointer: string) => Item | undefined;

/** Whether it has named parts: an object of JSON, a mapping of YAML. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The parts of something that was written, asked for one by one. Each question notes what is wrong with the answer and
 * goes on with the default, so that all faults are found at once; `end` notes the parts that nobody asked for.
 */
export class Fields {
  readonly pointer: string;
  readonly #parts: ReadonlyMap<string, unknown>;
  readonly #asked = new Set<string>();
  readonly #faults: Faults;

  constructor(value: unknown, pointer: string, faults: Faults) {
    this.pointer = pointer;
    this.#faults = faults;
    if (!isMapping(value)) faults.add(pointer, 'This has to be a mapping of names to values.');
    // Null is how a person leaves a part empty in YAML.
    this.#parts = new Map(
      isMapping(value) ? Object.entries(value).filter(([, part]) => part !== null && part !== undefined) : [],
    );
  }

  has(name: string): boolean {
    return this.#parts.has(name);
  }

  at(name: string): string {
    return below(this.pointer, name);
  }

  raw(name: string): unknown {
    this.#asked.add(name);
    return this.#parts.get(name);
  }

  /** One line of text without control characters. @param otherwise undefined where it has to be given */
  text(name: string, most: number, otherwise?: string): string {
    const value = this.raw(name);
    if (value === undefined && otherwise !== undefined) return otherwise;
    if (value === undefined) this.#faults.add(this.at(name), `Give the ${name}.`);
    else if (typeof value !== 'string' || value.trim() === '' || value.length > most || /\p{Cc}/u.test(value))
      this.#faults.add(this.at(name), `This has to be text in one line of 1 to ${most} characters.`);
    else return value.trim();
    return '';
  }

  whole(name: string, { from, to }: Bounds, otherwise?: number): number {
    const value = this.raw(name);
    if (value === undefined && otherwise !== undefined) return otherwise;
    if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return value;
    this.#faults.add(this.at(name), `This has to be a whole number of ${from} to ${to}.`);
    return from;
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'boolean') return value ?? otherwise;
    this.#faults.add(this.at(name), 'This has to be true or false.');
    return otherwise;
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[], otherwise?: Choice): Choice {
    const value = this.raw(name);
    if (value === undefined && otherwise !== undefined) return otherwise;
    const chosen = choices.find((choice) => choice === value);
    if (chosen === undefined) this.#faults.add(this.at(name), `This has to be one of ${choices.join(', ')}.`);
    return chosen ?? (choices[0] as Choice);
  }

  /** A time as people write it: `500ms`, `5s`, `2m`, `1h`. @param bounds in milliseconds */
  durationMs(name: string, bounds: Bounds, otherwise: number): number {
    const value = this.raw(name);
    if (value === undefined) return otherwise;
    const [, digits = '', unit = ''] = /^(\d{1,9})(ms|s|m|h)$/.exec(String(value)) ?? [];
    const ms = Number(digits) * (UNITS_MS[unit] ?? Number.NaN);
    if (ms >= bounds.from && ms <= bounds.to) return ms;
    const range = `${durationText(bounds.from)} to ${durationText(bounds.to)}`;
    this.#faults.add(this.at(name), `This has to be a time of ${range}, with its unit.`);
    return otherwise;
  }

  list<Item>(name: string, most: number, read: ReadItem<Item>): Item[] {
    const value = this.raw(name);
    if (value === undefined) return [];
    if (!Array.isArray(value) || value.length > most) {
      this.#faults.add(this.at(name), `This has to be a list of at most ${most}.`);
      return [];
    }
    return value.flatMap((item: unknown, index) => read(item, below(this.at(name), index)) ?? []);
  }

  /** The parts of a part. */
  inner(name: string, value: unknown): Fields {
    return new Fields(value, this.at(name), this.#faults);
  }

  /** The named parts below a part: the centres by their codes. */
  entries(name: string, most: number): readonly (readonly [string, unknown])[] {
    const value = this.raw(name);
    if (value === undefined) return [];
    const entries = isMapping(value) ? Object.entries(value) : undefined;
    if (entries !== undefined && entries.length <= most) return entries;
    this.#faults.add(this.at(name), `This has to be a mapping of at most ${most} names to values.`);
    return [];
  }

  end(): void {
    for (const name of this.#parts.keys()) {
      if (this.#asked.has(name)) continue;
      const known = [...this.#asked].sort().join(', ');
      this.#faults.add(this.at(name), `There is no such part here. There may be: ${known}.`);
    }
  }
}

/** A time as it is written: in the largest unit that needs no fraction. */
export function durationText(ms: number): string {
  for (const [unit, size] of Object.entries(UNITS_MS).reverse()) {
    if (ms % size === 0 && ms >= size) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
}
