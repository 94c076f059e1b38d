import { callId, parseMessage } from '../../../protocols/sip/message/index.ts';
import type { CallTraces, Clock, TracedMessage } from '../../../services/ports/index.ts';
import type { Flow, LocalAddress } from '../network/index.ts';
import { MessageRing, type RingMessage } from './message-ring.ts';

export type MessageTraceOptions = {
  readonly clock: Clock;
  /** How we look to a neighbour. */
  readonly localAddress: (flow: Pick<Flow, 'transport' | 'address'>) => LocalAddress;
  /** How many bytes of messages are kept. */
  readonly mostBytes?: number;
};

/** Some 20 000 messages, which are those of the last 1 500 calls or so. */
const MOST_BYTES = 16 * 1024 * 1024;

/** As short as messages get. */
const SHORTEST_MESSAGE = 256;

const MOST_CALLS = 2_000;

const CREDENTIALS = /^((?:Proxy-)?Authorization\s*:.*?\bresponse\s*=\s*")[^"]*/gim;

/**
 * The SIP messages that passed last, so that a call can be drawn as a ladder afterwards. They are kept in memory
 * as they were on the wire, the oldest forgotten first, and are read only when somebody asks.
 */
export class MessageTrace implements CallTraces {
  readonly #options: MessageTraceOptions;
  readonly #ring: MessageRing;
  /** The dialogs of a call, by its id. */
  readonly #dialogs = new Map<string, string[]>();
  /** The last calls in a ring: the oldest is where the next one goes. */
  readonly #calls: string[] = [];
  #next = 0;

  constructor(options: MessageTraceOptions) {
    const { mostBytes = MOST_BYTES } = options;
    this.#options = options;
    this.#ring = new MessageRing(mostBytes, Math.ceil(mostBytes / SHORTEST_MESSAGE));
  }

  /** Keeps a message. */
  keep(direction: 'received' | 'sent', bytes: Buffer, flow: Flow): void {
    this.#ring.keep(direction, this.#options.clock.nowMs(), flow.address, flow.port, bytes);
  }

  /** A dialog has a part in a call. */
  belongs(sipCallId: string, call: string): void {
    const dialogs = this.#dialogs.get(call);
    if (dialogs !== undefined) {
      dialogs.push(sipCallId);
      return;
    }
    this.#dialogs.set(call, [sipCallId]);
    const oldest = this.#calls[this.#next];
    if (oldest !== undefined) this.#dialogs.delete(oldest);
    this.#calls[this.#next] = call;
    this.#next = (this.#next + 1) % MOST_CALLS;
  }

  find(call: string): readonly TracedMessage[] | undefined {
    const dialogs = new Set(this.#dialogs.get(call) ?? []);
    if (dialogs.size === 0) return undefined;
    const found = [...this.#ring.find((bytes) => isOf(bytes, dialogs))];
    return found.length === 0 ? undefined : found.map((message) => this.#told(message));
  }

  #told({ atMs, direction, address, port, bytes }: RingMessage): TracedMessage {
    const neighbour = printAddress({ address, port });
    const here = printAddress(this.#options.localAddress({ transport: 'udp', address }));
    const [from, to] = direction === 'sent' ? [here, neighbour] : [neighbour, here];
    // A digest is no password, but with it one can be looked for at leisure.
    const text = bytes.toString('utf8').replaceAll(CREDENTIALS, '$1…');
    return { atMs, direction, from, to, text };
  }
}

function isOf(bytes: Buffer, dialogs: ReadonlySet<string>): boolean {
  const message = parseMessage(bytes);
  return message.ok && dialogs.has(callId(message.value));
}

/** The same text for the same party, whichever transport a message took. */
function printAddress({ address, port }: Pick<Flow, 'address' | 'port'>): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
