import { describe, expect, it } from 'vitest';
import { CallWorld } from '../support/flows/call-world.ts';
import { bodyOf, header } from '../support/flows/test-phone.ts';

const PIN = '0262006200082';

function ladder(...lines: string[]): string {
  return lines.join('\n');
}

describe('R12, R13: a call to a number of ours', () => {
  it('rings, is answered, and ends, with the descriptions of both phones passed on', () => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    alice.dial(PIN, 'offer of alice');
    world.pass();
    bob.respond(180);
    world.pass();
    bob.respond(200, 'answer of bob');
    world.pass();
    alice.hangUp();
    world.pass(100);
    expect(world.ladder()).toBe(
      ladder(
        'alice > exchange INVITE',
        'exchange > bob INVITE',
        'bob > exchange 180 (INVITE)',
        'exchange > alice 180 (INVITE)',
        'bob > exchange 200 (INVITE)',
        'exchange > alice 200 (INVITE)',
        'alice > exchange ACK',
        'exchange > bob ACK',
        'alice > exchange BYE',
        'exchange > alice 200 (BYE)',
        'exchange > bob BYE',
        'bob > exchange 200 (BYE)',
      ),
    );
    const invite = bob.requests[0]?.request;
    expect(invite && [bodyOf(invite), header(invite, 'Max-Forwards'), invite.uri]).toEqual([
      'offer of alice',
      '69',
      bob.contact,
    ]);
    expect(alice.responses.map(bodyOf)).toEqual(['', 'answer of bob', '']);
    expect(header(bob.incoming.request, 'Reason')).toBe('Q.850;cause=16');
    expect(world.records()).toMatchObject([
      {
        phase: 'ended',
        status: 'completed',
        hungUpBy: 'caller',
        attempt: { party: { terminalId: 't-bob' } },
      },
    ]);
    world.pass(60_000);
    expect([world.legs.size, world.endpoint.transactions]).toEqual([0, { server: 0, client: 0 }]);
  });

  it('lets the callee make the offer where the caller makes none', () => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    alice.dial(PIN);
    world.pass();
    bob.respond(200, 'offer of bob');
    world.pass(600);
    expect(alice.responses.map(bodyOf)).toContain('offer of bob');
    expect(bob.acks).toEqual([]);
    alice.acknowledge(alice.invited, 'answer of alice');
    world.pass();
    expect(bob.acks.map(bodyOf)).toEqual(['answer of alice']);
  });

  it('rings several phones, and the first to answer has it', () => {
    const world = new CallWorld({ [PIN]: ['desk', 'mobile'] });
    const [alice, desk, mobile] = [world.phone('alice'), world.phone('desk'), world.phone('mobile')];
    alice.dial(PIN, 'offer');
    world.pass();
    desk.respond(180);
    mobile.respond(180);
    world.pass();
    mobile.respond(200, 'answer of mobile');
    world.pass();
    expect(world.ladder()).toContain(ladder('exchange > alice 200 (INVITE)', 'exchange > desk CANCEL'));
    expect(alice.statuses).toEqual([180, 180, 200]);
    const cancel = world.network.packets
      .map(({ bytes }) => bytes.toString())
      .find((text) => text.startsWith('CANCEL'));
    expect(cancel).toContain('Reason: SIP;cause=200');
    world.pass(60_000);
    expect(world.legs.size).toBe(2);
  });

  it('RFC 3261 §16.7: acknowledges and hangs up the second of two phones that answer at once', () => {
    const world = new CallWorld({ [PIN]: ['desk', 'mobile'] });
    const [alice, desk, mobile] = [world.phone('alice'), world.phone('desk'), world.phone('mobile')];
    alice.dial(PIN, 'offer');
    world.pass();
    desk.respond(200, 'answer of desk');
    mobile.respond(200, 'answer of mobile');
    world.pass(100);
    expect(alice.responses.map(bodyOf)).toEqual(['answer of desk']);
    expect(mobile.requests.map(({ request }) => request.method)).toEqual(['INVITE', 'BYE']);
    expect([mobile.acks.length, desk.acks.length]).toEqual([1, 1]);
  });

  it('RFC 3261 §13.3.1.4: repeats the answer until it is acknowledged, and ends the call where it never is', () => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    world.network.loses = ({ from, bytes }) =>
      from.address === alice.flow.address && bytes.toString().startsWith('ACK');
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(200, 'answer');
    world.pass(40_000);
    expect(alice.statuses.filter((status) => status === 200).length).toBeGreaterThan(8);
    expect(bob.requests.map(({ request }) => request.method)).toEqual(['INVITE', 'BYE']);
    expect(alice.requests.map(({ request }) => request.method)).toEqual(['BYE']);
    expect(world.records()).toMatchObject([{ phase: 'ended', hungUpBy: 'caller' }]);
  });
});

describe('an answer and its record', () => {
  it('the caller hears of the answer when the record is kept', () => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    world.whenKept = (onKept) => world.clock.schedule(100, onKept);
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(200, 'answer');
    world.pass(90);
    expect(alice.statuses).toEqual([]);
    world.pass(100);
    expect(alice.statuses).toEqual([200]);
  });

  it('a database that is away holds the answer up for a moment only', () => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    world.whenKept = () => {};
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(200, 'answer');
    world.pass(400);
    expect([alice.statuses, bob.acks.length]).toEqual([[100, 200], 1]);
  });

  it('a callee who hangs up before that leaves a caller who is refused', () => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    world.whenKept = (onKept) => world.clock.schedule(100, onKept);
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(200, 'answer');
    world.pass();
    bob.hangUp();
    world.pass(60_000);
    expect(alice.statuses).toEqual([480]);
    expect(world.records()).toMatchObject([{ phase: 'ended', status: 'completed', hungUpBy: 'callee' }]);
    expect([world.legs.size, world.endpoint.transactions]).toEqual([0, { server: 0, client: 0 }]);
  });

  it('a caller who gives up before that is answered and hangs up', () => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    world.whenKept = (onKept) => world.clock.schedule(100, onKept);
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(180);
    world.pass();
    bob.respond(200, 'answer');
    world.pass();
    alice.giveUp();
    world.pass(200);
    expect(alice.statuses).toEqual([180, 200]);
    alice.hangUp();
    world.pass(60_000);
    expect([world.legs.size, world.endpoint.transactions]).toEqual([0, { server: 0, client: 0 }]);
  });
});

describe('a call that is not answered', () => {
  it.each([
    [486, 'busy', 'Q.850;cause=17'],
    [603, 'busy', 'Q.850;cause=21'],
    [480, 'failed', 'Q.850;cause=20'],
    [404, 'failed', 'Q.850;cause=1'],
  ])('because the phone says %i', (status, word, reason) => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(status);
    world.pass(60_000);
    expect(alice.statuses).toEqual([status]);
    expect(alice.responses.map((response) => header(response, 'Reason'))).toEqual([reason]);
    expect(world.records()).toMatchObject([{ status: word, outcome: { sipStatus: status } }]);
    expect([world.legs.size, world.endpoint.transactions]).toEqual([0, { server: 0, client: 0 }]);
  });

  it('because the caller gives up: the phone stops ringing', () => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(180);
    world.pass();
    alice.giveUp();
    world.pass(100);
    expect(world.ladder().split('\n').slice(4)).toEqual([
      'alice > exchange CANCEL',
      'exchange > alice 200 (CANCEL)',
      'exchange > bob CANCEL',
      'exchange > alice 487 (INVITE)',
      'bob > exchange 200 (CANCEL)',
      'bob > exchange 487 (INVITE)',
      'alice > exchange ACK',
      'exchange > bob ACK',
    ]);
    expect(world.records()).toMatchObject([{ status: 'cancelled', hungUpBy: 'caller' }]);
  });

  it('because it rings too long', () => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(180);
    world.pass(61_000);
    expect(alice.statuses).toEqual([180, 480]);
    expect(world.records()).toMatchObject([{ status: 'no-answer', hungUpBy: 'exchange' }]);
  });

  it('because the phone is switched off: nobody answers the INVITE', () => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    world.network.remove(bob.flow.address, bob.flow.port);
    alice.dial(PIN, 'offer');
    world.pass(100);
    expect(alice.statuses).toEqual([480]);
  });

  it('because the number is not in service, or no phone is registered', () => {
    const world = new CallWorld({ '6200#082': [] });
    const alice = world.phone('alice');
    alice.dial('12345', 'offer');
    alice.dial('6200%23082', 'offer');
    world.pass(100);
    expect(alice.statuses).toEqual([404, 480]);
    expect(world.records().map((call) => call.phase === 'ended' && call.outcome)).toMatchObject([
      { refusal: 'number-not-in-service' },
      { q850Cause: 20 },
    ]);
  });

  it('because it took too many hops, or wants an extension nobody has', () => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const alice = world.phone('alice');
    alice.dial(PIN, 'offer', [{ name: 'Require', value: 'teleportation' }]);
    world.pass(100);
    expect(alice.statuses).toEqual([420]);
    expect(alice.responses.map((response) => header(response, 'Unsupported'))).toEqual(['teleportation']);
  });
});
