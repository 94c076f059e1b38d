import { type Codec, codecAttributes } from './codec.ts';
import type { Direction } from './direction.ts';
import type { Attribute, Media, Session } from './session.ts';

/** What the two sides of a description have in common. */
export type SessionMaker = {
  /** Digits, unique for the user and the address; chosen once a dialog. */
  readonly sessionId: string;
  /** Digits, one more at each change. */
  readonly version: string;
  readonly direction?: Direction;
  readonly packetTimeMs?: number;
};

/** Offers audio in these codecs, best first, to be received at a literal address and port. */
export function offerFor(
  codecs: readonly Codec[],
  address: string,
  port: number,
  maker: SessionMaker,
): Session {
  return sessionAt(address, maker, ['0 0'], [audio('RTP/AVP', codecs, port, maker)]);
}

export function sessionAt(
  address: string,
  maker: SessionMaker,
  times: readonly string[],
  media: readonly Media[],
): Session {
  return {
    origin: { username: '-', sessionId: maker.sessionId, version: maker.version, address },
    name: '-',
    connection: { address },
    times,
    others: [],
    attributes: [],
    media,
  };
}

export function audio(protocol: string, codecs: readonly Codec[], port: number, maker: SessionMaker): Media {
  const { direction = 'sendrecv', packetTimeMs } = maker;
  const packetTime: Attribute[] =
    packetTimeMs === undefined ? [] : [{ name: 'ptime', value: String(packetTimeMs) }];
  return {
    kind: 'audio',
    port,
    protocol,
    formats: codecs.map(({ payloadType }) => String(payloadType)),
    others: [],
    attributes: [...codecAttributes(codecs), ...packetTime, { name: direction }],
  };
}
