import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  enumerate,
  guessPasswords,
  mutate,
  openHalf,
  ping,
  scan,
  seededRandom,
  strangeMessages,
} from '../support/attackers/index.ts';
import { describeWith } from '../support/phones/index.ts';
import { IncomingCall, OutgoingCall, openWire, RawPhone, silence } from '../support/raw-phone/index.ts';
import {
  buildWorld,
  INSPECTABLE,
  inspectorUrlOf,
  liveMegabytes,
  Service,
  type TerminalAccess,
  type World,
} from '../support/service/index.ts';

const METHODS = ['INVITE', 'REGISTER', 'OPTIONS', 'BYE', 'ACK', 'CANCEL', 'MESSAGE', 'REFER', 'NOTIFY'];
const MUTATIONS = 20_000;
const REGISTERS = 20_000;
const HALF_OPEN = 10_000;
/** Transactions that were answered are kept so long for retransmissions (RFC 3261 §17.2.2, timer J), and a second. */
const LINGERING_MS = 33_000;
/** For counts of suspects and nonces, which are kept for a while and bounded. One byte a packet would be 0.1. */
const LEFT_OVER_MEGABYTES = 12;

describeWith(['svmap', 'svwar', 'svcrack', 'sipsak'], 'a hostile minute', () => {
  let service: Service;
  let world: World;
  let caller: RawPhone;
  let callee: RawPhone;
  let inspectorUrl: string;
  let megabytesAtRest: number;

  beforeAll(async () => {
    service = await Service.start({
      sipPort: 24_700,
      env: { OMNIDIAL_LOG: 'warn' },
      nodeOptions: INSPECTABLE,
    });
    inspectorUrl = inspectorUrlOf(service);
    world = await buildWorld(service.api);
    const open = async ({ user, password }: TerminalAccess, transport: 'udp' | 'tcp') => {
      const phone = await RawPhone.open({ user, password, server: service.sipAddress, transport });
      expect(await phone.register()).toMatchObject({ status: 200 });
      return phone;
    };
    caller = await open(world.korean.terminals[0] as TerminalAccess, 'udp');
    callee = await open(world.american.terminals[0] as TerminalAccess, 'tcp');
    await expectCallsWork();
    megabytesAtRest = await liveMegabytes(inspectorUrl);
  });

  afterAll(async () => {
    caller?.close();
    callee?.close();
    await service?.stop();
  });

  /** Datagrams that the service was too slow to take: what it never saw would prove nothing. */
  const datagramsLost = () => {
    const port = Number(service.sipAddress.split(':')[1]).toString(16).toUpperCase();
    const sockets = readFileSync('/proc/net/udp', 'utf8').split('\n');
    const own = sockets
      .map((line) => line.trim().split(/\s+/))
      .find(([, local]) => local?.endsWith(`:${port}`));
    return Number(own?.at(-1));
  };

  /** A customer notices nothing: a call rings, is answered and ends. */
  const expectCallsWork = async () => {
    expect(service.isRunning, service.log).toBe(true);
    const call = new OutgoingCall(caller, world.american.dial);
    const incoming = await IncomingCall.at(callee);
    incoming.respond(200, 'OK');
    expect(await call.final()).toMatchObject({ status: 200 });
    await incoming.acknowledged();
    await Promise.all([call.bye(), incoming.hungUp()]);
  };

  /** Sends in small handfuls, so that the socket buffers do not do the service's work for it. */
  const storm = async (count: number, message: (index: number) => Buffer | string) => {
    const wire = await openWire({ server: service.sipAddress }, () => {});
    for (let index = 0; index < count; index += 1) {
      wire.send(message(index));
      if (index % 50 === 49) await sleep(2);
    }
    wire.close();
  };

  it('RFC 4475: strange messages over UDP and TCP', async () => {
    const strange = strangeMessages(service.sipAddress);
    await storm(strange.length, (index) => strange[index]?.bytes ?? '');
    for (const { bytes } of strange) {
      const wire = await openWire({ server: service.sipAddress, transport: 'tcp' }, () => {});
      wire.send(bytes);
      await sleep(5);
      wire.close();
    }
    await expectCallsWork();
  });

  const random = seededRandom(20_261_125);
  it(`${MUTATIONS} injured messages`, async () => {
    const valid = METHODS.map((method) => Buffer.from(requestOf(caller, method, service.sipAddress)));
    await storm(MUTATIONS, (index) =>
      mutate(valid[index % valid.length] as Buffer, random).subarray(0, 60_000),
    );
    await expectCallsWork();
  });

  it(`a flood of ${REGISTERS} REGISTERs from nobody`, async () => {
    await storm(REGISTERS, (index) =>
      requestOf(caller, 'REGISTER', service.sipAddress).replaceAll(caller.user, `nobody-${index}`),
    );
    await expectCallsWork();
  });

  it(`${HALF_OPEN} connections that never finish a request`, async () => {
    const half = await openHalf(service.sipAddress, HALF_OPEN);
    await expectCallsWork();
    expect(half.opened).toBeGreaterThan(0);
    half.close();
    await expectCallsWork();
  });

  it('sipvicious and sipsak find nothing that helps them', async () => {
    const { user } = world.korean.terminals[0] as TerminalAccess;
    const [found, guessed] = [
      await enumerate(service.sipAddress, '100-160', 'REGISTER'),
      await guessPasswords(service.sipAddress, user, '1000-1060'),
    ];
    await scan(service.sipAddress);
    await ping(service.sipAddress, user);
    expect(found.output).not.toMatch(/reqauth|noauth/);
    expect(guessed.output).not.toMatch(/The password for/);
    await expectCallsWork();
  });

  it('memory returns, and the phones are still who they were', async () => {
    expect(await liveMegabytes(inspectorUrl)).toBeGreaterThan(megabytesAtRest);
    await sleep(LINGERING_MS);
    await expectCallsWork();
    expect(await liveMegabytes(inspectorUrl)).toBeLessThan(megabytesAtRest + LEFT_OVER_MEGABYTES);
    expect(await caller.register()).toMatchObject({ status: 200 });
    expect(datagramsLost()).toBe(0);
  });
});

let serial = 0;

function requestOf(phone: RawPhone, method: string, server: string): string {
  serial += 1;
  const body = method === 'INVITE' ? silence() : '';
  const headers = [
    `From: <sip:${phone.user}@${server}>;tag=${serial}`,
    `To: <sip:0262009999082@${server}>`,
    `Call-ID: hostile-${serial}`,
    `CSeq: ${serial} ${method}`,
    `Contact: ${phone.contact}`,
  ];
  return phone.print(method, `sip:0262009999082@${server}`, headers, body);
}
