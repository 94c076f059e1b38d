import { malformed, type Parsed, parsed } from '../sip/message/index.ts';
import { type Codec, codecsOf, isTelephoneEvent, sameCodec } from './codec.ts';
import { directionOf, mediaDirection, receives, reversed, sends } from './direction.ts';
import { audio, type SessionMaker, sessionAt } from './offer.ts';
import type { Media, Session } from './session.ts';

/** What the answering side can do, and where it receives. */
export type Capabilities = SessionMaker & {
  readonly address: string;
  readonly port: number;
  /** What we encode and decode; `telephone-event` among them where digits are understood. */
  readonly codecs: readonly Codec[];
};

/** Without keys of its own these carry plain RTP. */
const PLAIN_PROTOCOLS = ['RTP/AVP', 'RTP/AVPF'];

/**
 * Answers an offer (RFC 3264 §6): the first audio medium with a codec in common is accepted, every other medium
 * refused with port 0. The codecs keep the order and payload types of the offer, telephone events are added where
 * both know them, and the direction is the offered one reversed, as far as we go along with it. A problem with
 * status 488 where nothing is in common.
 */
export function answerTo(offer: Session, capabilities: Capabilities): Parsed<Session> {
  const accepted = offer.media.findIndex((media) => isAcceptable(media, capabilities));
  if (accepted === -1) return malformed('The offer has no audio that is spoken here.', 488);
  const media = offer.media.map((each, index) =>
    index === accepted ? accept(offer, each, capabilities) : refuse(each),
  );
  return parsed(sessionAt(capabilities.address, capabilities, offer.times, media));
}

function isAcceptable(media: Media, { codecs }: Capabilities): boolean {
  return (
    media.kind === 'audio' &&
    media.port !== 0 &&
    PLAIN_PROTOCOLS.includes(media.protocol) &&
    common(media, codecs).some((codec) => !isTelephoneEvent(codec))
  );
}

function accept(offer: Session, media: Media, capabilities: Capabilities): Media {
  const wanted = reversed(mediaDirection(offer, media));
  const ours = capabilities.direction ?? 'sendrecv';
  const direction = directionOf(sends(wanted) && sends(ours), receives(wanted) && receives(ours));
  const codecs = common(media, capabilities.codecs);
  const rates = codecs.filter((codec) => !isTelephoneEvent(codec)).map(({ clockRate }) => clockRate);
  // Events share the clock of the sound they stand in (RFC 4733 §2.3).
  const kept = codecs.filter((codec) => !isTelephoneEvent(codec) || rates.includes(codec.clockRate));
  return audio(media.protocol, kept, capabilities.port, { ...capabilities, direction });
}

/** The offered codecs that we know, with the payload types of the offer and the parameters of our own. */
function common(media: Media, ours: readonly Codec[]): Codec[] {
  return codecsOf(media).flatMap((offered) => {
    const own = ours.find((codec) => sameCodec(codec, offered));
    return own === undefined ? [] : [{ ...own, payloadType: offered.payloadType }];
  });
}

/** RFC 3264 §6: a refused medium keeps its place, its protocol and at least one format. */
function refuse({ kind, protocol, formats }: Media): Media {
  return { kind, port: 0, protocol, formats, others: [], attributes: [] };
}
