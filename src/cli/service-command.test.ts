import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestFace, type TestFace } from '../../test/support/http-face.ts';
import { dispatch } from './dispatch.ts';

let face: TestFace;
let url: string;
let operatorKey: string;

beforeAll(async () => {
  face = await openTestFace();
  url = await face.server.listen({ host: '127.0.0.1', port: 0 });
  operatorKey = (await face.as('operator')).authorization.slice('Bearer '.length);
});

afterAll(() => face.server.close());

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const code = await dispatch(args, {
    stdout: (text) => {
      written.stdout += text;
    },
    stderr: (text) => {
      written.stderr += text;
    },
  });
  return { code, ...written };
}

/** Runs a command as the operator, on the test's service. */
function asked(...args: string[]) {
  return run(...args, '--url', url, '--key', operatorKey);
}

/** The same with `--json`, and its answer. */
async function answered(...args: string[]) {
  const { code, stdout, stderr } = await asked(...args, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

const KIM = [
  '--name',
  'Kim',
  '--address',
  'Seoul',
  '--email',
  'k@example.com',
  '--reachable',
  '+82262006200',
];

describe('the whole purchase by commands', () => {
  it('R5 … R11: register, search, order, confirm, pay, hold', async () => {
    const { id: member } = await answered('members', 'create', '--kind', 'individual', ...KIM);
    const search = await asked('numbers', 'search', '--country', 'KR', '--pattern', '*6200', '--limit', '3');
    expect(search.stdout).toMatch(/^number +price\n02-6200-6200-082 +55000 KRW\n/);
    const order = await answered('numbers', 'order', '02-6200-6200-082', '--member', member);
    const confirmed = await asked('numbers', 'confirm', order.id);
    expect(confirmed.stdout).toMatch(/pay to: +Bank of Test 110-0 \(Omnidial\)/);
    const { paymentRequest } = await answered('numbers', 'show', order.id);
    const amount = ['--notice', 'n', '--amount', '55000', '--currency', 'KRW'];
    const paid = await asked('numbers', 'deposit', paymentRequest.reference, ...amount);
    expect(paid).toEqual({
      code: 0,
      stdout: `02-6200-6200-082 belongs to member ${member} now.\n`,
      stderr: '',
    });
    expect((await asked('numbers', 'list', '--member', member)).stdout).toContain(
      '02-6200-6200-082  personal',
    );
    expect((await asked('numbers', 'orders', '--state', 'assigned')).stdout).toContain(order.id);
    const overview = await asked('members', 'show', member);
    expect(overview.stdout).toContain('02-6200-6200-082');
  });

  it('R7: a refusal goes to stderr with its code, and the exit code is 1', async () => {
    const { id: member } = await answered('members', 'create', '--kind', 'individual', ...KIM);
    const refused = await asked('numbers', 'order', '02-9999-0000-082', '--member', member);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/^omnidial numbers order: .+ \(number-not-for-sale\)\n$/);
    const asJson = await asked('numbers', 'order', '02-9999-0000-082', '--member', member, '--json');
    expect(JSON.parse(asJson.stderr)).toMatchObject({ status: 422, code: 'number-not-for-sale' });
  });

  it('a catalogue is shown, extended and shortened', async () => {
    const price = ['--price', '10', '--currency', 'USD', '--memorable', '5'];
    const { id } = await answered('numbers', 'add-range', '7100-XXXX', ...price);
    expect((await asked('numbers', 'ranges')).stdout).toMatch(/enterprise .*7100XXXX +10.00 USD +\+ 5.00/);
    await answered('numbers', 'withdraw-range', id);
    expect((await asked('numbers', 'ranges')).stdout).not.toContain('7100XXXX');
  });
});

describe('members, terminals and calls by commands', () => {
  it('R3, R18: branches open and close, terminals come and go', async () => {
    const { id: member } = await answered('members', 'create', '--kind', 'enterprise', ...KIM);
    await answered('members', 'open-branch', member, '--country', 'JP', '--name', 'Tokyo office');
    expect((await asked('members', 'branches', member)).stdout).toBe(
      'country  branch\n081      Tokyo office\n',
    );
    const added = await answered('terminals', 'add', '--name', 'desk', '--country', 'JP', '--member', member);
    expect(added).toMatchObject({ terminal: { branchCountryCode: '081' }, realm: 'omnidial.test' });
    const { id, user } = added.terminal;
    expect((await asked('terminals', 'list', '--member', member)).stdout).toContain(user);
    expect((await asked('terminals', 'password', id)).stdout).toContain('password (shown this once):');
    expect((await asked('terminals', 'remove', id, '--confirm', 'wrong')).code).toBe(1);
    expect((await asked('terminals', 'remove', id, '--confirm', user)).code).toBe(0);
    expect((await asked('members', 'close-branch', member, '--country', '081')).code).toBe(0);
    expect((await asked('terminals', 'list', '--member', member)).stdout).toBe('None.\n');
  });

  it('a call is listed, shown, and drawn as a ladder', async () => {
    const call = {
      id: 'c-1',
      callerMemberId: 'a',
      callerTerminalId: 't',
      dialled: '02',
      startedAtMs: 0,
      lastSeenAtMs: 0,
    };
    await face.calls.save([{ ...call, status: 'no-answer', sipStatus: 480 }]);
    const text = 'INVITE sip:02@a SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n';
    face.traces.set('c-1', [
      { atMs: 0, direction: 'received', from: '192.0.2.1:5060', to: 'omnidial', text },
    ]);
    expect((await asked('calls', 'list', '--status', 'no-answer')).stdout).toContain('c-1');
    expect((await asked('calls', 'show', 'c-1')).stdout).toMatch(/SIP status: +480/);
    expect((await asked('trace', 'c-1')).stdout).toMatch(
      /192\.0\.2\.1:5060.*omnidial\n0\.000 .*\|-+ INVITE -+>\|/,
    );
    expect((await asked('trace', 'c-2')).stderr).toContain('(not-found)');
  });

  it('R12: every decision about a dialled text is shown', async () => {
    const { stdout } = await asked('resolve', '02 6200 6200', '--from', 'kr');
    expect(stdout).toMatch(/1 +reading +own +It is a number of ours\./);
    expect(stdout).toContain('at once: terminal t-1');
    expect(await answered('resolve', '119', '--from', '082')).toMatchObject({
      from: '082',
      rings: [{ terminalId: 't-1' }],
    });
  });
});

describe('a command called wrongly', () => {
  it.each([
    [['numbers'], 'omnidial numbers <what>'],
    [['numbers', 'serch'], 'Did you mean search?'],
    [['numbers', 'order'], '<number> is missing'],
    [['numbers', 'order', '1', '2'], '"2" is too much'],
    [['numbers', 'search', '--colour', 'red'], "Unknown option '--colour'"],
    [['numbers', 'deposit', 'OD-1', '--notice', 'n'], '--amount is missing'],
    [['resolve', '119', '--from', 'Korea'], '"Korea" is no country'],
    [['trace'], '<call> is missing'],
    [['calls', 'list', '--url', 'nowhere'], '"nowhere" is not a URL'],
  ])('%j is explained, with exit code 2', async (args, sentence) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
  });

  it('has help for every verb', async () => {
    const { code, stdout } = await run('numbers', 'search', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('--pattern <pattern>');
    expect((await run('terminals', '--help')).stdout).toContain('remove <terminal>');
  });
});

describe('a service that does not answer', () => {
  it('is not running: says how to start it', async () => {
    const { code, stderr } = await run('calls', 'list', '--url', 'http://127.0.0.1:9');
    expect(code).toBe(1);
    expect(stderr).toMatch(/There is no service at http:\/\/127\.0\.0\.1:9 .*Start it with `npm start`/);
  });

  it('knows nobody: says how to say who asks', async () => {
    const { code, stderr } = await run('calls', 'list', '--url', url);
    expect(code).toBe(1);
    expect(stderr).toContain('Set OMNIDIAL_KEY');
  });

  it('names what is wrong with a request', async () => {
    const { stderr } = await asked('calls', 'list', '--limit', '9999');
    expect(stderr).toMatch(/\(request-invalid\)\n {2}query\/limit: /);
  });
});
