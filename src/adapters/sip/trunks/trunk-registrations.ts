import type { Gateway, Trunk } from '../../../domain/centres/index.ts';
import { escapeUser } from '../../../protocols/sip/message/index.ts';
import type { ReachedGateway, Timers } from '../../../services/ports/index.ts';
import type { SipEndpoint } from '../endpoint/index.ts';
import { type RegistrationEvent, RegistrationRunner } from '../registration/index.ts';

export type TrunkRegistrationOptions = {
  readonly endpoint: SipEndpoint;
  readonly timers: Timers;
  readonly reach: (gateway: Gateway) => Promise<ReachedGateway | undefined>;
  readonly onEvent: (trunk: string, event: RegistrationEvent) => void;
};

/** How it stands with the registration at one trunk. */
export type TrunkRegistrationState = {
  readonly state: 'registered' | 'trying' | 'refused';
  /** The status that refused it last. */
  readonly status?: number;
};

/** How long a refused registration rests: a password is not guessed, and a carrier may mend what is wrong. */
const REFUSED_REST_MS = 60_000;

type Kept = {
  readonly trunk: Trunk;
  runner?: RegistrationRunner;
  state: TrunkRegistrationState;
  isOver: boolean;
};

/** Registers us with the carriers that want it, so that they call us where we are (RFC 3261 §10.2). */
export class TrunkRegistrations {
  readonly #options: TrunkRegistrationOptions;
  readonly #kept = new Map<string, Kept>();

  constructor(options: TrunkRegistrationOptions) {
    this.#options = options;
  }

  /** Keeps these registered from now on, and no others. */
  keep(trunks: readonly Trunk[]): void {
    const wanted = new Map(
      trunks
        .filter(({ registration, state }) => registration !== undefined && state !== 'closed')
        .map((trunk) => [trunk.name, trunk]),
    );
    for (const [name, kept] of this.#kept) {
      if (wanted.get(name) === kept.trunk) continue;
      this.#leave(kept);
      this.#kept.delete(name);
    }
    for (const [name, trunk] of wanted) {
      if (this.#kept.has(name)) continue;
      const kept: Kept = { trunk, state: { state: 'trying' }, isOver: false };
      this.#kept.set(name, kept);
      this.#begin(kept);
    }
  }

  stateOf(trunk: string): TrunkRegistrationState | undefined {
    return this.#kept.get(trunk)?.state;
  }

  /** Takes our addresses back from the carriers. */
  close(): void {
    for (const kept of this.#kept.values()) this.#leave(kept);
    this.#kept.clear();
  }

  async #begin(kept: Kept): Promise<void> {
    const { trunk } = kept;
    const [gateway] = trunk.gateways;
    if (gateway === undefined || trunk.credentials === undefined) return;
    const reached = await this.#options.reach(gateway);
    if (kept.isOver) return;
    const server = reached?.hops[0];
    if (server === undefined) {
      this.#refused(kept, {});
      return;
    }
    const { endpoint, timers } = this.#options;
    const { user } = trunk.credentials;
    const host = gateway.host.includes(':') ? `[${gateway.host}]` : gateway.host;
    const port = gateway.port === undefined ? '' : `:${gateway.port}`;
    const setting = {
      registrar: `sip:${host}${port}`,
      aor: `<sip:${escapeUser(user)}@${host}${port}>`,
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
    if (kept.isOver) return;
    this.#options.onEvent(kept.trunk.name, event);
    if (event.kind === 'registered') kept.state = { state: 'registered' };
    else if (event.kind === 'registration-lost') kept.state = { state: 'trying', status: event.status };
    else if (event.kind === 'registration-refused') this.#refused(kept, { status: event.status });
  }

  #refused(kept: Kept, status: Pick<TrunkRegistrationState, 'status'>): void {
    kept.state = { state: 'refused', ...status };
    this.#options.timers.start(REFUSED_REST_MS, () => {
      if (!kept.isOver) this.#begin(kept);
    });
  }

  #leave(kept: Kept): void {
    kept.isOver = true;
    kept.runner?.input({ kind: 'unregister' });
  }
}
