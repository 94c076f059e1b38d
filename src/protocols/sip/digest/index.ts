/** Digest authentication (RFC 7616, RFC 8760, RFC 3261 §22), both sides of it. */
export { type DigestAlgorithm, type Hashes, STRONGEST_FIRST } from './algorithm.ts';
export {
  answerChallenge,
  type ChallengeAnswer,
  type ReceivedChallenge,
  strongestChallenge,
} from './answer.ts';
export { type Challenge, challengeValues, parseChallenge, printChallenge } from './challenge.ts';
export { type Credentials, credentialsOf, parseCredentials } from './credentials.ts';
export { makeNonce, type NonceOrigin, type NonceReading, readNonce, type Sign } from './nonce.ts';
export { NonceCounts } from './nonce-counts.ts';
export { digestResponse, digestSecret, type ResponseInput, verifyResponse } from './response.ts';
