import type { Logger } from 'pino';
import type { CentreNetwork, Trunk } from '../../domain/centres/index.ts';
import type { Call } from '../../domain/exchange/call/index.ts';
import type { OutwardDestination } from '../../domain/exchange/index.ts';
import { convertForOperator, countryCodeOf, type E164 } from '../../domain/numbering/index.ts';
import { DEFAULT_TIMERS } from '../../protocols/sip/transaction/index.ts';
import type { CallerFacts } from '../../services/caller.ts';
import type { ChargeDesk } from '../../services/charge-desk.ts';
import { type ConnectCallPorts, connectCall, connectErrand } from '../../services/connect-call.ts';
import type { Directory } from '../../services/directory.ts';
import type { Registrations } from '../../services/keep-registrations.ts';
import { NumberTexts } from '../../services/number-texts.ts';
import { hopOf, type OtherProcesses } from '../../services/other-processes.ts';
import type {
  Clock,
  CodeCaller,
  CodeCallTarget,
  EnumLookups,
  Hash,
  Identifiers,
  ProcessSignatures,
  Randomness,
  RelayStatistics,
  SipServers,
  Timers,
} from '../../services/ports/index.ts';
import type { CallPrices } from '../../services/price-call.ts';
import { waysOut } from '../../services/route-outward.ts';
import { Authentication } from './authentication/index.ts';
import { SipEndpoint } from './endpoint/index.ts';
import { LegTable, type MediaContext, SipExchange, type VoiceContext } from './exchange/index.ts';
import { type ListenAddress, type NetworkMetrics, openNetwork, type TlsIdentity } from './network/index.ts';
import { createOwnHosts } from './own-hosts.ts';
import type { SipParty } from './parties.ts';
import { createRegistrar } from './registrar/index.ts';
import { createSenders, trunkParty } from './senders.ts';
import { createTokens } from './tokens.ts';
import { MessageTrace } from './trace/index.ts';
import { TrunkDesk } from './trunks/index.ts';

export type SipOptions = {
  readonly listen: readonly ListenAddress[];
  /** The certificate of SIP over TLS; without it TLS is not spoken. */
  readonly tls?: TlsIdentity;
  /** Of our SIP addresses, and the realm of digest authentication. */
  readonly domain: string;
  readonly ringTimeoutMs: number;
  readonly directory: Directory;
  readonly registrations: Registrations;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly identifiers: Identifiers;
  readonly randomness: Randomness;
  readonly hash: Pick<Hash, 'md5'>;
  /** Centres, trunks and routes as they are set up at this moment. */
  readonly network: () => CentreNetwork;
  /** Whether this process speaks with a trunk. */
  readonly servesTrunk: (trunk: Trunk) => boolean;
  readonly servers: SipServers;
  readonly enumLookups?: EnumLookups;
  /** Whether addresses of people who are no members are called (R16). */
  readonly callsStrangers: boolean;
  /** The relay of sound, and when it is used. */
  readonly media?: MediaContext;
  /** The voice of the exchange. */
  readonly voice?: VoiceContext;
  /** The other processes of the service, and by what they know each other. */
  readonly others?: OtherProcesses & { readonly signatures: ProcessSignatures };
  /** Whether this process takes no new calls, since it ends soon. */
  readonly isDraining?: () => boolean;
  /** What calls cost, and where credit is asked for; without it none is charged. */
  readonly charging?: { readonly prices: CallPrices; readonly desk: ChargeDesk };
  readonly log: Logger;
  /** A call has something new that its record has to show; `onKept` is called once that cannot be lost. */
  readonly onKeep: (call: Call, onKept: () => void, media?: RelayStatistics) => void;
};

/** The SIP face of the service, while it runs. */
export type Sip = {
  /** Where it listens, in the order asked for. */
  readonly addresses: readonly string[];
  readonly traces: MessageTrace;
  readonly authentication: Authentication<SipParty>;
  readonly trunks: TrunkDesk;
  /** What calls are connected by, for whoever explains them. */
  readonly connecting: ConnectCallPorts;
  /** Calls telephones to speak codes. */
  readonly codeCaller: CodeCaller | undefined;
  readonly metrics: () => SipMetrics;
  /** Another process was not heard for a while: calls that go through it are asked whether they still do. */
  processIsGone(address: string): void;
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
    ...(options.tls === undefined ? {} : { tls: options.tls }),
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
  const authentication = new Authentication<SipParty>({
    realm: domain,
    clock,
    partyOf: (user) => directory.terminalByUser(user) ?? trunkParty(options.network(), user),
    newTag: newToken,
    onBlocked: (block) => log.warn({ block }, 'too many wrong passwords'),
  });
  proveAddresses(options, authentication);
  const servesHost = createOwnHosts({ domain, listen: options.listen, nowMs: () => clock.nowMs() });
  const registrar = createRegistrar({ authentication, registrations, clock, newTag: newToken, servesHost });
  const legs = new LegTable();
  const trunks = new TrunkDesk({
    endpoint,
    clock,
    timers,
    domain,
    random: Math.random,
    servers: options.servers,
    network: options.network,
    serves: options.servesTrunk,
    log: (sentence, facts) => log.info(facts, sentence),
  });
  const connecting: ConnectCallPorts = {
    directory,
    registrations,
    clock,
    hash: options.hash,
    identifiers: options.identifiers,
    texts: new NumberTexts(),
    ownDomain: domain,
    outward: {
      network: options.network,
      lines: trunks.lines,
      servers: options.servers,
      callsStrangers: options.callsStrangers,
      random: Math.random,
      ...(options.enumLookups === undefined ? {} : { enumLookups: options.enumLookups }),
      ...(options.others === undefined ? {} : { others: options.others }),
      ...(options.charging === undefined ? {} : { prices: options.charging.prices }),
    },
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
      lineOf: (way) => trunks.lines.lineOf(way),
      onDialog: (sipCallId, call) => traces.belongs(sipCallId, call),
      ...(options.media === undefined ? {} : { media: options.media }),
      ...(options.voice === undefined ? {} : { voice: options.voice }),
      ...(options.others === undefined ? {} : { signatures: options.others.signatures }),
      ...(options.charging === undefined ? {} : { chargeDesk: options.charging.desk }),
    },
    authenticate: createSenders({ ...options, authentication, trunks, newTag: newToken }),
    connect: (offer) => connectCall(connecting, offer),
    connectErrand: (errand) => connectErrand(connecting, errand),
    mayReplace: (terminalId, replacedTerminalId) => directory.areOfOneParty(terminalId, replacedTerminalId),
    onRegister: (incoming) => registrar.onRegister(incoming),
    onClosed: (flow) => registrations.closed(flow),
    onKeep: options.onKeep,
    codeCalls: {
      ways: async (target) => waysOut(connecting.outward, codeDestination(options.network(), target), NOBODY),
      newCallId: () => options.identifiers.next(),
    },
  });
  endpoint.start(exchange);
  return {
    addresses: network.listening.map(
      ({ transport, address, port }) =>
        `${transport}:${address.includes(':') ? `[${address}]` : address}:${port}`,
    ),
    traces,
    authentication,
    trunks,
    connecting,
    codeCaller: exchange.codeCaller,
    processIsGone(address) {
      const hop = hopOf(address);
      if (hop === undefined) return;
      for (const leg of legs.towards(hop.address, hop.port)) leg.askWhetherItLives();
    },
    metrics: () => ({ network: network.metrics, transactions: endpoint.transactions, legs: legs.size }),
    close: async () => {
      await trunks.close();
      await network.close();
    },
  };
}

/** The exchange itself, which calls out and is nobody whom one could call back. */
const NOBODY: CallerFacts = { from: countryCodeOf('US'), user: 'anonymous', mayCallOut: true };

/** A number at an operator is called as the operator wants it, whoever dials. */
function codeDestination(
  network: CentreNetwork,
  { kind, value, operatorId = '' }: CodeCallTarget,
): OutwardDestination {
  if (kind === 'pstn') return { kind: 'pstn', number: value as E164 };
  const plan = network.operatorPlans.find((each) => each.operatorId === operatorId);
  const converted = plan === undefined ? undefined : convertForOperator(plan, value);
  return { kind: 'operator', operatorId, digits: value, converted: converted ?? value };
}

/** Phones that registered before a restart have proven their addresses already. */
function proveAddresses(
  { registrations, directory, clock }: SipOptions,
  authentication: Authentication<SipParty>,
): void {
  for (const { terminalId, bindings } of registrations.all(clock.nowMs())) {
    const user = directory.terminal(terminalId)?.user;
    if (user === undefined) continue;
    for (const { flow } of bindings) authentication.prove(user, flow.address);
  }
}
