import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeIn, mailServer } from '../support/mail-server.ts';
import { startNameServer } from '../support/name-server/index.ts';
import { buildWorld, Service, type World } from '../support/service/index.ts';

const DNS_PORT = 24_853;
const program = resolve(import.meta.dirname, '..', '..', 'src', 'cli', 'index.ts');

type Alias = {
  readonly id: string;
  readonly state: string;
  readonly record?: { readonly name: string; readonly text: string };
};

describe('R17: names lead to members, through the whole service', () => {
  let mail: Awaited<ReturnType<typeof mailServer>>;
  let service: Service;
  let world: World;
  const ended: (() => unknown)[] = [];

  beforeAll(async () => {
    mail = await mailServer();
    service = await Service.start({
      sipPort: 24_850,
      env: { OMNIDIAL_SMTP: `smtp://127.0.0.1:${mail.port}`, OMNIDIAL_DNS: `127.0.0.1:${DNS_PORT}` },
    });
    world = await buildWorld(service.api);
  });

  afterAll(async () => {
    for (const end of ended) await end();
    await service?.stop();
    await mail?.close();
  });

  /** The answer of a command of the line, as an operator types it. */
  async function omnidial<Answer>(...given: readonly string[]): Promise<Answer> {
    const env = { ...process.env, OMNIDIAL_URL: service.httpUrl, OMNIDIAL_KEY: service.operatorKey };
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...given, '--json'], { env });
    return JSON.parse(stdout) as Answer;
  }

  /** The members' terminals that would ring, and the decisions on the way. */
  async function dialled(text: string): Promise<string> {
    return JSON.stringify(await service.api.post('/v1/route-explanations', { text, from: '082' }));
  }

  it('an address leads to its holder once the mailed code was typed', async () => {
    const { korean } = world;
    const [phone] = korean.terminals;
    const address = 'mina@mail.example';
    const added = await omnidial<Alias>('aliases', 'add', 'email', address, '--member', korean.memberId);
    expect(await dialled(address)).not.toContain(phone?.id);
    const code = codeIn(mail.arrived.at(-1));
    const proven = await omnidial<Alias>('aliases', 'confirm', added.id, '--code', code);
    expect(proven.state).toBe('proven');
    expect(await dialled('Mina@Mail.Example')).toContain(phone?.id);
    const { items } = await omnidial<{ items: Alias[] }>('aliases', 'list', '--member', korean.memberId);
    expect(items.map(({ state }) => state)).toEqual(['proven']);
    // After a restart the exchange still knows.
    await service.restart();
    expect(await dialled(address)).toContain(phone?.id);
    await promisify(execFile)(
      process.execPath,
      [program, 'aliases', 'remove', added.id, '--confirm', address],
      {
        env: { ...process.env, OMNIDIAL_URL: service.httpUrl, OMNIDIAL_KEY: service.operatorKey },
      },
    );
    expect(await dialled(address)).not.toContain(phone?.id);
  });

  it.skipIf(!existsSync('/usr/sbin/knotd'))(
    'a domain leads to the branch of the caller’s country once the DNS says so',
    async () => {
      const { enterprise } = world;
      const branch = enterprise.branches['082'];
      const form = ['acme.example', '--member', enterprise.memberId, '--fallback', 'KR'];
      const added = await omnidial<Alias>('aliases', 'add', 'domain', ...form);
      await expect(omnidial('aliases', 'confirm', added.id)).rejects.toThrow('address-lookup-failed');
      const { name, text } = added.record ?? { name: '', text: '' };
      const server = await startNameServer({ 'acme.example': `${name}. TXT "${text}"` }, DNS_PORT);
      ended.push(() => server.close());
      let state = '';
      for (let tries = 0; tries < 20 && state !== 'proven'; tries += 1) {
        await sleep(250);
        state = await omnidial<Alias>('aliases', 'confirm', added.id).then(
          (alias) => alias.state,
          () => 'refused',
        );
      }
      expect(state).toBe('proven');
      expect(await dialled('ACME.example')).toContain(branch?.id);
    },
  );
});
