import type {
  ChangeKind,
  DeckFault,
  Tariff,
  TariffRow,
  TariffVersion,
} from '../../domain/billing/tariffs/index.ts';
import type { RefusalCode } from '../../domain/refusal/index.ts';

/** A tariff, and its versions in the order of their numbers. */
export type TariffWithVersions = { readonly tariff: Tariff; readonly versions: readonly TariffVersion[] };

/** A version that is to be published. */
export type TariffDraft = {
  /** The tariff's name. */
  readonly tariff: string;
  /** The number of the last version when the draft was thought out; 0 where there was none. */
  readonly afterNumber: number;
  /** From when it counts; from its publication on where absent or past by then. */
  readonly effectiveFromMs?: number;
  /** In the order of `compareRows`. */
  readonly rows: AsyncIterable<readonly TariffRow[]>;
};

/** A change of a prefix as people read it. */
export type TariffChangeShown = {
  readonly kind: ChangeKind;
  readonly prefix: string;
  readonly destination: string;
  /** `0.0125 60/60`; absent of what was not there. */
  readonly before?: string;
  readonly after?: string;
};

/** What an import is about, how far it is, and what came of it. All of it can be written as JSON. */
export type TariffImport = {
  readonly id: string;
  readonly tariff: string;
  /** `replace`: the deck is the whole new version; `amend`: its lines take the place of those of the same prefix. */
  readonly mode: 'replace' | 'amend';
  readonly isDryRun: boolean;
  readonly skipsFaulty: boolean;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
  /** `checked` ends a dry run, `unchanged` one that has nothing new; `failed` is no fault of the deck. */
  readonly state: 'reading' | 'storing' | 'published' | 'checked' | 'unchanged' | 'refused' | 'failed';
  readonly linesRead: number;
  readonly linesTotal: number;
  readonly rowsStored: number;
  /** Of the new version; known once all lines are read. */
  readonly rowsTotal?: number;
  readonly faultCount: number;
  readonly faults: readonly DeckFault[];
  /** Columns of the deck that nothing was taken from. */
  readonly ignoredColumns: readonly string[];
  readonly differences?: {
    readonly counts: Readonly<Record<ChangeKind, number>>;
    readonly changes: readonly TariffChangeShown[];
  };
  /** The number of the version that was published. */
  readonly version?: number;
  readonly effectiveFromMs?: number;
  /** Why nothing was published. */
  readonly refusal?: { readonly code: RefusalCode; readonly detail: string };
};

/** Keeps tariffs, their versions, and what was imported (R23). Versions are never changed and never deleted. */
export type TariffStore = {
  /** @returns the tariff that has this name from now on: another one where there was one already */
  create(tariff: Tariff): Promise<Tariff>;
  find(name: string): Promise<TariffWithVersions | undefined>;
  /** All of them, in the order of their names. */
  all(): Promise<readonly TariffWithVersions[]>;
  /**
   * Stores a whole version, at once or not at all; it is seen by nobody before its last row is stored.
   * @param nowMs asked when all rows are stored
   * @returns undefined where another version was published since the draft was thought out, or is being published,
   *   or where there is no such tariff
   */
  publish(draft: TariffDraft, nowMs: () => number): Promise<TariffVersion | undefined>;
  /**
   * Ends a version; one that has ended before stays as it is.
   * @returns the version, or undefined where there is none of this number
   */
  takeBack(tariff: string, number: number, atMs: number): Promise<TariffVersion | undefined>;
  /** The rows of a version in their order, in batches. */
  rows(version: Pick<TariffVersion, 'number' | 'tariff'>): AsyncIterable<readonly TariffRow[]>;
  /** Puts it in the place of the one with the same id. */
  saveImport(job: TariffImport): Promise<void>;
  findImport(id: string): Promise<TariffImport | undefined>;
};
