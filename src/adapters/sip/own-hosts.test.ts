import { describe, expect, it } from 'vitest';
import { createOwnHosts } from './own-hosts.ts';

const udp = (address: string, advertised?: string) => ({
  transport: 'udp' as const,
  address,
  port: 5060,
  ...(advertised === undefined ? {} : { advertised }),
});

describe('what is ours', () => {
  it('is the domain, the addresses listened at, and what neighbours are told', () => {
    const isOwn = createOwnHosts({
      domain: 'omnidial.example',
      listen: [udp('127.0.0.1'), udp('::1', '2001:db8::1')],
      nowMs: () => 0,
      machineAddresses: () => ['192.0.2.1'],
    });
    const own = ['omnidial.example', 'localhost', '127.0.0.1', '::1', '2001:db8::1'];
    expect(own.filter((host) => !isOwn(host))).toEqual([]);
    expect(['192.0.2.1', 'acme.example', ''].filter(isOwn)).toEqual([]);
  });

  it('is every address of the machine where we listen at any, also one that came later', () => {
    let nowMs = 0;
    const addresses = ['192.0.2.1'];
    const listen = [udp('0.0.0.0')];
    const machineAddresses = () => addresses;
    const isOwn = createOwnHosts({
      domain: 'omnidial.example',
      listen,
      nowMs: () => nowMs,
      machineAddresses,
    });
    expect(['192.0.2.1', '192.0.2.2', 'acme.example'].map(isOwn)).toEqual([true, false, false]);
    addresses.push('192.0.2.2');
    nowMs += 20_000;
    expect(isOwn('192.0.2.2')).toBe(true);
  });
});
