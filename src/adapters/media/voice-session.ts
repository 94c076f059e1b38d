import { randomInt } from 'node:crypto';
import type { Language } from '../../domain/members/index.ts';
import type { Speech } from '../../domain/voice/index.ts';
import { type HeardTones, hearTones, NO_TONES } from '../../protocols/audio/index.ts';
import { isTelephoneDigit } from '../../protocols/rtp/index.ts';
import type { Clock, StopTimer, Timers } from '../../services/ports/index.ts';
import type { Announcements } from './announcements.ts';
import { hearKeyBy, type KeyBearer, NO_KEYS } from './key-presses.ts';
import type { MediaStatistics, MediaTerms, RtpEndpoint } from './rtp-endpoint.ts';
import { SILENCE, samplesSource } from './sound-source.ts';
import { voiceAnswer, voiceOffer, voiceTerms } from './voice-description.ts';

export type VoiceSessionOptions = {
  readonly announcements: Announcements;
  readonly language: Language;
  /** The literal address in our descriptions; without, the one that is listened on. */
  readonly advertisedAddress?: string;
  /** Where the signalling comes from: behind a NAT the sound comes from there, whatever the description says. */
  readonly signalledFrom?: string;
  /** Called once for each key of `0123456789*#ABCD`, however it came. It must not throw. */
  readonly onDigit?: (digit: string) => void;
  readonly onClosed: () => void;
  /** One that never jumps. */
  readonly clock: Clock;
  readonly timers: Timers;
};

/** Silence after a speech, for what the other side still has in its buffer when the call is then ended: 200 ms. */
const TAIL_SAMPLES = 1_600;

/** How a speech ended: heard to its end, or given up because the other side did not listen for long. */
export type SpeechEnding = 'spoken' | 'not-heard';

/** Beyond its own length, a speech waits so long for a caller who holds the call. */
const HOLD_PATIENCE_MS = 20_000;

/** The exchange's own voice in one call: it describes itself, speaks, and hears keys. */
export class VoiceSession {
  readonly #endpoint: RtpEndpoint;
  readonly #options: VoiceSessionOptions;
  readonly #sessionId = String(randomInt(1, 2 ** 47));
  #version = 0;
  #tones: HeardTones = NO_TONES;
  #keys = NO_KEYS;
  #stopPatience: StopTimer = () => {};
  #isClosed = false;

  /** For `Voices` alone. */
  constructor(endpoint: RtpEndpoint, options: VoiceSessionOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
  }

  /**
   * Answers an offer, the first or a later one (a hold, a new address), and listens and speaks as agreed from now on.
   * @param offer the body of the INVITE
   * @returns the body of the answer; undefined, to be answered with 488, where the offer has no G.711 over plain RTP
   */
  answer(offer: Uint8Array | string): Uint8Array | undefined {
    const answered = voiceAnswer(offer, this.#origin());
    if (answered !== undefined) this.#connect(answered.terms);
    return answered?.sdp;
  }

  /** Offers itself, as the body of an INVITE or of a 2xx. */
  offer(): Uint8Array {
    return voiceOffer(this.#origin());
  }

  /**
   * Takes the answer to its offer, and listens and speaks from now on; also one that came early (183).
   * @returns false where the answer takes no sound that was offered
   */
  accept(answer: Uint8Array | string): boolean {
    const terms = voiceTerms(answer);
    if (terms !== undefined) this.#connect(terms);
    return terms !== undefined;
  }

  /**
   * Speaks, in the place of what was being spoken. It waits while the other side holds, and begins once there is
   * somebody to speak to.
   * @param onEnded called once when all is said, or when nobody listened for 20 seconds longer than it takes; not
   * where something else took its place, nor after the session was closed
   */
  play(speech: Speech, onEnded?: (ending: SpeechEnding) => void): void {
    if (this.#isClosed) return;
    const { announcements, language, timers } = this.#options;
    this.#stopPatience();
    const sounds = announcements.spoken(speech, language);
    const samples = new Int16Array(sounds.length + TAIL_SAMPLES);
    samples.set(sounds);
    const end = (ending: SpeechEnding) => {
      this.#stopPatience();
      this.#stopPatience = () => {};
      onEnded?.(ending);
    };
    this.#endpoint.play(samplesSource(samples), () => end('spoken'));
    this.#stopPatience = timers.start(samples.length / 8 + HOLD_PATIENCE_MS, () => {
      this.#endpoint.play(SILENCE);
      end('not-heard');
    });
  }

  /** Is silent from now on: a caller who presses a key has heard enough. */
  stop(): void {
    this.#stopPatience();
    this.#stopPatience = () => {};
    this.#endpoint.play(SILENCE);
  }

  /** A key that came in SIP INFO (`application/dtmf-relay`); what is none is left out. */
  digit(digit: string): void {
    if (isTelephoneDigit(digit)) this.#hearKey('info', digit);
  }

  statistics(): MediaStatistics {
    return this.#endpoint.statistics();
  }

  /** Ends it and frees its port. May be called again. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopPatience();
    this.#endpoint.close();
    this.#options.onClosed();
  }

  /** For `Voices` alone: sound was heard. */
  hearSound(samples: Int16Array): void {
    const [tones, digits] = hearTones(this.#tones, samples);
    this.#tones = tones;
    for (const digit of digits) this.#hearKey('tones', digit);
  }

  /** For `Voices` alone: an RTP event was heard. */
  hearEvent(digit: string): void {
    this.#hearKey('events', digit);
  }

  #hearKey(bearer: KeyBearer, digit: string): void {
    if (this.#isClosed) return;
    const [keys, isPressed] = hearKeyBy(this.#keys, bearer, digit, this.#options.clock.nowMs());
    this.#keys = keys;
    if (isPressed) this.#options.onDigit?.(digit);
  }

  #connect(terms: MediaTerms): void {
    const { signalledFrom } = this.#options;
    this.#endpoint.connect(signalledFrom === undefined ? terms : { ...terms, signalledFrom });
  }

  #origin() {
    this.#version += 1;
    const { address, port } = this.#endpoint;
    const { advertisedAddress = address } = this.#options;
    return { address: advertisedAddress, port, sessionId: this.#sessionId, version: this.#version };
  }
}
