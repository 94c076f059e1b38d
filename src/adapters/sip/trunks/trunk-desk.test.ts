import { beforeEach, describe, expect, it } from 'vitest';
import { TestPhone } from '../../../../test/support/flows/test-phone.ts';
import { MemoryNetwork } from '../../../../test/support/memory-network.ts';
import { gatewayAt, networkOf, trunkNamed } from '../../../../test/support/trunks/index.ts';
import { VirtualClock } from '../../../../test/support/virtual-clock.ts';
import type { CentreNetwork, Trunk } from '../../../domain/centres/index.ts';
import { refuse } from '../../../domain/refusal/index.ts';
import { headerValue, responseTo } from '../../../protocols/sip/message/index.ts';
import { type IncomingRequest, SipEndpoint } from '../endpoint/index.ts';
import type { Flow } from '../network/index.ts';
import { TrunkDesk } from './index.ts';

const US: Flow = { transport: 'udp', address: '192.0.2.1', port: 5060 };
const CARRIER = '198.51.100.1';
const HEALTH = { intervalMs: 1_000, downAfter: 2, upAfter: 2 };

let clock: VirtualClock;
let memory: MemoryNetwork;
let carrier: TestPhone;
let atUs: IncomingRequest[];
let network: CentreNetwork;
let desk: TrunkDesk;

beforeEach(() => {
  clock = new VirtualClock();
  memory = new MemoryNetwork(clock);
  atUs = [];
  carrier = new TestPhone(memory, clock, { name: 'carrier', address: CARRIER, exchange: US });
});

function open(...trunks: readonly Trunk[]): void {
  let count = 0;
  const timers = { start: (afterMs: number, run: () => void) => clock.schedule(afterMs, run) };
  const endpoint = new SipEndpoint({
    network: memory.host(US.address, US.port),
    timers,
    newToken: () => `us${++count}`,
  });
  endpoint.start({ onRequest: (incoming) => atUs.push(incoming), onAck: () => {}, onClosed: () => {} });
  network = networkOf(...trunks);
  desk = new TrunkDesk({
    endpoint,
    clock,
    timers,
    domain: 'omnidial.example',
    random: () => 0.5,
    servers: { locate: async () => refuse('address-not-found', 'There are no names here.') },
    network: () => network,
    serves: () => true,
    log: () => {},
  });
}

function setUp(...trunks: readonly Trunk[]): void {
  network = networkOf(...trunks);
  desk.networkChanged();
}

/** Lets time pass in small steps, between which what waits for a promise goes on. */
async function pass(ms: number): Promise<void> {
  const until = clock.nowMs() + ms;
  while (clock.nowMs() < until) {
    clock.run(Math.min(until, clock.nowMs() + 10));
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
}

/** Answers everything the carrier was sent and has not answered yet. */
function answerAll(status: number, headers: readonly { name: string; value: string }[] = []): void {
  for (const to of carrier.requests.splice(0)) {
    const response = responseTo(to.request, status, undefined, 'carrier');
    to.respond({ ...response, headers: [...response.headers, ...headers] });
  }
}

const gateways = [gatewayAt(CARRIER, 5060)];
const gateway = () => desk.state()[0]?.gateways[0];

describe('probes', () => {
  it('R14: two silences one after another take a gateway down, one of them does not, and two answers bring it back', async () => {
    open(trunkNamed('a', { gateways, health: HEALTH }));
    await pass(600);
    answerAll(404);
    await pass(1_000);
    expect(gateway()).toMatchObject({ state: 'up', answeredAtMs: expect.any(Number) });
    await pass(1_100);
    expect(carrier.requests.length).toBeGreaterThan(0);
    answerAll(200);
    await pass(100);
    expect(gateway()).toMatchObject({ state: 'up' });
    await pass(4_000);
    expect(gateway()).toMatchObject({ state: 'down', reason: 'no answer to OPTIONS' });
    for (let answers = 0; answers < 3; answers += 1) {
      answerAll(200);
      await pass(1_000);
    }
    expect(gateway()).toMatchObject({ state: 'up' });
  });

  it('what is set up again goes on in its time, and a trunk that is removed is asked no more', async () => {
    const trunk = trunkNamed('a', { gateways, health: HEALTH });
    open(trunk);
    await pass(400);
    setUp({ ...trunk, channels: 3 });
    await pass(150);
    expect(carrier.requests.map(({ request }) => request.method)).toEqual(['OPTIONS']);
    answerAll(200);
    setUp();
    await pass(10_000);
    expect(carrier.requests).toEqual([]);
  });
});

describe('registrations', () => {
  const registering = (special: Partial<Trunk> = {}) =>
    trunkNamed('a', {
      gateways,
      credentials: { user: 'us', password: 'pw' },
      registration: { expiresSeconds: 600 },
      ...special,
    });
  const asked = () =>
    carrier.requests.map(({ request }) => `${request.method} ${headerValue(request, 'Expires')}`);

  it('RFC 3261 §10.2: another password is registered only after the old registration was taken back', async () => {
    open(registering());
    await pass(20);
    answerAll(200);
    await pass(20);
    expect(desk.state()[0]).toMatchObject({ registration: 'registered' });
    setUp(registering({ credentials: { user: 'us', password: 'other' } }));
    await pass(20);
    expect(asked()).toEqual(['REGISTER 0']);
    answerAll(200);
    await pass(20);
    expect(asked()).toEqual(['REGISTER 600']);
  });

  it('a registrar that is not there makes place for the next gateway, sooner than a refusal would', async () => {
    open(registering({ gateways: [gatewayAt('198.51.100.9', 5060), ...gateways] }));
    await pass(2_100);
    expect(asked()).toEqual(['REGISTER 600']);
    answerAll(403);
    await pass(50_000);
    expect([desk.state()[0]?.registration, asked()]).toEqual(['refused', []]);
    await pass(11_000);
    expect(asked()).toEqual(['REGISTER 600']);
  });

  it('a carrier that does not answer holds the end up for a second at most', async () => {
    open(registering());
    await pass(20);
    answerAll(200);
    await pass(20);
    let isClosed = false;
    void desk.close().then(() => {
      isClosed = true;
    });
    await pass(900);
    expect(isClosed).toBe(false);
    await pass(200);
    expect(isClosed).toBe(true);
  });
});

describe('channels', () => {
  it('R14: the last one taken turns the next call away, and is given back once, however often that is said', async () => {
    open(trunkNamed('a', { channels: 1, inbound: { addresses: [CARRIER], transit: false } }));
    carrier.dial('0262001000');
    await pass(10);
    const [first] = atUs;
    const caller = first === undefined ? undefined : desk.identify(first);
    expect([caller?.kind, desk.state()[0]?.channelsInUse]).toEqual(['known', 1]);
    carrier.dial('0262001000');
    await pass(10);
    expect(atUs[1] === undefined ? undefined : desk.identify(atUs[1])).toEqual({ kind: 'answered' });
    await pass(10);
    expect(carrier.statuses).toEqual([503]);
    if (caller?.kind === 'known') {
      caller.onOver?.();
      caller.onOver?.();
    }
    expect(desk.state()[0]?.channelsInUse).toBe(0);
  });
});
