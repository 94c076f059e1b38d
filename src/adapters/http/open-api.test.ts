import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestFace, type TestFace } from '../../../test/support/http-face.ts';

type Operation = {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, unknown> }>>;
};

let face: TestFace;
let operations: [string, Operation][];
let document: { tags: { name: string }[]; components: { schemas: Record<string, unknown> } };

beforeAll(async () => {
  face = await openTestFace();
  document = (await face.server.inject('/openapi.json')).json();
  const { paths } = document as unknown as { paths: Record<string, Record<string, Operation>> };
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
});

afterAll(() => face.server.close());

/** What the framework really serves, from its own listing. */
function servedRoutes(): string[] {
  const lines = face.server.printRoutes({ commonPrefix: false }).split('\n');
  const routes: string[] = [];
  const stack: string[] = [];
  for (const line of lines) {
    const [, indent = '', path, methods] = /^([\s│├└─]*)(\S.*?) \(([A-Z, ]+)\)$/.exec(line) ?? [];
    if (path === undefined || methods === undefined) continue;
    stack.length = Math.max(0, indent.length / 4 - 1);
    stack.push(path);
    for (const method of methods.split(', ').filter((one) => one !== 'HEAD'))
      routes.push(`${method} ${stack.join('')}`);
  }
  return routes;
}

describe('/openapi.json', () => {
  it('has every route that is served, and no other', () => {
    const served = servedRoutes()
      .filter((route) => !route.includes(' /docs'))
      .map((route) => route.replaceAll(/:([a-zA-Z]+)/g, '{$1}'));
    expect(served.length).toBeGreaterThan(30);
    expect(operations.map(([name]) => name).sort()).toEqual(served.sort());
  });

  it('gives each a summary, a known tag, what it answers, and its errors as problem documents', () => {
    const tags = document.tags.map(({ name }) => name);
    for (const [name, { summary, tags: own = [], responses }] of operations) {
      expect(summary, name).toMatch(/^\S.{5,}/);
      expect(own.length === 1 && own.every((tag) => tags.includes(tag)), name).toBe(true);
      const statuses = Object.keys(responses);
      expect(
        statuses.filter((status) => status < '300'),
        name,
      ).toHaveLength(1);
      for (const status of statuses.filter((one) => one >= '400')) {
        expect(Object.keys(responses[status]?.content ?? {}), `${name} ${status}`).toEqual([
          'application/problem+json',
        ]);
      }
      expect(statuses, name).toEqual(expect.arrayContaining(['400', '500']));
    }
  });

  it('says which routes need nobody to be signed in, and the others answer 401 to visitors', async () => {
    const closed = operations.filter(([, { security }]) => security === undefined || security.length > 0);
    expect(closed.length).toBeGreaterThan(25);
    for (const [name, { responses }] of closed) {
      const [method = '', path = ''] = name.split(' ');
      if (path === '/v1/auth/sign-out') continue;
      const url = path.replaceAll(/\{[^}]+\}/g, 'x');
      const answer = await face.server.inject({ method: method as 'GET', url });
      expect([answer.statusCode, answer.json().code], name).toEqual([401, 'not-signed-in']);
      expect(Object.keys(responses), name).toContain('401');
    }
  });

  it('names the shapes that several routes share', () => {
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Problem', 'NumberOrder', 'Member', 'Terminal', 'Call']),
    );
  });

  it('refers to nothing that it does not have', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, name = ''] of references) expect(document.components.schemas).toHaveProperty([name]);
  });

  it('is shown to people at /docs', async () => {
    const page = await face.server.inject('/docs');
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
  });
});
