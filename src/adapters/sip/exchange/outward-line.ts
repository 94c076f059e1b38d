import type { Outcome } from '../../../domain/exchange/call/index.ts';
import type { SipRequest, SipResponse } from '../../../protocols/sip/message/index.ts';
import type { StopTimer, Timers } from '../../../services/ports/index.ts';
import type { Leg } from './leg.ts';

/** What holds for a way to another network, and for the one gateway that is asked. */
export type OutwardLine = {
  /** How long it may say nothing at all. */
  readonly silenceMs: number;
  /** How long it may only say that it tries, where that is not three times as long. */
  readonly tryingMs?: number;
  /** How long it may ring, early media included. */
  readonly ringMs: number;
  /** Takes a channel. @returns what gives it back, or undefined where none is free */
  seize(): (() => void) | undefined;
  /** The INVITE as it is sent again, with credentials, where the response asks for some that we have. */
  challenged(response: SipResponse, invite: SipRequest): SipRequest | undefined;
  /** Told once an attempt whether anything was heard. */
  onHeard(heard: boolean): void;
};

/** Whoever uses the line. */
export type LineUser = {
  /** @param tries whether it said at least that it tries */
  onSilence(tries: boolean): void;
  onRungOut(): void;
};

/** Q.850 cause 34: no channel available. */
const ALL_CHANNELS_TAKEN: Outcome = { sipStatus: 503, q850Cause: 34 };

/** A way that tries may take so many times as long as one that says nothing: PSTN set-up takes ten seconds at times. */
const TRYING_FACTOR = 3;

/** One attempt on a line: its channel, and how long it may take. */
export class LineInUse {
  readonly #timers: Timers;
  readonly #line: OutwardLine;
  readonly #user: LineUser;
  #release: (() => void) | undefined;
  #stopTimer: StopTimer | undefined;
  #wasHeard = false;
  #isRinging = false;

  constructor(timers: Timers, line: OutwardLine, user: LineUser) {
    this.#timers = timers;
    this.#line = line;
    this.#user = user;
  }

  /** @returns why it cannot be used, where it cannot */
  seize(): Outcome | undefined {
    this.#release = this.#line.seize();
    return this.#release === undefined ? ALL_CHANNELS_TAKEN : undefined;
  }

  /** An INVITE was sent: the silence begins. */
  asked(): void {
    this.#time(this.#line.silenceMs, () => {
      if (!this.#wasHeard) this.#line.onHeard(false);
      this.#user.onSilence(this.#wasHeard);
    });
  }

  /** Something came. A 100 says that a neighbour lives, and nothing of the way behind it. */
  heard({ status }: SipResponse): void {
    if (!this.#wasHeard) {
      this.#wasHeard = true;
      this.#line.onHeard(true);
    }
    if (this.#isRinging || status >= 200) return;
    this.#isRinging = status > 100;
    if (this.#isRinging) this.#time(this.#line.ringMs, () => this.#user.onRungOut());
    else {
      const { silenceMs, tryingMs = TRYING_FACTOR * silenceMs } = this.#line;
      this.#time(tryingMs, () => this.#user.onSilence(true));
    }
  }

  challenged(response: SipResponse, invite: SipRequest): SipRequest | undefined {
    return this.#line.challenged(response, invite);
  }

  #time(afterMs: number, run: () => void): void {
    this.#stopTimer?.();
    this.#stopTimer = this.#timers.start(afterMs, run);
  }

  /** It was answered: the channel is taken for as long as the leg lives. */
  answered(leg: Leg): void {
    this.#stopTimer?.();
    leg.whenClosed(() => this.end());
  }

  /** Nothing is asked of it any more. May be called again. */
  end(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#release?.();
    this.#release = undefined;
  }
}
