import type { LedgerAudit, ServicePorts } from './ports/index.ts';

const EVERY_MS = 3_600_000;

/** Looks over the whole ledger once an hour, so that what is wrong in it cannot stay unseen. */
export class LedgerWatch {
  readonly #ports: Pick<ServicePorts, 'clock' | 'ledger'>;
  readonly #onFault: (audit: LedgerAudit) => void;
  #lookedAtMs: number | undefined;
  #isSound = true;

  /** @param onFault is told of each look that found something wrong */
  constructor(ports: Pick<ServicePorts, 'clock' | 'ledger'>, onFault: (audit: LedgerAudit) => void) {
    this.#ports = ports;
    this.#onFault = onFault;
  }

  /** Looks, where the last look is an hour ago. */
  async lookWhereDue(): Promise<void> {
    const nowMs = this.#ports.clock.nowMs();
    if (this.#lookedAtMs !== undefined && nowMs < this.#lookedAtMs + EVERY_MS) return;
    this.#lookedAtMs = nowMs;
    const audit = await this.#ports.ledger.audit();
    this.#isSound = audit.unbalanced.length === 0 && audit.deviating.length === 0;
    if (!this.#isSound) this.#onFault(audit);
  }

  /** Why money cannot be trusted to this service at the moment; empty where it can. */
  hindrances(): readonly string[] {
    return this.#isSound ? [] : ['The ledger does not add up: `omnidial ledger audit` names the accounts.'];
  }
}
