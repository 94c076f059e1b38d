import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Refusal } from '../../domain/refusal/index.ts';
import { problemOf } from './problem.ts';
import { PROBLEM_MEDIA_TYPE, sendProblem } from './request-errors.ts';

/** What browsers are told about every answer (OWASP Secure Headers Project). */
const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** An answer of the API is data: whatever a browser takes it for, it may load and run nothing. */
const DATA_ONLY_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Sends the security headers and the request id; answers of the API are not to be stored. */
export function sendSecurityHeaders(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders(request));
  });
}

/** The headers of one answer. The pages of the documentation have a policy of their own, and may be stored. */
export function securityHeaders({ id, url }: FastifyRequest): Readonly<Record<string, string>> {
  const always = { ...SECURITY_HEADERS, 'x-request-id': id };
  if (url.startsWith('/docs')) return always;
  return { ...always, 'content-security-policy': DATA_ONLY_POLICY, 'cache-control': 'no-store' };
}

/** Answers unknown addresses with 404, and known ones that were asked with another method with 405 and Allow. */
export function answerUnknownAddresses(server: FastifyInstance): void {
  const methodsByPattern = new Map<string, Set<string>>();
  server.addHook('onRoute', ({ url, method }) => {
    const pattern = patternOf(url);
    const methods = methodsByPattern.get(pattern) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    methodsByPattern.set(pattern, methods);
  });
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = [...methodsByPattern].filter(([pattern]) => new RegExp(pattern).test(path));
    if (allowed.length === 0) {
      const detail = 'There is nothing at this address. See /docs.';
      return sendProblem(reply, problemOf({ code: 'not-found', detail }, request.id));
    }
    const allow = [...new Set(allowed.flatMap(([, methods]) => [...methods]))].join(', ');
    reply.header('allow', allow);
    const detail = `This address takes ${allow}.`;
    return sendProblem(reply, problemOf({ code: 'method-not-allowed', detail }, request.id));
  });
}

/** A route's address as a pattern: `/v1/calls/:id` takes one segment in the place of `:id`. */
function patternOf(url: string): string {
  const segments = url.split('/').map((segment) => {
    if (segment.startsWith(':')) return '[^/]+';
    if (segment === '*') return '.*';
    return segment.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return `^${segments.join('/')}$`;
}

type SocketFault = { readonly status: string; readonly refusal: Refusal };

const SOCKET_FAULTS: Readonly<Record<string, SocketFault>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    refusal: { code: 'request-malformed', detail: 'The headers are too large.' },
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    refusal: { code: 'request-timeout', detail: 'Send the whole request at once.' },
  },
};

const NOT_HTTP: SocketFault = {
  status: '400 Bad Request',
  refusal: { code: 'request-malformed', detail: 'This is not HTTP.' },
};

/** What a socket gets that spoke no HTTP, or too slowly: the same kind of document as everybody else. */
export function answerToBrokenRequest(errorCode: string | undefined): string {
  const { status, refusal } = SOCKET_FAULTS[errorCode ?? ''] ?? NOT_HTTP;
  const body = JSON.stringify({ ...problemOf(refusal, 'unread'), status: Number.parseInt(status, 10) });
  return [
    `HTTP/1.1 ${status}`,
    `content-type: ${PROBLEM_MEDIA_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
