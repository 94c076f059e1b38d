/**
 * Every code a refusal can carry, with the sentence `docs/errors.md` gives for it. The codes are part of
 * the public interface: they are added, and never renamed. Kept in alphabetical order.
 */
export const REFUSAL_SUMMARIES = {
  'already-signed-up': 'Somebody signed up with this e-mail address already.',
  'body-too-large': 'The body of the request is larger than the service takes.',
  'branch-not-chosen':
    'The enterprise has no branch in the caller’s country: dial # and a country code after the number.',
  'branch-not-found': 'The enterprise has no branch in the country after #.',
  'country-code-not-geographic': 'The code belongs to no country and has no communication centre.',
  'country-code-unknown': 'The text is not a country code of three digits, as 082.',
  'country-unknown': 'The text is not a country by its two letters of ISO 3166, as KR.',
  'destination-not-served': 'The number was read, but calls to its kind are not connected by this release.',
  'e164-malformed': 'The text is not an international number of + and digits.',
  'email-invalid': 'This is not an e-mail address.',
  'enterprise-number-malformed': 'The text is not an enterprise number, as 6200-6200 or 6200-6200#082.',
  'idempotency-key-missing':
    'The request costs money and needs an Idempotency-Key header, so that repeating it is safe.',
  'internal-error': 'Something went wrong in the service; the log has it under the request id.',
  'media-type-not-supported': 'The service takes application/json only.',
  'method-not-allowed': 'The address exists, but not with this method.',
  'not-found': 'There is nothing at this address, or it is not yours.',
  'not-permitted': 'Your role does not allow this.',
  'not-signed-in': 'The request carries no valid session and no valid API key.',
  'number-ambiguous': 'What was dialled can be read in more than one way.',
  'number-incomplete': 'What was dialled is only the beginning of a number.',
  'number-not-in-service': 'Nobody holds the number.',
  'number-unknown': 'What was dialled cannot be read as any number or address.',
  'operator-pattern-refused': 'The pattern of the operator’s number plan cannot be used.',
  'origin-not-allowed': 'A request that changes something came with a session cookie from another web site.',
  'password-too-weak': 'The password is too short or too long.',
  'personal-number-malformed': 'The text is not a personal number, as 02-6200-6200-082.',
  'request-invalid':
    'The request has parts that are missing, unknown or of the wrong form; errors lists them.',
  'request-malformed': 'The request could not be read at all.',
  'request-timeout': 'The request did not arrive in time.',
  'service-unavailable': 'The service cannot do this at the moment; try again later.',
  'sign-in-refused': 'The e-mail address or the password is wrong.',
  'too-many-requests': 'Too many attempts in a short time; wait as long as Retry-After says.',
  'trace-not-kept': 'The messages of this call are no longer kept.',
} as const;

export type RefusalCode = keyof typeof REFUSAL_SUMMARIES;
