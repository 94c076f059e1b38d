import { callId, type SipMessage } from '../../../protocols/sip/message/index.ts';
import type { CallTraces, Clock, TracedMessage } from '../../../services/ports/index.ts';
import type { Flow, LocalAddress } from '../network/index.ts';

export type MessageTraceOptions = {
  readonly clock: Clock;
  /** How we look to a neighbour. */
  readonly localAddress: (flow: Flow) => LocalAddress;
  /** How many messages are kept; about 1 kB each. */
  readonly mostMessages?: number;
};

type Kept = {
  readonly atMs: number;
  readonly direction: 'received' | 'sent';
  readonly flow: Flow;
  readonly bytes: Buffer;
  readonly sipCallId: string;
};

/** Those of the last 1 500 calls or so. */
const MOST_MESSAGES = 20_000;

const CREDENTIALS = /^((?:Proxy-)?Authorization\s*:.*?\bresponse\s*=\s*")[^"]*/gim;

/**
 * The SIP messages that passed last, so that a call can be drawn as a ladder afterwards. They are kept in memory
 * as they were on the wire, the oldest forgotten first, and are read only when somebody asks.
 */
export class MessageTrace implements CallTraces {
  readonly #options: MessageTraceOptions;
  readonly #messages: (Kept | undefined)[];
  /** The dialogs of a call, by its id; as many calls as there may be messages of. */
  readonly #dialogs = new Map<string, string[]>();
  #next = 0;

  constructor(options: MessageTraceOptions) {
    this.#options = options;
    this.#messages = new Array(options.mostMessages ?? MOST_MESSAGES).fill(undefined);
  }

  /** Keeps a message. */
  keep(direction: 'received' | 'sent', bytes: Buffer, message: SipMessage, flow: Flow): void {
    const atMs = this.#options.clock.nowMs();
    this.#messages[this.#next] = { atMs, direction, flow, bytes, sipCallId: callId(message) };
    this.#next = (this.#next + 1) % this.#messages.length;
  }

  /** A dialog has a part in a call. */
  belongs(sipCallId: string, call: string): void {
    const dialogs = this.#dialogs.get(call);
    if (dialogs !== undefined) {
      dialogs.push(sipCallId);
      return;
    }
    this.#dialogs.set(call, [sipCallId]);
    if (this.#dialogs.size <= this.#messages.length / 8) return;
    const [oldest] = this.#dialogs.keys();
    if (oldest !== undefined) this.#dialogs.delete(oldest);
  }

  find(call: string): readonly TracedMessage[] | undefined {
    const dialogs = new Set(this.#dialogs.get(call) ?? []);
    if (dialogs.size === 0) return undefined;
    const inOrder = [...this.#messages.slice(this.#next), ...this.#messages.slice(0, this.#next)];
    const found = inOrder.filter((kept) => kept !== undefined && dialogs.has(kept.sipCallId));
    return found.length === 0 ? undefined : found.map((kept) => this.#told(kept as Kept));
  }

  #told({ atMs, direction, flow, bytes }: Kept): TracedMessage {
    const neighbour = addressOf(flow);
    const here = addressOf(this.#options.localAddress(flow));
    const [from, to] = direction === 'sent' ? [here, neighbour] : [neighbour, here];
    // A digest is no password, but with it one can be looked for at leisure.
    const text = bytes.toString('utf8').replaceAll(CREDENTIALS, '$1…');
    return { atMs, direction, from, to, text };
  }
}

/** The same text for the same party, whichever transport a message took. */
function addressOf({ address, port }: Pick<Flow, 'address' | 'port'>): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
