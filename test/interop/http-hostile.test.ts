import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openSignInStorage } from '../../src/adapters/accounts/index.ts';
import { createCallRecordStore, createMarketAndMemberStores } from '../../src/adapters/postgres/index.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { openTestFace, type TestFace } from '../support/http-face.ts';

const RUNS = 1_500;

/** Text that breaks what trusts it: for SQL, JSON, UTF-8, terminals, paths, logs and regular expressions. */
const HOSTILE = [
  '\u0000',
  'a\u0000b',
  '\ud800',
  "'; drop table members; --",
  '$1',
  '%s%n',
  '../../etc/passwd',
  '{"$ne":null}',
  '__proto__',
  'constructor',
  '\u001b[2J',
  '\r\nset-cookie: a=b',
  `${'('.repeat(60)}`,
  '*'.repeat(64),
  '??????????????',
  '١٢٣',
  '＃',
  '\u202e082',
  '-1',
  '1e309',
  '9999999999999999999999',
  'NaN',
];

type Asked = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly body?: object;
};

/** A good request of every kind, in which one thing at a time is replaced. */
function requests(memberId: string): readonly Asked[] {
  const identity = { name: 'Kim', address: 'Seoul', documentReference: 'x' };
  const numbersElsewhere = [{ operator: 'a', number: 'b' }];
  const form = {
    identity,
    language: 'ko',
    email: 'k@example.com',
    reachableNumber: '+82262006200',
    numbersElsewhere,
  };
  const price = { amount: '1', currency: 'KRW' };
  const terminal = { name: 'desk', countryCode: '082', memberId };
  const account = { email: 'a@example.com', name: 'A', role: 'operator', password: 'a long enough one' };
  const bodies: readonly [Asked['method'], string, object][] = [
    ['POST', '/v1/number-orders', { number: '02-6200-6200-082', memberId }],
    ['POST', '/v1/deposits', { paymentReference: 'OD-1', noticeId: 'n', amount: price }],
    ['POST', '/v1/number-ranges', { range: '7-XXXX', countryCode: '082', price, memorableSurcharge: price }],
    ['POST', '/v1/members', { kind: 'individual', userId: 'u', ...form }],
    ['PATCH', `/v1/members/${memberId}`, form],
    ['POST', `/v1/members/${memberId}/branches`, { countryCode: '082', name: 'Seoul' }],
    ['POST', '/v1/terminals', { ...terminal, branchCountryCode: '082' }],
    ['POST', '/v1/accounts', account],
    ['POST', '/v1/api-keys', { name: 'k' }],
    ['POST', '/v1/route-explanations', { text: '119', from: '082', memberId }],
    [
      'POST',
      '/v1/auth/sign-up',
      { ...account, role: undefined, member: { kind: 'individual', ...form, email: undefined } },
    ],
    ['POST', '/v1/auth/sign-in', { email: 'a@example.com', password: 'p' }],
  ];
  const paths = [
    'number-orders/ID',
    'members/ID',
    'members/ID/branches',
    'terminals/ID',
    'calls/ID',
    'calls/ID/trace',
  ];
  const lists = [
    'available-numbers?kind=personal&country=ID&pattern=ID&after=ID',
    'number-orders?after=ID&memberId=ID',
    'deposits?orderId=ID&after=ID',
    'numbers?memberId=ID',
    'members?after=ID',
    'terminals?memberId=ID',
    'accounts?memberId=ID',
    'calls?memberId=ID&after=ID',
    'registrations?memberId=ID',
  ];
  return [
    ...bodies.map(([method, url, body]): Asked => ({ method, url, body })),
    ...[...paths, ...lists].map((url): Asked => ({ method: 'GET', url: `/v1/${url}` })),
    { method: 'DELETE', url: '/v1/terminals/ID?confirmation=ID' },
    { method: 'DELETE', url: '/v1/accounts/ID' },
    { method: 'DELETE', url: '/v1/api-keys/ID' },
    { method: 'POST', url: '/v1/number-orders/ID/confirmation' },
  ];
}

const hostile = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 80 }));
const anything = fc.oneof(hostile, fc.jsonValue(), fc.constantFrom(null, [], {}, true, 1e308, -0));

/** The body with one part replaced, chosen by where between 0 and 1. */
function replaced(body: object, where: number, value: unknown): object {
  const leaves: (() => void)[] = [];
  const copy = structuredClone(body);
  const visit = (node: Record<string, unknown>) => {
    for (const name of Object.keys(node)) {
      leaves.push(() => {
        node[name] = value;
      });
      if (typeof node[name] === 'object' && node[name] !== null) visit(node[name] as Record<string, unknown>);
    }
  };
  visit(copy as Record<string, unknown>);
  leaves[Math.floor(where * leaves.length)]?.();
  return copy;
}

for (const database of DATABASES) {
  describeDatabase(database, 'hostile requests', (fresh) => {
    it('are refused, and nothing of them is a failure of the service', async () => {
      const opened = await fresh();
      const { directory: _, ...stores } = createMarketAndMemberStores(opened.kysely);
      const signIn = {
        ...(await openSignInStorage(opened.kysely)),
        attempts: { max: 10_000, windowSeconds: 60 },
      };
      const face: TestFace = await openTestFace(
        { ...stores, calls: createCallRecordStore(opened.kysely) },
        { signIn },
      );
      const operator = await face.as('operator');
      const asked = requests((await face.member('enterprise')).id);
      let count = 0;
      const one = fc.record({
        request: fc.constantFrom(...asked),
        where: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        value: anything,
        text: hostile,
      });
      await fc.assert(
        fc.asyncProperty(one, async ({ request, where, value, text }) => {
          const url = request.url.replaceAll('ID', encodeURIComponent(text.toWellFormed()));
          const headers = { ...operator, 'idempotency-key': `key-${++count}` };
          const payload = request.body && { payload: replaced(request.body, where, value) };
          const answer = await face.server.inject({ method: request.method, url, headers, ...payload });
          expect(
            answer.statusCode,
            `${request.method} ${url} ${JSON.stringify(payload)} ${answer.body}`,
          ).toBeLessThan(500);
        }),
        { numRuns: RUNS },
      );
      expect((await face.server.inject({ url: '/v1/members', headers: operator })).statusCode).toBe(200);
    });
  });
}
