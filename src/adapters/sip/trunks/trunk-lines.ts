import { isIP } from 'node:net';
import { Channels, type Gateway, inOrder, SIP_PORTS, type Trunk } from '../../../domain/centres/index.ts';
import { strongestChallenge } from '../../../protocols/sip/digest/index.ts';
import {
  cseq,
  headerValue,
  type SipRequest,
  type SipResponse,
  withHeader,
} from '../../../protocols/sip/message/index.ts';
import type { ReachedGateway, SipHop, SipServers, TrunkLines } from '../../../services/ports/index.ts';
import type { Way } from '../../../services/ring.ts';
import { credentialsFor } from '../digest-client.ts';
import type { OutwardLine } from '../exchange/index.ts';
import type { GatewayBook } from './gateway-book.ts';

export type TrunkLineOptions = {
  readonly gateways: GatewayBook;
  readonly servers: SipServers;
  /** 0 ≤ random < 1. */
  readonly random: () => number;
};

/** The ways to other networks: their channels, the gateways that live, and how one of them is used for a call. */
export class Lines implements TrunkLines {
  readonly #options: TrunkLineOptions;
  readonly #channels = new Map<string, Channels>();

  constructor(options: TrunkLineOptions) {
    this.#options = options;
  }

  gatewaysOf(
    trunk: Trunk,
    which: 'live' | 'all' = 'live',
  ): readonly ReachedGateway[] | Promise<readonly ReachedGateway[]> {
    const { gateways, random } = this.#options;
    const live = trunk.gateways.filter((gateway) => which === 'all' || gateways.isAlive(trunk, gateway));
    const ordered = inOrder(live, random);
    if (ordered.every(({ host }) => isIP(host) !== 0)) {
      return ordered.map((gateway) => ({ gateway, hops: [literalHop(gateway)] }));
    }
    return Promise.all(ordered.map((gateway) => this.#located(gateway))).then((found) => found.flat());
  }

  channelsInUse(trunk: string): number {
    return this.#channels.get(trunk)?.inUse ?? 0;
  }

  isAlive(trunk: Trunk): boolean {
    return trunk.gateways.some((gateway) => this.#options.gateways.isAlive(trunk, gateway));
  }

  /** Takes a channel for a call. @returns what gives it back; undefined where all are taken */
  take({ name, channels: limit }: Pick<Trunk, 'name' | 'channels'>): (() => void) | undefined {
    const channels = this.#channels.get(name) ?? new Channels();
    this.#channels.set(name, channels);
    return channels.take(limit);
  }

  /** How a call uses a gateway. */
  lineOf({ trunk, gateway, isEmergency }: Way & { readonly kind: 'trunk' }): OutwardLine {
    const { silenceMs, ringMs } = trunk;
    return {
      silenceMs,
      ringMs,
      // Whoever calls for help is counted, and held up by no count.
      seize: () => this.take(isEmergency === true ? { ...trunk, channels: Number.POSITIVE_INFINITY } : trunk),
      challenged: (response, invite) => withCredentials(trunk, response, invite),
      onHeard: (heard) =>
        this.#options.gateways.heard(
          trunk,
          gateway,
          heard ? { kind: 'answered' } : { kind: 'failed', reason: 'no answer to a call' },
        ),
    };
  }

  async #located(gateway: Gateway): Promise<readonly ReachedGateway[]> {
    const reached = await reachGateway(this.#options.servers, gateway);
    return reached === undefined ? [] : [reached];
  }
}

/** Where a gateway is at this moment; nowhere where its name has no address. */
export async function reachGateway(
  servers: SipServers,
  gateway: Gateway,
): Promise<ReachedGateway | undefined> {
  const { host, port, transport } = gateway;
  if (isIP(host) !== 0) return { gateway, hops: [literalHop(gateway)] };
  const found = await servers.locate({
    scheme: 'sip',
    host,
    transport,
    ...(port === undefined ? {} : { port }),
  });
  return found.ok ? { gateway, hops: found.value } : undefined;
}

/**
 * The request again, with the credentials of the trunk and the next number (RFC 3261 §22.2).
 * @returns undefined where the trunk has none, those for another realm, or the same were refused already
 */
export function withCredentials(
  { credentials }: Trunk,
  response: SipResponse,
  request: SipRequest,
): SipRequest | undefined {
  const realm = strongestChallenge(response)?.challenge.realm;
  if (credentials?.realm !== undefined && credentials.realm !== realm) return undefined;
  const { credentials: answer, isStale } = credentialsFor(credentials, request, response);
  if (answer === undefined) return undefined;
  // Who said it once and is asked again has the wrong password, unless it is the nonce that is old (RFC 7616 §3.3).
  if (headerValue(request, answer.name) !== undefined && isStale !== true) return undefined;
  const { number, method } = cseq(request);
  return withHeader(withHeader(request, answer.name, answer.value), 'CSeq', `${number + 1} ${method}`);
}

function literalHop({ host, port, transport }: Gateway): SipHop {
  return { transport, address: host, port: port ?? SIP_PORTS[transport] };
}
