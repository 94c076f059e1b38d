import { accept, type Result, refuse } from '../refusal/index.ts';

/** Addresses that begin with the same bits. IPv4 is kept as IPv4-mapped, so that `::ffff:192.0.2.1` is `192.0.2.1`. */
export type SourceRange = {
  /** 128 bits, those after the prefix zero. */
  readonly address: bigint;
  readonly prefixBits: number;
};

const ALL_BITS = 128;
const IPV4_MAPPED = 0xffffn << 32n;

/** Wider ranges would be a catch-all: inbound is default-deny. */
const WIDEST = { ipv4: 8, ipv6: 16 };

const ALL_IPV4: SourceRange = { address: IPV4_MAPPED, prefixBits: ALL_BITS - 32 };

/** Reads `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/48`. */
export function readSourceRange(text: string): Result<SourceRange, 'source-range-refused'> {
  const [host = '', bits, ...more] = text.split('/');
  const address = readAddress(host);
  const isIpv4 = !host.includes(':');
  const most = isIpv4 ? 32 : ALL_BITS;
  const given = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (address === undefined || more.length > 0 || !(given >= 0 && given <= most)) {
    return refuse('source-range-refused', `"${text}" is no address and no network, as 192.0.2.0/24.`);
  }
  if (given < (isIpv4 ? WIDEST.ipv4 : WIDEST.ipv6)) {
    return refuse('source-range-refused', `"${text}" is wider than any network that calls us would be.`);
  }
  const prefixBits = isIpv4 ? given + ALL_BITS - 32 : given;
  const range = { address: masked(address, prefixBits), prefixBits };
  // Written as IPv6, a range may hold all of IPv4.
  if (overlaps(range, ALL_IPV4) && prefixBits < ALL_BITS - 32 + WIDEST.ipv4) {
    return refuse('source-range-refused', `"${text}" is wider than any network that calls us would be.`);
  }
  return accept(range);
}

/** Whether two ranges share an address. */
export function overlaps(one: SourceRange, other: SourceRange): boolean {
  const bits = Math.min(one.prefixBits, other.prefixBits);
  return masked(one.address, bits) === masked(other.address, bits);
}

/** Whose ranges an address lies in, by one look-up for each width that occurs. */
export class SourceRanges<Owner> {
  readonly #byWidth = new Map<number, Map<bigint, Owner>>();

  add({ address, prefixBits }: SourceRange, owner: Owner): void {
    const owners = this.#byWidth.get(prefixBits) ?? new Map<bigint, Owner>();
    this.#byWidth.set(prefixBits, owners.set(address, owner));
  }

  /** @param text a literal address, without brackets */
  ownerOf(text: string): Owner | undefined {
    if (this.#byWidth.size === 0) return undefined;
    const address = readAddress(text);
    if (address === undefined) return undefined;
    for (const [prefixBits, owners] of this.#byWidth) {
      const owner = owners.get(masked(address, prefixBits));
      if (owner !== undefined) return owner;
    }
    return undefined;
  }
}

function masked(address: bigint, prefixBits: number): bigint {
  const free = BigInt(ALL_BITS - prefixBits);
  return (address >> free) << free;
}

/** The 128 bits of a literal address (RFC 4291 §2.2). */
function readAddress(text: string): bigint | undefined {
  if (!text.includes(':')) {
    const ipv4 = readIpv4(text);
    return ipv4 === undefined ? undefined : IPV4_MAPPED | ipv4;
  }
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  if (before === undefined || after === undefined) return undefined;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array<number>(missing).fill(0), ...after];
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);
}

function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [at, part] of parts.entries()) {
    if (part.includes('.')) {
      const ipv4 = at === parts.length - 1 ? readIpv4(part) : undefined;
      if (ipv4 === undefined) return undefined;
      groups.push(Number(ipv4 >> 16n), Number(ipv4 & 0xffffn));
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function readIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}
