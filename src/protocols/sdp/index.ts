export { answerTo, type Capabilities } from './answer.ts';
export { type Codec, codecsOf, isTelephoneEvent, PCMA, PCMU, sameCodec, TELEPHONE_EVENT } from './codec.ts';
export { type Direction, mediaDirection, receives, reversed, sends, withDirection } from './direction.ts';
export { limitCodecs } from './limit-codecs.ts';
export { offerFor, type SessionMaker } from './offer.ts';
export { parseSession } from './parse-session.ts';
export { printSession } from './print-session.ts';
export {
  type RelayableSession,
  type RelayedPlace,
  relayableAnswer,
  relayableOffer,
  relayedSession,
} from './relayed-session.ts';
export { type RemoteMedia, remoteMedia } from './remote-media.ts';
export {
  type Attribute,
  attributeValue,
  type Connection,
  type Media,
  type Origin,
  type OtherLine,
  type Session,
} from './session.ts';
