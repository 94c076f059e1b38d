import { pressKey, type RtpPacket } from '../../protocols/rtp/index.ts';

/** 20 ms at 8 000 samples a second, as nearly every telephone sends (RFC 3551 §4.2). */
export const FRAME_SAMPLES = 160;
export const FRAME_MS = 20;

/** A key is pressed for 100 ms, with at least as much sound between two of them. */
const KEY_FRAMES = 5;
const PAUSE_FRAMES = 5;

/** What we send, as a value: the counters of RTP and the keys that wait to be pressed. */
export type OutgoingStream = {
  readonly ssrc: number;
  readonly sequence: number;
  /** Of the next frame. It goes on while nothing is sent, so that the other side hears the right silence. */
  readonly timestamp: number;
  /** Whether the frame before this one was sent as sound; where not, the next one begins a talk spurt. */
  readonly isTalking: boolean;
  /** The key that is being pressed: all its packets have the timestamp of the first (RFC 4733 §2.2.1). */
  readonly pressing?: { readonly timestamp: number; readonly payloads: readonly Uint8Array[] };
  readonly pauseFrames: number;
  readonly waitingDigits: readonly string[];
};

/** The payload types that were agreed; without `events` the other side knows no RFC 4733 digits. */
export type OutgoingPayloads = { readonly audio: number; readonly events?: number };

/** A stream that begins where chance says (RFC 3550 §5.1); each number is 32 bits of it. */
export function startOutgoing(ssrc: number, sequence: number, timestamp: number): OutgoingStream {
  return {
    ssrc: ssrc >>> 0,
    sequence: sequence & 0xffff,
    timestamp: timestamp >>> 0,
    isTalking: false,
    pauseFrames: 0,
    waitingDigits: [],
  };
}

/** Presses a key of `0123456789*#ABCD` after those that wait already. */
export function pressDigit(stream: OutgoingStream, digit: string): OutgoingStream {
  return { ...stream, waitingDigits: [...stream.waitingDigits, digit] };
}

/** Frames that were never sent, because nothing was to be sent or the process was held up. */
export function passFrames(stream: OutgoingStream, frames: number): OutgoingStream {
  if (frames === 0) return stream;
  return { ...stream, timestamp: (stream.timestamp + frames * FRAME_SAMPLES) >>> 0, isTalking: false };
}

/**
 * The packet of the next frame: a part of a pressed key, or the sound.
 * @param sound the encoded frame; undefined where there is none to send
 */
export function nextPacket(
  stream: OutgoingStream,
  payloads: OutgoingPayloads,
  sound: Uint8Array | undefined,
): [OutgoingStream, RtpPacket | undefined] {
  const { events } = payloads;
  if (events !== undefined) {
    const keyed = beginKey(stream);
    if (keyed.pressing !== undefined) return sendKey(keyed, keyed.pressing, events);
  }
  if (sound === undefined) return [passFrames(stream, 1), undefined];
  const packet = packetOf(stream, payloads.audio, stream.timestamp, !stream.isTalking, sound);
  const pauseFrames = Math.max(0, stream.pauseFrames - 1);
  return [{ ...counted(stream), isTalking: true, pauseFrames }, packet];
}

function beginKey(stream: OutgoingStream): OutgoingStream {
  const [digit, ...waitingDigits] = stream.waitingDigits;
  if (stream.pressing !== undefined || stream.pauseFrames > 0 || digit === undefined) return stream;
  const payloads = pressKey(digit, KEY_FRAMES, FRAME_SAMPLES);
  return { ...stream, waitingDigits, pressing: { timestamp: stream.timestamp, payloads } };
}

function sendKey(
  stream: OutgoingStream,
  { timestamp, payloads }: NonNullable<OutgoingStream['pressing']>,
  payloadType: number,
): [OutgoingStream, RtpPacket] {
  const [payload = new Uint8Array(0), ...rest] = payloads;
  const packet = packetOf(stream, payloadType, timestamp, stream.timestamp === timestamp, payload);
  const { pressing: _, ...others } = { ...counted(stream), isTalking: false };
  if (rest.length > 0) return [{ ...others, pressing: { timestamp, payloads: rest } }, packet];
  return [{ ...others, pauseFrames: PAUSE_FRAMES }, packet];
}

function packetOf(
  { ssrc, sequence }: OutgoingStream,
  payloadType: number,
  timestamp: number,
  marker: boolean,
  payload: Uint8Array,
): RtpPacket {
  return { ssrc, sequence, payloadType, timestamp, marker, payload };
}

function counted(stream: OutgoingStream): OutgoingStream {
  const sequence = (stream.sequence + 1) & 0xffff;
  return { ...stream, sequence, timestamp: (stream.timestamp + FRAME_SAMPLES) >>> 0 };
}
