import {
  type Gateway,
  type GatewayHealth,
  type HealthCheck,
  type HealthInput,
  startHealth,
  stepHealth,
  type Trunk,
} from '../../../domain/centres/index.ts';
import type { Clock } from '../../../services/ports/index.ts';

/** Where no health check is set up, calls alone tell: three that nothing came back for, and it is left alone. */
const BY_CALLS_ALONE: Pick<HealthCheck, 'downAfter' | 'upAfter'> = { downAfter: 3, upAfter: 1 };

/** How long a gateway that no OPTIONS bring back is left alone before a call may try it again. */
const TRIED_AGAIN_AFTER_MS = 30_000;

/** How a gateway is named: `sip.carrier.example:5060/udp`. */
export function gatewayKey({ host, port, transport }: Gateway): string {
  return `${host}${port === undefined ? '' : `:${port}`}/${transport}`;
}

/** Which gateways live, by what is heard from them. */
export class GatewayBook {
  readonly #clock: Clock;
  readonly #onChange: (trunk: string, gateway: string, health: GatewayHealth) => void;
  readonly #health = new Map<string, GatewayHealth>();
  readonly #answeredAtMs = new Map<string, number>();

  constructor(
    clock: Clock,
    onChange: (trunk: string, gateway: string, health: GatewayHealth) => void = () => {},
  ) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  healthOf(trunk: Pick<Trunk, 'name'>, gateway: Gateway): GatewayHealth {
    const key = keyOf(trunk, gateway);
    const known = this.#health.get(key);
    if (known !== undefined) return known;
    const health = startHealth(this.#clock.nowMs());
    this.#health.set(key, health);
    return health;
  }

  /** When it answered last, milliseconds since 1970; undefined where it never has. */
  answeredAtMs(trunk: Pick<Trunk, 'name'>, gateway: Gateway): number | undefined {
    return this.#answeredAtMs.get(keyOf(trunk, gateway));
  }

  isAlive(trunk: Trunk, gateway: Gateway): boolean {
    const { state, sinceMs } = this.healthOf(trunk, gateway);
    if (state === 'up') return true;
    return trunk.health === undefined && this.#clock.nowMs() - sinceMs >= TRIED_AGAIN_AFTER_MS;
  }

  /** Something was heard, or not. */
  heard(trunk: Trunk, gateway: Gateway, input: HealthInput): void {
    const before = this.healthOf(trunk, gateway);
    if (input.kind === 'answered') this.#answeredAtMs.set(keyOf(trunk, gateway), this.#clock.nowMs());
    const after = stepHealth(before, input, trunk.health ?? BY_CALLS_ALONE, this.#clock.nowMs());
    if (after === before) return;
    this.#health.set(keyOf(trunk, gateway), after);
    if (after.state !== before.state) this.#onChange(trunk.name, gatewayKey(gateway), after);
  }

  /** Forgets the gateways of trunks that are no more. */
  keepOnly(trunks: readonly Trunk[]): void {
    const keys = new Set(trunks.flatMap((trunk) => trunk.gateways.map((gateway) => keyOf(trunk, gateway))));
    for (const key of this.#health.keys()) if (!keys.has(key)) this.#health.delete(key);
    for (const key of this.#answeredAtMs.keys()) if (!keys.has(key)) this.#answeredAtMs.delete(key);
  }
}

function keyOf({ name }: Pick<Trunk, 'name'>, gateway: Gateway): string {
  return `${name} ${gatewayKey(gateway)}`;
}
