import {
  bookingOf,
  type ChargeTerms,
  type Meter,
  type MeterEffect,
  type MeterInput,
  type MeterRefusal,
  type Slice,
  startMeter,
  stepMeter,
} from '../domain/billing/charging/index.ts';
import type { ChargeDesk } from './charge-desk.ts';
import type { Clock, StopTimer, Timers } from './ports/index.ts';

export type CallMeterPorts = {
  readonly desk: Pick<ChargeDesk, 'reserve' | 'end'>;
  readonly clock: Clock;
  readonly timers: Timers;
};

export type CallMeterListener = {
  /** There is credit, and it is kept back. */
  onCredit(): void;
  onRefused(why: MeterRefusal): void;
  /** The credit ends in a few seconds. */
  onWarning(): void;
  onCut(why: MeterRefusal): void;
};

/** The credit of one call (R23): performs what its meter says. */
export class CallMeter {
  readonly #ports: CallMeterPorts;
  readonly #listener: CallMeterListener;
  readonly #callId: string;
  readonly #terms: ChargeTerms;
  #meter: Meter;
  #stopTimers: StopTimer[] = [];

  /** Asks for credit at once. @param callId the call that is charged */
  constructor(ports: CallMeterPorts, callId: string, terms: ChargeTerms, listener: CallMeterListener) {
    this.#ports = ports;
    this.#listener = listener;
    this.#callId = callId;
    this.#terms = terms;
    const { earlier, leg, rate } = terms;
    const talkedMs = earlier === undefined ? 0 : earlier.untilMs - earlier.sinceMs;
    const [meter, effects] = startMeter(rate, `${callId}/${leg}`, talkedMs);
    this.#meter = meter;
    for (const effect of effects) {
      if (effect.kind === 'reserve') this.#perform(effect);
      // Whoever asks knows its meter first.
      else ports.timers.start(0, () => this.#perform(effect));
    }
  }

  /** Talking begins, or began in another call. */
  answered(): void {
    this.#happened({ kind: 'answered', atMs: this.#terms.earlier?.sinceMs ?? this.#ports.clock.nowMs() });
  }

  /** The call is over, or was answered elsewhere; what is left is freed, or settled with the call's record. */
  ended(): void {
    this.#happened({ kind: 'ended' });
  }

  #happened(input: MeterInput): void {
    const [meter, effects] = stepMeter(this.#meter, input, this.#ports.clock.nowMs());
    this.#meter = meter;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: MeterEffect): void {
    const { desk } = this.#ports;
    const atMs = this.#ports.clock.nowMs();
    switch (effect.kind) {
      case 'reserve':
        this.#reserve(effect.slice, effect.expiresInMs);
        break;
      case 'post': {
        const { id, micros } = effect.slice;
        desk.end([{ kind: 'post', id: `${id}+`, pendingId: id, micros, atMs }]);
        break;
      }
      case 'free':
        desk.end([{ kind: 'void', id: `${effect.sliceId}-`, pendingId: effect.sliceId, atMs }]);
        break;
      case 'let-ring':
        this.#listener.onCredit();
        break;
      case 'refuse':
        this.#listener.onRefused(effect.why);
        break;
      case 'warn':
        this.#listener.onWarning();
        break;
      case 'cut':
        this.#listener.onCut(effect.why);
        break;
      case 'start-extension-timer':
        this.#startTimer(effect.inMs, { kind: 'extension-due' });
        break;
      case 'start-cut-timer':
        this.#startTimer(effect.inMs, { kind: 'cut-due' });
        break;
      case 'stop-timers':
        for (const stop of this.#stopTimers.splice(0)) stop();
        break;
    }
  }

  #reserve({ id, micros }: Slice, expiresInMs: number): void {
    const { desk, clock } = this.#ports;
    const atMs = clock.nowMs();
    const { currency } = this.#terms.rate;
    desk.reserve(
      {
        kind: 'pending',
        id,
        currency,
        micros,
        ...bookingOf(this.#terms, this.#callId),
        atMs,
        expiresAtMs: atMs + expiresInMs,
      },
      (reservation) => this.#happened(reservation),
      () => this.#happened({ kind: 'unanswered' }),
    );
  }

  #startTimer(inMs: number, input: MeterInput): void {
    this.#stopTimers.push(this.#ports.timers.start(inMs, () => this.#happened(input)));
  }
}
