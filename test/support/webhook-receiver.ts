import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

/** A request that came, verified by the library that receivers use. */
export type ReceivedWebhook = {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly path: string;
  readonly signatures: readonly string[];
  readonly userAgent: string;
};

/** How a receiver answers; it has to end the response, now or later. */
type Answer = (webhook: ReceivedWebhook, response: ServerResponse) => unknown;

const THANKS: Answer = (_, response) => response.writeHead(204).end();

/** A real HTTP server that takes webhooks as their owners do: what is not signed by the secret is refused. */
export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = [];
  /** What could not be verified, and why. */
  readonly forged: string[] = [];
  secret = '';
  answer: Answer = THANKS;
  #port = 0;
  #server: Server | undefined;

  static async open(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await receiver.comeBack();
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook?for=us`;
  }

  get ids(): string[] {
    return this.received.map(({ id }) => id);
  }

  /** Answers with a status from now on; with thanks where none is given. */
  answersWith(status?: number, headers: Readonly<Record<string, string>> = {}): void {
    this.answer =
      status === undefined
        ? THANKS
        : (_, response) => response.writeHead(status, headers).end('no, sorry\x1b[0m');
  }

  /** Is gone from its port, with all its connections. */
  async goAway(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  /** Listens at its port again. */
  async comeBack(): Promise<void> {
    const server = createServer((request, response) => void this.#take(request, response));
    this.#server = server;
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const headers = request.headers as Record<string, string>;
    try {
      const told = new Webhook(this.secret).verify(body, headers) as { type: string; data: object };
      const webhook: ReceivedWebhook = {
        id: headers['webhook-id'] ?? '',
        type: told.type,
        data: told.data as ReceivedWebhook['data'],
        path: request.url ?? '',
        signatures: (headers['webhook-signature'] ?? '').split(' '),
        userAgent: headers['user-agent'] ?? '',
      };
      this.received.push(webhook);
      this.answer(webhook, response);
    } catch (error) {
      this.forged.push(String(error));
      response.writeHead(401).end();
    }
  }
}
