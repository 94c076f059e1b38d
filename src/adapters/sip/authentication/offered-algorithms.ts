import type { DigestAlgorithm } from '../../../protocols/sip/digest/index.ts';
import { headerValue, type SipRequest } from '../../../protocols/sip/message/index.ts';

/**
 * Phones that give up where SHA-256 is offered at all, instead of taking the MD5 beside it: baresip before its
 * third release, and SIPp (ADR 0185).
 */
const MD5_ALONE = /^(?:baresip v[0-2]\.|sipp\b)/i;

/**
 * Which of the algorithms of the service this phone is offered. It makes nobody less safe: a challenge of MD5 is
 * there for everyone who asks, and a phone that knows SHA-256 does not name itself so.
 */
export function offeredTo(
  request: SipRequest,
  algorithms: readonly DigestAlgorithm[],
): readonly DigestAlgorithm[] {
  if (algorithms.length === 1) return algorithms;
  return MD5_ALONE.test(headerValue(request, 'User-Agent') ?? '') ? ['MD5'] : algorithms;
}
