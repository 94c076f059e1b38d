import { decodeG711, type G711Law } from '../../protocols/audio/index.ts';
import {
  EMPTY_REORDERING,
  flush,
  type Heard,
  parseTelephoneEvent,
  type Reordering,
  type RtpPacket,
  reorder,
} from '../../protocols/rtp/index.ts';

/** What we hear, as a value: sound in order, keys once each, and how much was lost. */
export type IncomingStream = {
  readonly reordering: Reordering;
  /** The law of the packets that wait in the buffer. */
  readonly law: G711Law;
  /** SSRC and timestamp of the key that was heard last: its other packets say nothing new. */
  readonly lastKey?: { readonly ssrc: number; readonly timestamp: number };
  readonly counting?: Counting;
  readonly received: number;
  /** Of senders before the present one. */
  readonly lostBefore: number;
};

/** The sequence numbers of one sender, counted on beyond their 16 bits (RFC 3550 §A.1). */
type Counting = {
  readonly ssrc: number;
  readonly first: number;
  readonly highest: number;
  readonly received: number;
};

/** What can be heard now. */
export type Hearing =
  | { readonly kind: 'sound'; readonly samples: Int16Array }
  | { readonly kind: 'digit'; readonly digit: string };

export const NOTHING_HEARD: IncomingStream = {
  reordering: EMPTY_REORDERING,
  law: 'PCMU',
  received: 0,
  lostBefore: 0,
};

/** The static payload types of RFC 3551 §6. */
const LAWS: Readonly<Record<number, G711Law>> = { 0: 'PCMU', 8: 'PCMA' };

/** A sender whose numbers jump farther has begun anew (RFC 3550 §A.1, MAX_DROPOUT). */
const LARGEST_JUMP = 3_000;

/**
 * Takes a packet. Either law of G.711 is understood whatever was agreed, since both have fixed payload types.
 * @param events the payload type of RFC 4733 digits, where it was agreed
 */
export function hear(
  stream: IncomingStream,
  packet: RtpPacket,
  events: number | undefined,
): [IncomingStream, Hearing[]] {
  const law = LAWS[packet.payloadType];
  if (packet.payloadType === events) return hearKey(count(stream, packet), packet);
  if (law === undefined) return [stream, []];
  const counted = count(stream, packet);
  const [before, rest] = law === counted.law ? [counted, []] : changeLaw(counted, law);
  const [reordering, heard] = reorder(before.reordering, packet);
  return [{ ...before, reordering }, [...rest, ...heard.map((each) => decode(each, law))]];
}

/** What still waits in the buffer, at the end of the call. */
export function hearRest(stream: IncomingStream): [IncomingStream, Hearing[]] {
  const [reordering, heard] = flush(stream.reordering);
  return [{ ...stream, reordering }, heard.map((each) => decode(each, stream.law))];
}

/** How many packets never came, as far as the numbers of those that came tell (RFC 3550 §A.3). */
export function lostOf({ counting, lostBefore }: IncomingStream): number {
  return lostBefore + (counting === undefined ? 0 : lostIn(counting));
}

function changeLaw(stream: IncomingStream, law: G711Law): [IncomingStream, Hearing[]] {
  const [flushed, rest] = hearRest(stream);
  return [{ ...flushed, law }, rest];
}

/** A key is heard at its first packet, whichever that is: all have the timestamp of the first. */
function hearKey(
  stream: IncomingStream,
  { ssrc, timestamp, payload }: RtpPacket,
): [IncomingStream, Hearing[]] {
  const key = parseTelephoneEvent(payload);
  const last = stream.lastKey;
  const isOld = last !== undefined && last.ssrc === ssrc && ((timestamp - last.timestamp) | 0) <= 0;
  if (key === undefined || isOld) return [stream, []];
  return [{ ...stream, lastKey: { ssrc, timestamp } }, [{ kind: 'digit', digit: key.digit }]];
}

function decode(heard: Heard, law: G711Law): Hearing {
  const samples = heard.kind === 'audio' ? decodeG711(law, heard.payload) : new Int16Array(heard.samples);
  return { kind: 'sound', samples };
}

function count(stream: IncomingStream, { ssrc, sequence }: RtpPacket): IncomingStream {
  const received = stream.received + 1;
  const { counting } = stream;
  const ahead = counting === undefined ? 0 : ((sequence - counting.highest) << 16) >> 16;
  if (counting === undefined || counting.ssrc !== ssrc || Math.abs(ahead) > LARGEST_JUMP) {
    const begun: Counting = { ssrc, first: sequence, highest: sequence, received: 1 };
    return { ...stream, received, lostBefore: lostOf(stream), counting: begun };
  }
  const highest = Math.max(counting.highest, counting.highest + ahead);
  return { ...stream, received, counting: { ...counting, highest, received: counting.received + 1 } };
}

/** Packets that came twice would make it negative. */
function lostIn({ first, highest, received }: Counting): number {
  return Math.max(0, highest - first + 1 - received);
}
