import { hashOfKey, prefixKey } from '../../numbering/index.ts';
import { MOST_PREFIX_DIGITS, tariffDigits } from './tariff-prefix.ts';
import { type Period, periodOf, type TariffRow, termsOfRate } from './tariff-row.ts';

/** What rows have in common: thousands of prefixes share a rate. */
type Terms = Period & { readonly row: TariffRow };

const NONE = -1;

/**
 * All rows of one version of a tariff. A million of them are a few columns of numbers, not a million objects: rates and
 * destinations that many rows share are kept once.
 */
export class TariffTable {
  #keys = new Float64Array(16);
  #termsOfRow = new Int32Array(16);
  #destinationOfRow = new Int32Array(16);
  /** The next row with the same prefix, which counts at another time. */
  #nextOfRow = new Int32Array(16);
  #size = 0;
  readonly #terms = new Pool<Terms>();
  readonly #destinations = new Pool<string>();
  readonly #telephones = new RowIndex();
  readonly #operators = new Map<string, RowIndex>();

  get size(): number {
    return this.#size;
  }

  /** Adds a row, whose prefix may be there for other times. */
  add(row: TariffRow): void {
    if (this.#size === this.#keys.length) this.#grow();
    const at = this.#size;
    this.#size += 1;
    const { operatorId, digits } = tariffDigits(row.prefix);
    const key = prefixKey(digits, digits.length);
    this.#keys[at] = key;
    this.#termsOfRow[at] = this.#terms.indexOf(termsKeyOf(row), () => ({ ...periodOf(row), row }));
    this.#destinationOfRow[at] = this.#destinations.indexOf(row.destination, () => row.destination);
    this.#nextOfRow[at] = this.#indexFor(operatorId).put(key, digits.length, at, this.#keys);
  }

  /**
   * The row that decides what a call costs: of those that count at the moment, the one with the longest prefix.
   * @param number digits of E.164 without `+`, or as `numberAtOperator` writes it
   * @returns undefined where no row counts, which is not to be taken for a price of nothing
   */
  rowFor(number: string, atMs: number): TariffRow | undefined {
    const { operatorId, digits } = tariffDigits(number);
    const index = operatorId === undefined ? this.#telephones : this.#operators.get(operatorId);
    if (index === undefined) return undefined;
    for (let length = Math.min(digits.length, MOST_PREFIX_DIGITS); length >= 0; length -= 1) {
      if (!index.hasLength(length)) continue;
      const first = index.get(prefixKey(digits, length), this.#keys);
      for (let at = first; at !== NONE; at = this.#nextOfRow[at] ?? NONE) {
        const { fromMs, toMs, row } = this.#terms.at(this.#termsOfRow[at] ?? 0);
        if (atMs < fromMs || atMs >= toMs) continue;
        const destination = this.#destinations.at(this.#destinationOfRow[at] ?? 0);
        return { ...row, prefix: prefixText(operatorId, digits.slice(0, length)), destination };
      }
    }
    return undefined;
  }

  #indexFor(operatorId: string | undefined): RowIndex {
    if (operatorId === undefined) return this.#telephones;
    const known = this.#operators.get(operatorId);
    if (known !== undefined) return known;
    const index = new RowIndex();
    this.#operators.set(operatorId, index);
    return index;
  }

  #grow(): void {
    const length = Math.ceil(this.#keys.length * 1.5);
    this.#keys = longer(this.#keys, new Float64Array(length));
    this.#termsOfRow = longer(this.#termsOfRow, new Int32Array(length));
    this.#destinationOfRow = longer(this.#destinationOfRow, new Int32Array(length));
    this.#nextOfRow = longer(this.#nextOfRow, new Int32Array(length));
  }
}

/** Finds the first row of a prefix by hashing; the keys themselves are in the table's column. */
class RowIndex {
  #rows = new Int32Array(16).fill(NONE);
  #size = 0;
  /** Which lengths occur: the others need not be looked for. */
  #lengths = 0;

  hasLength(length: number): boolean {
    return (this.#lengths & (1 << length)) !== 0;
  }

  /** The row that was put last under the key, or -1. */
  get(key: number, keys: Float64Array): number {
    return this.#rows[this.#slotOf(key, keys)] ?? NONE;
  }

  /** Puts a row in front of those with the same key. @returns the one that was in front before, or -1 */
  put(key: number, length: number, row: number, keys: Float64Array): number {
    if (this.#size * 2 >= this.#rows.length) this.#grow(keys);
    const slot = this.#slotOf(key, keys);
    const before = this.#rows[slot] ?? NONE;
    if (before === NONE) this.#size += 1;
    this.#rows[slot] = row;
    this.#lengths |= 1 << length;
    return before;
  }

  #slotOf(key: number, keys: Float64Array): number {
    const mask = this.#rows.length - 1;
    let slot = hashOfKey(key) & mask;
    for (;;) {
      const row = this.#rows[slot] ?? NONE;
      if (row === NONE || keys[row] === key) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(keys: Float64Array): void {
    const rows = this.#rows;
    this.#rows = new Int32Array(rows.length * 2).fill(NONE);
    for (const row of rows) {
      if (row !== NONE) this.#rows[this.#slotOf(keys[row] ?? 0, keys)] = row;
    }
  }
}

/** Equal things once, each by its number. */
class Pool<Item> {
  readonly #items: Item[] = [];
  readonly #numbers = new Map<string, number>();

  indexOf(key: string, make: () => Item): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#items.push(make());
    this.#numbers.set(key, this.#items.length - 1);
    return this.#items.length - 1;
  }

  at(index: number): Item {
    return this.#items[index] as Item;
  }
}

function termsKeyOf(row: TariffRow): string {
  const rate = row.rate === undefined ? '' : termsOfRate(row.rate);
  return `${row.status} ${row.effectiveFromMs ?? ''} ${row.effectiveToMs ?? ''} ${rate}`;
}

function prefixText(operatorId: string | undefined, digits: string): string {
  if (operatorId === undefined) return digits;
  return digits === '' ? `operator:${operatorId}` : `operator:${operatorId}:${digits}`;
}

function longer<Column extends Float64Array | Int32Array>(column: Column, into: Column): Column {
  into.set(column);
  return into;
}
