import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Refusal } from '../../domain/refusal/index.ts';
import { type Problem, type ProblemPart, problemOf, RETRY_AFTER_SECONDS, Refused } from './problem.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Makes every error of this server, whoever found it, a problem document (RFC 9457). */
export function answerErrorsAsProblems(server: FastifyInstance): void {
  server.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply));
}

/** Answers one error: a refusal as it is, a fault of the request by its kind, anything else as ours. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Refused) {
    const retryAfter = RETRY_AFTER_SECONDS[error.refusal.code];
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
    return sendProblem(reply, problemOf(error.refusal, request.id));
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    return sendProblem(reply, invalidRequest(error, request.id));
  }
  const refusal = refusalOfFrameworkError(error);
  if (refusal === undefined && isDatabaseAway(error)) {
    request.log.warn({ err: error }, 'the database does not answer');
    reply.header('retry-after', RETRY_AFTER_SECONDS['service-unavailable']);
    return sendProblem(reply, problemOf(unavailable, request.id));
  }
  if (refusal === undefined) {
    request.log.error({ err: error }, 'a request failed');
    return sendProblem(reply, problemOf(internalError, request.id));
  }
  return sendProblem(reply, problemOf(refusal, request.id));
}

/** Sends a problem document, past the serializers of the route. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).type(PROBLEM_MEDIA_TYPE).send(JSON.stringify(problem));
}

const internalError: Refusal = {
  code: 'internal-error',
  detail: 'The service failed at this request. Repeat it later; if it fails again, report its id.',
};

const unavailable: Refusal = {
  code: 'service-unavailable',
  detail:
    'The service cannot reach its database at the moment. Nothing is known to have happened; repeat it soon.',
};

/** Of the operating system, and of PostgreSQL: it is starting, ending, or has no connection left (class 53, 57P). */
const AWAY = /^(?:ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|53300|57P0[123])$/;

/** Whether an error says that the database cannot be reached, and nothing about the request. */
function isDatabaseAway(error: FastifyError): boolean {
  return (
    AWAY.test(error.code ?? '') || /^(?:Connection terminated|timeout exceeded when)/.test(error.message)
  );
}

/** What the framework refuses before a handler runs; `undefined` for what is a fault of ours. */
function refusalOfFrameworkError(error: FastifyError): Refusal | undefined {
  switch (error.statusCode) {
    case 400:
      return { code: 'request-malformed', detail: readable(error) };
    case 408:
      return { code: 'request-timeout', detail: 'Send the whole request at once.' };
    case 413:
      return { code: 'body-too-large', detail: 'Send at most 100 kB.' };
    case 414:
      return { code: 'request-malformed', detail: 'The address of the request is too long.' };
    case 415:
      return {
        code: 'media-type-not-supported',
        detail: 'Send the body as JSON with the header Content-Type: application/json.',
      };
    default:
      return undefined;
  }
}

/** The framework's message, where it says something about the request and not about the framework. */
function readable(error: FastifyError): string {
  if (error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return 'The body is empty; send a JSON object.';
  if (error.code === 'FST_ERR_BAD_URL') return 'The address of the request is not well percent-encoded.';
  return 'The body is not well-formed JSON.';
}

type ZodError = Parameters<typeof hasZodFastifySchemaValidationErrors>[0] & {
  readonly validation: readonly {
    readonly keyword?: string;
    readonly instancePath: string;
    readonly message?: string;
    readonly params?: { readonly keys?: unknown };
  }[];
  readonly validationContext?: string | undefined;
};

function invalidRequest(error: ZodError, instance: string): Problem {
  const where = partOf(error.validationContext);
  const parts = error.validation.slice(0, MOST_PARTS).flatMap((issue): ProblemPart[] => {
    const base = issue.instancePath === '/' ? '' : issue.instancePath;
    const code = (issue.keyword ?? 'invalid').replaceAll('_', '-');
    const unknown = issue.params?.keys;
    if (!Array.isArray(unknown)) {
      return [{ in: where, pointer: base, code, detail: issue.message ?? 'Invalid.' }];
    }
    return unknown.slice(0, MOST_PARTS).map((key) => ({
      in: where,
      pointer: `${base}/${escapePointer(String(key).slice(0, 100))}`,
      code,
      detail: 'The service does not know this part.',
    }));
  });
  return problemOf(
    { code: 'request-invalid', detail: `${parts.length} of the parts of the ${where} must be corrected.` },
    instance,
    parts,
  );
}

/** A hostile request may be wrong in thousands of places; nobody reads more than these. */
const MOST_PARTS = 20;

function partOf(context: string | undefined): ProblemPart['in'] {
  if (context === 'querystring') return 'query';
  if (context === 'params') return 'path';
  return context === 'headers' ? 'headers' : 'body';
}

/** RFC 6901 §3. */
function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
