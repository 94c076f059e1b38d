import { decodeG711, type G711Law } from '../../protocols/audio/index.ts';
import {
  EMPTY_REORDERING,
  flush,
  type Heard,
  parseTelephoneEvent,
  type Reordering,
  type RtpPacket,
  reorder,
  type TelephoneEvent,
} from '../../protocols/rtp/index.ts';

/** What we hear, as a value: sound in order, keys once each, and how much was lost. */
export type IncomingStream = {
  readonly reordering: Reordering;
  /** The law of the packets that wait in the buffer. */
  readonly law: G711Law;
  /** The key that was heard last: its other packets say nothing new. */
  readonly lastKey?: LastKey;
  readonly counting?: Counting;
  readonly received: number;
  /** Of senders before the present one. */
  readonly lostBefore: number;
};

type LastKey = {
  readonly ssrc: number;
  readonly timestamp: number;
  readonly digit: string;
  readonly duration: number;
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

/** How late a packet of an earlier key may come: 10 s. */
const LONGEST_DELAY_SAMPLES = 80_000;
const ONE_PACKET_SAMPLES = 160;

/** A sender whose numbers jump farther has begun anew (RFC 3550 §A.1, MAX_DROPOUT). */
const LARGEST_JUMP = 3_000;

/**
 * Takes a packet. Either law of G.711 is understood whatever was agreed, since both have fixed payload types.
 * @param events the payload types of RFC 4733 digits: none, the agreed one, or one for each side
 */
export function hear(
  stream: IncomingStream,
  packet: RtpPacket,
  events: readonly (number | undefined)[],
): [IncomingStream, Hearing[]] {
  const law = LAWS[packet.payloadType];
  if (events.includes(packet.payloadType)) return hearKey(count(stream, packet), packet);
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
function hearKey(stream: IncomingStream, packet: RtpPacket): [IncomingStream, Hearing[]] {
  const { ssrc, timestamp } = packet;
  const key = parseTelephoneEvent(packet.payload);
  if (key === undefined) return [stream, []];
  const { digit, duration } = key;
  const last = stream.lastKey;
  if (last?.ssrc === ssrc && last.timestamp === timestamp)
    return [{ ...stream, lastKey: { ...last, duration: Math.max(last.duration, duration) } }, []];
  if (isBefore(last, packet)) return [stream, []];
  const heard: IncomingStream = { ...stream, lastKey: { ssrc, timestamp, digit, duration } };
  const isNew = !goesOn(last, packet, key);
  return [heard, isNew ? [{ kind: 'digit', digit }] : []];
}

/** Of a pressing before the last, and late. A sender whose clock was set back has begun anew. */
function isBefore(last: LastKey | undefined, { ssrc, timestamp }: RtpPacket): boolean {
  const ahead = last === undefined ? 1 : (timestamp - last.timestamp) | 0;
  return last?.ssrc === ssrc && ahead <= 0 && ahead > -LONGEST_DELAY_SAMPLES;
}

/**
 * Some senders of RFC 2833 give each packet of a key a timestamp of its own, and a key held longer than 8 s goes on
 * with a new one (RFC 4733 §2.5.1.3). No hand presses the same key twice within the time it says it was down.
 */
function goesOn(last: LastKey | undefined, packet: RtpPacket, { digit, duration }: TelephoneEvent): boolean {
  if (last === undefined || last.ssrc !== packet.ssrc || last.digit !== digit || packet.marker) return false;
  const ahead = (packet.timestamp - last.timestamp) | 0;
  return ahead > 0 && ahead <= Math.max(last.duration, duration) + ONE_PACKET_SAMPLES;
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
