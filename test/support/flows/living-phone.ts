import { type IncomingRequest, SipEndpoint } from '../../../src/adapters/sip/endpoint/index.ts';
import type { Flow } from '../../../src/adapters/sip/network/index.ts';
import { dialogKeyOfRequest } from '../../../src/protocols/sip/dialog/index.ts';
import { responseTo, type SipRequest, toTag } from '../../../src/protocols/sip/message/index.ts';
import type { MemoryNetwork } from '../memory-network.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { Conversation } from './conversation.ts';

/** What a living phone shares with its conversations. */
export type PhoneLine = {
  readonly name: string;
  readonly endpoint: SipEndpoint;
  readonly clock: VirtualClock;
  readonly exchange: Flow;
  readonly contact: string;
  readonly intervalSeconds: number;
};

/**
 * A phone that keeps all the rules by itself, in any number of conversations: it acknowledges, repeats its answers,
 * answers changes of the session, keeps the session timer, and notices when the exchange is gone. Only when it dials,
 * answers and hangs up is for a test to say.
 */
export class LivingPhone {
  readonly name: string;
  readonly address: string;
  readonly conversations: Conversation[] = [];
  readonly #line: PhoneLine;
  readonly #network: MemoryNetwork;
  #isGone = false;

  constructor(
    network: MemoryNetwork,
    clock: VirtualClock,
    options: {
      readonly name: string;
      readonly address: string;
      readonly exchange: Flow;
      readonly intervalSeconds: number;
    },
  ) {
    const { name, address, exchange, intervalSeconds } = options;
    let count = 0;
    this.name = name;
    this.address = address;
    this.#network = network;
    const endpoint = new SipEndpoint({
      network: network.host(address, 5060),
      timers: { start: (afterMs, run) => clock.schedule(afterMs, run) },
      newToken: () => `${name}${++count}`,
    });
    const contact = `<sip:${name}@${address}:5060>`;
    this.#line = { name, endpoint, clock, exchange, contact, intervalSeconds };
    endpoint.start({
      onRequest: (incoming) => this.#receive(incoming),
      onAck: (ack) => this.#find(ack)?.acknowledged(ack),
      onClosed: () => {},
    });
  }

  get transactions(): { readonly server: number; readonly client: number } {
    return this.#line.endpoint.transactions;
  }

  /** Conversations it believes in: ringing, dialling or talking. */
  get live(): readonly Conversation[] {
    return this.#isGone ? [] : this.conversations.filter(({ state }) => state !== 'over');
  }

  dial(user: string): Conversation | undefined {
    if (this.#isGone) return undefined;
    const conversation = Conversation.dial(this.#line, user);
    this.conversations.push(conversation);
    return conversation;
  }

  /** It loses its power: nothing is heard of it any more. */
  vanish(): void {
    this.#isGone = true;
    this.#network.remove(this.address, 5060);
    for (const conversation of this.conversations) conversation.forget();
  }

  #receive(incoming: IncomingRequest): void {
    const { request } = incoming;
    if (toTag(request) === undefined) {
      if (request.method === 'INVITE') this.conversations.push(Conversation.ring(this.#line, incoming));
      else incoming.respond(responseTo(request, 405, undefined, 'x'));
      return;
    }
    const conversation = this.#find(request);
    if (conversation === undefined) incoming.respond(responseTo(request, 481));
    else conversation.receive(incoming);
  }

  #find(request: SipRequest): Conversation | undefined {
    const key = dialogKeyOfRequest(request);
    return this.conversations.find((conversation) => conversation.state !== 'over' && conversation.is(key));
  }
}
