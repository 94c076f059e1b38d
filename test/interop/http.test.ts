import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { getMigrations } from 'better-auth/db/migration';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSignIn, openSignInStorage } from '../../src/adapters/accounts/index.ts';
import { authOptions } from '../../src/adapters/accounts/sign-in.ts';
import {
  createCallRecordStore,
  createMarketAndMemberStores,
  type OpenDatabase,
} from '../../src/adapters/postgres/index.ts';
import { operator } from '../../src/cli/operator.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { openTestFace, type TestFace } from '../support/http-face.ts';

const NUMBER = '02-6200-6200-082';

/** Shorter than outside of tests. */
const TIMEOUTS = { headersMs: 500, requestMs: 1_000, checkEveryMs: 100 };

/** What the tests read of answers. */
type Body = {
  readonly id?: string;
  readonly code?: string;
  readonly memberId?: string;
  readonly paymentRequest?: { readonly reference: string };
};

type Answer = { readonly status: number; readonly body: Body; readonly headers: Headers };

/** Opens the face on a real database, listening at a real port. */
async function openFace(database: OpenDatabase): Promise<TestFace & { url: string }> {
  const { directory: _, ...stores } = createMarketAndMemberStores(database.kysely);
  const calls = createCallRecordStore(database.kysely);
  const signIn = {
    ...(await openSignInStorage(database.kysely)),
    attempts: { max: 1_000, windowSeconds: 60 },
  };
  const face = await openTestFace({ ...stores, calls }, { signIn });
  const url = await face.server.listen({ host: '127.0.0.1', port: 0 });
  return { ...face, url };
}

for (const database of DATABASES) {
  describeDatabase(database, 'the HTTP face', (fresh) => {
    let opened: OpenDatabase & { readonly url: string };
    let face: TestFace & { url: string };

    beforeEach(async () => {
      opened = await fresh();
      face = await openFace(opened);
    });

    afterEach(() => face.server.close());

    async function ask(
      method: string,
      path: string,
      headers: Record<string, string> = {},
      body?: object,
    ): Promise<Answer> {
      const content = body === undefined ? {} : { 'content-type': 'application/json' };
      const response = await fetch(face.url + path, {
        method,
        headers: { ...content, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answered = await response.text();
      return {
        status: response.status,
        body: answered === '' ? {} : JSON.parse(answered),
        headers: response.headers,
      };
    }

    const keyed = (headers: Record<string, string>, key: string) => ({ ...headers, 'idempotency-key': key });

    it('R5 … R11: from signing up to the number that is one’s own, by a browser’s session', async () => {
      const signedUp = await ask(
        'POST',
        '/v1/auth/sign-up',
        { origin: face.url },
        {
          email: 'kim@example.com',
          password: 'correct horse battery',
          name: 'Kim',
          member: {
            kind: 'individual',
            identity: { name: '김철수', address: 'Seoul' },
            language: 'ko',
            reachableNumber: '+82262006200',
          },
        },
      );
      expect(signedUp).toMatchObject({ status: 201, body: { role: 'individual' } });
      const cookie = signedUp.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; ');
      const browser = { cookie, origin: face.url };
      const order = await ask('POST', '/v1/number-orders', keyed(browser, 'a'), { number: NUMBER });
      expect(order).toMatchObject({ status: 201, body: { state: 'approved' } });
      const path = `/v1/number-orders/${order.body.id}`;
      const confirmed = await ask('POST', `${path}/confirmation`, keyed(browser, 'b'));
      expect(confirmed.body).toMatchObject({ state: 'awaiting-payment' });
      const cashier = keyed(await face.as('operator'), 'c');
      const deposit = {
        paymentReference: confirmed.body.paymentRequest?.reference,
        noticeId: 'bank-1',
        amount: { amount: '55000', currency: 'KRW' },
      };
      const paid = await ask('POST', '/v1/deposits', cashier, deposit);
      expect(paid).toMatchObject({ status: 201, body: { order: { state: 'assigned' } } });
      expect((await ask('GET', `/v1/members/${signedUp.body.memberId}`, browser)).body).toMatchObject({
        member: { identity: { name: '김철수' } },
        numbers: [{ text: NUMBER }],
      });
      expect((await ask('POST', '/v1/deposits', cashier, deposit)).body).toEqual(paid.body);
    });

    it('R7: of fifty buyers at once one gets the number, and the others a clear refusal', async () => {
      const buyers = await Promise.all(
        Array.from({ length: 50 }, async () => face.as('individual', (await face.member('individual')).id)),
      );
      const answers = await Promise.all(
        buyers.map((buyer) => ask('POST', '/v1/number-orders', keyed(buyer, 'k'), { number: NUMBER })),
      );
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 201)).toHaveLength(1);
      expect(statuses.filter((status) => status === 409)).toHaveLength(49);
      const codes = answers.filter(({ status }) => status === 409).map(({ body }) => body.code);
      expect(new Set(codes)).toEqual(new Set(['number-held']));
    });

    it('carries a request out once, however many come at once, and answers the same over a restart', async () => {
      const buyer = keyed(await face.as('individual', (await face.member('individual')).id), 'same');
      const send = () => ask('POST', '/v1/number-orders', buyer, { number: NUMBER });
      const answers = await Promise.all(Array.from({ length: 20 }, send));
      const made = answers.filter(({ status }) => status === 201);
      expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
      const others = answers.filter(({ status }) => status !== 201).map(({ body }) => body.code);
      expect(others.every((code) => code === 'idempotency-in-flight')).toBe(true);
      await face.server.close();
      face = await openFace(opened);
      const after = await send();
      expect(after.body).toEqual(made[0]?.body);
      expect(after.headers.get('idempotency-replayed')).toBe('true');
    });

    it('of many sign-ups at once with one address lets one through', async () => {
      const user = { email: 'kim@example.com', password: 'correct horse battery', name: 'Kim' };
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => ask('POST', '/v1/auth/sign-up', {}, user)),
      );
      const codes = answers.map(({ status, body }) => (status === 201 ? 'made' : body.code)).sort();
      expect(codes).toEqual([...Array(5).fill('already-signed-up'), 'made']);
      expect((await ask('POST', '/v1/auth/sign-in', {}, { ...user, name: undefined })).status).toBe(200);
    });

    it('better-auth finds its tables as it wants them', async () => {
      const storage = await openSignInStorage(opened.kysely);
      const options = {
        ...storage,
        trustedOrigins: () => [],
        newId: () => 'id',
        log: pino({ level: 'silent' }),
      };
      const { toBeCreated, toBeAdded } = await getMigrations(authOptions(options));
      expect([toBeCreated, toBeAdded]).toEqual([[], []]);
      expect((await openSignInStorage(opened.kysely)).secret).toBe(storage.secret);
    });

    it('the first operator is made by a command, and makes others', async () => {
      let printed = '';
      const out = {
        stdout: (piece: string) => (printed += piece),
        stderr: (piece: string) => (printed += piece),
      };
      const create = () =>
        operator(['create', '--email', 'first@example.com', '--json'], out, { DATABASE_URL: opened.url });
      expect(await create()).toBe(0);
      const { email, password, key } = JSON.parse(printed) as Record<string, string>;
      expect(await create()).toBe(1);
      expect(printed).toContain('(already-signed-up)');
      const signedIn = await ask('POST', '/v1/auth/sign-in', {}, { email, password });
      expect(signedIn).toMatchObject({ status: 200, body: { role: 'operator' } });
      const second = {
        email: 'second@example.com',
        password: 'a long enough one',
        name: 'O',
        role: 'operator',
      };
      const made = await ask('POST', '/v1/accounts', { authorization: `Bearer ${key}` }, second);
      expect(made).toMatchObject({ status: 201, body: { role: 'operator' } });
    });

    it('a user made by hand can sign in, and one unmade cannot', async () => {
      const storage = await openSignInStorage(opened.kysely);
      const newId = () => face.services.identifiers.next();
      const signIn = createSignIn({
        ...storage,
        trustedOrigins: () => [],
        newId,
        log: pino({ level: 'silent' }),
      });
      const credentials = { email: 'boss@example.com', password: 'a long enough one' };
      const made = await signIn.createUser({ ...credentials, name: 'Boss' });
      expect(made.ok).toBe(true);
      expect((await ask('POST', '/v1/auth/sign-in', {}, credentials)).status).toBe(200);
      if (made.ok) await signIn.removeUser(made.value.id);
      expect((await ask('POST', '/v1/auth/sign-in', {}, credentials)).status).toBe(401);
    });
  });
}

describe('what a socket can send to the HTTP face', () => {
  let face: TestFace;
  let url: string;

  beforeAll(async () => {
    face = await openTestFace({}, { timeouts: TIMEOUTS });
    url = await face.server.listen({ host: '127.0.0.1', port: 0 });
  });

  afterAll(() => face.server.close());

  /** Sends bytes, in turn, and gives everything that comes back until the connection is closed. */
  async function raw(...parts: readonly (string | Buffer)[]): Promise<string> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    for (const part of parts) socket.write(part);
    return text(socket).catch(() => '');
  }

  const post = 'POST /v1/number-orders HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';

  it.each([
    ['no HTTP', ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'], 400, 'request-malformed'],
    [
      'headers of 100 kB',
      [`GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`],
      431,
      'request-malformed',
    ],
    ['two lengths', [`${post}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`], 400, 'request-malformed'],
    [
      'length and chunks',
      [`${post}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
      400,
      'request-malformed',
    ],
    ['headers that do not end', ['GET /v1/offer HTTP/1.1\r\nhost: a\r\nx: '], 408, 'request-timeout'],
  ] as const)('%s gets a problem document, and the connection is closed', async (_, parts, status, code) => {
    const answer = await raw(...parts);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
    expect(answer).toContain(`"code":"${code}"`);
  });

  it('a body that does not come is waited for a while, and for visitors not at all', async () => {
    const { authorization } = await face.as('operator');
    const begun = `content-length: 500\r\n\r\n{"number":`;
    expect(await raw(`${post}authorization: ${authorization}\r\n${begun}`)).toMatch(/^HTTP\/1.1 408 /);
    expect(await raw(post, begun)).toMatch(/^HTTP\/1.1 401 /);
  });

  it('leaves the service at work', async () => {
    const garbage = Array.from({ length: 100 }, (_, at) => Buffer.alloc(1 + (at % 50) * 13, at));
    await Promise.all(garbage.map((bytes) => raw(bytes, '\r\n\r\n')));
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});
