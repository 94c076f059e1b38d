import { isIP } from 'node:net';
import {
  answerTo,
  offerFor,
  PCMA,
  PCMU,
  parseSession,
  printSession,
  remoteMedia,
  reversed,
  type Session,
  TELEPHONE_EVENT,
} from '../../protocols/sdp/index.ts';
import type { MediaTerms } from './rtp-endpoint.ts';

/** Where a voice receives, and which version its description has by now. */
export type VoiceOrigin = {
  readonly address: string;
  readonly port: number;
  /** Digits, chosen once a session. */
  readonly sessionId: string;
  /** One more at each new description (RFC 3264 §8). */
  readonly version: number;
};

/** G.711 in both laws, which every telephone speaks, and keys (RFC 4733). */
const CODECS = [PCMU, PCMA, TELEPHONE_EVENT];
const PLAIN_PROTOCOLS = ['RTP/AVP', 'RTP/AVPF'];

/** What a voice offers. */
export function voiceOffer(origin: VoiceOrigin): Uint8Array {
  return print(offerFor(CODECS, origin.address, origin.port, makerOf(origin)));
}

/**
 * What a voice answers to an offer (RFC 3264 §6), and what is agreed thereby. A phone that holds is answered as one
 * that holds.
 * @returns undefined where the offer has no G.711 over plain RTP, or is no description
 */
export function voiceAnswer(
  offer: Uint8Array | string,
  origin: VoiceOrigin,
): { readonly sdp: Uint8Array; readonly terms: MediaTerms } | undefined {
  const offered = parseSession(offer);
  if (!offered.ok) return undefined;
  const { address, port } = origin;
  const answer = answerTo(offered.value, { ...makerOf(origin), address, port, codecs: CODECS });
  if (!answer.ok) return undefined;
  const taken = offered.value.media.filter((_, index) => answer.value.media[index]?.port !== 0);
  const terms = agreedIn({ ...offered.value, media: taken });
  return terms && { sdp: print(answer.value), terms };
}

/** What an answer to a voice's offer agrees to; undefined where it takes no sound. */
export function voiceTerms(answer: Uint8Array | string): MediaTerms | undefined {
  const session = parseSession(answer);
  const terms = session.ok ? agreedIn(session.value) : undefined;
  if (terms?.telephoneEvents === undefined) return terms;
  return { ...terms, ownTelephoneEvents: TELEPHONE_EVENT.payloadType };
}

function agreedIn(session: Session): MediaTerms | undefined {
  const plain = session.media.filter(({ protocol }) => PLAIN_PROTOCOLS.includes(protocol));
  const media = remoteMedia({ ...session, media: plain });
  // Both laws have fixed payload types, which everybody uses (RFC 3551 §6).
  const codec = media?.codecs.find(({ payloadType }) => payloadType === 0 || payloadType === 8);
  // A name would be looked up for every packet of sound.
  if (media === undefined || codec === undefined || isIP(media.address) === 0) return undefined;
  const events = media.telephoneEvent?.clockRate === 8_000 ? media.telephoneEvent.payloadType : undefined;
  return {
    remote: { address: media.address, port: media.port },
    law: codec.payloadType === 0 ? 'PCMU' : 'PCMA',
    // A voice goes along with every direction.
    direction: reversed(media.direction),
    ...(events === undefined ? {} : { telephoneEvents: events }),
  };
}

function makerOf({ sessionId, version }: VoiceOrigin) {
  return { sessionId, version: String(version), packetTimeMs: 20 };
}

function print(session: Session): Uint8Array {
  return new TextEncoder().encode(printSession(session));
}
