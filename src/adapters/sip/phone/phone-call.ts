import {
  type MediaStatistics,
  Recording,
  type RtpEndpoint,
  SILENCE,
  type SoundSink,
  type SoundSource,
  samplesSource,
} from '../../media/index.ts';
import { type CallCommand, type CallEvent, type Ending, referToReplacing } from './call/index.ts';
import type { CallRunner } from './call-runner.ts';
import { sentenceOfEnding } from './sentences.ts';

/** One end of the sound of a call, as far as a call uses it. */
export type CallMedia = Pick<
  RtpEndpoint,
  'address' | 'port' | 'connect' | 'play' | 'press' | 'statistics' | 'close'
>;

/** How a call ended, and the same as a sentence for a person. */
export type CallEnding = Ending & { readonly sentence: string };

/** Who the other side is: the URI, and the name it gives itself. */
export type Party = { readonly uri: string; readonly name?: string };

/** A call as its user sees it. */
export class PhoneCall {
  readonly direction: 'incoming' | 'outgoing';
  readonly remote: Party;
  /** Resolves once: whether the call was answered, or ended before. */
  readonly answered: Promise<boolean>;
  /** Resolves once, with how it ended. */
  readonly ended: Promise<CallEnding>;
  readonly #settleAnswered: (wasAnswered: boolean) => void;
  readonly #settleEnded: (ending: CallEnding) => void;
  readonly #listeners = new Set<(event: CallEvent) => void>();
  readonly #recording = new Recording();
  readonly #sinks = new Set<SoundSink>([this.#recording]);
  #runner: CallRunner | undefined;
  #media: CallMedia | undefined;
  #source: SoundSource = SILENCE;
  #onSourceEnded: (() => void) | undefined;
  #digits = '';
  #state: CallState;
  #wantsToEnd = false;
  #statistics: MediaStatistics = NO_PACKETS;

  constructor(direction: PhoneCall['direction'], remote: Party) {
    this.direction = direction;
    this.remote = remote;
    this.#state = direction === 'outgoing' ? 'calling' : 'ringing';
    const answered = Promise.withResolvers<boolean>();
    const ended = Promise.withResolvers<CallEnding>();
    this.answered = answered.promise;
    this.ended = ended.promise;
    this.#settleAnswered = answered.resolve;
    this.#settleEnded = ended.resolve;
  }

  get state(): CallState {
    return this.#state;
  }

  /** Hears of everything that happens from now on. @returns what takes the listener back */
  on(listener: (event: CallEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Speaks with this sound from now on: samples at 8 000 a second, or a source. `onEnded` is called when all is said. */
  play(sound: Int16Array | SoundSource, onEnded?: () => void): void {
    this.#source = sound instanceof Int16Array ? samplesSource(sound) : sound;
    this.#onSourceEnded = onEnded;
    this.#media?.play(this.#source, onEnded);
  }

  /** What was heard so far, 8 000 samples a second; at most a quarter of an hour of it. */
  heard(): Int16Array {
    return this.#recording.samples();
  }

  /** The keys that the other side has pressed so far. */
  heardDigits(): string {
    return this.#digits;
  }

  /** Lets a sink hear what is heard from now on, e.g. a WAV file. */
  recordTo(sink: SoundSink): void {
    this.#sinks.add(sink);
  }

  /** Presses keys of `0123456789*#ABCD`, one after the other. @returns whether all of them can be heard there */
  press(digits: string): boolean {
    return [...digits.toUpperCase()].every((digit) => this.#media?.press(digit) ?? false);
  }

  /** Packets of sound sent, received and lost. */
  statistics(): MediaStatistics {
    return this.#media?.statistics() ?? this.#statistics;
  }

  answer(): void {
    this.#command({ kind: 'answer' });
  }

  /** Turns the call away: declined (603), busy (486), or not available (480). */
  refuse(how: 'declined' | 'busy' | 'unavailable' = 'declined'): void {
    const status = ({ declined: 603, busy: 486, unavailable: 480 } as const)[how];
    this.#command({ kind: 'refuse', status });
  }

  hangUp(): void {
    this.#wantsToEnd = true;
    this.#command({ kind: 'hang-up' });
  }

  hold(): void {
    this.#command({ kind: 'hold' });
  }

  resume(): void {
    this.#command({ kind: 'resume' });
  }

  /** Sends the other side to a URI (blind transfer). `transferred` or `transfer-failed` says what came of it. */
  transferTo(uri: string): void {
    this.#command({ kind: 'transfer', referTo: `<${uri}>` });
  }

  /** Connects the other side with that of another call of ours (attended transfer). @returns false where that is not answered */
  connectWith(other: PhoneCall): boolean {
    const referTo = other.#runner === undefined ? undefined : referToReplacing(other.#runner.call);
    if (referTo !== undefined) this.#command({ kind: 'transfer', referTo });
    return referTo !== undefined;
  }

  /** For the phone alone: sound and signalling are there. */
  attach(runner: CallRunner, media: CallMedia): void {
    this.#runner = runner;
    this.#media = media;
    media.play(this.#source, this.#onSourceEnded);
  }

  /** For the phone alone: whether the user hung up before sound and signalling were there. */
  get isUnwanted(): boolean {
    return this.#wantsToEnd;
  }

  /** For the phone alone: something was heard. */
  hear(samples: Int16Array): void {
    for (const sink of this.#sinks) sink.write(samples);
  }

  /** For the phone alone: something happened. */
  tell(event: CallEvent): void {
    if (event.kind === 'answered') this.#state = 'talking';
    else if (event.kind === 'digit') this.#digits += event.digit;
    else if (event.kind === 'ended') this.#end(event.ending);
    for (const listener of this.#listeners) listener(event);
    if (event.kind === 'answered') this.#settleAnswered(true);
  }

  #end(ending: Ending): void {
    if (this.#media !== undefined) {
      this.#media.close();
      this.#statistics = this.#media.statistics();
      this.#media = undefined;
    }
    this.#state = 'ended';
    this.#settleAnswered(false);
    this.#settleEnded({ ...ending, sentence: sentenceOfEnding(ending) });
  }

  #command(command: CallCommand): void {
    this.#runner?.input(command);
  }
}

export type CallState = 'calling' | 'ringing' | 'talking' | 'ended';

const NO_PACKETS: MediaStatistics = {
  packetsSent: 0,
  packetsReceived: 0,
  packetsLost: 0,
  packetsRefused: 0,
};
