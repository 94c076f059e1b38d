import { WavFile } from '../../adapters/media/index.ts';
import type { CallEnding, Phone, PhoneCall, PhoneEvent } from '../../adapters/sip/phone/index.ts';
import type { PhoneWish } from './arguments.ts';
import { ORDERS, type Order } from './order.ts';
import type { Report } from './report.ts';

/** After the answer the way of the sound may still be opening; a key pressed at once could be lost. */
const FIRST_KEY_AFTER_MS = 300;

/** The phone with what the command line wants of its calls, and with whoever gives orders. */
export class PhoneDesk {
  readonly #phone: Phone;
  readonly #wish: PhoneWish;
  readonly #report: Report;
  /** Calls that are not over yet, or whose recording is not written yet. */
  readonly #attended = new Set<Promise<void>>();
  #recordings = 0;

  constructor(phone: Phone, wish: PhoneWish, report: Report) {
    this.#phone = phone;
    this.#wish = wish;
    this.#report = report;
    phone.on((event) => this.#hear(event));
  }

  /** A word for the prompt: what the phone does now. */
  get state(): string {
    const call = this.#phone.current;
    if (call === undefined || call.state === 'ended') return 'idle';
    return call.state;
  }

  get isTalking(): boolean {
    return this.#phone.current?.state === 'talking';
  }

  /** Calls, and reports until the call is over. */
  async dial(text: string): Promise<CallEnding> {
    this.#report.tell({ event: 'dialling', text, sentence: `Calling ${text} …` });
    const call = this.#phone.call(text);
    const giveUp = setTimeout(() => call.hangUp(), this.#wish.ringForMs);
    void call.answered.then(() => clearTimeout(giveUp));
    await this.#attend(call);
    return call.ended;
  }

  /** Does what one line asks for. @returns false where the phone is to end */
  obey(order: Order): boolean {
    const call = this.#phone.current;
    const active = call === undefined || call.state === 'ended' ? undefined : call;
    switch (order.kind) {
      case 'quit':
        return false;
      case 'nothing':
        return true;
      case 'unknown':
        this.#report.problem(order.detail);
        return true;
      case 'help':
        this.#report.text(ORDERS);
        return true;
      case 'status':
        this.#report.tell({ event: 'status', state: this.state, sentence: this.#status(active) });
        return true;
      case 'dial':
        if (active === undefined) void this.dial(order.text);
        else this.#report.problem('There is a call already; hang up first.');
        return true;
      default:
        if (active === undefined) this.#report.problem('There is no call.');
        else this.#obeyInCall(active, order);
        return true;
    }
  }

  /** Waits until every call is over and what was recorded is in its file. */
  async settle(): Promise<void> {
    await Promise.all(this.#attended);
  }

  #obeyInCall(call: PhoneCall, order: Order): void {
    switch (order.kind) {
      case 'answer':
        call.answer();
        break;
      case 'decline':
        call.refuse('declined');
        break;
      case 'busy':
        call.refuse('busy');
        break;
      case 'hang-up':
        call.hangUp();
        break;
      case 'hold':
        call.hold();
        break;
      case 'resume':
        call.resume();
        break;
      case 'press':
        this.#press(call, order.text);
        break;
      case 'transfer': {
        const problem = this.#phone.transfer(call, order.text);
        if (problem !== undefined) this.#report.problem(problem);
        break;
      }
    }
  }

  #hear(event: PhoneEvent): void {
    this.#report.phoneEvent(event);
    if (event.kind === 'incoming') void this.#attend(event.call);
  }

  async #attend(call: PhoneCall): Promise<void> {
    const attended = this.#serve(call);
    this.#attended.add(attended);
    await attended;
    this.#attended.delete(attended);
  }

  /** Records, presses keys, hangs up in time, and tells how it ended. */
  async #serve(call: PhoneCall): Promise<void> {
    const { record, digits, hangUpAfterMs } = this.#wish;
    const file = record === undefined ? undefined : await this.#openRecording(record, call);
    const wasAnswered = await call.answered;
    const answeredMs = performance.now();
    const timers: NodeJS.Timeout[] = [];
    if (wasAnswered && digits !== undefined)
      timers.push(setTimeout(() => this.#press(call, digits), FIRST_KEY_AFTER_MS));
    if (wasAnswered && hangUpAfterMs !== undefined)
      timers.push(setTimeout(() => call.hangUp(), hangUpAfterMs));
    const ending = await call.ended;
    for (const timer of timers) clearTimeout(timer);
    this.#report.ended(call, ending, wasAnswered ? Math.round(performance.now() - answeredMs) : 0);
    if (file === undefined) return;
    const problem = await file.close();
    if (problem !== undefined) this.#report.problem(`The recording is not complete: ${problem}`);
  }

  async #openRecording(path: string, call: PhoneCall): Promise<WavFile | undefined> {
    this.#recordings += 1;
    const own = this.#recordings === 1 ? path : path.replace(/(\.wav)?$/i, `-${this.#recordings}$1`);
    const created = await WavFile.create(own);
    if (!created.ok) {
      this.#report.problem(created.detail);
      return undefined;
    }
    call.recordTo(created.file);
    return created.file;
  }

  #press(call: PhoneCall, digits: string): void {
    if (call.press(digits)) this.#report.tell({ event: 'pressed', digits, sentence: `Pressed ${digits}.` });
    else this.#report.problem('The other side does not hear keys (RFC 4733 was not agreed).');
  }

  #status(call: PhoneCall | undefined): string {
    if (call === undefined) return 'No call.';
    const { packetsSent, packetsReceived, packetsLost } = call.statistics();
    const sound = `sent ${packetsSent} packets, heard ${packetsReceived}, lost ${packetsLost}`;
    return `A call with ${call.remote.uri}: ${call.state}; ${sound}.`;
  }
}
