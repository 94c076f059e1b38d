import { beforeEach, describe, expect, it } from 'vitest';
import { memorySignIn, openTestFace, type TestFace } from '../../../test/support/http-face.ts';

const ORIGIN = 'https://numbers.example';
const PASSWORD = 'correct horse battery';
const KIM = { email: 'Kim@Example.com', password: PASSWORD, name: 'Kim' };

const MEMBER = {
  kind: 'individual',
  identity: { name: 'Kim', address: 'Seoul' },
  language: 'ko',
  reachableNumber: '+82262006200',
};

let face: TestFace;

beforeEach(async () => {
  face = await openTestFace({}, { publicUrls: [`${ORIGIN}/`] });
});

function post(path: string, payload?: object, headers: Record<string, string> = {}) {
  return face.server.inject({ method: 'POST', url: path, headers, ...(payload && { payload }) });
}

/** What a browser sends back of the cookies an answer has set. */
function cookiesOf(answer: { headers: Record<string, unknown> }): string {
  const set = answer.headers['set-cookie'];
  return (Array.isArray(set) ? set : [set]).map((cookie) => String(cookie).split(';')[0]).join('; ');
}

async function signedUp(member?: object): Promise<{ cookie: string; origin: string }> {
  return {
    cookie: cookiesOf(await post('/v1/auth/sign-up', { ...KIM, ...(member && { member }) })),
    origin: ORIGIN,
  };
}

describe('signing up', () => {
  it('makes an individual together with the member, and signs in', async () => {
    const answer = await post('/v1/auth/sign-up', { ...KIM, member: MEMBER });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ user: { email: 'kim@example.com' }, role: 'individual' });
    const session = await face.server.inject({
      url: '/v1/auth/session',
      headers: { cookie: cookiesOf(answer) },
    });
    expect(session.json()).toEqual(answer.json());
  });

  it('makes the administrator of a new enterprise', async () => {
    const answer = await post('/v1/auth/sign-up', { ...KIM, member: { ...MEMBER, kind: 'enterprise' } });
    expect(answer.json().role).toBe('enterprise-administrator');
  });

  it('without a member makes a newcomer, who registers later (R10)', async () => {
    const headers = await signedUp();
    const session = await face.server.inject({ url: '/v1/auth/session', headers });
    expect(session.json().role).toBe('newcomer');
    const registered = await post('/v1/members', { ...MEMBER, email: 'kim@example.com' }, headers);
    expect(registered.statusCode).toBe(201);
    const after = await face.server.inject({ url: '/v1/auth/session', headers });
    expect(after.json()).toMatchObject({ role: 'individual', memberId: registered.json().id });
  });

  it('leaves nothing behind where the registration form is refused', async () => {
    const faulty = await post('/v1/auth/sign-up', { ...KIM, member: { ...MEMBER, reachableNumber: '12' } });
    expect([faulty.statusCode, faulty.json().code]).toEqual([422, 'e164-malformed']);
    expect((await post('/v1/auth/sign-up', KIM)).statusCode).toBe(201);
  });

  it('takes an address once, in whatever letters', async () => {
    await signedUp();
    const again = await post('/v1/auth/sign-up', { ...KIM, email: 'KIM@example.COM' });
    expect([again.statusCode, again.json().code]).toEqual([409, 'already-signed-up']);
  });

  it.each([
    [{ ...KIM, password: 'short' }, 'password-too-weak'],
    [{ ...KIM, password: 'x'.repeat(150) }, 'password-too-weak'],
    [{ ...KIM, email: 'nobody' }, 'email-invalid'],
  ])('refuses %j', async (user, code) => {
    const answer = await post('/v1/auth/sign-up', user);
    expect([answer.statusCode, answer.json().code]).toEqual([422, code]);
  });

  it('makes no operator of who asks to be one', async () => {
    const answer = await post('/v1/auth/sign-up', { ...KIM, role: 'operator' });
    expect(answer.json().code).toBe('request-invalid');
  });
});

describe('signing in', () => {
  it('sets a cookie that scripts cannot read and other sites do not send along', async () => {
    await signedUp();
    const answer = await post('/v1/auth/sign-in', { email: KIM.email, password: PASSWORD });
    expect(answer.statusCode).toBe(200);
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^__Secure-omnidial\.session_token=[^;]+;.*HttpOnly; Secure; SameSite=Lax/,
    );
  });

  it('without TLS sets a cookie that goes without it', async () => {
    face = await openTestFace();
    const answer = await post('/v1/auth/sign-up', KIM);
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^omnidial\.session_token=[^;]+;.*HttpOnly; SameSite=Lax/,
    );
  });

  it('answers alike to a wrong password and an unknown address', async () => {
    await signedUp();
    const wrong = await post('/v1/auth/sign-in', { email: KIM.email, password: 'wrong password' });
    const unknown = await post('/v1/auth/sign-in', { email: 'other@example.com', password: PASSWORD });
    expect([wrong.statusCode, unknown.statusCode]).toEqual([401, 401]);
    expect({ ...wrong.json(), instance: '' }).toEqual({ ...unknown.json(), instance: '' });
  });

  it('is limited in attempts, by the peer’s address and not by what it claims to be', async () => {
    const signIn = { ...memorySignIn(), attempts: { max: 3, windowSeconds: 60 } };
    face = await openTestFace({}, { signIn });
    const attempt = (remoteAddress: string, forwarded: string) =>
      face.server.inject({
        method: 'POST',
        url: '/v1/auth/sign-in',
        remoteAddress,
        headers: { 'x-forwarded-for': forwarded, 'x-omnidial-peer': forwarded },
        payload: { email: 'a@example.com', password: 'guess' },
      });
    const codes: string[] = [];
    for (const forwarded of ['198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.4']) {
      codes.push((await attempt('192.0.2.77', forwarded)).json().code);
    }
    expect(codes).toEqual(['sign-in-refused', 'sign-in-refused', 'sign-in-refused', 'too-many-requests']);
    expect((await attempt('192.0.2.78', '198.51.100.1')).json().code).toBe('sign-in-refused');
    expect(Number((await attempt('192.0.2.77', '')).headers['retry-after'])).toBeGreaterThan(0);
  });

  it('behind a proxy that was named is limited by the address the proxy tells', async () => {
    const signIn = { ...memorySignIn(), attempts: { max: 1, windowSeconds: 60 } };
    face = await openTestFace({}, { signIn, trustedProxies: ['192.0.2.200'] });
    const attempt = async (forwarded: string) => {
      const answer = await face.server.inject({
        method: 'POST',
        url: '/v1/auth/sign-in',
        remoteAddress: '192.0.2.200',
        headers: { 'x-forwarded-for': forwarded },
        payload: { email: 'a@example.com', password: 'guess' },
      });
      return answer.json().code;
    };
    expect(await attempt('198.51.100.21')).toBe('sign-in-refused');
    expect(await attempt('198.51.100.22')).toBe('sign-in-refused');
    expect(await attempt('203.0.113.9, 198.51.100.21')).toBe('too-many-requests');
  });

  it('ends with signing out', async () => {
    const headers = await signedUp();
    expect((await post('/v1/auth/sign-out', undefined, headers)).statusCode).toBe(204);
    expect((await face.server.inject({ url: '/v1/auth/session', headers })).statusCode).toBe(401);
  });

  it('with a new password ends the other sessions', async () => {
    const first = await signedUp();
    const second = {
      cookie: cookiesOf(await post('/v1/auth/sign-in', { ...KIM, name: undefined })),
      origin: ORIGIN,
    };
    const change = { currentPassword: PASSWORD, newPassword: 'another long one' };
    expect((await post('/v1/auth/password', { ...change, currentPassword: 'wrong' }, first)).statusCode).toBe(
      401,
    );
    expect((await post('/v1/auth/password', change, first)).statusCode).toBe(204);
    expect((await face.server.inject({ url: '/v1/auth/session', headers: second })).statusCode).toBe(401);
    expect((await post('/v1/auth/sign-in', { email: KIM.email, password: PASSWORD })).statusCode).toBe(401);
  });
});

describe('a session cookie', () => {
  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a page that hides where it is', { origin: 'null' }],
    ['nobody says where', {}],
    ['a site whose name begins alike', { origin: `${ORIGIN}.evil.example` }],
  ])('changes nothing for %s', async (_, where) => {
    const { cookie } = await signedUp(MEMBER);
    for (const path of ['/v1/api-keys', '/v1/auth/sign-out', '/v1/auth/password']) {
      const answer = await post(path, { name: 'k' }, { cookie, ...where });
      expect([answer.statusCode, answer.json().code], path).toEqual([403, 'origin-not-allowed']);
    }
  });

  it('serves pages of ours', async () => {
    const answer = await post('/v1/api-keys', { name: 'k' }, await signedUp(MEMBER));
    expect(answer.statusCode).toBe(201);
  });

  it('that was tampered with is nobody’s', async () => {
    const { cookie } = await signedUp();
    const forged = cookie.replace(/.\.[^;]{3}/, 'x.xxx');
    expect(
      (await face.server.inject({ url: '/v1/auth/session', headers: { cookie: forged } })).statusCode,
    ).toBe(401);
  });
});

describe('an API key', () => {
  it('acts as who made it, until it is revoked', async () => {
    const session = await signedUp(MEMBER);
    const { apiKey, key } = (await post('/v1/api-keys', { name: 'script' }, session)).json();
    const headers = { authorization: `Bearer ${key}` };
    const seen = await face.server.inject({ url: '/v1/auth/session', headers });
    expect(seen.json()).toMatchObject({ role: 'individual', user: { email: 'kim@example.com' } });
    const listed = await face.server.inject({ url: '/v1/api-keys', headers });
    expect(listed.body).not.toContain(key);
    const revoked = await face.server.inject({
      method: 'DELETE',
      url: `/v1/api-keys/${apiKey.id}`,
      headers: session,
    });
    expect(revoked.statusCode).toBe(204);
    expect((await face.server.inject({ url: '/v1/auth/session', headers })).statusCode).toBe(401);
  });

  it.each(['Bearer omni_x', 'Bearer', 'Basic YTpi', 'omni_k', `Bearer ${'a'.repeat(5_000)}`])(
    '%s is refused',
    async (authorization) => {
      const answer = await face.server.inject({ url: '/v1/calls', headers: { authorization } });
      expect([answer.statusCode, answer.json().code]).toEqual([401, 'not-signed-in']);
    },
  );
});

describe('accounts of an enterprise', () => {
  it('the administrator lets an agent in, and out again', async () => {
    const administrator = await signedUp({ ...MEMBER, kind: 'enterprise' });
    const agent = {
      email: 'lee@example.com',
      password: 'long enough password',
      name: 'Lee',
      role: 'enterprise-agent',
    };
    const made = await post('/v1/accounts', agent, administrator);
    expect(made.statusCode).toBe(201);
    const cookie = cookiesOf(
      await post('/v1/auth/sign-in', { email: agent.email, password: agent.password }),
    );
    const session = await face.server.inject({ url: '/v1/auth/session', headers: { cookie } });
    expect(session.json()).toMatchObject({ role: 'enterprise-agent', memberId: made.json().memberId });
    const listed = (await face.server.inject({ url: '/v1/accounts', headers: administrator })).json();
    expect(listed.items.map((item: { email: string }) => item.email)).toEqual([
      'kim@example.com',
      'lee@example.com',
    ]);
    const url = `/v1/accounts/${made.json().userId}`;
    const removed = await face.server.inject({ method: 'DELETE', url, headers: administrator });
    expect(removed.statusCode).toBe(204);
    expect((await face.server.inject({ url: '/v1/auth/session', headers: { cookie } })).statusCode).toBe(401);
  });

  it('a refused account leaves no user behind', async () => {
    const administrator = await signedUp({ ...MEMBER, kind: 'enterprise' });
    const wrong = {
      email: 'lee@example.com',
      password: 'long enough password',
      name: 'Lee',
      role: 'individual',
    };
    expect((await post('/v1/accounts', wrong, administrator)).json().code).toBe('role-refused');
    expect(
      (await post('/v1/accounts', { ...wrong, role: 'enterprise-agent' }, administrator)).statusCode,
    ).toBe(201);
  });
});
