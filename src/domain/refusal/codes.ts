/**
 * Every code a refusal can carry, with the sentence `docs/errors.md` gives for it. The codes are part of
 * the public interface: they are added, and never renamed. Kept in alphabetical order.
 */
export const REFUSAL_SUMMARIES = {
  'account-exists': 'Somebody who signed in so belongs to a member already, or is an operator.',
  'address-lookup-failed': 'The name of the address could not be looked up: the DNS does not answer.',
  'address-not-called': 'The address belongs to no member, and addresses of others are not called here.',
  'address-not-found': 'The address names no server that could be called.',
  'alias-exists': 'The member has this number, address or domain among its names already.',
  'alias-kind-refused':
    'Individuals have telephones, operators’ numbers and e-mail addresses; enterprises telephones and domains.',
  'alias-not-due': 'The name is proven, and needs no new proof yet.',
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
  'code-expired': 'The code is too old, used up by wrong tries, or was never sent: ask for a new one.',
  'code-wrong': 'The code is not the one that was sent.',
  'configuration-changed': 'Somebody else changed the configuration meanwhile: read it again.',
  'configuration-invalid':
    'What was set up has parts that are missing, wrong or do not fit together; errors lists them.',
  'confirmation-missing':
    'What cannot be taken back has to be confirmed by naming it, and the name given is another.',
  'country-code-not-geographic': 'The code belongs to no country and has no communication centre.',
  'country-code-unknown': 'The text is not a country code of three digits, as 082.',
  'country-unknown': 'The text is not a country by its two letters of ISO 3166, as KR.',
  'currency-unknown': 'The text is not a currency by its code of ISO 4217, as KRW.',
  'cursor-malformed': 'The cursor is not one that a list of this service gave.',
  'destination-not-served': 'No centre and no carrier of this service leads to the number.',
  'document-invalid': 'A document does not add up, or has a part that cannot be printed.',
  'domain-invalid': 'The text is no domain name.',
  'domain-record-missing':
    'The DNS has no record with the token of this domain; new records may take a while to be seen.',
  'e164-malformed': 'The text is not an international number of + and digits.',
  'email-invalid': 'This is not an e-mail address.',
  'emergency-not-served':
    'There is no way to the emergency service of this country here: use another telephone.',
  'enterprise-number-malformed': 'The text is not an enterprise number, as 6200-6200 or 6200-6200#082.',
  'enterprises-only': 'Only enterprises have branches, administrators and agents.',
  'follow-me-number-not-proven':
    'Calls follow to a telephone that is proven to be the member’s, and this one is not.',
  'idempotency-in-flight': 'The same request is being carried out at this moment; ask again shortly.',
  'idempotency-key-missing':
    'The request costs money and needs an Idempotency-Key header, so that repeating it is safe.',
  'idempotency-key-reused':
    'The Idempotency-Key was used for another request; a new request needs a new key.',
  'internal-error': 'Something went wrong in the service; the log has it under the request id.',
  'last-administrator': 'An enterprise keeps one administrator: make another one first.',
  'mail-unavailable': 'The service cannot send e-mail at the moment, or is not set up to.',
  'media-not-relayed': 'The sound of the call cannot be relayed as it was described.',
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
  'number-rule-refused': 'A pattern of the number format cannot be used.',
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
  'routes-invalid': 'Lines of the list of routes are wrong, and none was taken; errors lists them.',
  'routes-unavailable':
    'All carriers that lead to the number are full, closed or out of order at the moment.',
  'search-pattern-malformed':
    'The pattern has other characters than digits, ? for one digit and * for any digits, or is too long.',
  'service-unavailable': 'The service cannot do this at the moment; try again later.',
  'sign-in-refused': 'The e-mail address or the password is wrong.',
  'source-range-refused':
    'The text is not an address or a network that calls may come from, as 192.0.2.0/24.',
  'too-many-aliases': 'The member has as many names as one may have; remove one first.',
  'too-many-bindings': 'As many phones as can share the terminal are registered already.',
  'too-many-codes': 'As many codes as one may ask for in a day were sent, or one a moment ago; wait.',
  'too-many-open-orders': 'The member has as many unpaid orders as one may have; pay or cancel one first.',
  'too-many-requests': 'Too many attempts in a short time; wait as long as Retry-After says.',
  'too-many-webhooks': 'The owner has as many webhooks as one may have.',
  'trace-not-kept': 'The messages of this call are no longer kept.',
  'transit-not-permitted': 'Calls from this network reach numbers of our own only.',
  'verification-call-unavailable': 'The service cannot place the call that speaks a code at the moment.',
  'webhook-changed': 'Somebody else changed the webhook at the same moment: repeat it.',
  'webhook-disabled': 'The webhook is switched off: switch it on first.',
  'webhook-url-refused': 'The service sends no events to this URL.',
} as const;

export type RefusalCode = keyof typeof REFUSAL_SUMMARIES;
