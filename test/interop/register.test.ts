import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock, TimerLists } from '../../src/adapters/clock/index.ts';
import { createMemoryRegistrationStore } from '../../src/adapters/memory/index.ts';
import { Authentication } from '../../src/adapters/sip/authentication/index.ts';
import { SipEndpoint } from '../../src/adapters/sip/endpoint/index.ts';
import { type OpenNetwork, openNetwork } from '../../src/adapters/sip/network/index.ts';
import { createRegistrar } from '../../src/adapters/sip/registrar/index.ts';
import { headerValue } from '../../src/protocols/sip/message/index.ts';
import { Registrations } from '../../src/services/keep-registrations.ts';
import { Baresip, describeWith, Linphone, speechOf } from '../support/phones/index.ts';
import { REALM, terminalFact } from '../support/registration.ts';

const PORT = 26_000;
const ADDRESS = `127.0.0.1:${PORT}`;
const TRANSPORTS = ['udp', 'tcp'] as const;

const SIPP_REGISTERS = `<?xml version="1.0" encoding="UTF-8"?>
<scenario name="register">
  <send retrans="500"><![CDATA[
REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:sipp@[remote_ip]:[remote_port]>;tag=[call_number]
To: <sip:sipp@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 REGISTER
Contact: <sip:sipp@[local_ip]:[local_port]>
Max-Forwards: 70
User-Agent: SIPp
Content-Length: 0

]]></send>
  <recv response="401" auth="true"/>
  <send retrans="500"><![CDATA[
REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:sipp@[remote_ip]:[remote_port]>;tag=[call_number]
To: <sip:sipp@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 2 REGISTER
Contact: <sip:sipp@[local_ip]:[local_port]>
Max-Forwards: 70
User-Agent: SIPp
[authentication username=sipp password=PASSWORD]
Content-Length: 0

]]></send>
  <recv response="200"/>
</scenario>
`;

describeWith(['baresip', 'linphonec', 'sipp', 'espeak-ng', 'sox'], 'R18: phones register', () => {
  let network: OpenNetwork;
  let registrations: Registrations;
  const algorithms = new Map<string, string>();
  const terminals = new Map(
    ['alice', 'bob', 'carol', 'dave', 'sipp'].map((user) => [user, terminalFact(user)]),
  );
  const bound = (user: string) => registrations.bindingsOf(`terminal-${user}`, systemClock.nowMs());

  beforeAll(async () => {
    let tokens = 0;
    const newToken = () => `token${++tokens}`;
    network = await openNetwork({
      listen: TRANSPORTS.map((transport) => ({ transport, address: '127.0.0.1', port: PORT })),
    });
    registrations = new Registrations({
      store: createMemoryRegistrationStore(),
      clock: systemClock,
      timers: new TimerLists(),
      onStoreFailure: (error) => {
        throw error;
      },
    });
    const authentication = new Authentication({
      realm: REALM,
      clock: systemClock,
      partyOf: (user) => terminals.get(user),
      newTag: newToken,
    });
    const registrar = createRegistrar({
      authentication,
      registrations,
      clock: systemClock,
      servesHost: (host) => host === '127.0.0.1',
      newTag: newToken,
    });
    new SipEndpoint({ network, timers: new TimerLists(), newToken }).start({
      onRequest: (incoming) => {
        const credentials = headerValue(incoming.request, 'Authorization');
        const user = /username="([^"]+)"/.exec(credentials ?? '')?.[1];
        if (user !== undefined)
          algorithms.set(user, /algorithm="?([\w-]+)/.exec(credentials ?? '')?.[1] ?? 'MD5');
        // baresip tells of its registration only to whoever has connected to it by then.
        const isEarly =
          credentials === undefined && headerValue(incoming.request, 'User-Agent')?.startsWith('baresip');
        if (isEarly) setTimeout(() => registrar.onRegister(incoming), 1_000);
        else registrar.onRegister(incoming);
      },
      onAck: () => {},
      onClosed: (flow) => registrations.closed(flow),
    });
  });

  afterAll(async () => {
    await registrations?.stop();
    await network?.close();
  });

  const account = (user: string, transport: 'udp' | 'tcp') => ({
    user,
    speech: speechOf(0),
    server: { address: ADDRESS, realm: REALM, password: `secret_of_${user}`, transport },
  });

  it.each([
    ['alice', 'udp', 26_100],
    ['bob', 'tcp', 26_120],
  ] as const)('baresip as %s over %s with MD5', async (user, transport, port) => {
    const phone = await Baresip.start({ ...account(user, transport), port, answers: 'when-told' });
    expect(bound(user)).toMatchObject([{ flow: { transport, address: '127.0.0.1' } }]);
    expect(bound(user)[0]?.flow.connection !== undefined).toBe(transport === 'tcp');
    expect(algorithms.get(user)).toBe('MD5');
    await phone.stop();
  });

  it.each([
    ['carol', 'udp', 26_140],
    ['dave', 'tcp', 26_160],
  ] as const)('linphonec as %s over %s with SHA-256', async (user, transport, port) => {
    const phone = await Linphone.start({ ...account(user, transport), port });
    expect(bound(user)).toMatchObject([{ flow: { transport, address: '127.0.0.1' } }]);
    expect(algorithms.get(user)).toBe('SHA-256');
    await phone.stop();
  });

  it('SIPp, a hundred times', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'omnidial-sipp-'));
    const scenario = join(folder, 'register.xml');
    writeFileSync(scenario, SIPP_REGISTERS.replace('PASSWORD', 'secret_of_sipp'));
    const options = ['-sf', scenario, '-i', '127.0.0.1', '-p', '26180', '-m', '100', '-r', '100', '-nostdin'];
    try {
      await promisify(execFile)('sipp', [ADDRESS, ...options, '-timeout', '30'], { cwd: folder });
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(bound('sipp')).toHaveLength(1);
  });
});
