import type { Gateway, Trunk } from '../../../domain/centres/index.ts';
import type { SipRequest } from '../../../protocols/sip/message/index.ts';
import type { ReachedGateway, StopTimer, Timers } from '../../../services/ports/index.ts';
import type { SipEndpoint } from '../endpoint/index.ts';
import { type GatewayBook, gatewayKey } from './gateway-book.ts';

export type TrunkProbeOptions = {
  readonly endpoint: SipEndpoint;
  readonly timers: Timers;
  readonly gateways: GatewayBook;
  /** Where a gateway is at this moment. */
  readonly reach: (gateway: Gateway) => Promise<ReachedGateway | undefined>;
  readonly domain: string;
  /** 0 ≤ random < 1. */
  readonly random: () => number;
};

const NO_BODY = new Uint8Array(0);

/** Asks the gateways with OPTIONS whether they live, each in its own time, so that they do not all answer at once. */
export class TrunkProbes {
  readonly #options: TrunkProbeOptions;
  /** By the trunk's name and the gateway's. */
  readonly #running = new Map<string, { readonly trunk: Trunk; stop: StopTimer }>();

  constructor(options: TrunkProbeOptions) {
    this.#options = options;
  }

  /** Probes these trunks from now on, and no others. */
  watch(trunks: readonly Trunk[]): void {
    const wanted = new Map<string, { readonly trunk: Trunk; readonly gateway: Gateway }>();
    for (const trunk of trunks) {
      if (trunk.health === undefined || trunk.state === 'closed') continue;
      for (const gateway of trunk.gateways)
        wanted.set(`${trunk.name} ${gatewayKey(gateway)}`, { trunk, gateway });
    }
    for (const [key, { trunk, stop }] of this.#running) {
      if (wanted.get(key)?.trunk === trunk) continue;
      stop();
      this.#running.delete(key);
    }
    for (const [key, { trunk, gateway }] of wanted) {
      if (this.#running.has(key)) continue;
      const probe = { trunk, stop: () => {} };
      this.#running.set(key, probe);
      const firstAfterMs = this.#options.random() * (trunk.health?.intervalMs ?? 0);
      probe.stop = this.#options.timers.start(firstAfterMs, () => this.#probe(key, trunk, gateway));
    }
  }

  close(): void {
    for (const { stop } of this.#running.values()) stop();
    this.#running.clear();
  }

  #probe(key: string, trunk: Trunk, gateway: Gateway): void {
    const probe = this.#running.get(key);
    if (probe?.trunk !== trunk) return;
    const again = () => this.#probe(key, trunk, gateway);
    probe.stop = this.#options.timers.start(trunk.health?.intervalMs ?? 60_000, again);
    this.#options.reach(gateway).then((reached) => this.#ask(trunk, gateway, reached));
  }

  #ask(trunk: Trunk, gateway: Gateway, reached: ReachedGateway | undefined): void {
    const { endpoint, gateways, domain } = this.#options;
    const fail = (reason: string) => gateways.heard(trunk, gateway, { kind: 'failed', reason });
    const hop = reached?.hops[0];
    if (hop === undefined) {
      fail('its name has no address');
      return;
    }
    const host = gateway.host.includes(':') ? `[${gateway.host}]` : gateway.host;
    const uri = `sip:${host}${gateway.port === undefined ? '' : `:${gateway.port}`}`;
    const request: SipRequest = {
      kind: 'request',
      method: 'OPTIONS',
      uri,
      headers: [
        { name: 'Max-Forwards', value: '70' },
        { name: 'From', value: `<sip:${domain}>;tag=${endpoint.newTag()}` },
        { name: 'To', value: `<${uri}>` },
        { name: 'Call-ID', value: endpoint.newCallId() },
        { name: 'CSeq', value: '1 OPTIONS' },
        { name: 'Contact', value: endpoint.contact(hop) },
        { name: 'Accept', value: 'application/sdp' },
      ],
      body: NO_BODY,
    };
    endpoint.send(request, hop, {
      // Whatever it answers, it lives; but 503 says that it takes no calls, and 408 that those behind it do not.
      onResponse: ({ status }) => {
        if (status < 200) return;
        if (status === 503 || status === 408) fail(`it answers ${status}`);
        else gateways.heard(trunk, gateway, { kind: 'answered' });
      },
      onTimeout: () => fail('no answer to OPTIONS'),
      onUnreachable: () => fail('it cannot be reached'),
    });
  }
}
