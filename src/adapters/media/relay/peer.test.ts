import { describe, expect, it } from 'vitest';
import { Peer } from './peer.ts';

const PUBLIC = '198.51.100.7';
const other = () => false;
const same = () => true;

function behindNat(): Peer {
  const peer = new Peer(PUBLIC);
  peer.describe({ address: '192.168.1.5', port: 5000 });
  return peer;
}

describe('where a side is, and from where alone its packets are taken', () => {
  it('R1: a reachable phone is exactly where it says', () => {
    const peer = new Peer(PUBLIC);
    expect(peer.accepts(PUBLIC, 5000, same)).toBe(false);
    peer.describe({ address: '203.0.113.9', port: 5000 });
    expect(peer.place).toEqual({ address: '203.0.113.9', port: 5000 });
    expect(peer.accepts('203.0.113.9', 5000, other)).toBe(true);
    expect(peer.accepts('203.0.113.9', 5002, same)).toBe(false);
    expect(peer.accepts(PUBLIC, 5000, same)).toBe(false);
  });

  it('R1: a private address is the phone’s own where the signalling comes from it too', () => {
    const peer = new Peer('192.168.1.5');
    peer.describe({ address: '192.168.1.5', port: 5000 });
    expect(peer.place).toEqual({ address: '192.168.1.5', port: 5000 });
    expect(peer.accepts('192.168.1.5', 5002, same)).toBe(false);
  });

  it('R1: behind a NAT the first packet from the signalling’s address says where, and nobody else’s does', () => {
    const peer = behindNat();
    expect(peer.place).toBeUndefined();
    expect(peer.accepts('203.0.113.66', 5000, same)).toBe(false);
    expect(peer.accepts('192.168.1.5', 5000, same)).toBe(false);
    expect(peer.accepts(PUBLIC, 40_000, other)).toBe(true);
    expect(peer.place).toEqual({ address: PUBLIC, port: 40_000 });
    expect(peer.accepts(PUBLIC, 40_002, other)).toBe(false);
    expect(peer.place).toEqual({ address: PUBLIC, port: 40_000 });
  });

  it('R1: the latch moves with a sender’s number, and with a new description, once', () => {
    const peer = behindNat();
    peer.accepts(PUBLIC, 40_000, other);
    expect(peer.accepts(PUBLIC, 40_010, same)).toBe(true);
    expect(peer.place?.port).toBe(40_010);
    peer.describe({ address: '192.168.1.5', port: 5000 });
    expect(peer.place?.port).toBe(40_010);
    expect(peer.accepts(PUBLIC, 40_020, other)).toBe(true);
    expect(peer.accepts(PUBLIC, 40_030, other)).toBe(false);
    peer.describe({ address: '192.168.1.6', port: 5000 });
    expect(peer.place).toBeUndefined();
  });

  it('RFC 3264 §8.4: one that wants no sound is sent none, and may still send', () => {
    const peer = new Peer(PUBLIC);
    peer.describe({ address: PUBLIC, port: 5000 });
    peer.describe(undefined);
    expect(peer.place).toBeUndefined();
    expect(peer.accepts(PUBLIC, 5000, other)).toBe(true);
  });
});
