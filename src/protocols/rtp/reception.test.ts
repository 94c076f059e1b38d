import { describe, expect, it } from 'vitest';
import { Reception } from './reception.ts';
import { isRtcp, isRtp } from './recognise.ts';

function received(sequences: readonly number[], ssrc = 1, into = new Reception()): Reception {
  for (const sequence of sequences) into.take(ssrc, sequence, sequence * 160, sequence * 20, 8000);
  return into;
}

describe('what of a stream arrived', () => {
  it('RFC 3550 §A.3: counts what is missing, over the end of the 16 bits', () => {
    expect(received([1, 2, 5, 6]).lost).toBe(2);
    expect(received([65_534, 65_535, 1]).lost).toBe(1);
  });

  it('RFC 3550 §A.1: what comes late is not lost, and a duplicate is no gain', () => {
    expect(received([1, 3, 2, 4]).lost).toBe(0);
    expect(received([1, 2, 2, 2]).lost).toBe(0);
  });

  it('RFC 3550 §8.1: a new sender begins anew, and so does one whose numbers jump', () => {
    expect(received([9000, 9001], 2, received([1, 3])).lost).toBe(1);
    expect(received([1, 3, 20_000, 20_001]).lost).toBe(1);
  });

  it('RFC 3550 §A.8: jitter is the smoothed difference of the ways', () => {
    const reception = new Reception();
    reception.take(1, 1, 160, 20, 8000);
    reception.take(1, 2, 320, 56, 8000);
    expect(reception.jitterMs).toBe(1);
    // RFC 4733 §2.5.1.2: the packets of one key share a timestamp.
    reception.take(1, 3, 320, 76, 8000);
    expect(reception.jitterMs).toBe(1);
    expect(received([1, 2, 3]).jitterMs).toBe(0);
  });
});

it('RFC 5761 §4: RTP and RTCP are told apart, and from everything else', () => {
  const types = new Map([[0, 8000]]);
  const rtp = Uint8Array.of(0x80, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1);
  expect([isRtp(rtp, types), isRtcp(rtp)]).toEqual([true, false]);
  expect(isRtp(rtp.with(1, 96), types)).toBe(false);
  expect(isRtp(rtp.with(0, 0x40), types)).toBe(false);
  expect(isRtp(rtp.subarray(0, 11), types)).toBe(false);
  expect(isRtcp(Uint8Array.of(0x80, 200, 0, 1, 0, 0, 0, 1))).toBe(true);
  expect(isRtcp(Uint8Array.of())).toBe(false);
});
