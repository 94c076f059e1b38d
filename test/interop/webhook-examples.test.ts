import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signedHeaders } from '../../src/adapters/webhooks/sign.ts';
import { newSecret } from '../../src/domain/webhooks/index.ts';
import { describeWith } from '../support/phones/index.ts';

const BODY = '{"type":"call.ended","data":{"text":"é전화 \\\\ %s $HOME\\n"}}';
const [OURS, OTHERS] = [1, 2].map((seed) => newSecret(new Uint8Array(32).fill(seed)).text) as [
  string,
  string,
];
const keyOf = (secret: string) => secret.slice('whsec_'.length);

/** The program of a language in the document. */
function exampleIn(language: string): string {
  const document = readFileSync(resolve(import.meta.dirname, '../../docs/webhooks.md'), 'utf8');
  return new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(document)?.[1] ?? '';
}

const LANGUAGES = [
  ['sh', 'sh', 'verify.sh'],
  ['js', process.execPath, 'verify.mjs'],
  ['python', 'python3', 'verify.py'],
] as const;

describeWith(['sh', 'openssl', 'base64', 'od', 'python3'], 'docs/webhooks.md', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'omnidial-webhook-examples-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(LANGUAGES)(
    'Standard Webhooks 1.0: its example in %s takes what is genuine, and nothing else',
    (language, program, name) => {
      const path = join(folder, name);
      writeFileSync(path, exampleIn(language));
      const verify = (headers: Readonly<Record<string, string>>, input: string) => {
        const given = ['id', 'timestamp', 'signature'].map((part) => headers[`webhook-${part}`] ?? '');
        const env = { ...process.env, WEBHOOK_SECRET: OURS };
        return spawnSync(program, [path, ...given], { input, env, encoding: 'utf8' });
      };
      const sign = (change: object = {}) =>
        signedHeaders({ id: 'event_1', atMs: Date.now(), body: BODY, keys: [keyOf(OURS)], ...change });
      expect(verify(sign(), BODY)).toMatchObject({ status: 0, stderr: '' });
      expect(verify(sign({ keys: [keyOf(OTHERS), keyOf(OURS)] }), BODY).status).toBe(0);
      expect(verify(sign({ keys: [keyOf(OTHERS)] }), BODY).status).toBe(1);
      expect(verify(sign(), `${BODY}\n`).status).toBe(1);
      expect(verify({ ...sign(), 'webhook-id': 'event_2' }, BODY).status).toBe(1);
      expect(verify(sign({ atMs: Date.now() - 302_000 }), BODY).status).toBe(1);
      expect(verify(sign({ atMs: Date.now() + 302_000 }), BODY).status).toBe(1);
      expect(verify({ ...sign(), 'webhook-signature': 'v1,' }, BODY).status).toBe(1);
    },
  );
});
