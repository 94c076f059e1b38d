import type { Result } from '../../domain/refusal/index.ts';

/** Of the two phones whose sound goes through a relay: who was in the call first, and who came to it. */
export type RelaySide = 'caller' | 'callee';

/** What passed from one side to the other. */
export type RelayedStream = {
  readonly packets: number;
  readonly bytes: number;
  /** Sent by that side, as its numbers tell, and never arrived; absent where the relay does not measure it. */
  readonly lost?: number;
  /** Interarrival jitter in milliseconds (RFC 3550 §6.4.1), as it was at the end; absent where it is not measured. */
  readonly jitterMs?: number;
  /** Packets that came from somebody else than the signalled peer, or were no RTP. */
  readonly refused: number;
};

export type RelayStatistics = { readonly fromCaller: RelayedStream; readonly fromCallee: RelayedStream };

/** The sound of one pair of phones on its way through the relay. Nothing of it throws. */
export type MediaRelay = {
  /**
   * A side offers a session; it is to see the other's answer by `answer`. An offer may come at any time from either
   * side: a hold, a new codec.
   * @returns the description as the other side is to see it, with the relay in the place of the phone; refused with
   * `media-not-relayed` where it cannot be. A backend in another process answers later.
   */
  offer(from: RelaySide, sdp: string): Result<string> | Promise<Result<string>>;
  answer(from: RelaySide, sdp: string): Result<string> | Promise<Result<string>>;
  statistics(): RelayStatistics | Promise<RelayStatistics>;
  /** Beeps to a side, in the place of what the other one says; a relay that only passes packets on does nothing. */
  beep(to: RelaySide): void;
  /** Ends it. May be called again. */
  close(): void;
};

/** Carries the sound of calls whose phones do not reach each other. */
export type MediaRelays = {
  /**
   * @param onSilence once, where neither side was heard for as long as the relay waits, while neither is on hold
   * @returns undefined where the relay is full
   */
  open(options: {
    readonly callId: string;
    /**
     * Where the signalling of a phone comes from: behind a NAT it is believed to be there only. Absent for another
     * network, whose sound comes from elsewhere than its signalling, and is where its description says.
     */
    readonly signalledFrom: Readonly<Partial<Record<RelaySide, string>>>;
    readonly onSilence: () => void;
  }): MediaRelay | undefined;
  close(): Promise<void>;
};
