import { z } from 'zod';
import {
  REFUSAL_SUMMARIES,
  type Refusal,
  type RefusalCode,
  type Result,
} from '../../domain/refusal/index.ts';

/** One part of a request that was wrong. */
const problemPart = z.object({
  in: z.enum(['body', 'query', 'path', 'headers']).describe('Which part of the request it is in.'),
  pointer: z.string().describe('JSON pointer (RFC 6901) to it within that part.'),
  code: z.string().describe('What kind of fault it is.'),
  detail: z.string().describe('The fault in a sentence.'),
});

/** The body of every error answer (RFC 9457 §3.1), with our `code` and, for invalid requests, `errors`. */
export const problemSchema = z
  .object({
    type: z.string().describe('URI reference to a description of the code.'),
    title: z.string().describe('The sentence that belongs to the code.'),
    status: z.int().describe('The HTTP status of the answer.'),
    detail: z.string().describe('What was wrong this time, and what to do about it.'),
    instance: z.string().describe('Names this one occurrence: the request id.'),
    code: z.string().describe('Stable code of docs/errors.md.'),
    errors: z.array(problemPart).optional(),
  })
  .meta({ id: 'Problem', description: 'An error (RFC 9457).' });

export type Problem = z.infer<typeof problemSchema>;
export type ProblemPart = z.infer<typeof problemPart>;

/**
 * Every refusal code and the HTTP status it is answered with. 404 also stands for what belongs to somebody
 * else, so that nobody learns what exists; 409 for what another state of things would allow; 422 for what was
 * understood and is refused for what it says.
 */
export const STATUS_OF_REFUSAL: Record<RefusalCode, number> = {
  'account-exists': 409,
  'address-lookup-failed': 503,
  'address-not-called': 403,
  'address-not-found': 404,
  'agreement-invalid': 422,
  'alias-exists': 409,
  'alias-kind-refused': 422,
  'alias-not-due': 409,
  'already-signed-up': 409,
  'amount-malformed': 422,
  'amount-mismatch': 422,
  'amount-not-for-cards': 422,
  'bank-statement-unreadable': 422,
  'bill-closed': 409,
  'binding-interval-too-brief': 422,
  'binding-out-of-order': 422,
  'binding-wildcard-malformed': 422,
  'body-too-large': 413,
  'branch-already-open': 409,
  'branch-has-terminals': 409,
  'branch-not-chosen': 404,
  'branch-not-found': 404,
  'branch-not-open': 409,
  'card-notice-refused': 400,
  'card-payments-off': 503,
  'card-processor-unavailable': 503,
  'charge-corrected-before': 409,
  'charging-invalid': 422,
  'charging-unavailable': 503,
  'code-expired': 422,
  'code-wrong': 422,
  'configuration-changed': 409,
  'configuration-invalid': 422,
  'confirmation-missing': 422,
  'country-code-not-geographic': 422,
  'country-code-unknown': 422,
  'country-unknown': 422,
  'credit-exceeded': 402,
  'credit-limit-below-debt': 409,
  'credit-spent': 409,
  'currency-same': 422,
  'currency-unknown': 422,
  'cursor-malformed': 400,
  'daily-limit-reached': 403,
  'destination-barred': 403,
  'destination-not-priced': 403,
  'destination-not-served': 422,
  'document-invalid': 422,
  'domain-invalid': 422,
  'domain-record-missing': 422,
  'e164-malformed': 422,
  'email-invalid': 422,
  'emergency-not-served': 422,
  'enterprise-number-malformed': 422,
  'enterprises-only': 409,
  'follow-me-number-not-proven': 409,
  'idempotency-in-flight': 409,
  'idempotency-key-missing': 400,
  'idempotency-key-reused': 422,
  'internal-error': 500,
  'last-administrator': 422,
  'ledger-account-unknown': 422,
  'mail-unavailable': 503,
  'media-not-relayed': 422,
  'media-type-not-supported': 415,
  'method-not-allowed': 405,
  'moment-malformed': 422,
  'not-found': 404,
  'not-permitted': 403,
  'not-signed-in': 401,
  'number-ambiguous': 422,
  'number-held': 409,
  'number-in-quarantine': 409,
  'number-incomplete': 422,
  'number-kind-refused': 422,
  'number-malformed': 422,
  'number-not-for-sale': 422,
  'number-not-in-service': 404,
  'number-range-malformed': 422,
  'number-range-overlaps': 409,
  'number-rule-refused': 422,
  'number-taken': 409,
  'number-unknown': 422,
  'operator-pattern-refused': 422,
  'order-closed': 409,
  'order-expired': 409,
  'order-not-confirmed': 409,
  'origin-not-allowed': 403,
  'password-too-weak': 422,
  'payment-changed': 409,
  'payment-not-allocatable': 409,
  'payment-not-refundable': 409,
  'payment-notice-reused': 422,
  'personal-number-malformed': 422,
  'reason-missing': 422,
  'records-unreadable': 422,
  'request-invalid': 400,
  'request-malformed': 400,
  'request-timeout': 408,
  'role-refused': 422,
  'routes-invalid': 422,
  'routes-unavailable': 503,
  'search-pattern-malformed': 422,
  'seller-unknown': 409,
  'service-unavailable': 503,
  'settlement-outcomes-incomplete': 422,
  'settlement-period-not-over': 409,
  'settlement-state-refused': 409,
  'sign-in-refused': 401,
  'source-range-refused': 422,
  'tariff-changed': 409,
  'tariff-effective-too-early': 422,
  'tariff-empty': 422,
  'tariff-exists': 409,
  'tariff-import-running': 409,
  'tariff-lines-faulty': 422,
  'tariff-name-malformed': 422,
  'tariff-not-found': 422,
  'time-zone-unknown': 422,
  'too-many-aliases': 409,
  'too-many-bindings': 422,
  'too-many-calls': 403,
  'too-many-codes': 429,
  'too-many-open-orders': 409,
  'too-many-requests': 429,
  'too-many-webhooks': 409,
  'trace-not-kept': 404,
  'transit-not-permitted': 403,
  'verification-call-unavailable': 503,
  'webhook-changed': 409,
  'webhook-disabled': 409,
  'webhook-url-refused': 422,
};

/** When it is worth trying again, in seconds, for what passes by itself (RFC 9110 §10.2.3). */
export const RETRY_AFTER_SECONDS: Readonly<Partial<Record<RefusalCode, number>>> = {
  'idempotency-in-flight': 1,
  'service-unavailable': 5,
  'too-many-requests': 60,
};

/** The problem document for a refusal. @param instance the id of the request */
export function problemOf(refusal: Refusal, instance: string, errors?: readonly ProblemPart[]): Problem {
  const parts = errors ?? partsOf(refusal);
  return {
    type: `/v1/errors/${refusal.code}`,
    title: REFUSAL_SUMMARIES[refusal.code],
    status: STATUS_OF_REFUSAL[refusal.code],
    detail: refusal.detail,
    instance,
    code: refusal.code,
    ...(parts.length === 0 ? {} : { errors: [...parts] }),
  };
}

function partsOf(refusal: Refusal): ProblemPart[] {
  if (refusal.faults !== undefined) {
    return refusal.faults.map((fault) => ({ in: 'body', ...fault, code: refusal.code }));
  }
  if (refusal.pointer === undefined) return [];
  return [{ in: 'body', pointer: refusal.pointer, code: refusal.code, detail: refusal.detail }];
}

/**
 * A refusal on its way to the one place that prints problems. Only the HTTP face throws it, and only because
 * its framework takes errors that way; everywhere else a refusal is a value.
 */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** The value of a result; a refusal leaves the handler for the error handler. */
export function accepted<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  throw new Refused(result.refusal);
}

/** Leaves the handler with a refusal. */
export function refused(code: RefusalCode, detail: string): Refused {
  return new Refused({ code, detail });
}

/** What is not there and what is somebody else's look the same. */
export function notFound(what: string): Refused {
  return refused('not-found', `There is no ${what} with this id, or it is not yours.`);
}
