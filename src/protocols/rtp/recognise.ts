/**
 * Whether a datagram is RTP of one of these payload types (RFC 3550 §5.1). Nothing but its first two bytes and its
 * length is looked at, since this is asked for every packet that is relayed.
 */
export function isRtp(bytes: Uint8Array, payloadTypes: ReadonlyMap<number, unknown>): boolean {
  return bytes.length >= 12 && (bytes[0] ?? 0) >> 6 === 2 && payloadTypes.has((bytes[1] ?? 0) & 0x7f);
}

/** Whether a datagram is RTCP, by the types that RFC 5761 §4 keeps apart from those of RTP. */
export function isRtcp(bytes: Uint8Array): boolean {
  const type = bytes[1] ?? 0;
  return bytes.length >= 8 && (bytes[0] ?? 0) >> 6 === 2 && type >= 192 && type <= 223;
}
