/** What the API said no to, as a sentence. */
export class ApiRefusal extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** The HTTP API as one caller uses it; a refusal is thrown, since the demo goes no other way than the good one. */
export type Api = {
  get<Answer>(path: string): Promise<Answer>;
  /** @param once makes the request safe to repeat (`Idempotency-Key`) */
  post<Answer>(path: string, body?: object, once?: string): Promise<Answer>;
};

export function createApi(baseUrl: string, key: string): Api {
  const call = async <Answer>(
    method: string,
    path: string,
    body?: object,
    once?: string,
  ): Promise<Answer> => {
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(once === undefined ? {} : { 'idempotency-key': once }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Answer & { code?: string; detail?: string };
    if (response.ok) return answer;
    throw new ApiRefusal(answer.code ?? String(response.status), answer.detail ?? `${method} ${path} failed`);
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body, once) => call('POST', path, body, once),
  };
}
