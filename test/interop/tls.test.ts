import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CertificateAuthority } from '../support/certificates.ts';
import { type Kamailio, startKamailio } from '../support/kamailio/index.ts';
import { Baresip, describeWith, heardSpeech, speechOf } from '../support/phones/index.ts';
import { OutgoingCall, RawPhone } from '../support/raw-phone/index.ts';
import { buildWorld, Service, setUpNetwork, type World } from '../support/service/index.ts';

const SIP_PORT = 27_100;
const TLS_PORT = 27_101;
const PEER_PORT = 27_110;
const [TELLO, IMPOSTOR] = ['127.0.0.4', '127.0.0.5'] as const;
const TELLO_USER = '5551001';
const TALK_MS = 3_000;
const STRETCH = { fromSeconds: 1, seconds: 1.2 };

const trunk = (host: string) => ({
  kind: 'operator',
  centre: 'KR',
  gateways: [{ host, port: PEER_PORT + 1, transport: 'tls' }],
  inbound: { addresses: [host] },
  channels: 30,
  numbers: { country: 'KR' },
  silence: '2s',
});

const WORLD = {
  centres: { KR: { name: 'Seoul', countries: ['KR'] } },
  trunks: { tello: trunk(TELLO), impostor: trunk(IMPOSTOR) },
  operators: {
    tello: {
      name: 'Tello',
      trunks: ['tello'],
      rules: [{ pattern: '555[0-9]{4}', conversion: 'as-dialled' }],
    },
    impostor: {
      name: 'Impostor',
      trunks: ['impostor'],
      rules: [{ pattern: '777[0-9]{4}', conversion: 'as-dialled' }],
    },
  },
};

describeWith(['baresip', 'kamailio', 'openssl', 'espeak-ng', 'sox'], 'R14, R15, R18: SIP over TLS', () => {
  const believed = new CertificateAuthority();
  const unknown = new CertificateAuthority();
  let service: Service;
  let world: World;
  let kamailio: Kamailio;
  let korean: Baresip;
  let tello: Baresip;
  let impostor: Server;
  let told = '';

  beforeAll(async () => {
    const own = believed.issue('exchange', ['DNS:omnidial.localhost', 'IP:127.0.0.1']);
    service = await Service.start({
      sipPort: SIP_PORT,
      env: {
        OMNIDIAL_SIP_TLS: `127.0.0.1:${TLS_PORT}`,
        OMNIDIAL_TLS_CERTIFICATE: own.certificateFile,
        OMNIDIAL_TLS_KEY: own.keyFile,
        OMNIDIAL_TLS_CA: believed.file,
      },
    });
    world = await buildWorld(service.api);
    await setUpNetwork(service.api, WORLD);
    kamailio = await startKamailio({
      role: 'operator',
      address: TELLO,
      port: PEER_PORT,
      users: { [TELLO_USER]: 'secret' },
      exchange: `127.0.0.1:${TLS_PORT}`,
      tls: {
        port: PEER_PORT + 1,
        authoritiesFile: believed.file,
        ...believed.issue('tello', [`IP:${TELLO}`]),
      },
    });
    tello = await Baresip.start({
      user: TELLO_USER,
      server: { address: `${TELLO}:${PEER_PORT}`, password: 'secret', transport: 'udp' },
      port: 27_140,
      answers: 'by-itself',
      speech: speechOf(0),
    });
    const { user = '', password = '' } = world.korean.terminals[0] ?? {};
    korean = await Baresip.start({
      user,
      server: {
        address: `127.0.0.1:${TLS_PORT}`,
        password,
        transport: 'tls',
        authoritiesFile: believed.file,
      },
      port: 27_160,
      answers: 'by-itself',
      speech: speechOf(1),
    });
    const { certificateFile, keyFile } = unknown.issue('impostor', [`IP:${IMPOSTOR}`]);
    const pem = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
    impostor = createServer(pem, (socket) => {
      socket.on('data', (chunk) => {
        told += String(chunk);
      });
      socket.on('error', () => {});
    });
    impostor.on('tlsClientError', () => {});
    impostor.listen(PEER_PORT + 1, IMPOSTOR);
    await once(impostor, 'listening');
  });

  afterAll(async () => {
    await korean?.stop();
    await tello?.stop();
    await kamailio?.close();
    impostor?.close();
    await service?.stop();
    believed.remove();
    unknown.remove();
  });

  const speaks = async (caller: Baresip, dialled: string, callee: Baresip) => {
    await caller.dial(dialled);
    await Promise.all([caller.event('CALL_ESTABLISHED'), callee.event('CALL_ESTABLISHED')]);
    await sleep(TALK_MS);
    await caller.hangUp();
    await Promise.all([caller.event('CALL_CLOSED'), callee.event('CALL_CLOSED')]);
    await sleep(200);
  };

  it('a phone on TLS calls an operator over TLS, and both hear each other', async () => {
    await speaks(korean, `sip:${TELLO_USER}@127.0.0.1:${TLS_PORT}`, tello);
    expect(heardSpeech(tello.heard(), speechOf(1), STRETCH)).toBeGreaterThan(0.9);
    expect(heardSpeech(korean.heard(), speechOf(0), STRETCH)).toBeGreaterThan(0.9);
    expect(kamailio.calls().map(({ called }) => called)).toEqual([TELLO_USER]);
  });

  it('an operator brings a call over TLS to a phone on TLS, and both hear each other', async () => {
    await speaks(tello, `sip:0262001234082@${TELLO}:${PEER_PORT}`, korean);
    expect(heardSpeech(korean.heard(), speechOf(0), STRETCH)).toBeGreaterThan(0.9);
    expect(heardSpeech(tello.heard(), speechOf(1), STRETCH)).toBeGreaterThan(0.9);
  });

  it('RFC 5922 §7.1: a server whose certificate nobody vouches for is told nothing', async () => {
    const { user = '', password = '' } = world.american.terminals[0] ?? {};
    const phone = await RawPhone.open({ server: service.sipAddress, user, password });
    const refusal = await new OutgoingCall(phone, '7770001').final();
    expect(refusal.status).toBe(503);
    expect(told).toBe('');
    await expect.poll(() => service.log).toContain(`TLS with ${IMPOSTOR} has failed`);
    phone.close();
  });

  it('what is no TLS, and what never ends its handshake, keeps nobody else out', async () => {
    const half = Array.from({ length: 50 }, () => connect(TLS_PORT, '127.0.0.1'));
    const liar = connect(TLS_PORT, '127.0.0.1');
    liar.on('error', () => {});
    liar.write('REGISTER sip:omnidial.localhost SIP/2.0\r\n\r\n');
    await once(liar.resume(), 'close');
    await speaks(korean, `sip:${TELLO_USER}@127.0.0.1:${TLS_PORT}`, tello);
    for (const socket of half) socket.destroy();
  });

  it('a certificate that cannot be used is told, and the service does not start', async () => {
    const own = unknown.issue('one', ['IP:127.0.0.1']);
    const other = unknown.issue('other', ['IP:127.0.0.1']);
    const startedWith = (keyFile: string) =>
      Service.start({
        sipPort: SIP_PORT + 5,
        env: {
          OMNIDIAL_SIP_TLS: `127.0.0.1:${TLS_PORT + 5}`,
          OMNIDIAL_TLS_CERTIFICATE: own.certificateFile,
          OMNIDIAL_TLS_KEY: keyFile,
        },
      });
    await expect(startedWith('/no/such.key')).rejects.toThrow('/no/such.key cannot be read: ENOENT.');
    await expect(startedWith(other.keyFile)).rejects.toThrow('cannot be used');
  });
});
