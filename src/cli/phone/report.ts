import type { CallEnding, PhoneCall, PhoneEvent } from '../../adapters/sip/phone/index.ts';
import { sentenceOfRegistration, sentenceOfStatus } from '../../adapters/sip/phone/index.ts';
import type { Output } from '../commands.ts';
import { printable } from '../printable.ts';

/** What a program may want to know of an event, beside its name; `sentence` is all that a person is shown. */
type Told = { readonly event: string; readonly sentence: string; readonly [more: string]: unknown };

/** Says what happens: a sentence a line, or a JSON object a line. */
export class Report {
  readonly #out: Output;
  readonly #json: boolean;
  readonly #startMs = performance.now();
  /** Called before and after a line, so that a prompt can step aside. */
  around: { before(): void; after(): void } = { before: () => {}, after: () => {} };

  constructor(out: Output, json: boolean) {
    this.#out = out;
    this.#json = json;
  }

  tell(told: Told): void {
    const atMs = Math.round(performance.now() - this.#startMs);
    this.around.before();
    this.#out.stdout(this.#json ? `${JSON.stringify({ atMs, ...told })}\n` : `${printable(told.sentence)}\n`);
    this.around.after();
  }

  /** What went wrong before or beside a call. */
  problem(sentence: string, more: Record<string, unknown> = {}): void {
    if (this.#json) this.tell({ event: 'problem', sentence, ...more });
    else {
      this.around.before();
      this.#out.stderr(`omnidial phone: ${printable(sentence)}\n`);
      this.around.after();
    }
  }

  /** What a person asked for is answered with text of several lines. */
  text(text: string): void {
    this.around.before();
    this.#out.stdout(text);
    this.around.after();
  }

  phoneEvent(event: PhoneEvent): void {
    const told = describe(event);
    if (told !== undefined) this.tell(told);
  }

  ended(call: PhoneCall, ending: CallEnding, talkedMs: number): void {
    const { packetsSent, packetsReceived, packetsLost } = call.statistics();
    const counts = { talkedMs, packetsSent, packetsReceived, packetsLost, digits: call.heardDigits() };
    const details = ending.wasAnswered
      ? ` Talked for ${(talkedMs / 1000).toFixed(1)} s; sent ${packetsSent} packets, heard ${packetsReceived}, lost ${packetsLost}.`
      : '';
    this.tell({ event: 'ended', ...ending, ...counts, sentence: `${ending.sentence}${details}` });
  }
}

function describe(event: PhoneEvent): Told | undefined {
  switch (event.kind) {
    case 'registered': {
      const { expiresSeconds } = event;
      return { event: event.kind, expiresSeconds, sentence: `Registered for ${expiresSeconds} s.` };
    }
    case 'registration-refused': {
      const sentence = sentenceOfRegistration(event.status, event.isWrongPassword);
      return { event: event.kind, status: event.status, sentence };
    }
    case 'registration-lost': {
      const sentence = `${sentenceOfRegistration(event.status, false)} It is tried again.`;
      return { event: event.kind, status: event.status, sentence };
    }
    case 'unregistered':
      return { event: event.kind, sentence: 'Unregistered.' };
    case 'incoming': {
      const { uri, name } = event.call.remote;
      const who = name === undefined ? uri : `${name} <${uri}>`;
      return { event: event.kind, from: uri, name, sentence: `A call from ${who}.` };
    }
    case 'call':
      return describeCall(event.event);
  }
}

/** The end of a call is told with its counts, elsewhere. */
function describeCall(event: Extract<PhoneEvent, { kind: 'call' }>['event']): Told | undefined {
  switch (event.kind) {
    case 'ringing':
      return { event: event.kind, sentence: 'It rings there.' };
    case 'early-sound':
      return { event: event.kind, sentence: 'There is sound before the answer.' };
    case 'answered':
      return { event: event.kind, sentence: 'Answered.' };
    case 'held':
      return {
        event: event.kind,
        by: event.by,
        sentence: event.by === 'us' ? 'The other side is on hold.' : 'The other side has put you on hold.',
      };
    case 'resumed':
      return {
        event: event.kind,
        by: event.by,
        sentence: event.by === 'us' ? 'You talk again.' : 'The other side talks with you again.',
      };
    case 'digit':
      return { event: event.kind, digit: event.digit, sentence: `The other side pressed ${event.digit}.` };
    case 'change-refused':
      return {
        event: event.kind,
        status: event.status,
        sentence: `The other side did not agree: ${sentenceOfStatus(event.status)}`,
      };
    case 'transferred':
      return { event: event.kind, sentence: 'The other side is connected there.' };
    case 'transfer-failed':
      return {
        event: event.kind,
        status: event.status,
        sentence: `The transfer failed: ${sentenceOfStatus(event.status)}`,
      };
    case 'ended':
      return undefined;
  }
}
