import { randomUUID } from 'node:crypto';

/** What the API answered where it refused. */
export class ApiRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(request: string, status: number, problem: { code?: string; detail?: string }) {
    super(`${request} was answered ${status} ${problem.code ?? ''}: ${problem.detail ?? ''}`);
    this.status = status;
    this.code = problem.code ?? '';
  }
}

/** The HTTP API of a running service, as whoever holds the key. */
export class Api {
  readonly #url: () => string;
  readonly #key: string;

  /** `url` is asked anew each time, since the port may be another after a restart. */
  constructor(url: () => string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#ask('GET', path, undefined);
  }

  /** Every POST has an idempotency key of its own. */
  post<Answer>(path: string, body?: unknown): Promise<Answer> {
    return this.#ask('POST', path, body);
  }

  put<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#ask('PUT', path, body);
  }

  patch<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#ask('PATCH', path, body);
  }

  /** A body that is no JSON. */
  putText<Answer>(path: string, body: string, type: string): Promise<Answer> {
    return this.#send('PUT', path, { body, type });
  }

  postText<Answer>(path: string, body: string, type: string): Promise<Answer> {
    return this.#send('POST', path, { body, type });
  }

  /** All items of a list, page by page. */
  async list<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    let after = '';
    do {
      const page = await this.get<{ items: Item[]; next?: string }>(
        `${path}${path.includes('?') ? '&' : '?'}limit=200${after}`,
      );
      items.push(...page.items);
      after = page.next === undefined ? '' : `&after=${encodeURIComponent(page.next)}`;
    } while (after !== '');
    return items;
  }

  #ask<Answer>(method: string, path: string, body: unknown): Promise<Answer> {
    if (body === undefined) return this.#send(method, path);
    return this.#send(method, path, { body: JSON.stringify(body), type: 'application/json' });
  }

  async #send<Answer>(
    method: string,
    path: string,
    sent?: { readonly body: string; readonly type: string },
  ): Promise<Answer> {
    const response = await fetch(`${this.#url()}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#key}`,
        'idempotency-key': randomUUID(),
        ...(sent === undefined ? {} : { 'content-type': sent.type }),
      },
      ...(sent === undefined ? {} : { body: sent.body }),
    });
    const answer = (await response.json().catch(() => ({}))) as Answer;
    if (!response.ok) throw new ApiRefusal(`${method} ${path}`, response.status, answer as { code?: string });
    return answer;
  }
}

/** A call as `GET /v1/calls` shows it to an operator. */
export type ShownCall = {
  readonly id: string;
  readonly status: string;
  readonly dialled?: string;
  readonly callerMemberId?: string;
  readonly callerTerminalId?: string;
  readonly calleeMemberId?: string;
  readonly calleeTerminalId?: string;
  readonly calledNumber?: string;
  readonly callerNumber?: string;
  readonly callerTrunk?: string;
  readonly calleeTrunk?: string;
  readonly calleeAddress?: string;
  readonly attempts?: readonly ShownAttempt[];
  readonly media?: {
    readonly fromCaller: { readonly packets: number; readonly refused: number };
    readonly fromCallee: { readonly packets: number; readonly refused: number };
  };
  readonly ringingAt?: string;
  readonly answeredAt?: string;
  readonly endedAt?: string;
  readonly durationSeconds?: number;
  readonly hungUpBy?: string;
  readonly sipStatus?: number;
  readonly q850Cause?: number;
  readonly refusal?: string;
};

/** A way to another network that was tried for a call. */
export type ShownAttempt = {
  readonly trunk?: string;
  readonly gateway?: string;
  readonly centre?: string;
  readonly sentNumber?: string;
  readonly address?: string;
  readonly startedAt: string;
  readonly ringingAt?: string;
  readonly endedAt?: string;
  readonly sipStatus?: number;
  readonly q850Cause?: number;
};
