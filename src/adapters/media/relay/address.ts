import { BlockList, isIP, isIPv6 } from 'node:net';

/** Addresses that mean something only where they are used: RFC 1918, RFC 6598, RFC 3927, RFC 4193, and loopback. */
const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['127.0.0.0', 8],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv6');

/** Where no single host is: multicast and broadcast, and "this network". */
const NO_HOST = new BlockList();
NO_HOST.addSubnet('224.0.0.0', 3, 'ipv4');
NO_HOST.addSubnet('0.0.0.0', 8, 'ipv4');
NO_HOST.addSubnet('ff00::', 8, 'ipv6');
NO_HOST.addAddress('::', 'ipv6');

/** Whether the relay, which listens on `own`, can send there: a literal address of one host, of the same family. */
export function isReachable(address: string, own: string): boolean {
  return isIP(address) !== 0 && isIP(address) === isIP(own) && !NO_HOST.check(address, familyOf(address));
}

/** Whether a side that describes itself there, and signals from elsewhere, cannot be reached where it says. */
export function isBehindNat(described: string, signalledFrom: string): boolean {
  return described !== signalledFrom && PRIVATE.check(described, familyOf(described));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
