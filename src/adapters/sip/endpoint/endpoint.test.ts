import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryNetwork } from '../../../../test/support/memory-network.ts';
import { sipRequest } from '../../../../test/support/sip-messages.ts';
import { VirtualClock } from '../../../../test/support/virtual-clock.ts';
import {
  headerValue,
  printMessage,
  responseTo,
  type SipRequest,
  withoutHeader,
} from '../../../protocols/sip/message/index.ts';
import type { Flow } from '../network/index.ts';
import { SipEndpoint } from './endpoint.ts';
import type { IncomingRequest } from './endpoint-user.ts';
import { stampSource } from './via-stamp.ts';

const ALICE: Flow = { transport: 'udp', address: '192.0.2.1', port: 5060 };
const BOB: Flow = { transport: 'udp', address: '192.0.2.2', port: 5070 };

let clock: VirtualClock;
let network: MemoryNetwork;
let alice: SipEndpoint;
let bob: SipEndpoint;
let atBob: IncomingRequest[];
let acksAtBob: SipRequest[];
let heard: string[];

const listener = {
  onResponse: (response: { status: number }) => heard.push(String(response.status)),
  onTimeout: () => heard.push('timeout'),
  onUnreachable: () => heard.push('unreachable'),
};

/** A request as the layers above hand it over: without a Via of ours. */
function ready(method: string): SipRequest {
  return withoutHeader(sipRequest(method), 'Via');
}

function endpointAt(flow: Flow, name: string): SipEndpoint {
  let count = 0;
  const timers = { start: (afterMs: number, run: () => void) => clock.schedule(afterMs, run) };
  return new SipEndpoint({
    network: network.host(flow.address, flow.port),
    timers,
    newToken: () => `${name}${++count}`,
  });
}

beforeEach(() => {
  clock = new VirtualClock();
  network = new MemoryNetwork(clock);
  atBob = [];
  acksAtBob = [];
  heard = [];
  alice = endpointAt(ALICE, 'alice');
  bob = endpointAt(BOB, 'bob');
  alice.start({ onRequest: () => {}, onAck: () => {}, onClosed: () => {} });
  bob.start({
    onRequest: (incoming) => atBob.push(incoming),
    onAck: (ack) => acksAtBob.push(ack),
    onClosed: () => {},
  });
});

describe('the endpoint', () => {
  it('RFC 3261 §17.1.2: delivers a request once, however often it is repeated, and its answer', () => {
    network.loses = ({ to }) => to.port === ALICE.port && clock.nowMs() < 1_000;
    alice.send(ready('OPTIONS'), BOB, listener);
    clock.run(10);
    atBob[0]?.respond(responseTo(atBob[0].request, 200, undefined, 'bob'));
    clock.run();
    expect([atBob.length, heard]).toEqual([1, ['200']]);
    expect([alice.transactions, bob.transactions]).toEqual([
      { server: 0, client: 0 },
      { server: 0, client: 0 },
    ]);
  });

  it('RFC 3581 §4: marks where a request came from, and believes no such mark of the sender', () => {
    const lying = { ...ready('OPTIONS'), headers: ready('OPTIONS').headers };
    alice.send(lying, BOB, listener);
    clock.run(10);
    expect(headerValue(atBob[0]?.request ?? lying, 'Via')).toBe(
      'SIP/2.0/UDP 192.0.2.1:5060;rport=5060;received=192.0.2.1;branch=z9hG4bKalice1',
    );
  });

  it('RFC 3261 §18.2.1: an address that only begins like that of the sender is not its own', () => {
    const from = (sentBy: string) =>
      headerValue(
        stampSource(
          sipRequest('OPTIONS', { headers: { Via: `SIP/2.0/UDP ${sentBy};branch=z9hG4bK1` } }),
          ALICE,
        ),
        'Via',
      );
    expect(from('192.0.2.1')).toBe('SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1');
    expect(from('192.0.2.1:5070')).toBe('SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1');
    expect(from('192.0.2.10')).toBe('SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK1;received=192.0.2.1');
  });

  it('tells of silence and of a network that fails', () => {
    network.loses = ({ to }) => to.port === BOB.port;
    alice.send(ready('OPTIONS'), BOB, listener);
    alice.send(ready('INVITE'), { ...BOB, port: 1 }, listener);
    clock.run();
    expect(heard).toEqual(['unreachable', 'timeout']);
  });

  it('RFC 3261 §9.1: holds a CANCEL back until a provisional response is there', () => {
    const call = alice.send(ready('INVITE'), BOB, listener);
    clock.run(10);
    const invite = atBob[0];
    if (invite === undefined) throw new Error('Bob got no INVITE');
    invite.onCancel = () => invite.respond(responseTo(invite.request, 487, undefined, 'bob'));
    call.cancel('SIP;cause=200');
    clock.run(100);
    expect(heard).toEqual([]);
    invite.respond(responseTo(invite.request, 180, undefined, 'bob'));
    clock.run();
    expect(heard).toEqual(['180', '487']);
    expect(bob.transactions).toEqual({ server: 0, client: 0 });
  });

  it('RFC 3261 §9.2: answers a CANCEL for nothing with 481', () => {
    const stray = sipRequest('CANCEL', {
      headers: { Via: 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-stray' },
    });
    network.host(ALICE.address, ALICE.port).send(printMessage(stray), BOB, () => {});
    clock.run(100);
    expect(atBob).toEqual([]);
    expect(network.packets.at(-1)?.bytes.toString()).toMatch(/^SIP\/2\.0 481 /);
  });

  it('RFC 3261 §13.2.2.4: hands the ACK for a 2xx to the user, and repeats no 2xx by itself', () => {
    alice.send(ready('INVITE'), BOB, listener);
    clock.run(10);
    atBob[0]?.respond(responseTo(atBob[0].request, 200, undefined, 'bob'));
    clock.run(100);
    alice.acknowledge(ready('ACK'), BOB);
    clock.run();
    expect([heard, acksAtBob.length]).toEqual([['200'], 1]);
  });

  it('answers what is malformed where it can be answered, and is silent otherwise', () => {
    const host = network.host('192.0.2.3', 5060);
    const heardBack: string[] = [];
    host.listen({
      onMessage: (bytes) => heardBack.push(bytes.toString().split('\r\n')[0] ?? ''),
      onClosed: () => {},
    });
    const text = printMessage(sipRequest('OPTIONS'))
      .toString()
      .replace('Max-Forwards: 70', 'Max-Forwards: many');
    for (const each of [text, 'garbage', '', '\0'.repeat(100)]) host.send(Buffer.from(each), BOB, () => {});
    clock.run(100);
    expect(heardBack).toEqual(['SIP/2.0 400 Bad Request']);
  });
});
