import { REASON_PHRASES } from '../../../protocols/sip/message/index.ts';
import type { Ending } from './call/index.ts';

/** What a refused call means to the person who dialled. */
const REFUSALS: Readonly<Record<number, string>> = {
  301: 'The other side has moved to another address.',
  302: 'The other side asks to be called at another address.',
  400: 'The server did not understand the call.',
  401: 'The user name or the password is wrong.',
  402: 'There is not enough credit for this call.',
  403: 'This call is not allowed.',
  404: 'The number is not in service.',
  405: 'The other side takes no calls of this kind.',
  407: 'The user name or the password is wrong.',
  408: 'Nobody answered in time.',
  410: 'The number is no longer in service.',
  415: 'The other side does not understand the offer of sound.',
  416: 'The address is of a kind that cannot be called.',
  420: 'The other side lacks a feature that the call needs.',
  480: 'Nobody can be reached there now.',
  481: 'The other side knows nothing of this call.',
  482: 'The call went round in a circle.',
  483: 'The call was passed on too many times.',
  484: 'The number is not complete.',
  485: 'The number can be read in more than one way; dial it with its country.',
  486: 'The other side is busy.',
  487: 'The call was given up before it was answered.',
  488: 'The two sides have no sound format in common.',
  500: 'The server met an error.',
  503: 'The server cannot be reached, or serves no calls now.',
  504: 'The other side could not be reached in time.',
  600: 'The other side is busy everywhere.',
  603: 'The other side declined the call.',
  604: 'The other side exists nowhere.',
  606: 'The other side cannot take this call.',
};

/** A SIP status as a sentence, with its number for whoever looks it up. */
export function sentenceOfStatus(status: number): string {
  const sentence = REFUSALS[status] ?? `The call failed: ${REASON_PHRASES[status] ?? 'unknown'}.`;
  return `${sentence} (${status})`;
}

/** How a call ended, as a sentence. */
export function sentenceOfEnding({ by, wasAnswered, status }: Ending): string {
  if (!wasAnswered && by === 'us' && status === 487) return 'You gave the call up.';
  if (!wasAnswered && by === 'us' && status === 486) return 'You turned the call away as busy. (486)';
  if (!wasAnswered && by === 'us' && status === 603) return 'You declined the call. (603)';
  if (!wasAnswered && by === 'other-side' && status === 487) return 'The caller gave up.';
  if (!wasAnswered) return sentenceOfStatus(status ?? 500);
  if (status !== undefined) return `The call broke off: ${sentenceOfStatus(status)}`;
  return by === 'us' ? 'You hung up.' : 'The other side hung up.';
}

/** Why a registration failed, as a sentence. */
export function sentenceOfRegistration(status: number, isWrongPassword: boolean): string {
  if (isWrongPassword) return `The user name or the password is wrong. (${status})`;
  if (status === 403) return 'The server does not let this user register. (403)';
  if (status === 404) return 'The server does not know this user. (404)';
  if (status === 408) return 'The server does not answer. (408)';
  if (status === 503) return 'The server cannot be reached. (503)';
  return `The server refuses the registration: ${REASON_PHRASES[status] ?? 'unknown'}. (${status})`;
}
