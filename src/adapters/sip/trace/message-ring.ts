/** Where a message lies in the ring. */
type Place = { readonly start: number; readonly length: number };

/** A message as it was kept. */
export type RingMessage = {
  readonly atMs: number;
  readonly direction: 'received' | 'sent';
  readonly address: string;
  readonly port: number;
  readonly bytes: Buffer;
};

/** Time, direction, port, and the lengths of address and message. */
const HEAD_BYTES = 8 + 1 + 2 + 1 + 4;

/**
 * The last messages, copied into one block of memory. Kept as objects, every message would outlive a collection or
 * two and be moved by the garbage collector, which cost more than parsing it; copying a kilobyte costs 0.1 µs.
 */
export class MessageRing {
  readonly #memory: Buffer;
  /** Starts and lengths, the oldest first. */
  readonly #starts: Float64Array;
  readonly #lengths: Float64Array;
  #oldest = 0;
  #count = 0;
  #end = 0;

  constructor(bytes: number, mostMessages: number) {
    this.#memory = Buffer.allocUnsafeSlow(bytes);
    this.#starts = new Float64Array(mostMessages);
    this.#lengths = new Float64Array(mostMessages);
  }

  keep(direction: 'received' | 'sent', atMs: number, address: string, port: number, bytes: Buffer): void {
    const length = HEAD_BYTES + address.length + bytes.length;
    if (length > this.#memory.length || address.length > 255) return;
    const start = this.#makeRoom(length);
    const memory = this.#memory;
    memory.writeDoubleLE(atMs, start);
    memory[start + 8] = direction === 'sent' ? 1 : 0;
    memory.writeUInt16LE(port, start + 9);
    memory[start + 11] = address.length;
    memory.writeUInt32LE(bytes.length, start + 12);
    memory.write(address, start + HEAD_BYTES, 'latin1');
    bytes.copy(memory, start + HEAD_BYTES + address.length);
    const at = (this.#oldest + this.#count) % this.#starts.length;
    this.#starts[at] = start;
    this.#lengths[at] = length;
    this.#count += 1;
    this.#end = start + length;
  }

  /** The messages whose bytes the test accepts, oldest first, as copies. */
  *find(wanted: (bytes: Buffer) => boolean): IterableIterator<RingMessage> {
    for (let index = 0; index < this.#count; index += 1) {
      const { start } = this.#place(index);
      const memory = this.#memory;
      const addressEnd = start + HEAD_BYTES + (memory[start + 11] ?? 0);
      const bytes = memory.subarray(addressEnd, addressEnd + memory.readUInt32LE(start + 12));
      if (!wanted(bytes)) continue;
      yield {
        atMs: memory.readDoubleLE(start),
        direction: memory[start + 8] === 1 ? 'sent' : 'received',
        address: memory.toString('latin1', start + HEAD_BYTES, addressEnd),
        port: memory.readUInt16LE(start + 9),
        bytes: Buffer.from(bytes),
      };
    }
  }

  /** Forgets the oldest messages until this many bytes are free in one piece. @returns where */
  #makeRoom(length: number): number {
    const wraps = this.#end + length > this.#memory.length;
    const start = wraps ? 0 : this.#end;
    if (wraps) while (this.#count > 0 && this.#place(0).start >= this.#end) this.#forget();
    while (this.#count > 0 && this.#overlaps(this.#place(0), start, length)) this.#forget();
    if (this.#count === this.#starts.length) this.#forget();
    return start;
  }

  #overlaps(place: Place, start: number, length: number): boolean {
    return place.start < start + length && start < place.start + place.length;
  }

  #place(index: number): Place {
    const at = (this.#oldest + index) % this.#starts.length;
    return { start: this.#starts[at] ?? 0, length: this.#lengths[at] ?? 0 };
  }

  #forget(): void {
    this.#oldest = (this.#oldest + 1) % this.#starts.length;
    this.#count -= 1;
  }
}
