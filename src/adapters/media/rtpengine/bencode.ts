/** What the control protocol of rtpengine is written in (BEP 3). Strings count in bytes of UTF-8. */
export type Bencoded = string | number | readonly Bencoded[] | ReadonlyMap<string, Bencoded>;
export type Encodable = string | number | readonly Encodable[] | { readonly [key: string]: Encodable };

/** Deeper than anything rtpengine says. */
const DEEPEST = 32;

/** Writes a value; numbers have to be whole. */
export function printBencode(value: Encodable): string {
  if (typeof value === 'string') return `${Buffer.byteLength(value)}:${value}`;
  if (typeof value === 'number') return `i${value}e`;
  if (isList(value)) return `l${value.map(printBencode).join('')}e`;
  const entries = Object.entries(value).map(([key, each]) => printBencode(key) + printBencode(each));
  return `d${entries.join('')}e`;
}

/** Reads one value that fills all the bytes; undefined where they are none. Never throws. */
export function parseBencode(bytes: Buffer): Bencoded | undefined {
  const reader = new Reader(bytes);
  const value = reader.read(DEEPEST);
  return reader.at === bytes.length ? value : undefined;
}

/** The members of a dictionary, or of none. */
export function membersOf(value: Bencoded | undefined): ReadonlyMap<string, Bencoded> {
  return value instanceof Map ? value : new Map();
}

/** The items of a list, or of none. */
export function itemsOf(value: Bencoded | undefined): readonly Bencoded[] {
  return Array.isArray(value) ? value : [];
}

function isList(value: Encodable): value is readonly Encodable[] {
  return Array.isArray(value);
}

class Reader {
  at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  read(depth: number): Bencoded | undefined {
    const mark = String.fromCharCode(this.#bytes[this.at] ?? 0);
    if (depth === 0) return undefined;
    if (mark === 'i') return this.#number();
    if (mark === 'l') return this.#list(depth);
    if (mark === 'd') return this.#dictionary(depth);
    return this.#string();
  }

  #number(): number | undefined {
    const text = this.#until('e', 1);
    return text !== undefined && /^-?\d{1,20}$/.test(text) ? Number(text) : undefined;
  }

  #string(): string | undefined {
    const length = this.#until(':', 0);
    if (length === undefined || !/^\d{1,8}$/.test(length)) return undefined;
    const end = this.at + Number(length);
    if (end > this.#bytes.length) return undefined;
    const text = this.#bytes.toString('utf8', this.at, end);
    this.at = end;
    return text;
  }

  #list(depth: number): Bencoded[] | undefined {
    const items: Bencoded[] = [];
    this.at += 1;
    while (!this.#ends()) {
      const item = this.read(depth - 1);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  }

  #dictionary(depth: number): Map<string, Bencoded> | undefined {
    const members = new Map<string, Bencoded>();
    this.at += 1;
    while (!this.#ends()) {
      const key = this.#string();
      const value = key === undefined ? undefined : this.read(depth - 1);
      if (key === undefined || value === undefined) return undefined;
      members.set(key, value);
    }
    return members;
  }

  /** Steps over the end of a list or a dictionary where it is here. */
  #ends(): boolean {
    const isEnd = this.#bytes[this.at] === 'e'.charCodeAt(0);
    if (isEnd) this.at += 1;
    return isEnd;
  }

  /** What stands before a mark that is near, after as many bytes as `skipped`; steps over the mark. */
  #until(mark: string, skipped: number): string | undefined {
    const start = this.at + skipped;
    const end = this.#bytes.subarray(start, start + 22).indexOf(mark);
    if (end === -1) return undefined;
    this.at = start + end + 1;
    return this.#bytes.toString('latin1', start, start + end);
  }
}
