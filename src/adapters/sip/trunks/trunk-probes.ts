import type { Gateway, HealthInput, Trunk } from '../../../domain/centres/index.ts';
import type { SipRequest } from '../../../protocols/sip/message/index.ts';
import type { ReachedGateway, StopTimer, Timers } from '../../../services/ports/index.ts';
import type { SipEndpoint } from '../endpoint/index.ts';
import { gatewayPlace } from '../exchange/index.ts';
import type { Flow } from '../network/index.ts';
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

/** What is not answered by then counts as silence: its transaction goes on for half a minute (timer F), which is long. */
const LONGEST_PATIENCE_MS = 4_000;

const NO_BODY = new Uint8Array(0);

type Probe = { trunk: Trunk; readonly gateway: Gateway; readonly intervalMs: number; stop: StopTimer };

/** Asks the gateways with OPTIONS whether they live, each in its own time, so that they do not all answer at once. */
export class TrunkProbes {
  readonly #options: TrunkProbeOptions;
  /** By the trunk's name and the gateway's. */
  readonly #running = new Map<string, Probe>();

  constructor(options: TrunkProbeOptions) {
    this.#options = options;
  }

  /** Probes these trunks from now on, and no others. What is asked as often as before keeps its time. */
  watch(trunks: readonly Trunk[]): void {
    const wanted = new Map<string, Probe>();
    for (const trunk of trunks) {
      if (trunk.health === undefined || trunk.state === 'closed') continue;
      const { intervalMs } = trunk.health;
      for (const gateway of trunk.gateways)
        wanted.set(`${trunk.name} ${gatewayKey(gateway)}`, { trunk, gateway, intervalMs, stop: () => {} });
    }
    for (const [key, probe] of this.#running) {
      const next = wanted.get(key);
      if (next?.intervalMs === probe.intervalMs) probe.trunk = next.trunk;
      else {
        probe.stop();
        this.#running.delete(key);
      }
    }
    for (const [key, probe] of wanted) {
      if (this.#running.has(key)) continue;
      this.#running.set(key, probe);
      const firstAfterMs = this.#options.random() * probe.intervalMs;
      probe.stop = this.#options.timers.start(firstAfterMs, () => this.#probe(probe));
    }
  }

  close(): void {
    for (const { stop } of this.#running.values()) stop();
    this.#running.clear();
  }

  #probe(probe: Probe): void {
    probe.stop = this.#options.timers.start(probe.intervalMs, () => this.#probe(probe));
    this.#options.reach(probe.gateway).then((reached) => this.#ask(probe, reached));
  }

  #ask(
    { trunk, gateway, intervalMs }: Pick<Probe, 'trunk' | 'gateway' | 'intervalMs'>,
    reached: ReachedGateway | undefined,
  ): void {
    const { endpoint, gateways, timers } = this.#options;
    let isSettled = false;
    const settle = (input: HealthInput) => {
      if (isSettled) return;
      isSettled = true;
      stopWaiting();
      gateways.heard(trunk, gateway, input);
    };
    const fail = (reason: string) => settle({ kind: 'failed', reason });
    const patienceMs = Math.min(intervalMs, LONGEST_PATIENCE_MS);
    const stopWaiting = timers.start(patienceMs, () => fail('no answer to OPTIONS'));
    const hop = reached?.hops[0];
    if (hop === undefined) {
      fail('its name has no address');
      return;
    }
    endpoint.send(this.#requestTo(gateway, hop), hop, {
      // Whatever it answers, it lives; but 503 says that it takes no calls, and 408 that those behind it do not.
      onResponse: ({ status }) => {
        if (status < 200) return;
        if (status === 503 || status === 408) fail(`it answers ${status}`);
        else settle({ kind: 'answered' });
      },
      onTimeout: () => fail('no answer to OPTIONS'),
      onUnreachable: () => fail('it cannot be reached'),
    });
  }

  #requestTo(gateway: Gateway, hop: Flow): SipRequest {
    const { endpoint, domain } = this.#options;
    const uri = `sip:${gatewayPlace(gateway)}`;
    return {
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
  }
}
