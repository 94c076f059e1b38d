import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryNetwork } from '../../../../test/support/memory-network.ts';
import { VirtualClock } from '../../../../test/support/virtual-clock.ts';
import type { MediaListener, MediaTerms } from '../../media/index.ts';
import { SipEndpoint } from '../endpoint/index.ts';
import { Phone, type PhoneEvent, type PhoneIdentity } from './phone.ts';

/*
 * Two phones call each other over a network in memory, on a virtual clock: everything but the sockets and the
 * sound is the real thing.
 */

type Seat = {
  readonly phone: Phone;
  readonly uri: string;
  /** What was heard of calls, in order. */
  readonly events: string[];
  /** The terms the sound was connected with, in order. */
  readonly terms: MediaTerms[];
  readonly media: () => MediaListener | undefined;
};

let clock: VirtualClock;
let network: MemoryNetwork;
let alice: Seat;
let bob: Seat;

function seat(user: string, address: string, who: Partial<PhoneIdentity> = {}): Seat {
  let count = 0;
  const host = network.host(address, 5060);
  const timers = { start: (afterMs: number, run: () => void) => clock.schedule(afterMs, run) };
  const endpoint = new SipEndpoint({ network: host, timers, newToken: () => `${user}${++count}` });
  const terms: MediaTerms[] = [];
  let listener: MediaListener | undefined;
  const phone = new Phone(
    { user, transport: 'udp', expiresSeconds: 300, answers: 'when-told', ...who },
    {
      endpoint,
      timers,
      localAddress: (flow) => host.localAddress(flow),
      openMedia: async (mediaAddress, heard) => {
        listener = heard;
        return {
          address: mediaAddress,
          port: 4000,
          connect: (agreed) => void terms.push(agreed),
          play: () => {},
          press: () => true,
          statistics: () => ({ packetsSent: 0, packetsReceived: 0, packetsLost: 0, packetsRefused: 0 }),
          close: () => {},
        };
      },
      random: () => 0.5,
      close: async () => {},
    },
  );
  const events: string[] = [];
  phone.on((event) => events.push(spell(event)));
  return { phone, uri: `sip:${user}@${address}`, events, terms, media: () => listener };
}

function spell(event: PhoneEvent): string {
  if (event.kind === 'incoming') return `incoming from ${event.call.remote.uri}`;
  if (event.kind !== 'call') return event.kind;
  const { event: said } = event;
  if (said.kind === 'ended') {
    const { by, wasAnswered, status } = said.ending;
    return `ended by ${by}${wasAnswered ? ' after answer' : ''}${status === undefined ? '' : ` ${status}`}`;
  }
  if (said.kind === 'held' || said.kind === 'resumed') return `${said.kind} by ${said.by}`;
  return said.kind;
}

/** Lets promises settle, then `ms` of time pass, again and again in small steps. */
async function pass(ms: number): Promise<void> {
  const end = clock.nowMs() + ms;
  while (clock.nowMs() < end) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.run(Math.min(end, clock.nowMs() + Math.max(1, ms / 20)));
  }
  await new Promise((resolve) => setImmediate(resolve));
}

/** The first lines of what was sent, as `192.0.2.1 > INVITE`. */
function ladder(from = 0): string[] {
  return network.packets.slice(from).map(({ from: sender, bytes }) => {
    const [first = '', second = ''] = bytes.toString('latin1', 0, 40).split(' ');
    return `${sender.address.at(-1)} ${first === 'SIP/2.0' ? second : first}`;
  });
}

async function talk(): Promise<void> {
  alice.phone.call(bob.uri);
  await pass(50);
  bob.phone.answer();
  await pass(50);
  alice.events.length = 0;
  bob.events.length = 0;
}

beforeEach(() => {
  clock = new VirtualClock();
  network = new MemoryNetwork(clock);
  alice = seat('alice', '192.0.2.1');
  bob = seat('bob', '192.0.2.2');
});

describe('a call between two phones', () => {
  it('rings, is answered, and is ended by the caller', async () => {
    const call = alice.phone.call(bob.uri);
    await pass(50);
    expect(bob.events).toEqual(['incoming from sip:alice@192.0.2.1:5060']);
    bob.phone.answer();
    await pass(50);
    expect(await call.answered).toBe(true);
    alice.phone.hangUp();
    await pass(50);
    expect(alice.events).toEqual(['ringing', 'answered', 'ended by us after answer']);
    expect(bob.events.slice(1)).toEqual(['answered', 'ended by other-side after answer']);
    expect(ladder()).toEqual(['1 INVITE', '2 180', '2 200', '1 ACK', '1 BYE', '2 200']);
    expect(await call.ended).toMatchObject({ by: 'us', sentence: 'You hung up.' });
  });

  it('connects the sound of both with each other', async () => {
    await talk();
    expect(alice.terms.at(-1)).toEqual({
      remote: { address: '192.0.2.2', port: 4000 },
      law: 'PCMU',
      telephoneEvents: 101,
      direction: 'sendrecv',
    });
    expect(bob.terms).toEqual([{ ...alice.terms.at(-1), remote: { address: '192.0.2.1', port: 4000 } }]);
  });

  it('is ended by the callee', async () => {
    await talk();
    bob.phone.hangUp();
    await pass(50);
    expect(alice.events).toEqual(['ended by other-side after answer']);
    expect(bob.events).toEqual(['ended by us after answer']);
  });

  it.each([
    ['declined', 603],
    ['busy', 486],
    ['unavailable', 480],
  ] as const)('is turned away as %s', async (how, status) => {
    const call = alice.phone.call(bob.uri);
    await pass(50);
    bob.phone.current?.refuse(how);
    await pass(50);
    expect(alice.events).toEqual(['ringing', `ended by other-side ${status}`]);
    expect(await call.answered).toBe(false);
    expect(bob.events.at(-1)).toBe(`ended by us ${status}`);
  });

  it('is given up while it rings (RFC 3261 §9)', async () => {
    alice.phone.call(bob.uri);
    await pass(50);
    alice.phone.hangUp();
    await pass(50);
    expect(alice.events).toEqual(['ringing', 'ended by us 487']);
    expect(bob.events.at(-1)).toBe('ended by other-side 487');
  });

  it('is given up before anything came back', async () => {
    alice.phone.call(bob.uri).hangUp();
    await pass(3_000);
    expect(alice.events).toEqual(['ended by us 487']);
    expect(bob.events.at(-1)).toBe('ended by other-side 487');
  });

  it('is answered by itself where the phone is told so', async () => {
    bob = seat('bob', '192.0.2.2', { answers: 'by-itself' });
    alice.phone.call(bob.uri);
    await pass(50);
    expect(alice.events).toEqual(['ringing', 'answered']);
  });

  it('finds the other side busy in another call', async () => {
    await talk();
    const carol = seat('carol', '192.0.2.3');
    carol.phone.call(bob.uri);
    await pass(50);
    expect(carol.events).toEqual(['ended by other-side 486']);
    bob.phone.hangUp();
    carol.phone.call(bob.uri);
    await pass(50);
    expect(carol.events.at(-1)).toBe('ringing');
  });

  it('finds nobody of that name, and nobody at all', async () => {
    alice.phone.call('sip:carol@192.0.2.2');
    await pass(50);
    expect(alice.events).toEqual(['ended by other-side 404']);
    const call = alice.phone.call('sip:bob@192.0.2.99');
    await pass(50);
    expect(await call.ended).toMatchObject({ status: 503 });
  });

  it('survives a network that loses every second packet', async () => {
    let turn = 0;
    network.loses = () => turn++ % 2 === 0;
    alice.phone.call(bob.uri);
    await pass(3_000);
    bob.phone.answer();
    await pass(10_000);
    alice.phone.hangUp();
    await pass(10_000);
    expect(alice.events.slice(-2)).toEqual(['answered', 'ended by us after answer']);
    expect(bob.events.slice(1)).toEqual(['answered', 'ended by other-side after answer']);
  });

  it('RFC 3261 §13.3.1.4: a 200 that is never acknowledged ends the call', async () => {
    network.loses = ({ bytes }) => bytes.toString('latin1', 0, 3) === 'ACK';
    alice.phone.call(bob.uri);
    await pass(50);
    bob.phone.answer();
    await pass(40_000);
    expect(bob.events.at(-1)).toBe('ended by us after answer 408');
    expect(alice.events.at(-1)).toBe('ended by other-side after answer');
  });

  it('RFC 3261 §15: a callee that hangs up at once sends BYE only after the ACK', async () => {
    alice.phone.call(bob.uri);
    await pass(50);
    bob.phone.answer();
    bob.phone.hangUp();
    await pass(50);
    expect(ladder().slice(2)).toEqual(['2 200', '1 ACK', '2 BYE', '1 200']);
  });
});

describe('hold', () => {
  it('tells the other side, silences both, and ends', async () => {
    await talk();
    alice.phone.current?.hold();
    await pass(50);
    expect([alice.events, bob.events]).toEqual([['held by us'], ['held by other-side']]);
    expect([alice.terms.at(-1)?.direction, bob.terms.at(-1)?.direction]).toEqual(['inactive', 'recvonly']);
    alice.phone.current?.resume();
    await pass(50);
    expect([alice.events[1], bob.events[1]]).toEqual(['resumed by us', 'resumed by other-side']);
    expect([alice.terms.at(-1)?.direction, bob.terms.at(-1)?.direction]).toEqual(['sendrecv', 'sendrecv']);
  });

  it('RFC 3261 §14: of both at once succeeds for both in the end', async () => {
    await talk();
    const before = network.packets.length;
    alice.phone.current?.hold();
    bob.phone.current?.hold();
    await pass(6_000);
    expect(ladder(before)).toContain('1 491');
    expect(ladder(before)).toContain('2 491');
    expect(alice.events).toContain('held by us');
    expect(bob.events).toContain('held by us');
    alice.phone.current?.resume();
    await pass(1_000);
    bob.phone.current?.resume();
    await pass(1_000);
    expect([alice.terms.at(-1)?.direction, bob.terms.at(-1)?.direction]).toEqual(['sendrecv', 'sendrecv']);
  });

  it('and resume in one breath is one change or none, and the last wish counts', async () => {
    await talk();
    alice.phone.current?.hold();
    alice.phone.current?.resume();
    await pass(1_000);
    expect(alice.terms.at(-1)?.direction).toBe('sendrecv');
    expect(bob.terms.at(-1)?.direction).toBe('sendrecv');
  });
});

describe('a call that lasts', () => {
  it('RFC 4028: is refreshed for as long as it lasts', async () => {
    await talk();
    const before = network.packets.length;
    await pass(3_600_000);
    expect(ladder(before).filter((line) => line.endsWith('UPDATE')).length).toBeGreaterThanOrEqual(3);
    expect([alice.events, bob.events]).toEqual([[], []]);
  });

  it('RFC 4028 §10: ends on both sides when the network between them is gone', async () => {
    await talk();
    network.loses = () => true;
    await pass(3_600_000);
    expect(alice.events.at(-1)).toMatch(/ended by us after answer (408|503)/);
    expect(bob.events.at(-1)).toMatch(/ended by us after answer (408|503)/);
  });
});

it('keys are heard where the sound hears them', async () => {
  await talk();
  bob.media()?.onDigit?.('5');
  expect(bob.events).toEqual(['digit']);
  expect(bob.phone.current?.heardDigits()).toBe('5');
});

it('what cannot be dialled ends at once, with a sentence', async () => {
  const call = alice.phone.call('02-6200-6200-082');
  expect(await call.ended).toMatchObject({ status: 484, wasAnswered: false });
});

it('closing ends the call, and waits until the other side knows', async () => {
  await talk();
  let isClosed = false;
  void alice.phone.close().then(() => {
    isClosed = true;
  });
  expect(alice.events).toEqual(['ended by us after answer']);
  await new Promise((resolve) => setImmediate(resolve));
  expect(isClosed).toBe(false);
  await pass(50);
  expect(isClosed).toBe(true);
  expect(bob.events).toEqual(['ended by other-side after answer']);
});

it('a call that nothing is heard of is over for who hangs up, and does not hold up closing', async () => {
  network.loses = () => true;
  const call = alice.phone.call(bob.uri);
  await pass(100);
  call.hangUp();
  expect(await call.ended).toMatchObject({ status: 487, sentence: 'You gave the call up.' });
  const closed = alice.phone.close();
  await pass(2_100);
  await closed;
});

it('closing ends even a call whose answer was never acknowledged', async () => {
  network.loses = ({ bytes }) => bytes.toString('latin1', 0, 3) === 'ACK';
  alice.phone.call(bob.uri);
  await pass(50);
  bob.phone.answer();
  await pass(50);
  const closed = bob.phone.close();
  await pass(2_100);
  await closed;
  expect(bob.events.at(-1)).toBe('ended by us after answer 408');
});

it('closing waits no longer than two seconds for a side that is gone', async () => {
  await talk();
  network.remove('192.0.2.2', 5060);
  network.loses = () => true;
  const closed = alice.phone.close();
  await pass(2_100);
  await closed;
});
