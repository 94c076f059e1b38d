import type { Clock, Timers } from '../../services/ports/index.ts';
import type { Announcements } from './announcements.ts';
import { MONOTONIC_CLOCK, REAL_TIMERS, RtpEndpoint } from './rtp-endpoint.ts';
import type { PortRange } from './rtp-socket.ts';
import { VoiceSession, type VoiceSessionOptions } from './voice-session.ts';

export type VoicesOptions = {
  readonly announcements: Announcements;
  /** The literal address to listen on, e.g. `127.0.0.1`. */
  readonly address: string;
  /** The ports to choose from; without, the operating system chooses. */
  readonly ports?: PortRange;
  /** How many speak at once; one more is refused, so that the calls there are keep their pace. */
  readonly mostSessions?: number;
  readonly clock?: Clock;
  readonly timers?: Timers;
};

/** What one call wants of a voice. */
export type OpenVoiceOptions = Pick<
  VoiceSessionOptions,
  'language' | 'advertisedAddress' | 'signalledFrom' | 'onDigit'
>;

/** As many as were seen to keep their pace on a part of one core. */
const MOST_SESSIONS = 200;

/** The exchange's own voices: announcements, the question for a number, codes. */
export class Voices {
  readonly #options: VoicesOptions;
  readonly #sessions = new Set<VoiceSession>();
  /** Sockets that are being bound count too. */
  #opening = 0;
  #isClosed = false;

  constructor(options: VoicesOptions) {
    this.#options = options;
  }

  /** How many calls have a voice at this moment. */
  get open(): number {
    return this.#sessions.size + this.#opening;
  }

  /**
   * Opens a voice for one call, to be closed by who opened it.
   * @returns undefined where as many speak as may, or no port is free
   */
  async openVoice(wanted: OpenVoiceOptions): Promise<VoiceSession | undefined> {
    if (this.#isClosed || this.open >= (this.#options.mostSessions ?? MOST_SESSIONS)) return undefined;
    this.#opening += 1;
    try {
      return await this.#open(wanted);
    } catch {
      return undefined;
    } finally {
      this.#opening -= 1;
    }
  }

  /** Ends all voices. */
  close(): void {
    this.#isClosed = true;
    for (const session of this.#sessions) session.close();
  }

  async #open(wanted: OpenVoiceOptions): Promise<VoiceSession> {
    const { announcements, address, ports, clock = MONOTONIC_CLOCK, timers = REAL_TIMERS } = this.#options;
    const endpoint = await RtpEndpoint.open({
      address,
      clock,
      timers,
      ...(ports === undefined ? {} : { ports }),
      listener: {
        onSound: (samples) => session.hearSound(samples),
        onDigit: (digit) => session.hearEvent(digit),
      },
    });
    const onClosed = () => this.#sessions.delete(session);
    const session = new VoiceSession(endpoint, { ...wanted, announcements, clock, timers, onClosed });
    this.#sessions.add(session);
    if (this.#isClosed) session.close();
    return session;
  }
}
