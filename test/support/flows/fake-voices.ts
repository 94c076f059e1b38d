import type { OpenVoiceOptions, SpeechEnding, VoiceSession } from '../../../src/adapters/media/index.ts';
import type { Speech } from '../../../src/domain/voice/index.ts';
import type { VirtualClock } from '../virtual-clock.ts';

/** A description in which a voice finds no sound that it could speak. */
export const NO_SOUND = 'video only';

/** How long every speech takes. */
export const SPEECH_MS = 2_000;

/** Voices that say nothing aloud, and remember what they were to say. */
export class FakeVoices {
  readonly opened: FakeVoice[] = [];
  isFull = false;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** How many were not closed. */
  get left(): number {
    return this.opened.filter(({ isClosed }) => !isClosed).length;
  }

  /** The one that was opened last. */
  get newest(): FakeVoice {
    const newest = this.opened.at(-1);
    if (newest === undefined) throw new Error('No voice was opened.');
    return newest;
  }

  async openVoice(wanted: OpenVoiceOptions): Promise<VoiceSession | undefined> {
    if (this.isFull) return undefined;
    const voice = new FakeVoice(this.#clock, wanted);
    this.opened.push(voice);
    // The real one has private fields, by which nothing else can be of its type.
    return voice as unknown as VoiceSession;
  }
}

type Used = Pick<VoiceSession, 'answer' | 'offer' | 'accept' | 'play' | 'stop' | 'digit' | 'close'>;

class FakeVoice implements Used {
  isClosed = false;
  readonly said: Speech[] = [];
  /** The description of the other side that it speaks to. */
  hears = '';
  readonly #clock: VirtualClock;
  readonly #wanted: OpenVoiceOptions;
  #stop = () => {};

  constructor(clock: VirtualClock, wanted: OpenVoiceOptions) {
    this.#clock = clock;
    this.#wanted = wanted;
  }

  answer(offer: Uint8Array | string): Uint8Array | undefined {
    return this.accept(offer) ? Buffer.from('answer of voice') : undefined;
  }

  offer(): Uint8Array {
    return Buffer.from('offer of voice');
  }

  accept(answer: Uint8Array | string): boolean {
    this.hears = Buffer.from(answer).toString();
    return this.hears !== NO_SOUND;
  }

  play(speech: Speech, onEnded?: (ending: SpeechEnding) => void): void {
    if (this.isClosed) return;
    this.#stop();
    this.said.push(speech);
    this.#stop = this.#clock.schedule(SPEECH_MS, () => onEnded?.('spoken'));
  }

  stop(): void {
    this.#stop();
  }

  digit(key: string): void {
    if (!this.isClosed) this.#wanted.onDigit?.(key);
  }

  /** The other side presses keys. */
  press(keys: string): void {
    for (const key of keys) this.digit(key);
  }

  close(): void {
    this.#stop();
    this.isClosed = true;
  }
}
