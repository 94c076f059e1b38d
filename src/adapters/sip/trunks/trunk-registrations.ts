import type { Gateway, Trunk } from '../../../domain/centres/index.ts';
import { escapeUser } from '../../../protocols/sip/message/index.ts';
import type { Clock, ReachedGateway, Timers } from '../../../services/ports/index.ts';
import type { SipEndpoint } from '../endpoint/index.ts';
import { gatewayPlace } from '../exchange/index.ts';
import { type RegistrationEvent, RegistrationRunner } from '../registration/index.ts';

export type TrunkRegistrationOptions = {
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly reach: (gateway: Gateway) => Promise<ReachedGateway | undefined>;
  readonly onEvent: (trunk: string, event: RegistrationEvent) => void;
};

/** How it stands with the registration at one trunk. */
export type TrunkRegistrationState = {
  readonly state: 'registered' | 'trying' | 'refused';
  /** Until when the carrier sends us calls if we say nothing more; milliseconds since 1970. */
  readonly untilMs?: number;
  /** The status that refused it last. */
  readonly status?: number;
};

/** How long a refused registration rests: a password is not guessed, and a carrier may mend what is wrong. */
const REFUSED_REST_MS = 60_000;

/** How long the first silence of a carrier makes us wait; each further one twice as long. */
const SILENT_REST_MS = 2_000;

/** How long a carrier may take to let us go before we do not wait for it any more. */
const LEAVE_WITHIN_MS = 1_000;

type Kept = {
  trunk: Trunk;
  readonly setting: string;
  /** Of the trunk's gateways the one whose turn it is. */
  turn: number;
  silences: number;
  server?: ReachedGateway;
  runner?: RegistrationRunner;
  state: TrunkRegistrationState;
  isOver: boolean;
  onLeft?: () => void;
};

/** Registers us with the carriers that want it, so that they call us where we are (RFC 3261 §10.2). */
export class TrunkRegistrations {
  readonly #options: TrunkRegistrationOptions;
  readonly #kept = new Map<string, Kept>();

  constructor(options: TrunkRegistrationOptions) {
    this.#options = options;
  }

  /** Keeps these registered from now on, and no others. What did not change for the carrier is left as it is. */
  keep(trunks: readonly Trunk[]): void {
    const wanted = new Map(
      trunks
        .filter(({ registration, state }) => registration !== undefined && state !== 'closed')
        .map((trunk) => [trunk.name, trunk]),
    );
    const leaving = new Map<string, Promise<void>>();
    for (const [name, kept] of this.#kept) {
      const trunk = wanted.get(name);
      if (trunk !== undefined && settingOf(trunk) === kept.setting) {
        kept.trunk = trunk;
        continue;
      }
      leaving.set(name, this.#leave(kept));
      this.#kept.delete(name);
    }
    for (const [name, trunk] of wanted) {
      if (this.#kept.has(name)) continue;
      const setting = settingOf(trunk);
      const kept: Kept = { trunk, setting, turn: 0, silences: 0, state: { state: 'trying' }, isOver: false };
      this.#kept.set(name, kept);
      const left = leaving.get(name);
      // The same Contact is not to be taken back after it was registered anew.
      if (left === undefined) this.#begin(kept);
      else left.then(() => this.#begin(kept));
    }
  }

  stateOf(trunk: string): TrunkRegistrationState | undefined {
    return this.#kept.get(trunk)?.state;
  }

  /**
   * The trunk whose registrar sends a call to where we registered: from its address, and to the user of our Contact.
   * @param user of the Request-URI, unescaped
   */
  trunkCalling(source: string, user: string): Trunk | undefined {
    for (const { trunk, server, state } of this.#kept.values()) {
      if (state.state !== 'registered' || trunk.credentials?.user !== user) continue;
      if (server?.hops.some(({ address }) => address === source)) return trunk;
    }
    return undefined;
  }

  /** Takes our addresses back from the carriers, and resolves when they have heard it, or do not answer. */
  async close(): Promise<void> {
    const leaving = [...this.#kept.values()].map((kept) => this.#leave(kept));
    this.#kept.clear();
    await Promise.all(leaving);
  }

  async #begin(kept: Kept): Promise<void> {
    const { trunk } = kept;
    const gateway = trunk.gateways[kept.turn % Math.max(1, trunk.gateways.length)];
    if (kept.isOver || gateway === undefined || trunk.credentials === undefined) return;
    const reached = await this.#options.reach(gateway);
    if (kept.isOver) return;
    const server = reached?.hops[0];
    if (reached === undefined || server === undefined) {
      this.#tryLater(kept, 503);
      return;
    }
    kept.server = reached;
    const { endpoint, timers } = this.#options;
    const { user } = trunk.credentials;
    const place = gatewayPlace(gateway);
    const setting = {
      registrar: `sip:${place}`,
      aor: `<sip:${escapeUser(user)}@${place}>`,
      tag: endpoint.newTag(),
      callId: endpoint.newCallId(),
      contact: endpoint.contact(server, escapeUser(user)),
      userAgent: 'Omnidial',
    };
    const expiresSeconds = trunk.registration?.expiresSeconds ?? 600;
    const tell = (event: RegistrationEvent) => this.#heard(kept, event);
    const account = trunk.credentials;
    kept.runner = new RegistrationRunner(
      { endpoint, timers, account, server, tell },
      setting,
      expiresSeconds,
    );
    kept.runner.input({ kind: 'register' });
  }

  #heard(kept: Kept, event: RegistrationEvent): void {
    if (kept.isOver) {
      if (event.kind === 'unregistered' || event.kind === 'registration-refused') kept.onLeft?.();
      return;
    }
    this.#options.onEvent(kept.trunk.name, event);
    if (event.kind === 'registered') {
      kept.silences = 0;
      const untilMs = this.#options.clock.nowMs() + event.expiresSeconds * 1_000;
      kept.state = { state: 'registered', untilMs };
    } else if (event.kind === 'registration-lost') kept.state = { state: 'trying', status: event.status };
    else if (event.kind === 'registration-refused') this.#tryLater(kept, event.status);
  }

  /** A refusal rests; a server that is not there makes place for the next one. */
  #tryLater(kept: Kept, status: number): void {
    const isSilent = status === 408 || status >= 500;
    const restMs = isSilent
      ? Math.min(REFUSED_REST_MS, SILENT_REST_MS * 2 ** kept.silences)
      : REFUSED_REST_MS;
    if (isSilent) {
      kept.turn += 1;
      kept.silences += 1;
    }
    kept.state = { state: isSilent ? 'trying' : 'refused', status };
    this.#options.timers.start(restMs, () => {
      if (!kept.isOver) this.#begin(kept);
    });
  }

  #leave(kept: Kept): Promise<void> {
    kept.isOver = true;
    const { runner } = kept;
    if (runner === undefined || runner.state === 'off') return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.#options.timers.start(LEAVE_WITHIN_MS, resolve);
      kept.onLeft = () => {
        stop();
        resolve();
      };
      runner.input({ kind: 'unregister' });
    });
  }
}

/** Everything of a trunk that its registrar sees. */
function settingOf({ gateways, credentials, registration }: Trunk): string {
  return JSON.stringify([gateways, credentials, registration]);
}
