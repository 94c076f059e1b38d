import { describe, expect, it } from 'vitest';
import { RequestFailed, ServiceClient } from './service-client.ts';

type Sent = { readonly url: string; readonly request: RequestInit };

/** A client whose requests are answered by these, one after the other: an Error is a failure on the way. */
function clientOf(...answers: readonly (Response | Error)[]): { client: ServiceClient; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetchWith = async (target: string | URL | Request, request?: RequestInit) => {
    sent.push({ url: String(target), request: request ?? {} });
    const answer = answers[sent.length - 1];
    if (answer instanceof Response) return answer;
    throw answer ?? new Error('asked more often than foreseen');
  };
  return { client: new ServiceClient({ url: 'http://service', key: 'omni_k' }, fetchWith), sent };
}

function json(body: object, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

function failure(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

function keyOf({ request }: Sent): unknown {
  return (request.headers as Record<string, string>)['idempotency-key'];
}

describe('asking the service', () => {
  it('sends the key, and what is given of the query', async () => {
    const { client, sent } = clientOf(json({ items: [] }));
    await client.get('/v1/calls', { status: undefined, limit: 5 });
    expect(sent[0]?.url).toBe('http://service/v1/calls?limit=5');
    expect(sent[0]?.request.headers).toEqual({ authorization: 'Bearer omni_k' });
  });

  it('repeats a request whose answer was lost under the same Idempotency-Key', async () => {
    const { client, sent } = clientOf(failure('ECONNRESET'), json({ id: '1' }, 201));
    expect(await client.post('/v1/number-orders', { number: '1' })).toEqual({ id: '1' });
    expect(sent).toHaveLength(2);
    expect(keyOf(sent[0] as Sent)).toMatch(/^[0-9a-f-]{36}$/);
    expect(keyOf(sent[1] as Sent)).toBe(keyOf(sent[0] as Sent));
  });

  it('takes a new key for a new request', async () => {
    const { client, sent } = clientOf(json({}), json({}));
    await client.post('/v1/number-orders', { number: '1' });
    await client.post('/v1/number-orders', { number: '1' });
    expect(keyOf(sent[1] as Sent)).not.toBe(keyOf(sent[0] as Sent));
  });

  it('gives up after three failures on the way', async () => {
    const { client, sent } = clientOf(failure('ECONNRESET'), failure('ECONNRESET'), failure('ETIMEDOUT'));
    await expect(client.get('/v1/calls')).rejects.toThrow(
      'There is no service at http://service (ETIMEDOUT)',
    );
    expect(sent).toHaveLength(3);
  });

  it('says so where something else answers', async () => {
    const html = new Response('<html>', { headers: { 'content-type': 'text/html' } });
    await expect(clientOf(html).client.get('/v1/calls')).rejects.toThrow('does not answer as Omnidial does');
    const other = json({ error: 'no' }, 500);
    await expect(clientOf(other).client.get('/v1/calls')).rejects.toThrow('does not answer as Omnidial does');
  });

  it('keeps the problem document of a refusal', async () => {
    const problem = { code: 'not-found', detail: 'There is none.', status: 404 };
    const failed = await clientOf(json(problem, 404))
      .client.get('/v1/calls/x')
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(RequestFailed);
    expect(failed).toMatchObject({ message: 'There is none. (not-found)', problem });
  });
});
