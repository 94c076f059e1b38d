import {
  type IncomingRequest,
  type OutgoingRequest,
  SipEndpoint,
} from '../../../src/adapters/sip/endpoint/index.ts';
import type { Flow } from '../../../src/adapters/sip/network/index.ts';
import {
  ackWithin,
  confirmDialog,
  type Dialog,
  dialogKey,
  dialogOfUac,
  dialogOfUas,
  nextHopOf,
  type RequestParts,
  requestWithin,
} from '../../../src/protocols/sip/dialog/index.ts';
import {
  type HeaderField,
  headerValue,
  parseUri,
  responseTo,
  type SipRequest,
  type SipResponse,
} from '../../../src/protocols/sip/message/index.ts';
import type { MemoryNetwork } from '../memory-network.ts';
import type { VirtualClock } from '../virtual-clock.ts';

export type PhoneOptions = {
  readonly name: string;
  readonly address: string;
  readonly exchange: Flow;
  readonly transport?: Flow['transport'];
  readonly port?: number;
};

const ALLOW = 'INVITE, ACK, CANCEL, BYE, INFO, UPDATE, PRACK, MESSAGE, REFER, NOTIFY';

/**
 * A phone that does only what a test tells it, one SIP message at a time, so that a test can do what real phones
 * do rarely. It remembers all it heard.
 */
export class TestPhone {
  readonly name: string;
  readonly flow: Flow;
  readonly endpoint: SipEndpoint;
  /** Requests that came, the newest last. */
  readonly requests: IncomingRequest[] = [];
  /** The statuses of responses to what it sent, the newest last. */
  readonly responses: SipResponse[] = [];
  readonly acks: SipRequest[] = [];
  dialog: Dialog | undefined;
  /** The methods it says it takes. */
  allow = ALLOW;
  answersNotify = 200;
  /** What stands before its address in From. */
  displayName = '';
  #invite: OutgoingRequest | undefined;
  #pending: OutgoingRequest | undefined;
  readonly #exchange: Flow;

  constructor(
    network: MemoryNetwork,
    clock: VirtualClock,
    { name, address, exchange, transport = 'udp', port = 5060 }: PhoneOptions,
  ) {
    let count = 0;
    this.name = name;
    this.flow = { transport, address, port };
    this.#exchange = exchange;
    this.endpoint = new SipEndpoint({
      network: network.host(address, port, transport),
      timers: { start: (afterMs, run) => clock.schedule(afterMs, run) },
      newToken: () => `${name}${++count}`,
    });
    this.endpoint.start({
      onRequest: (incoming) => this.#receive(incoming),
      onAck: (ack) => this.acks.push(ack),
      onClosed: () => {},
    });
  }

  get contact(): string {
    const { address, port, transport } = this.flow;
    const host = address.includes(':') ? `[${address}]` : address;
    return `sip:${this.name}@${host}:${port}${transport === 'udp' ? '' : ';transport=tcp'}`;
  }

  /** The newest request that came. */
  get incoming(): IncomingRequest {
    const incoming = this.requests.at(-1);
    if (incoming === undefined) throw new Error(`${this.name} got no request.`);
    return incoming;
  }

  get statuses(): number[] {
    return this.responses.map(({ status }) => status);
  }

  /** Dials through the exchange. Without a description the exchange or the callee makes the offer. */
  dial(user: string, description?: string, headers: readonly HeaderField[] = []): void {
    const invite: SipRequest = {
      kind: 'request',
      method: 'INVITE',
      uri: `sip:${user}@omnidial.example`,
      headers: [
        { name: 'Max-Forwards', value: '70' },
        {
          name: 'From',
          value: `${this.displayName}<sip:${this.name}@omnidial.example>;tag=${this.endpoint.newTag()}`,
        },
        { name: 'To', value: `<sip:${user}@omnidial.example>` },
        { name: 'Call-ID', value: this.endpoint.newCallId() },
        { name: 'CSeq', value: '1 INVITE' },
        { name: 'Contact', value: `<${this.contact}>` },
        { name: 'Allow', value: this.allow },
        { name: 'Supported', value: '100rel' },
        ...described(description),
        ...headers,
      ],
      body: Buffer.from(description ?? ''),
    };
    const sent = this.endpoint.send(invite, this.#exchange, {
      onResponse: (response) => this.#heard(sent.request, response),
      onTimeout: () => {},
      onUnreachable: () => {},
    });
    this.#invite = sent;
    this.#pending = sent;
  }

  /** The INVITE it dialled with, as sent. */
  get invited(): SipRequest {
    if (this.#invite === undefined) throw new Error(`${this.name} has dialled nothing.`);
    return this.#invite.request;
  }

  /** Cancels the INVITE it sent last. */
  giveUp(): void {
    this.#pending?.cancel();
  }

  /** Acknowledges the 2xx of the INVITE it sent last. */
  acknowledge(invite: SipRequest, description?: string): void {
    if (this.dialog === undefined) throw new Error(`${this.name} is in no dialog.`);
    const parts = { headers: described(description), body: Buffer.from(description ?? '') };
    this.endpoint.acknowledge(ackWithin(this.dialog, invite, parts), this.#exchange);
  }

  /** Answers the newest request, or the one given. */
  respond(status: number, description?: string, { headers = [], to = this.incoming }: Respond = {}): void {
    const tag = `${this.name}-tag`;
    const response = responseTo(to.request, status, undefined, tag);
    const own = [
      { name: 'Contact', value: `<${this.contact}>` },
      { name: 'Allow', value: this.allow },
      ...described(description),
      ...headers,
    ];
    const told = {
      ...response,
      headers: [...response.headers, ...own],
      body: Buffer.from(description ?? ''),
    };
    if (to.request.method === 'INVITE' && status > 100 && status < 300 && this.dialog === undefined) {
      const dialog = dialogOfUas(to.request, told, `<${this.contact}>`);
      if (dialog.ok) this.dialog = dialog.value;
    }
    to.respond(told);
  }

  /** Sends a request within its dialog; answers go to `responses`, and a 2xx to an INVITE is acknowledged. */
  within(
    method: string,
    description?: string,
    headers: readonly HeaderField[] = [],
    hops: number | undefined = undefined,
  ): void {
    if (this.dialog === undefined) throw new Error(`${this.name} is in no dialog.`);
    const parts: RequestParts = {
      ...(hops === undefined ? {} : { maxForwards: hops }),
      headers: [
        { name: 'Allow', value: this.allow },
        ...(headers.some(({ name }) => name === 'Content-Type') ? [] : described(description)),
        ...headers,
      ],
      body: Buffer.from(description ?? ''),
    };
    const [dialog, request] = requestWithin(this.dialog, method, parts);
    this.dialog = dialog;
    const sent = this.endpoint.send(request, this.#nextHop(), {
      onResponse: (response) => {
        this.responses.push(response);
        if (method === 'INVITE' && response.status >= 200 && response.status < 300)
          this.acknowledge(sent.request);
      },
      onTimeout: () => {},
      onUnreachable: () => {},
    });
    if (method === 'INVITE') this.#pending = sent;
  }

  hangUp(): void {
    this.within('BYE');
  }

  #nextHop(): Flow {
    const uri = parseUri(this.dialog === undefined ? '' : nextHopOf(this.dialog));
    if (!uri.ok) throw new Error(`${this.name} knows no way to the exchange.`);
    return { transport: 'udp', address: uri.value.host, port: uri.value.port ?? 5060 };
  }

  #heard(invite: SipRequest, response: SipResponse): void {
    this.responses.push(response);
    if (response.status <= 100 || response.status >= 300) return;
    const opened = dialogOfUac(invite, response);
    const early = this.dialog;
    if (opened.ok && early !== undefined && dialogKey(early) === dialogKey(opened.value)) {
      if (response.status >= 200) this.dialog = confirmDialog(early, response);
    } else if (opened.ok && (response.status >= 200 || early === undefined)) this.dialog = opened.value;
    // With a description in the INVITE the 2xx was the answer, and nothing is left to say.
    if (response.status >= 200 && invite.body.length > 0) this.acknowledge(invite);
  }

  #receive(incoming: IncomingRequest): void {
    this.requests.push(incoming);
    const { method } = incoming.request;
    if (method === 'BYE') incoming.respond(responseTo(incoming.request, 200));
    if (method === 'NOTIFY') incoming.respond(responseTo(incoming.request, this.answersNotify));
    if (method === 'INVITE') {
      incoming.onCancel = () =>
        incoming.respond(responseTo(incoming.request, 487, undefined, `${this.name}-tag`));
    }
  }
}

type Respond = { readonly headers?: readonly HeaderField[]; readonly to?: IncomingRequest };

/** The header that goes with a body. */
function described(description: string | undefined): HeaderField[] {
  return description === undefined ? [] : [{ name: 'Content-Type', value: 'application/sdp' }];
}

/** The body of a message as text. */
export function bodyOf(message: { readonly body: Uint8Array }): string {
  return Buffer.from(message.body).toString();
}

/** A header of a message, or the empty text. */
export function header(message: SipRequest | SipResponse, name: string): string {
  return headerValue(message, name) ?? '';
}

/** The methods of all requests that came to a phone. */
export function methods(phone: TestPhone): string[] {
  return phone.requests.map(({ request }) => request.method);
}
