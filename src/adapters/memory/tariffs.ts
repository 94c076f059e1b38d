import type { Tariff, TariffRow, TariffVersion } from '../../domain/billing/tariffs/index.ts';
import type {
  TariffDraft,
  TariffImport,
  TariffStore,
  TariffWithVersions,
} from '../../services/ports/index.ts';

type Kept = {
  readonly tariff: Tariff;
  versions: readonly TariffVersion[];
  readonly rows: Map<number, readonly TariffRow[]>;
};

/** Tariffs in memory. */
export class MemoryTariffs implements TariffStore {
  readonly #tariffs = new Map<string, Kept>();
  readonly #imports = new Map<string, string>();

  async create(tariff: Tariff): Promise<Tariff> {
    const known = this.#tariffs.get(tariff.name);
    if (known !== undefined) return known.tariff;
    this.#tariffs.set(tariff.name, { tariff, versions: [], rows: new Map() });
    return tariff;
  }

  async find(name: string): Promise<TariffWithVersions | undefined> {
    const kept = this.#tariffs.get(name);
    return kept && { tariff: kept.tariff, versions: kept.versions };
  }

  async all(): Promise<readonly TariffWithVersions[]> {
    return [...this.#tariffs]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, { tariff, versions }]) => ({ tariff, versions }));
  }

  async publish(draft: TariffDraft, nowMs: () => number): Promise<TariffVersion | undefined> {
    const rows: TariffRow[] = [];
    for await (const batch of draft.rows) for (const row of batch) rows.push(row);
    const kept = this.#tariffs.get(draft.tariff);
    if (kept === undefined || kept.versions.length !== draft.afterNumber) return undefined;
    const publishedAtMs = nowMs();
    const version: TariffVersion = {
      tariff: draft.tariff,
      number: draft.afterNumber + 1,
      effectiveFromMs: Math.max(draft.effectiveFromMs ?? publishedAtMs, publishedAtMs),
      publishedAtMs,
      rowCount: rows.length,
    };
    kept.rows.set(version.number, rows);
    kept.versions = [...kept.versions, version];
    return version;
  }

  async takeBack(tariff: string, number: number, atMs: number): Promise<TariffVersion | undefined> {
    const kept = this.#tariffs.get(tariff);
    if (kept === undefined) return undefined;
    kept.versions = kept.versions.map((version) =>
      version.number === number ? { takenBackAtMs: atMs, ...version } : version,
    );
    return kept.versions.find((version) => version.number === number);
  }

  async *rows({
    tariff,
    number,
  }: Pick<TariffVersion, 'number' | 'tariff'>): AsyncGenerator<readonly TariffRow[]> {
    yield this.#tariffs.get(tariff)?.rows.get(number) ?? [];
  }

  async saveImport(job: TariffImport): Promise<void> {
    this.#imports.set(job.id, JSON.stringify(job));
  }

  async findImport(id: string): Promise<TariffImport | undefined> {
    const text = this.#imports.get(id);
    return text === undefined ? undefined : (JSON.parse(text) as TariffImport);
  }
}
