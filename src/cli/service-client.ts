import { randomUUID } from 'node:crypto';
import type { Problem } from '../adapters/http/index.ts';

/** Where the service is, and who asks. */
export type ServiceAddress = { readonly url: string; readonly key: string | undefined };

/** A page of a list, as the service answers. */
export type Items<Item> = { readonly items: readonly Item[]; readonly next?: string };

/** Why a request came to nothing: a sentence for a person, and the service's own document where it gave one. */
export class RequestFailed extends Error {
  readonly problem: Problem | undefined;

  constructor(sentence: string, problem?: Problem) {
    super(sentence);
    this.problem = problem;
  }
}

type Query = Readonly<Record<string, string | number | undefined>>;

/** How often a request that may be repeated is sent before its failure is believed. */
const MOST_TRIES = 3;

/** Asks the service over HTTP. Every method throws `RequestFailed` where the answer is no success. */
export class ServiceClient {
  readonly #address: ServiceAddress;
  readonly #fetch: typeof fetch;

  constructor(address: ServiceAddress, fetchWith: typeof fetch = fetch) {
    this.#address = address;
    this.#fetch = fetchWith;
  }

  get<Answer>(path: string, query: Query = {}): Promise<Answer> {
    return this.#ask('GET', withQuery(path, query));
  }

  /** What is a file, as bytes. @param mediaType what has to come: `application/pdf` */
  async getFile(path: string, mediaType: string): Promise<Uint8Array> {
    const response = await this.#request('GET', path);
    if (response.ok && response.headers.get('content-type')?.startsWith(mediaType)) {
      return new Uint8Array(await response.arrayBuffer());
    }
    await this.#read(response);
    throw new RequestFailed(`The service at ${this.#address.url} answered with no ${mediaType}.`);
  }

  /** The same as it comes, for files that are too long to be held. */
  async openFile(path: string, mediaType: string): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#request('GET', path);
    const isFile = response.ok && response.headers.get('content-type')?.startsWith(mediaType) === true;
    if (isFile && response.body !== null) return response.body;
    await this.#read(response);
    throw new RequestFailed(`The service at ${this.#address.url} answered with no ${mediaType}.`);
  }

  /**
   * Sends with a key of its own, so that a repetition after a lost answer is not carried out twice.
   * @param once the key, where a later run of the same program shall not do it a second time either
   */
  post<Answer>(path: string, body?: object, once: string = randomUUID()): Promise<Answer> {
    return this.#ask('POST', path, body, { 'idempotency-key': once });
  }

  put<Answer>(path: string, body: object): Promise<Answer> {
    return this.#ask('PUT', path, body);
  }

  /** Begins something with a text. @param mediaType what it is: `text/csv` */
  postText<Answer>(path: string, mediaType: string, text: string): Promise<Answer> {
    return this.#ask('POST', path, text, { 'content-type': mediaType });
  }

  /** Sends text as it is. @param mediaType what it is: `text/csv` */
  putText<Answer>(path: string, mediaType: string, text: string): Promise<Answer> {
    return this.#ask('PUT', path, text, { 'content-type': mediaType });
  }

  patch<Answer>(path: string, body: object): Promise<Answer> {
    return this.#ask('PATCH', path, body);
  }

  async delete(path: string): Promise<void> {
    await this.#ask('DELETE', path);
  }

  async #ask<Answer>(
    method: string,
    path: string,
    body?: object | string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    return (await this.#read(await this.#request(method, path, body, headers))) as Answer;
  }

  async #request(
    method: string,
    path: string,
    body?: object | string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const { url, key } = this.#address;
    const request = {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    };
    return this.#send(new URL(path, url), request);
  }

  async #send(target: URL, request: RequestInit): Promise<Response> {
    const isRepeatable = request.method !== 'POST' || new Headers(request.headers).has('idempotency-key');
    for (let tries = isRepeatable ? 1 : MOST_TRIES; ; tries += 1) {
      try {
        return await this.#fetch(target, request);
      } catch (error) {
        const code = codeOf(error);
        if (code === 'ECONNREFUSED' || tries === MOST_TRIES) throw unreachable(this.#address.url, code);
      }
    }
  }

  async #read(response: Response): Promise<unknown> {
    const text = await response.text();
    const parsed: unknown = isJson(response) && text !== '' ? JSON.parse(text) : undefined;
    if (response.ok && (isJson(response) || text === '')) return parsed;
    if (isProblem(parsed)) throw new RequestFailed(sentenceOf(parsed, this.#address.key), parsed);
    throw new RequestFailed(
      `What listens at ${this.#address.url} does not answer as Omnidial does (status ${response.status}). ` +
        'Name another address with OMNIDIAL_URL or --url.',
    );
  }
}

function isJson(response: Response): boolean {
  return /\bjson\b/.test(response.headers.get('content-type') ?? '');
}

/** A path with what was given of a query. */
export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return text === '' ? path : `${path}?${text}`;
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const found = (cause as { code?: unknown }).code;
  return typeof found === 'string' ? found : String(cause);
}

function unreachable(url: string, code: string): RequestFailed {
  return new RequestFailed(
    `There is no service at ${url} (${code}). Start it with \`npm start\` (with a demo world) or ` +
      '`./omnidial serve`, or name another address with OMNIDIAL_URL or --url.',
  );
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;
}

/** The refusal with its wrong parts, and for visitors how to say who asks. */
function sentenceOf(problem: Problem, key: string | undefined): string {
  const more = (problem.errors ?? []).filter(({ detail }) => detail !== problem.detail);
  const parts = more.map(({ in: where, pointer, detail }) => `\n  ${where}${pointer}: ${detail}`);
  const hint =
    problem.code === 'not-signed-in' && key === undefined
      ? ' Set OMNIDIAL_KEY to an API key, or give --key.'
      : '';
  return `${problem.detail}${hint} (${problem.code})${parts.join('')}`;
}
