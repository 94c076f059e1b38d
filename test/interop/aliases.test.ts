import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSmtpMailer } from '../../src/adapters/mail/index.ts';
import { createMarketAndMemberStores, type OpenDatabase } from '../../src/adapters/postgres/index.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { openTestFace, type TestFace } from '../support/http-face.ts';
import { bodyOf, codeIn, mailServer } from '../support/mail-server.ts';

type Body = { readonly id: string; readonly code: string; readonly state: string; readonly value: string };

/** The first, since what is tried here is the mail: the stores have their contract on every database. */
for (const database of DATABASES.slice(0, 1)) {
  describeDatabase(database, 'R17: addresses are proven by mail', (fresh) => {
    let opened: OpenDatabase;
    let face: TestFace & { url: string };
    let somebody: { authorization: string };
    let memberId: string;
    const warnings: string[] = [];
    const closers: (() => unknown)[] = [];

    beforeEach(async () => {
      opened = await fresh();
    });

    afterEach(async () => {
      await face.server.close();
      for (const close of closers.splice(0)) await close();
      warnings.splice(0);
    });

    async function openWith(url: string): Promise<void> {
      const { directory: _, ...stores } = createMarketAndMemberStores(opened.kysely);
      const warn = (sentence: string) => warnings.push(sentence);
      const mailer = createSmtpMailer({ url, from: 'omnidial@omnidial.example', warn });
      const plain = await openTestFace({ ...stores, proofs: { mailer } });
      face = { ...plain, url: await plain.server.listen({ host: '127.0.0.1', port: 0 }) };
      memberId = (await face.member('individual')).id;
      somebody = await face.as('individual', memberId);
    }

    async function withServer(options?: SMTPServerOptions, account = '') {
      const server = await mailServer(options);
      closers.push(server.close);
      await openWith(`smtp://${account}127.0.0.1:${server.port}`);
      return server;
    }

    async function ask(method: string, path: string, body?: object, key?: string) {
      const response = await fetch(`${face.url}${path}`, {
        method,
        headers: {
          ...somebody,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = await response.text();
      return { status: response.status, body: (answer === '' ? {} : JSON.parse(answer)) as Body };
    }

    const add = (value: string, key = value) => ask('POST', '/v1/aliases', { kind: 'email', value }, key);
    const confirm = (id: string, code: string) => ask('POST', `/v1/aliases/${id}/confirmation`, { code });

    it('the code is read from the wire, in the member’s language, and given back over HTTP', async () => {
      const { arrived } = await withServer();
      const added = await add('Kim@Mail.Example');
      expect([added.status, added.body.state, added.body.value]).toEqual([
        201,
        'challenged',
        'kim@mail.example',
      ]);
      const [mail] = arrived;
      expect(mail).toMatchObject({ from: 'omnidial@omnidial.example', to: ['kim@mail.example'] });
      expect(mail?.raw).toMatch(/^auto-submitted: auto-generated/im);
      expect(mail && bodyOf(mail)).toContain('인증 코드');
      expect(JSON.stringify(added.body)).not.toContain(codeIn(mail));
      expect(face.logged.join('\n')).not.toContain(codeIn(mail));
      const proven = await confirm(added.body.id, codeIn(mail));
      expect(proven.body).toMatchObject({ state: 'proven', leadsToMember: true });
      expect((await ask('GET', '/v1/aliases')).body).toMatchObject({ items: [{ id: added.body.id }] });
      const gone = await ask('DELETE', `/v1/aliases/${added.body.id}?confirmation=kim@mail.example`);
      expect(gone.status).toBe(204);
    });

    it('a request that is repeated mails once, and one without a key mails nothing', async () => {
      const { arrived } = await withServer();
      const first = await add('kim@mail.example', 'one');
      expect((await add('kim@mail.example', 'one')).body).toEqual(first.body);
      expect(arrived).toHaveLength(1);
      const keyless = await ask('POST', '/v1/aliases', { kind: 'email', value: 'lee@mail.example' });
      expect([keyless.status, keyless.body.code]).toEqual([400, 'idempotency-key-missing']);
      const soon = await ask('POST', `/v1/aliases/${first.body.id}/code`, undefined, 'two');
      expect([soon.status, soon.body.code]).toEqual([429, 'too-many-codes']);
      face.clock.nowMs += 60_000;
      const later = await ask('POST', `/v1/aliases/${first.body.id}/code`, undefined, 'three');
      expect([later.status, arrived.length]).toEqual([200, 2]);
      // The first code may be the second one by chance, once in a million.
      expect((await confirm(first.body.id, codeIn(arrived[1]))).status).toBe(200);
    });

    it('addresses that are more than an address mail nobody', async () => {
      const { arrived } = await withServer();
      const hostile = [
        'kim@mail.example\r\nBcc: all@mail.example',
        'kim@mail.example\nSubject: x',
        'kim@mail.example,lee@mail.example',
        'kim@mail.example lee@mail.example',
        'Kim <kim@mail.example>',
        'kim@mail.example\u0000',
        `${'k'.repeat(65)}@mail.example`,
        `kim@${'m'.repeat(64)}.example`,
        'kim@127.0.0.1',
        'kim@localhost',
        '"kim lee"@mail.example',
        '|kim@mail.example@',
      ];
      for (const value of hostile)
        expect((await add(value, crypto.randomUUID())).status).toBeOneOf([400, 422]);
      expect((await add('k'.repeat(90_000), crypto.randomUUID())).status).toBe(400);
      expect(arrived).toEqual([]);
    });

    it('a code is not guessed over HTTP, whoever hurries', async () => {
      const { arrived } = await withServer();
      const { body } = await add('kim@mail.example');
      const right = codeIn(arrived[0]);
      const guesses = Array.from({ length: 40 }, (_, n) => String(900_000 + n)).filter(
        (code) => code !== right,
      );
      const answers = await Promise.all(guesses.map((code) => confirm(body.id, code)));
      expect(answers.filter(({ status }) => status === 200)).toEqual([]);
      expect(answers.filter(({ body: { code } }) => code === 'code-wrong').length).toBeLessThanOrEqual(5);
      for (const code of guesses.slice(0, 5)) await confirm(body.id, code);
      expect((await confirm(body.id, right)).body.code).toBe('code-expired');
    });

    it('the answer is the same for an address that leads to somebody else', async () => {
      const { arrived } = await withServer();
      const first = await add('kim@mail.example');
      await confirm(first.body.id, codeIn(arrived[0]));
      face.clock.nowMs += 60_000;
      const other = await face.member('individual');
      somebody = await face.as('individual', other.id);
      const [taken, free] = [await add('kim@mail.example'), await add('lee@mail.example')];
      expect([taken.status, free.status]).toEqual([201, 201]);
      const shape = ({ body }: typeof taken) => ({ ...body, id: '', value: '' });
      expect(shape(taken)).toEqual(shape(free));
    });

    it('a mail server that wants an account gets it, and one that does not know it says so to the operator', async () => {
      const onAuth: SMTPServerOptions['onAuth'] = ({ username, password }, _, done) =>
        password === 'p@ss' ? done(null, { user: username }) : done(new Error('no'));
      const { arrived } = await withServer(
        { authOptional: false, allowInsecureAuth: true, onAuth },
        'omni:p%40ss@',
      );
      expect([(await add('kim@mail.example')).status, arrived.length]).toEqual([201, 1]);
      await face.server.close();
      await withServer({ authOptional: false, allowInsecureAuth: true, onAuth }, 'omni:wrong@');
      const refused = await add('lee@mail.example');
      expect([refused.status, refused.body.code]).toEqual([503, 'mail-unavailable']);
      expect(warnings).toHaveLength(1);
      expect(warnings.join()).not.toMatch(/wrong|lee@/);
    });

    it('a mail server on this machine is believed without a signed certificate', async () => {
      const { arrived } = await withServer({ disabledCommands: [] });
      expect([(await add('kim@mail.example')).status, arrived.length]).toEqual([201, 1]);
    });

    it('a mail server that refuses, is gone, or says nothing is answered with 503, and asked again later', async () => {
      const onRcptTo: SMTPServerOptions['onRcptTo'] = ({ address }, _, done) =>
        done(address.startsWith('full') ? Object.assign(new Error('full'), { responseCode: 452 }) : null);
      const server = await withServer({ onRcptTo });
      expect((await add('full@mail.example')).body.code).toBe('mail-unavailable');
      await server.close();
      expect((await add('kim@mail.example')).body.code).toBe('mail-unavailable');
      await face.server.close();
      const silent: Server = createServer(() => undefined).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      closers.push(() => silent.close());
      await openWith(`smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`);
      const beganMs = performance.now();
      expect((await add('lee@mail.example')).body.code).toBe('mail-unavailable');
      expect(performance.now() - beganMs).toBeLessThan(9_000);
    });
  });
}
