import { describe, expect, it } from 'vitest';
import { limitCodecs } from './limit-codecs.ts';

const OFFER = [
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.1',
  's=-',
  'c=IN IP4 192.0.2.1',
  't=0 0',
  'm=audio 4000 RTP/AVP 96 8 0 101',
  'a=rtpmap:96 opus/48000/2',
  'a=fmtp:96 useinbandfec=1',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=sendrecv',
  'm=video 4002 RTP/AVP 99',
  'a=rtpmap:99 VP8/90000',
  '',
].join('\r\n');

const mediaLines = (sdp: string | undefined) =>
  sdp?.split('\r\n').filter((line) => /^(m=|a=rtpmap|a=fmtp)/.test(line));

describe('an offer for a trunk that knows few codecs', () => {
  it('keeps those it knows, and keys; other media stay', () => {
    expect(mediaLines(limitCodecs(OFFER, ['pcma', 'PCMU']))).toEqual([
      'm=audio 4000 RTP/AVP 8 0 101',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'm=video 4002 RTP/AVP 99',
      'a=rtpmap:99 VP8/90000',
    ]);
    expect(mediaLines(limitCodecs(OFFER, ['opus']))?.[0]).toBe('m=audio 4000 RTP/AVP 96 101');
  });

  it('is none where no codec is shared', () => {
    expect(limitCodecs(OFFER, ['G729'])).toBeUndefined();
  });

  it('lets sound be that was refused already, and what is no offer', () => {
    const refused = OFFER.replace('m=audio 4000', 'm=audio 0');
    expect(limitCodecs(refused, ['G729'])).toBe(refused);
    expect(limitCodecs('hello', ['G729'])).toBe('hello');
  });
});
