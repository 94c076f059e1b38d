/**
 * Every code a refusal can carry, with the sentence `docs/errors.md` gives for it. The codes are part of
 * the public interface: they are added, and never renamed. Kept in alphabetical order.
 */
export const REFUSAL_SUMMARIES = {
  'account-exists': 'Somebody who signed in so belongs to a member already, or is an operator.',
  'already-signed-up': 'Somebody signed up with this e-mail address already.',
  'amount-malformed': 'The text is not an amount that can be paid in its currency.',
  'amount-mismatch': 'The deposit is not what the order costs, in amount or currency; nothing was recorded.',
  'binding-interval-too-brief': 'The phone wants to register for a shorter time than the registrar serves.',
  'binding-out-of-order': 'The registrar served a later request of the same phone before this one.',
  'binding-wildcard-malformed':
    'The contact * removes all registrations, and needs Expires: 0 and no other contact.',
  'body-too-large': 'The body of the request is larger than the service takes.',
  'branch-already-open': 'The enterprise has a branch in this country already.',
  'branch-has-terminals': 'Terminals still ring for the branch: remove them before it is closed.',
  'branch-not-chosen':
    'The enterprise has no branch in the caller’s country: dial # and a country code after the number.',
  'branch-not-found': 'The enterprise has no branch in the country after #.',
  'branch-not-open': 'The enterprise has no branch in this country; open it first.',
  'confirmation-missing':
    'What cannot be taken back has to be confirmed by naming it, and the name given is another.',
  'country-code-not-geographic': 'The code belongs to no country and has no communication centre.',
  'country-code-unknown': 'The text is not a country code of three digits, as 082.',
  'country-unknown': 'The text is not a country by its two letters of ISO 3166, as KR.',
  'currency-unknown': 'The text is not a currency by its code of ISO 4217, as KRW.',
  'cursor-malformed': 'The cursor is not one that a list of this service gave.',
  'destination-not-served': 'The number was read, but calls to its kind are not connected by this release.',
  'e164-malformed': 'The text is not an international number of + and digits.',
  'email-invalid': 'This is not an e-mail address.',
  'enterprise-number-malformed': 'The text is not an enterprise number, as 6200-6200 or 6200-6200#082.',
  'enterprises-only': 'Only enterprises have branches, administrators and agents.',
  'idempotency-in-flight': 'The same request is being carried out at this moment; ask again shortly.',
  'idempotency-key-missing':
    'The request costs money and needs an Idempotency-Key header, so that repeating it is safe.',
  'idempotency-key-reused':
    'The Idempotency-Key was used for another request; a new request needs a new key.',
  'internal-error': 'Something went wrong in the service; the log has it under the request id.',
  'last-administrator': 'An enterprise keeps one administrator: make another one first.',
  'media-type-not-supported': 'The service takes application/json only.',
  'method-not-allowed': 'The address exists, but not with this method.',
  'not-found': 'There is nothing at this address, or it is not yours.',
  'not-permitted': 'Your role does not allow this.',
  'not-signed-in': 'The request carries no valid session and no valid API key.',
  'number-ambiguous': 'What was dialled can be read in more than one way.',
  'number-held': 'Somebody else is about to buy the number; it is free again when the hold ends.',
  'number-in-quarantine': 'The number was given back not long ago and rests before it is sold again.',
  'number-incomplete': 'What was dialled is only the beginning of a number.',
  'number-kind-refused': 'Individuals buy personal numbers, and enterprises buy enterprise numbers.',
  'number-malformed':
    'The text is neither a personal number, as 02-6200-6200-082, nor an enterprise number, as 6200-6200.',
  'number-not-for-sale': 'The number is in none of the ranges of numbers that are on sale.',
  'number-not-in-service': 'Nobody holds the number.',
  'number-range-malformed': 'The text is not a range of numbers, as 02-6200-XXXX or 6200-XXXX.',
  'number-range-overlaps': 'Another range on sale has numbers of this one.',
  'number-taken': 'The number belongs to a member.',
  'number-unknown': 'What was dialled cannot be read as any number or address.',
  'operator-pattern-refused': 'The pattern of the operator’s number plan cannot be used.',
  'order-closed': 'The order is past the point where this could be done with it.',
  'order-expired': 'The time to confirm or to pay passed, and the number was freed; ask for it anew.',
  'order-not-confirmed': 'No payment was asked for yet: the buyer has to confirm the order first.',
  'origin-not-allowed': 'A request that changes something came with a session cookie from another web site.',
  'password-too-weak': 'The password is too short or too long.',
  'payment-not-refundable': 'The payment is not waiting to be sent back.',
  'payment-notice-reused': 'The bank’s reference was recorded before with another order or amount.',
  'personal-number-malformed': 'The text is not a personal number, as 02-6200-6200-082.',
  'request-invalid':
    'The request has parts that are missing, unknown or of the wrong form; errors lists them.',
  'request-malformed': 'The request could not be read at all.',
  'request-timeout': 'The request did not arrive in time.',
  'role-refused': 'The role does not fit the kind of member, or leaves out whose it is.',
  'search-pattern-malformed':
    'The pattern has other characters than digits, ? for one digit and * for any digits, or is too long.',
  'service-unavailable': 'The service cannot do this at the moment; try again later.',
  'sign-in-refused': 'The e-mail address or the password is wrong.',
  'too-many-bindings': 'As many phones as can share the terminal are registered already.',
  'too-many-open-orders': 'The member has as many unpaid orders as one may have; pay or cancel one first.',
  'too-many-requests': 'Too many attempts in a short time; wait as long as Retry-After says.',
  'trace-not-kept': 'The messages of this call are no longer kept.',
} as const;

export type RefusalCode = keyof typeof REFUSAL_SUMMARIES;
