import type { Logger } from 'pino';
import type { Call } from '../../domain/exchange/call/index.ts';
import { DEFAULT_TIMERS } from '../../protocols/sip/transaction/index.ts';
import { connectCall } from '../../services/connect-call.ts';
import type { Directory } from '../../services/directory.ts';
import type { Registrations } from '../../services/keep-registrations.ts';
import { NumberTexts } from '../../services/number-texts.ts';
import type { Clock, Identifiers, Randomness, Timers } from '../../services/ports/index.ts';
import { Authentication } from './authentication/index.ts';
import { type IncomingRequest, SipEndpoint } from './endpoint/index.ts';
import { LegTable, SipExchange } from './exchange/index.ts';
import { type ListenAddress, type NetworkMetrics, openNetwork } from './network/index.ts';
import { createOwnHosts } from './own-hosts.ts';
import { createRegistrar } from './registrar/index.ts';
import { createTokens } from './tokens.ts';
import { MessageTrace } from './trace/index.ts';

export type SipOptions = {
  readonly listen: readonly ListenAddress[];
  /** Of our SIP addresses, and the realm of digest authentication. */
  readonly domain: string;
  readonly ringTimeoutMs: number;
  readonly directory: Directory;
  readonly registrations: Registrations;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly identifiers: Identifiers;
  readonly randomness: Randomness;
  readonly log: Logger;
  /** A call has something new that its record has to show; `onKept` is called once that cannot be lost. */
  readonly onKeep: (call: Call, onKept: () => void) => void;
};

/** The SIP face of the service, while it runs. */
export type Sip = {
  /** Where it listens, in the order asked for. */
  readonly addresses: readonly string[];
  readonly traces: MessageTrace;
  readonly authentication: Authentication;
  readonly metrics: () => SipMetrics;
  close(): Promise<void>;
};

export type SipMetrics = {
  readonly network: Readonly<NetworkMetrics>;
  readonly transactions: { readonly server: number; readonly client: number };
  readonly legs: number;
};

/** What we ask of session timers: half an hour, which costs two packets in fifteen minutes (RFC 4028 §4). */
const SESSION_POLICY = { intervalSeconds: 1_800, minSeconds: 90 };

/** Opens the sockets, and serves registrations and calls on them. */
export async function startSip(options: SipOptions): Promise<Sip> {
  const { directory, registrations, clock, timers, domain, log } = options;
  const network = await openNetwork({
    listen: options.listen,
    onTrouble: (what, error) => log.warn({ err: error }, what),
  });
  const newToken = createTokens(options.randomness);
  const traces = new MessageTrace({ clock, localAddress: (flow) => network.localAddress(flow) });
  const endpoint = new SipEndpoint({
    network,
    timers,
    newToken,
    observer: (direction, bytes, flow) => traces.keep(direction, bytes, flow),
  });
  const authentication = new Authentication({
    realm: domain,
    clock,
    terminalOf: (user) => directory.terminalByUser(user),
    newTag: newToken,
    onBlocked: (block) => log.warn({ block }, 'too many wrong passwords'),
  });
  proveAddresses(options, authentication);
  const servesHost = createOwnHosts({ domain, listen: options.listen, nowMs: () => clock.nowMs() });
  const registrar = createRegistrar({ authentication, registrations, clock, newTag: newToken, servesHost });
  const legs = new LegTable();
  const ports = {
    directory,
    registrations,
    clock,
    identifiers: options.identifiers,
    texts: new NumberTexts(),
    ownDomain: domain,
  };
  const exchange = new SipExchange({
    context: {
      endpoint,
      clock,
      timers,
      legs,
      random: Math.random,
      sessionPolicy: SESSION_POLICY,
      sipTimers: DEFAULT_TIMERS,
      domain,
      servesHost,
      ringTimeoutMs: options.ringTimeoutMs,
      onDialog: (sipCallId, call) => traces.belongs(sipCallId, call),
    },
    authenticate: (incoming) => authenticate(authentication, incoming),
    connect: (offer) => connectCall(ports, offer),
    mayReplace: (terminalId, replacedTerminalId) => directory.areOfOneParty(terminalId, replacedTerminalId),
    onRegister: (incoming) => registrar.onRegister(incoming),
    onClosed: (flow) => registrations.closed(flow),
    onKeep: options.onKeep,
  });
  endpoint.start(exchange);
  return {
    addresses: network.listening.map(
      ({ transport, address, port }) =>
        `${transport}:${address.includes(':') ? `[${address}]` : address}:${port}`,
    ),
    traces,
    authentication,
    metrics: () => ({ network: network.metrics, transactions: endpoint.transactions, legs: legs.size }),
    close: () => network.close(),
  };
}

/** Whoever sends an INVITE or MESSAGE has to be a terminal of a member's. */
function authenticate(
  authentication: Authentication,
  incoming: IncomingRequest,
): { readonly kind: 'known'; readonly terminalId: string } | { readonly kind: 'answered' } {
  const sender = authentication.authenticate(incoming.request, incoming.source);
  if (sender.kind === 'known') return { kind: 'known', terminalId: sender.terminal.id };
  incoming.respond(sender.response);
  return { kind: 'answered' };
}

/** Phones that registered before a restart have proven their addresses already. */
function proveAddresses(
  { registrations, directory, clock }: SipOptions,
  authentication: Authentication,
): void {
  for (const { terminalId, bindings } of registrations.all(clock.nowMs())) {
    const user = directory.terminal(terminalId)?.user;
    if (user === undefined) continue;
    for (const { flow } of bindings) authentication.prove(user, flow.address);
  }
}
