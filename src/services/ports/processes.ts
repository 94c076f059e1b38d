/** A process of the service that lives, as the others know it. */
export type LiveProcess = {
  readonly id: string;
  /** The centres it hosts, by their names; absent where it hosts all. */
  readonly centres?: readonly string[];
  /** Where other processes send SIP to it: `127.0.0.1:5060`. */
  readonly address: string;
  /** It ends soon and takes no new calls. */
  readonly isDraining: boolean;
};

/** The processes that share one database, this one among them. */
export type Processes = {
  /** The id of this process. */
  readonly self: string;
  /** This process ends soon: it carries on its calls and takes no new ones. */
  readonly isDraining: boolean;
  /** Those that live and can be reached, this one included. */
  list(): readonly LiveProcess[];
  find(id: string): LiveProcess | undefined;
  /** Those that host a centre and take new calls. */
  hosting(centre: string): readonly LiveProcess[];
  /** Told whenever a process comes, changes or is gone. */
  onChange(listener: () => void): void;
};

/** Proves to another process that a text comes from one of us. */
export type ProcessSignatures = {
  /** @returns a signature of this text and of this moment, without spaces or quotes */
  sign(text: string): string;
  /** Whether one of our processes signed just this text, less than half a minute ago. */
  verify(text: string, signature: string): boolean;
};

/** What a process says of itself with each heartbeat; it has no address before it listens. */
export type ProcessReport = {
  readonly id: string;
  /** What stays the same when it starts again: its bindings are found by it. */
  readonly place: string;
  readonly centres?: readonly string[];
  readonly address?: string;
  readonly isDraining: boolean;
};

/** A process as the store has it. */
export type KeptProcess = ProcessReport & {
  /** Since its last heartbeat, by the clock of the database. */
  readonly silentMs: number;
};

/** Where processes write that they live. */
export type ProcessStore = {
  /** Writes a heartbeat. @returns all processes as they were before, silent ones and this one among them */
  beat(report: ProcessReport): Promise<readonly KeptProcess[]>;
  /** Removes processes silent for so long. @returns how many this call removed */
  removeSilent(silentMs: number): Promise<number>;
  /** Removes earlier processes of a place; only for one that knows that it alone is there. */
  takePlace(report: Pick<ProcessReport, 'id' | 'place'>): Promise<void>;
  /** Removes a process that ends. */
  leave(id: string): Promise<void>;
};

/** Which processes serve which terminals, as the home register has it. */
export type ServingStore = {
  /** What other processes of this moment serve. */
  elsewhere(nowMs: number): Promise<readonly { readonly terminalId: string; readonly processId: string }[]>;
};
