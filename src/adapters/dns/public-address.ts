import { BlockList, isIP } from 'node:net';

/** Addresses that no name of the public DNS leads to (RFC 6890); a name that says so wants to reach what is ours. */
const NOT_PUBLIC_IPV4 = new BlockList();
/** Apart, since a list finds every IPv4 address within `::ffff:0:0/96`. */
const NOT_PUBLIC_IPV6 = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  NOT_PUBLIC_IPV4.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  // Forms that carry an IPv4 address inside, which might be one of ours.
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  NOT_PUBLIC_IPV6.addSubnet(network, bits, 'ipv6');
}

/** Whether a literal address may be reached by whoever names it. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !NOT_PUBLIC_IPV4.check(address, 'ipv4');
  return family === 6 && !NOT_PUBLIC_IPV6.check(address, 'ipv6');
}
