import { malformed, type Parsed, parsed } from '../sip/message/index.ts';
import { codecsOf } from './codec.ts';
import { type Direction, isNowhere, mediaDirection } from './direction.ts';
import { parseSession } from './parse-session.ts';
import { attributeValue, type Media, type Origin, type Session } from './session.ts';

/** A description that came to a relay, and what the relay has to know of the side that wrote it. */
export type RelayableSession = {
  readonly session: Session;
  /** Which of its media is relayed. */
  readonly index: number;
  /** Where that side wants its sound; undefined where it wants none: a hold by 0.0.0.0, or a refused medium. */
  readonly wanted?: RelayedPlace;
  /** Seen from the side that wrote it. `inactive` where the medium is refused. */
  readonly direction: Direction;
  /** Whether its packets are encrypted, so that nobody between can read them or write into them (RFC 3711). */
  readonly isEncrypted: boolean;
  /** The payload types it names, with the clock rate in Hz of each. */
  readonly clockRates: ReadonlyMap<number, number>;
};

/** `address` is as it was written: a literal or a host name. `rtcpPort` is 0 where there is none. */
export type RelayedPlace = { readonly address: string; readonly port: number; readonly rtcpPort: number };

/** What a relay can carry without understanding it. Keys of DTLS travel on the ports themselves, and are not carried. */
const CARRIED = ['RTP/AVP', 'RTP/AVPF'];
/** These are carried where the keys are in the description, which both sides read (RFC 4568). */
const CARRIED_WITH_KEYS = ['RTP/SAVP', 'RTP/SAVPF'];

/**
 * What speaks of paths that do not lead through the relay (RFC 8839, RFC 5761, RFC 3605, RFC 9143), or of keys that
 * the relay does not carry (RFC 8842).
 */
const OF_THE_PATH =
  /^(candidate|remote-candidates|end-of-candidates|ice-.*|rtcp|rtcp-mux|rtcp-mux-only|group|bundle-only|fingerprint|setup|tls-id)$/;
const DIRECTION = /^(sendrecv|sendonly|recvonly|inactive)$/;

/** Reads an offer: its first audio that can be carried is relayed. A problem with status 488 where there is none. */
export function relayableOffer(sdp: string): Parsed<RelayableSession> {
  const read = readSession(sdp);
  if (!read.ok) return read;
  const index = read.value.media.findIndex((media) => media.port !== 0 && isCarried(media));
  if (index === -1) return malformed('The offer has no audio over RTP that can be relayed.', 488);
  return describe(read.value, index);
}

/** Reads the answer to an offer whose medium at `index` is relayed; it may refuse that medium (RFC 3264 §6). */
export function relayableAnswer(sdp: string, index: number): Parsed<RelayableSession> {
  const read = readSession(sdp);
  if (!read.ok) return read;
  const media = read.value.media[index];
  if (media?.kind !== 'audio') return malformed('The answer has no audio where the offer has it.', 488);
  if (media.port !== 0 && !isCarried(media))
    return malformed('The answer has audio that cannot be relayed.', 488);
  return describe(read.value, index);
}

/**
 * The description as the other side is to see it: sound goes to the relay's place, whose RTCP port is the next one
 * (RFC 3550 §11); all other media are refused, and the direction is written out, since a hold by 0.0.0.0 cannot be
 * seen in the relay's address.
 */
export function relayedSession(
  { session, index, direction }: RelayableSession,
  place: { readonly address: string; readonly port: number },
  origin: Omit<Origin, 'address'>,
): Session {
  return {
    ...session,
    origin: { ...origin, address: place.address },
    connection: { address: place.address },
    attributes: session.attributes.filter(({ name }) => !OF_THE_PATH.test(name) && !DIRECTION.test(name)),
    media: session.media.map((media, at) =>
      at === index && media.port !== 0 ? relayed(media, place.port, direction) : refused(media),
    ),
  };
}

function relayed(
  { kind, protocol, formats, others, attributes }: Media,
  port: number,
  name: Direction,
): Media {
  const kept = attributes.filter((each) => !OF_THE_PATH.test(each.name) && !DIRECTION.test(each.name));
  return { kind, port, protocol, formats, others, attributes: [...kept, { name }] };
}

function refused({ kind, protocol, formats }: Media): Media {
  return { kind, port: 0, protocol, formats, others: [], attributes: [] };
}

/** Lines may end in LF, but a CR or NUL within one is a line to some readers and none to others. */
function readSession(sdp: string): Parsed<Session> {
  if (/\r(?!\n)|\0/.test(sdp))
    return malformed('The session description has a stray control character.', 488);
  const read = parseSession(sdp);
  return read.ok ? read : malformed(read.problem.detail, 488);
}

function isCarried(media: Media): boolean {
  if (media.kind !== 'audio') return false;
  const hasKeys = attributeValue(media.attributes, 'crypto') !== undefined;
  return CARRIED.includes(media.protocol) || (hasKeys && CARRIED_WITH_KEYS.includes(media.protocol));
}

function describe(session: Session, index: number): Parsed<RelayableSession> {
  const media = session.media[index];
  const address = (media?.connection ?? session.connection)?.address;
  if (media === undefined || address === undefined)
    return malformed('The session description names no address for its sound.', 488);
  const isRefused = media.port === 0;
  const wanted = { address, port: media.port, rtcpPort: rtcpPortOf(media) };
  return parsed({
    session,
    index,
    ...(isRefused || isNowhere(address) ? {} : { wanted }),
    direction: isRefused ? 'inactive' : mediaDirection(session, media),
    isEncrypted: CARRIED_WITH_KEYS.includes(media.protocol),
    clockRates: clockRatesOf(media),
  });
}

/** RFC 3605, else the next port. That RTCP may share the port of RTP is not passed on, so that nobody does it. */
function rtcpPortOf({ attributes, port }: Media): number {
  const stated = Number(/^\d{1,5}/.exec(attributeValue(attributes, 'rtcp') ?? '')?.[0]);
  if (stated > 0 && stated <= 65_535 && stated !== port) return stated;
  return port < 65_535 ? port + 1 : 0;
}

function clockRatesOf(media: Media): ReadonlyMap<number, number> {
  const rates = new Map(
    codecsOf(media).map(({ payloadType, clockRate }) => [payloadType, clockRate] as const),
  );
  for (const format of media.formats) {
    const payloadType = Number(format);
    // Payload types that nobody explains are carried too; almost all of telephony counts 8 000 a second.
    if (payloadType <= 127 && !rates.get(payloadType)) rates.set(payloadType, 8000);
  }
  return rates;
}
