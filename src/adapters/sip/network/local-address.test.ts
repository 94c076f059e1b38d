import { describe, expect, it } from 'vitest';
import { sourceName } from './connections.ts';
import { type Interfaces, type Listening, LocalAddresses } from './local-address.ts';

const INTERFACES: Interfaces = () => [
  { address: '127.0.0.1', cidr: '127.0.0.1/8', internal: true },
  { address: '192.0.2.10', cidr: '192.0.2.10/24', internal: false },
  { address: '198.51.100.10', cidr: '198.51.100.10/24', internal: false },
  { address: 'fe80::1', cidr: 'fe80::1/64', internal: false },
  { address: '2001:db8::10', cidr: '2001:db8::10/64', internal: false },
];

function udp(address: string, port = 5060, advertised?: string): Listening {
  return { transport: 'udp', address, port, ...(advertised === undefined ? {} : { advertised }) };
}

function seenFrom(neighbour: string, ...listening: Listening[]): string {
  const { address, port } = new LocalAddresses(listening, INTERFACES).for({
    transport: 'udp',
    address: neighbour,
  });
  return `${address} ${port}`;
}

describe('our address as a neighbour sees it', () => {
  it.each([
    ['192.0.2.77', [udp('192.0.2.10', 5070)], '192.0.2.10 5070'],
    ['192.0.2.77', [udp('0.0.0.0')], '192.0.2.10 5060'],
    ['198.51.100.77', [udp('0.0.0.0')], '198.51.100.10 5060'],
    ['203.0.113.77', [udp('0.0.0.0')], '192.0.2.10 5060'],
    ['127.0.0.1', [udp('0.0.0.0')], '127.0.0.1 5060'],
    ['2001:db8::77', [udp('0.0.0.0'), udp('::', 5062)], '2001:db8::10 5062'],
    ['2001:db8:1::77', [udp('::')], '2001:db8::10 5060'],
    ['::1', [udp('::')], '::1 5060'],
    ['127.0.0.1', [udp('192.0.2.10', 1), udp('127.0.0.1', 2)], '127.0.0.1 2'],
    ['192.0.2.77', [udp('127.0.0.1', 2), udp('192.0.2.10', 1)], '192.0.2.10 1'],
    ['203.0.113.77', [udp('0.0.0.0', 5060, '203.0.113.1')], '203.0.113.1 5060'],
    ['127.0.0.1', [udp('0.0.0.0', 5060, '203.0.113.1')], '127.0.0.1 5060'],
  ])('at %s, listening at %o, is %s', (neighbour, listening, expected) => {
    expect(seenFrom(neighbour, ...listening)).toBe(expected);
  });

  it('follows the interfaces after it was told to forget', () => {
    let address = '192.0.2.10';
    const addresses = new LocalAddresses([udp('0.0.0.0')], () => [{ address, cidr: null, internal: false }]);
    const flow = { transport: 'udp', address: '203.0.113.77' } as const;
    expect(addresses.for(flow).address).toBe('192.0.2.10');
    address = '192.0.2.11';
    addresses.forget();
    expect(addresses.for(flow).address).toBe('192.0.2.11');
  });
});

describe('the source of a connection', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:0:7:1:2:3:4', '2001:db8:0:7'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['2001:db8:1:2::', '2001:db8:1:2'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('%s is %s, which is an IPv4 address or an IPv6 /64', (address, name) => {
    expect(sourceName(address)).toBe(name);
  });
});
