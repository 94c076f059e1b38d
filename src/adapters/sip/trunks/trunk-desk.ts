import type { CentreNetwork, Gateway, Trunk } from '../../../domain/centres/index.ts';
import { parseUri, responseTo, unescapeUser } from '../../../protocols/sip/message/index.ts';
import type { Clock, SipServers, Timers, TrunkState } from '../../../services/ports/index.ts';
import type { IncomingRequest, SipEndpoint } from '../endpoint/index.ts';
import type { Authenticate } from '../exchange/index.ts';
import { GatewayBook, gatewayKey } from './gateway-book.ts';
import { callerByTrunk } from './trunk-callers.ts';
import { Lines, reachGateway } from './trunk-lines.ts';
import { TrunkProbes } from './trunk-probes.ts';
import { TrunkRegistrations } from './trunk-registrations.ts';

export type TrunkDeskOptions = {
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly servers: SipServers;
  readonly network: () => CentreNetwork;
  /** Whether this process speaks with a trunk. */
  readonly serves: (trunk: Trunk) => boolean;
  readonly domain: string;
  /** 0 ≤ random < 1. */
  readonly random: () => number;
  readonly log: (sentence: string, facts: Readonly<Record<string, unknown>>) => void;
};

type Authenticated = ReturnType<Authenticate>;

/** Everything that this process has to do with other networks. */
export class TrunkDesk {
  readonly lines: Lines;
  readonly #options: TrunkDeskOptions;
  readonly #gateways: GatewayBook;
  readonly #probes: TrunkProbes;
  readonly #registrations: TrunkRegistrations;

  constructor(options: TrunkDeskOptions) {
    const { clock, log, servers, random } = options;
    this.#options = options;
    this.#gateways = new GatewayBook(clock, (trunk, gateway, { state, reason }) =>
      log(`the gateway is ${state}`, { trunk, gateway, ...(reason === undefined ? {} : { reason }) }),
    );
    this.lines = new Lines({ gateways: this.#gateways, servers, random });
    const reach = (gateway: Gateway) => reachGateway(servers, gateway);
    this.#probes = new TrunkProbes({ ...options, gateways: this.#gateways, reach });
    this.#registrations = new TrunkRegistrations({
      ...options,
      reach,
      onEvent: (trunk, event) => log(`registration with the trunk: ${event.kind}`, { trunk, event }),
    });
    this.networkChanged();
  }

  /** The network was set up anew. */
  networkChanged(): void {
    const trunks = this.#options.network().trunks.filter(this.#options.serves);
    this.#gateways.keepOnly(trunks);
    this.#probes.watch(trunks);
    this.#registrations.keep(trunks);
  }

  /**
   * Whether a request that begins a call comes from a trunk.
   * @returns the caller with its channel taken; `answered` where the trunk takes no calls; nothing where it is none's
   */
  identify(incoming: IncomingRequest): Authenticated | undefined {
    const trunk = this.#options.network().trunkOfSource(incoming.source.address);
    if (trunk?.inbound === undefined) {
      const caller = this.#registrations.trunkCalling(incoming.source.address, userOf(incoming));
      return caller === undefined || caller.inbound?.digest !== undefined
        ? undefined
        : this.admit(incoming, caller);
    }
    // Behind this address phones may live as well: whoever has to show a password is asked for it.
    if (trunk.inbound.digest !== undefined) return undefined;
    return this.admit(incoming, trunk);
  }

  /** Takes a call from a trunk that has proven to be one; a password alone does not do where addresses are set up. */
  admit(incoming: IncomingRequest, trunk: Trunk): Authenticated {
    if (!this.#mayCallFrom(trunk, incoming.source.address)) return this.#refuse(incoming, 403);
    const states = [trunk.state, this.#options.network().centreCoded(trunk.centre)?.state];
    if (states.includes('closed')) return this.#refuse(incoming, 403);
    if (states.includes('draining')) return this.#refuse(incoming, 503);
    if (incoming.request.method !== 'INVITE')
      return { kind: 'known', caller: callerByTrunk(trunk, incoming.request) };
    const release = this.lines.take(trunk);
    if (release === undefined) return this.#refuse(incoming, 503);
    return { kind: 'known', caller: callerByTrunk(trunk, incoming.request), onOver: release };
  }

  state(): readonly TrunkState[] {
    return this.#options.network().trunks.map((trunk) => {
      const { state: registration, untilMs } = this.#registrations.stateOf(trunk.name) ?? {};
      return {
        name: trunk.name,
        channelsInUse: this.lines.channelsInUse(trunk.name),
        gateways: trunk.gateways.map((gateway) => {
          const { state, sinceMs, reason } = this.#gateways.healthOf(trunk, gateway);
          const answeredAtMs = this.#gateways.answeredAtMs(trunk, gateway);
          return {
            gateway: gatewayKey(gateway),
            state,
            sinceMs,
            ...(answeredAtMs === undefined ? {} : { answeredAtMs }),
            ...(reason === undefined ? {} : { reason }),
          };
        }),
        ...(registration === undefined ? {} : { registration }),
        ...(untilMs === undefined ? {} : { registeredUntilMs: untilMs }),
      };
    });
  }

  /** Takes leave of the carriers we registered with; resolves when they have heard it, or do not answer. */
  async close(): Promise<void> {
    this.#probes.close();
    await this.#registrations.close();
  }

  /** The addresses of trunks do not overlap, so that an address is one trunk's or none's. */
  #mayCallFrom({ name, inbound }: Trunk, source: string): boolean {
    if (inbound === undefined || inbound.addresses.length === 0) return true;
    return this.#options.network().trunkOfSource(source)?.name === name;
  }

  #refuse(incoming: IncomingRequest, status: number): Authenticated {
    incoming.respond(responseTo(incoming.request, status, undefined, this.#options.endpoint.newTag()));
    return { kind: 'answered' };
  }
}

/** The user part of the Request-URI. */
function userOf({ request }: IncomingRequest): string {
  const uri = parseUri(request.uri);
  return uri.ok ? unescapeUser(uri.value.user ?? '') : '';
}
