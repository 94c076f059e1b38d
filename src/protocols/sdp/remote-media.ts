import { type Codec, codecsOf, isTelephoneEvent } from './codec.ts';
import { type Direction, mediaDirection } from './direction.ts';
import { attributeValue, type Media, type Session } from './session.ts';

/** What one has to know of the far end to exchange media with it. */
export type RemoteMedia = {
  /** Where it receives. */
  readonly address: string;
  readonly port: number;
  readonly rtcpPort: number;
  /** What it receives, best first, without telephone events. */
  readonly codecs: readonly Codec[];
  /** The payload type it takes digits with (RFC 4733). */
  readonly telephoneEvent?: Codec;
  /** Seen from the far end: it sends, receives, both, or neither. */
  readonly direction: Direction;
  /** How much sound it wants in a packet. */
  readonly packetTimeMs?: number;
};

/** The first medium of a kind that is not refused; undefined where there is none, or no address for it. */
export function remoteMedia(session: Session, kind = 'audio'): RemoteMedia | undefined {
  const media = session.media.find((each) => each.kind === kind && each.port !== 0);
  const address = (media?.connection ?? session.connection)?.address;
  if (media === undefined || address === undefined) return undefined;
  const codecs = codecsOf(media);
  const telephoneEvent = codecs.find(isTelephoneEvent);
  const packetTimeMs = Number(attributeValue(media.attributes, 'ptime'));
  return {
    address,
    port: media.port,
    rtcpPort: rtcpPortOf(media),
    codecs: codecs.filter((codec) => !isTelephoneEvent(codec)),
    ...(telephoneEvent === undefined ? {} : { telephoneEvent }),
    direction: mediaDirection(session, media),
    ...(packetTimeMs > 0 && packetTimeMs <= 1000 ? { packetTimeMs } : {}),
  };
}

/** RFC 3605 and RFC 5761, else the port above that of RTP (RFC 3550 §11). */
function rtcpPortOf({ attributes, port }: Media): number {
  if (attributeValue(attributes, 'rtcp-mux') !== undefined) return port;
  const stated = Number(/^\d{1,5}/.exec(attributeValue(attributes, 'rtcp') ?? '')?.[0]);
  return stated > 0 && stated <= 65_535 ? stated : port + 1;
}
