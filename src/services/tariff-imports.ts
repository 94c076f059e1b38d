import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import {
  allowImport,
  begunImport,
  type ImportSurroundings,
  type ImportTariff,
  runImport,
} from './import-tariff.ts';
import type { ServicePorts, TariffImport } from './ports/index.ts';

type Ports = Pick<ServicePorts, 'bus' | 'clock' | 'identifiers' | 'tariffs'>;

export type TariffImportsOptions = Pick<ImportSurroundings, 'pause' | 'untilInForce'> & {
  /** Is told where an import failed that was no fault of its deck. */
  readonly onTrouble: (error: unknown) => void;
};

/** Each may be sixty megabytes of text, and as much again of rows. */
const MOST_AT_ONCE = 2;

/** So often others can see how far it is. */
const SAVE_EVERY_MS = 500;

/** After so much silence a running import has gone with its process. */
const SILENT_MS = 60_000;

/** Imports that run beside everything else (R23): begun, looked at, and stopped with the process. */
export class TariffImports {
  readonly #ports: Ports;
  readonly #options: TariffImportsOptions;
  /** How far those are that run here, by their ids. */
  readonly #running = new Map<string, TariffImport>();
  readonly #ends = new Set<Promise<void>>();
  #isStopping = false;

  constructor(ports: Ports, options: TariffImportsOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  /**
   * Begins an import. @returns it as it begins; refused with `tariff-import-running` where one of this tariff runs,
   * `service-unavailable` where too many do, or as `allowImport` does
   */
  async start(command: ImportTariff): Promise<Result<TariffImport>> {
    const allowed = await allowImport(this.#ports, command);
    if (!allowed.ok) return allowed;
    const running = [...this.#running.values()];
    if (running.some(({ tariff }) => tariff === command.tariff)) {
      return refuse(
        'tariff-import-running',
        `An import of ${command.tariff} is under way: wait for its end.`,
      );
    }
    if (this.#isStopping || running.length >= MOST_AT_ONCE) {
      return refuse('service-unavailable', `${running.length} imports are under way: wait for one to end.`);
    }
    const begun = begunImport(this.#ports, allowed.value);
    this.#running.set(begun.id, begun);
    const saved = new SavedImport(this.#ports, begun);
    try {
      await saved.now(begun);
    } catch (error) {
      this.#running.delete(begun.id);
      throw error;
    }
    const end = this.#run(allowed.value, begun, saved).finally(() => {
      this.#running.delete(begun.id);
      this.#ends.delete(end);
    });
    this.#ends.add(end);
    return accept(begun);
  }

  /** How far an import is, wherever it runs. @returns refused with `not-found`, or as `permit` does */
  async find(actor: Actor, tariff: string, id: string): Promise<Result<TariffImport>> {
    const permitted = permit(actor, 'set-tariffs');
    if (!permitted.ok) return permitted;
    const running = this.#running.get(id);
    const job = running ?? (await this.#ports.tariffs.findImport(id));
    if (job === undefined || job.tariff !== tariff) return notFound();
    const isOver = job.state !== 'reading' && job.state !== 'storing';
    const isSilent = job.updatedAtMs < this.#ports.clock.nowMs() - SILENT_MS;
    if (running !== undefined || isOver || !isSilent) return accept(job);
    return accept(
      failed(job, 'Its process ended meanwhile: see the versions of the tariff, and import again.'),
    );
  }

  /** Ends those that run: what they have not published they do not publish. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#ends);
  }

  async #run(
    allowed: Parameters<typeof runImport>[1],
    begun: TariffImport,
    saved: SavedImport,
  ): Promise<void> {
    const surroundings: ImportSurroundings = {
      untilInForce: this.#options.untilInForce,
      pause: async () => {
        await this.#options.pause();
        if (this.#isStopping) throw new Error('the service is stopping');
      },
      onProgress: (job: TariffImport) => {
        this.#running.set(job.id, job);
        saved.soon(job);
      },
    };
    try {
      await saved.now(await runImport(this.#ports, allowed, begun, surroundings));
    } catch (error) {
      this.#options.onTrouble(error);
      const job = this.#running.get(begun.id) ?? begun;
      await saved.now(failed(job, 'Something went wrong in the service.')).catch(this.#options.onTrouble);
    }
  }
}

function failed(job: TariffImport, detail: string): TariffImport {
  return { ...job, state: 'failed', refusal: { code: 'internal-error', detail } };
}

/** Where others see an import: saved now and then, one time after the other, so that the last state is the last. */
class SavedImport {
  readonly #ports: Ports;
  #savedAtMs: number;
  #saving: Promise<unknown> = Promise.resolve();

  constructor(ports: Ports, { startedAtMs }: TariffImport) {
    this.#ports = ports;
    this.#savedAtMs = startedAtMs;
  }

  /** Where it is time again. That it fails hinders nothing: the next one says more. */
  soon(job: TariffImport): void {
    if (job.updatedAtMs - this.#savedAtMs < SAVE_EVERY_MS) return;
    this.#savedAtMs = job.updatedAtMs;
    this.#saving = this.#saving.then(() => this.#ports.tariffs.saveImport(job)).catch(() => undefined);
  }

  async now(job: TariffImport): Promise<void> {
    await this.#saving;
    await this.#ports.tariffs.saveImport(job);
  }
}
