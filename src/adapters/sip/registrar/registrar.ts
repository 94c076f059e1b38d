import type { Refusal } from '../../../domain/refusal/index.ts';
import {
  BINDING_LIMITS,
  type Binding,
  type BindingCommand,
  type BindingLimits,
  type BindingRefusal,
} from '../../../domain/terminals/index.ts';
import {
  type HeaderField,
  headerValue,
  headerValues,
  parseAddress,
  parseUri,
  responseTo,
  type SipRequest,
  type SipResponse,
  unescapeUser,
} from '../../../protocols/sip/message/index.ts';
import type { Registrations } from '../../../services/keep-registrations.ts';
import type { Clock, TerminalFact } from '../../../services/ports/index.ts';
import { registerTerminal } from '../../../services/register-terminal.ts';
import type { Authentication } from '../authentication/index.ts';
import type { IncomingRequest } from '../endpoint/index.ts';
import { isTrunk, type SipParty } from '../parties.ts';
import { bindingCommandOf, sameContact } from './register-request.ts';

export type RegistrarOptions = {
  readonly authentication: Pick<Authentication<SipParty>, 'authenticate'>;
  readonly registrations: Registrations;
  readonly clock: Clock;
  /** Whether a host, in lower case and without brackets, is a name or address of this service. */
  readonly servesHost: (host: string) => boolean;
  /** Makes a tag for the To of a response. */
  readonly newTag: () => string;
  readonly limits?: BindingLimits;
};

export type Registrar = {
  /** Answers a REGISTER, at once or when its change is stored. */
  onRegister(incoming: IncomingRequest): void;
};

/** How long a phone shall wait where the store is away. */
const STORE_RETRY_AFTER_S = 10;

/** The registrar of RFC 3261 §10.3. A terminal registers its own address-of-record and no other. */
export function createRegistrar(options: RegistrarOptions): Registrar {
  return {
    onRegister(incoming) {
      const response = answerTo(incoming, options);
      if (response instanceof Promise) void response.then((later) => incoming.respond(later));
      else incoming.respond(response);
    },
  };
}

function answerTo(
  { request, source }: IncomingRequest,
  options: RegistrarOptions,
): SipResponse | Promise<SipResponse> {
  const answer = answering(request, options.newTag);
  if (!isForUs(request.uri, options.servesHost)) return answer(404);
  const extensions = headerValues(request, 'Require');
  if (extensions.length > 0) return answer(420, [{ name: 'Unsupported', value: extensions.join(', ') }]);
  const sender = options.authentication.authenticate(request, source);
  if (sender.kind !== 'known') return sender.response;
  // Trunks are where they were set up to be.
  if (isTrunk(sender.party)) return answer(403);
  const status = standingOf(request, sender.party, options.servesHost);
  if (status !== undefined) return answer(status);
  const command = bindingCommandOf(request, source);
  if (!command.ok) return answer(command.problem.status, [], command.problem.detail);
  return update(sender.party, command.value, answer, options);
}

function update(
  terminal: TerminalFact,
  command: BindingCommand,
  answer: Answering,
  { registrations, clock, limits = BINDING_LIMITS }: RegistrarOptions,
): SipResponse | Promise<SipResponse> {
  const ports = { registrations, clock, sameContact, limits };
  const registered = registerTerminal(ports, { terminalId: terminal.id, command });
  if (!registered.ok) return refusal(registered.refusal, answer, limits);
  const { bindings, stored } = registered.value;
  if (stored === undefined) return confirmation(bindings, answer, clock.nowMs());
  return stored.then(
    () => confirmation(bindings, answer, clock.nowMs()),
    () => answer(500, [{ name: 'Retry-After', value: String(STORE_RETRY_AFTER_S) }]),
  );
}

/** Makes responses to one request. */
type Answering = (status: number, headers?: readonly HeaderField[], reason?: string) => SipResponse;

function answering(request: SipRequest, newTag: () => string): Answering {
  return (status, headers = [], reason) => {
    const response = responseTo(request, status, reason, newTag());
    return { ...response, headers: [...response.headers, ...headers] };
  };
}

/** RFC 3261 §10.3, step 8: all bindings there are, with what is left of their time, and what time it is. */
function confirmation(bindings: readonly Binding[], answer: Answering, nowMs: number): SipResponse {
  const contacts = bindings.map((binding) => ({ name: 'Contact', value: printBinding(binding, nowMs) }));
  return answer(200, [...contacts, { name: 'Date', value: new Date(nowMs).toUTCString() }]);
}

function refusal(
  { code, detail }: Refusal<BindingRefusal>,
  answer: Answering,
  limits: BindingLimits,
): SipResponse {
  switch (code) {
    case 'binding-interval-too-brief':
      return answer(423, [{ name: 'Min-Expires', value: String(limits.minExpiresS) }]);
    case 'binding-out-of-order':
      return answer(500, [], detail);
    case 'binding-wildcard-malformed':
      return answer(400, [], detail);
    case 'too-many-bindings':
      return answer(403, [], detail);
  }
}

function isForUs(requestUri: string, servesHost: (host: string) => boolean): boolean {
  const uri = parseUri(requestUri);
  return uri.ok && servesHost(uri.value.host);
}

/** What stands against this terminal registering the address in To: RFC 3261 §10.3, steps 4 and 5. */
function standingOf(
  request: SipRequest,
  terminal: TerminalFact,
  servesHost: (host: string) => boolean,
): 403 | 404 | undefined {
  const to = parseAddress(headerValue(request, 'To') ?? '');
  const uri = to.ok ? parseUri(to.value.uri) : undefined;
  if (uri?.ok !== true || !servesHost(uri.value.host)) return 404;
  return unescapeUser(uri.value.user ?? '') === terminal.user ? undefined : 403;
}

function printBinding({ contact, priority, expiresAtMs }: Binding, nowMs: number): string {
  const q = priority === 1000 ? '' : `;q=${priority / 1000}`;
  return `<${contact}>;expires=${Math.max(0, Math.ceil((expiresAtMs - nowMs) / 1000))}${q}`;
}
