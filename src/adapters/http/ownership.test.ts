import { beforeAll, describe, expect, it } from 'vitest';
import { openTestFace, type TestFace } from '../../../test/support/http-face.ts';
import type { CallRecord } from '../../services/ports/index.ts';

type Headers = { authorization: string };

let face: TestFace;
let victim: Headers;
let operator: Headers;
let agent: Headers;
let administrator: Headers;
let ids: {
  member: string;
  enterprise: string;
  order: string;
  terminal: string;
  call: string;
  account: string;
  key: string;
};

const NOBODYS = '018f0000-0000-7000-8000-000000000000';
const STARTED_MS = Date.UTC(2026, 10, 25);

beforeAll(async () => {
  face = await openTestFace();
  const [member, enterprise] = [await face.member('individual'), await face.member('enterprise')];
  victim = await face.as('individual', member.id);
  operator = await face.as('operator');
  administrator = await face.as('enterprise-administrator', enterprise.id);
  agent = await face.as('enterprise-agent', enterprise.id);
  const once = { ...victim, 'idempotency-key': 'k' };
  const order = await ask('POST', '/v1/number-orders', once, { number: '02-6200-6200-082' });
  const terminal = await ask('POST', '/v1/terminals', victim, { name: 'desk', countryCode: '082' });
  const [account] = (await ask('GET', '/v1/accounts', victim)).json().items;
  const [key] = (await ask('GET', '/v1/api-keys', victim)).json().items;
  await face.calls.save([
    callOf(member.id, 'somebody'),
    callOf(member.id, enterprise.id, 'call-to-enterprise'),
  ]);
  face.traces.set('call-of-victim', []);
  face.phones.push(phoneOf(member.id), phoneOf(enterprise.id));
  ids = {
    member: member.id,
    enterprise: enterprise.id,
    order: order.json().id,
    terminal: terminal.json().terminal.id,
    call: 'call-of-victim',
    account: account.userId,
    key: key.id,
  };
});

function ask(method: string, url: string, headers: Record<string, string>, payload?: object) {
  return face.server.inject({ method: method as 'GET', url, headers, ...(payload && { payload }) });
}

function callOf(callerMemberId: string, calleeMemberId: string, id = 'call-of-victim'): CallRecord {
  return {
    id,
    status: 'completed',
    callerMemberId,
    callerTerminalId: 'callers-terminal',
    calleeMemberId,
    calleeTerminalId: 'callees-terminal',
    dialled: '6200 6200*082',
    calledNumber: '6200-6200#082',
    callerNumber: '02-6200-6200-082',
    startedAtMs: STARTED_MS,
    answeredAtMs: STARTED_MS + 1_000,
    endedAtMs: STARTED_MS + 3_500,
    lastSeenAtMs: STARTED_MS + 3_500,
  };
}

function phoneOf(memberId: string) {
  const where = { contact: 'sip:a@192.0.2.1', reachedAt: 'udp 192.0.2.1:5060', expiresAtMs: STARTED_MS };
  return { memberId, terminalId: 't', user: 'u', ...where };
}

/** Every route that names something of somebody's: what it takes of `ids`, and what else it needs. */
const ROUTES: readonly [string, keyof typeof ids, (id: string) => string, object?][] = [
  ['GET', 'order', (id) => `/v1/number-orders/${id}`],
  ['POST', 'order', (id) => `/v1/number-orders/${id}/confirmation`],
  ['POST', 'order', (id) => `/v1/number-orders/${id}/cancellation`],
  ['POST', 'order', (id) => `/v1/number-orders/${id}/release`, { confirmation: '02-6200-6200-082' }],
  ['PUT', 'order', (id) => `/v1/number-orders/${id}/renewal`, { mode: 'by-bill' }],
  ['GET', 'member', (id) => `/v1/number-orders?memberId=${id}`],
  ['GET', 'member', (id) => `/v1/numbers?memberId=${id}`],
  ['GET', 'member', (id) => `/v1/members/${id}`],
  ['PATCH', 'member', (id) => `/v1/members/${id}`, { language: 'en' }],
  ['GET', 'member', (id) => `/v1/members/${id}/branches`],
  ['POST', 'member', (id) => `/v1/members/${id}/branches`, { countryCode: '082', name: 'Seoul' }],
  ['DELETE', 'member', (id) => `/v1/members/${id}/branches/082`],
  ['GET', 'member', (id) => `/v1/terminals?memberId=${id}`],
  ['GET', 'terminal', (id) => `/v1/terminals/${id}`],
  ['PATCH', 'terminal', (id) => `/v1/terminals/${id}`, { name: 'mine' }],
  ['POST', 'terminal', (id) => `/v1/terminals/${id}/password`],
  ['DELETE', 'terminal', (id) => `/v1/terminals/${id}?confirmation=x`],
  ['GET', 'member', (id) => `/v1/accounts?memberId=${id}`],
  ['DELETE', 'account', (id) => `/v1/accounts/${id}`],
  ['DELETE', 'key', (id) => `/v1/api-keys/${id}`],
  ['GET', 'member', (id) => `/v1/calls?memberId=${id}`],
  ['GET', 'call', (id) => `/v1/calls/${id}`],
  ['GET', 'call', (id) => `/v1/calls/${id}/trace`],
  ['GET', 'member', (id) => `/v1/registrations?memberId=${id}`],
];

describe('what belongs to somebody else', () => {
  it.each(ROUTES)('%s of their %s looks as if it were not there', async (method, kind, urlOf, payload) => {
    for (const [name, headers] of Object.entries({ administrator, agent })) {
      const theirs = await ask(
        method,
        urlOf(ids[kind]),
        { ...headers, 'idempotency-key': urlOf('a') },
        payload,
      );
      const nobodys = await ask(
        method,
        urlOf(NOBODYS),
        { ...headers, 'idempotency-key': urlOf('b') },
        payload,
      );
      const { instance: _, ...theirProblem } = theirs.json();
      const { instance: __, ...nobodysProblem } = nobodys.json();
      expect([403, 404], `${name} ${urlOf('…')}`).toContain(theirs.statusCode);
      expect(theirProblem, `${name} ${urlOf('…')}`).toEqual(nobodysProblem);
    }
  });

  it('is left as it was', async () => {
    const member = (await ask('GET', `/v1/members/${ids.member}`, victim)).json();
    expect(member).toMatchObject({ member: { language: 'ko' }, branches: [], terminals: [{ name: 'desk' }] });
    expect((await ask('GET', `/v1/number-orders/${ids.order}`, victim)).json().state).toBe('approved');
  });

  it('is seen by its owner and by operators', async () => {
    for (const headers of [victim, operator]) {
      for (const [, kind, urlOf] of ROUTES.filter(([method, kind]) => method === 'GET' && kind !== 'call')) {
        expect((await ask('GET', urlOf(ids[kind]), headers)).statusCode, urlOf('…')).toBe(200);
      }
    }
  });
});

describe('roles', () => {
  it.each([
    ['POST', '/v1/number-ranges', { range: '7-XXXX', price: { amount: '1', currency: 'USD' } }],
    ['POST', '/v1/number-ranges/x/withdrawal', undefined],
    [
      'POST',
      '/v1/deposits',
      { paymentReference: 'r', noticeId: 'n', amount: { amount: '1', currency: 'USD' } },
    ],
    ['GET', '/v1/deposits', undefined],
    ['POST', '/v1/deposits/x/refund', undefined],
    ['GET', '/v1/members', undefined],
    ['POST', '/v1/route-explanations', { text: '119', from: '082' }],
  ])('%s %s is for operators', async (method, url, payload) => {
    for (const headers of [victim, administrator, agent]) {
      const answer = await ask(method, url, { ...headers, 'idempotency-key': 'r' }, payload);
      expect([answer.statusCode, answer.json().code]).toEqual([403, 'not-permitted']);
    }
  });

  it('an agent sees the enterprise, and buys and changes nothing', async () => {
    expect((await ask('GET', `/v1/members/${ids.enterprise}`, agent)).statusCode).toBe(200);
    const once = { ...agent, 'idempotency-key': 'k' };
    expect((await ask('POST', '/v1/number-orders', once, { number: '6200-6200' })).statusCode).toBe(403);
    expect((await ask('PATCH', `/v1/members/${ids.enterprise}`, agent, { language: 'en' })).statusCode).toBe(
      403,
    );
    const terminal = { name: 'x', countryCode: '082' };
    expect((await ask('POST', '/v1/terminals', agent, terminal)).statusCode).toBe(403);
  });

  it('nobody makes an operator but an operator', async () => {
    const account = { email: 'o@example.com', password: 'long enough', name: 'O', role: 'operator' };
    for (const headers of [victim, administrator, agent]) {
      expect((await ask('POST', '/v1/accounts', headers, account)).statusCode).toBe(403);
    }
    expect((await ask('POST', '/v1/accounts', operator, account)).json()).toMatchObject({ role: 'operator' });
  });
});

describe('a call seen from its sides', () => {
  it('the caller sees what was dialled, and not which phone of whom rang', async () => {
    const call = (await ask('GET', '/v1/calls/call-to-enterprise', victim)).json();
    expect(call).toMatchObject({
      dialled: '6200 6200*082',
      callerTerminalId: 'callers-terminal',
      durationSeconds: 2.5,
    });
    expect(call).not.toHaveProperty('calleeTerminalId');
    expect(call).not.toHaveProperty('calleeMemberId');
  });

  it('the callee sees the caller’s number, and not who it is', async () => {
    const call = (await ask('GET', '/v1/calls/call-to-enterprise', agent)).json();
    expect(call).toMatchObject({ callerNumber: '02-6200-6200-082', calleeTerminalId: 'callees-terminal' });
    expect(call).not.toHaveProperty('callerMemberId');
    expect(call).not.toHaveProperty('dialled');
  });

  it('the operator sees both', async () => {
    const call = (await ask('GET', '/v1/calls/call-to-enterprise', operator)).json();
    expect(call).toMatchObject({
      callerTerminalId: 'callers-terminal',
      calleeTerminalId: 'callees-terminal',
    });
  });

  it('its messages are for operators, since they hold both parties’ addresses', async () => {
    expect((await ask('GET', '/v1/calls/call-of-victim/trace', victim)).statusCode).toBe(403);
    expect((await ask('GET', '/v1/calls/call-of-victim/trace', operator)).json()).toEqual({ messages: [] });
    const forgotten = await ask('GET', '/v1/calls/call-to-enterprise/trace', operator);
    expect([forgotten.statusCode, forgotten.json().code]).toEqual([404, 'trace-not-kept']);
  });

  it('lists are of one’s own calls, and of all for operators', async () => {
    const countOf = async (headers: Headers) => (await ask('GET', '/v1/calls', headers)).json().items.length;
    expect([await countOf(victim), await countOf(agent), await countOf(operator)]).toEqual([2, 1, 2]);
  });

  it('lists are paged', async () => {
    const first = (await ask('GET', '/v1/calls?limit=1', operator)).json();
    const second = (await ask('GET', `/v1/calls?limit=1&after=${first.next}`, operator)).json();
    expect(second.items[0].id).not.toBe(first.items[0].id);
    expect(second.next).toBeUndefined();
  });
});

describe('members and terminals', () => {
  it('R10, R11: a change keeps what it leaves out', async () => {
    const url = `/v1/members/${ids.enterprise}`;
    const change = {
      identity: { address: 'Busan' },
      numbersElsewhere: [{ operator: 'Other', number: '070-1' }],
    };
    const changed = (await ask('PATCH', url, administrator, change)).json();
    expect(changed).toMatchObject({
      identity: { name: 'Kim', address: 'Busan' },
      email: 'kim@example.com',
      ...{ numbersElsewhere: change.numbersElsewhere },
    });
    expect((await ask('GET', url, administrator)).json().member).toEqual(changed);
  });

  it('R3: a terminal needs its branch; the branch stays while a terminal rings for it', async () => {
    const terminal = { name: 'desk', countryCode: '081' };
    expect((await ask('POST', '/v1/terminals', administrator, terminal)).json().code).toBe('branch-not-open');
    const branches = `/v1/members/${ids.enterprise}/branches`;
    const opened = await ask('POST', branches, administrator, { countryCode: '081', name: 'Tokyo' });
    expect(opened.statusCode).toBe(201);
    const made = (await ask('POST', '/v1/terminals', administrator, terminal)).json();
    expect(made).toMatchObject({ terminal: { branchCountryCode: '081' }, realm: 'omnidial.test' });
    expect((await ask('DELETE', `${branches}/081`, administrator)).json().code).toBe('branch-has-terminals');
    const url = `/v1/terminals/${made.terminal.id}`;
    expect((await ask('DELETE', `${url}?confirmation=wrong`, administrator)).json().code).toBe(
      'confirmation-missing',
    );
    expect((await ask('DELETE', `${url}?confirmation=${made.terminal.user}`, administrator)).statusCode).toBe(
      204,
    );
    expect((await ask('DELETE', `${branches}/081`, administrator)).statusCode).toBe(204);
  });

  it('R18: a password is shown when it is made, and never again', async () => {
    const made = (await ask('POST', '/v1/terminals', victim, { name: 'mobile', countryCode: '001' })).json();
    expect(made.password).toMatch(/^\S{20}$/);
    const listed = await ask('GET', '/v1/terminals', victim);
    expect(listed.body).not.toContain(made.password);
    expect(listed.body).not.toContain('secrets');
    const renewed = (await ask('POST', `/v1/terminals/${made.terminal.id}/password`, victim)).json();
    expect(renewed.password).not.toBe(made.password);
  });

  it('an operator has to say whose terminals are meant', async () => {
    const answer = await ask('GET', '/v1/terminals', operator);
    expect([answer.statusCode, answer.json().errors[0].pointer]).toEqual([400, '/memberId']);
  });
});
