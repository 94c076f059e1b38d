import {
  answerTo as answerOffer,
  type Direction,
  offerFor,
  PCMA,
  PCMU,
  parseSession,
  printSession,
  receives,
  remoteMedia,
  reversed,
  type Session,
  sends,
  TELEPHONE_EVENT,
} from '../../../../protocols/sdp/index.ts';
import type { LocalSound, SoundTerms } from './sound-terms.ts';

const CODECS = [PCMU, PCMA, TELEPHONE_EVENT];

/** Our offer: both laws of G.711, and digits. */
export function offerOf(sound: LocalSound): Uint8Array {
  return print(offerFor(CODECS, sound.address, sound.port, makerOf(sound)));
}

/**
 * Our answer (RFC 3264 §6) to an offer: its first stream of G.711 over plain RTP is taken.
 * @returns undefined where there is no such stream, or it is no description at all: 488
 */
export function answerTo(
  offer: Uint8Array,
  sound: LocalSound,
): { readonly body: Uint8Array; readonly terms: SoundTerms } | undefined {
  const offered = parseSession(offer);
  if (!offered.ok) return undefined;
  const { address, port } = sound;
  const answer = answerOffer(offered.value, { ...makerOf(sound), address, port, codecs: CODECS });
  if (!answer.ok) return undefined;
  const taken = offered.value.media.filter((_, index) => answer.value.media[index]?.port !== 0);
  const terms = agreedIn({ ...offered.value, media: taken }, sound.direction);
  return terms && { body: print(answer.value), terms };
}

/**
 * What an answer to our offer agrees to.
 * @param ours the direction of the offer
 * @returns undefined where it takes no sound
 */
export function termsOf(answer: Uint8Array, ours: Direction): SoundTerms | undefined {
  const session = parseSession(answer);
  return session.ok ? agreedIn(session.value, ours) : undefined;
}

/** What we can exchange with whoever described this, in the law named first. */
function agreedIn(session: Session, ours: Direction): SoundTerms | undefined {
  const plain = session.media.filter(({ protocol }) => protocol === 'RTP/AVP' || protocol === 'RTP/AVPF');
  const media = remoteMedia({ ...session, media: plain });
  // Both laws have fixed payload types, which everybody uses.
  const codec = media?.codecs.find(({ payloadType }) => payloadType === 0 || payloadType === 8);
  if (media === undefined || codec === undefined) return undefined;
  const theirs = reversed(media.direction);
  const direction = directionOf(sends(theirs) && sends(ours), receives(theirs) && receives(ours));
  const events = media.telephoneEvent?.clockRate === 8_000 ? media.telephoneEvent.payloadType : undefined;
  return {
    remote: { address: media.address, port: media.port },
    law: codec.payloadType === 0 ? 'PCMU' : 'PCMA',
    direction,
    ...(events === undefined ? {} : { telephoneEvents: events }),
  };
}

function directionOf(maySend: boolean, mayReceive: boolean): Direction {
  if (maySend) return mayReceive ? 'sendrecv' : 'sendonly';
  return mayReceive ? 'recvonly' : 'inactive';
}

function makerOf({ sessionId, version, direction }: LocalSound) {
  return { sessionId: String(sessionId), version: String(version), direction, packetTimeMs: 20 };
}

function print(session: Session): Uint8Array {
  return new TextEncoder().encode(printSession(session));
}
