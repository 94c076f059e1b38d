import { describe, expect, it } from 'vitest';
import { CallWorld } from '../support/flows/call-world.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import { bodyOf, header, type TestPhone } from '../support/flows/test-phone.ts';

const PIN = '0262006200082';

function answered(options = {}): { world: CallWorld; alice: TestPhone; bob: TestPhone } {
  const world = new CallWorld({ [PIN]: ['bob'] }, options);
  const [alice, bob] = [world.phone('alice'), world.phone('bob')];
  alice.dial(PIN, 'offer of alice');
  world.pass();
  bob.respond(200, 'answer of bob');
  world.pass();
  return { world, alice, bob };
}

describe('within a call', () => {
  it('RFC 3261 §14: hold and resume pass from either phone to the other, with their answers', () => {
    const { world, alice, bob } = answered();
    alice.within('INVITE', 'hold');
    world.pass();
    bob.respond(200, 'held');
    world.pass();
    bob.within('INVITE', 'another codec');
    world.pass();
    alice.respond(200, 'that codec');
    world.pass(600);
    expect(bob.requests.slice(1).map(({ request }) => bodyOf(request))).toEqual(['hold']);
    expect(alice.responses.map(bodyOf)).toEqual(['answer of bob', 'held']);
    expect(bob.responses.map(bodyOf)).toEqual(['that codec']);
    expect(alice.incoming.request.method).toBe('INVITE');
    expect([alice.acks.length, bob.acks.length]).toEqual([1, 2]);
    alice.hangUp();
    world.pass(60_000);
    expect([world.legs.size, world.endpoint.transactions]).toEqual([0, { server: 0, client: 0 }]);
  });

  it('a change that is refused leaves the call as it was', () => {
    const { world, alice, bob } = answered();
    alice.within('INVITE', 'video');
    world.pass();
    bob.respond(488);
    world.pass(100);
    expect(alice.statuses).toEqual([200, 488]);
    alice.within('INVITE', 'hold');
    world.pass();
    bob.respond(200, 'held');
    world.pass(100);
    expect(alice.statuses).toEqual([200, 488, 200]);
  });

  it('RFC 3261 §14.2: two changes that cross are both refused with 491', () => {
    const { world, alice, bob } = answered();
    alice.within('INVITE', 'hold');
    bob.within('INVITE', 'hold too');
    world.pass();
    // The phone of Bob sees the INVITE of Alice while its own is under way.
    bob.respond(491);
    world.pass(100);
    expect([alice.statuses, bob.statuses]).toEqual([[200, 491], [491]]);
  });

  it('INFO and MESSAGE pass, with the answers', () => {
    const { world, alice, bob } = answered();
    alice.within('INFO', 'Signal=7');
    world.pass();
    bob.respond(200);
    world.pass();
    bob.within('MESSAGE', 'hello');
    world.pass();
    alice.respond(200);
    world.pass(100);
    expect(bob.requests.map(({ request }) => request.method)).toEqual(['INVITE', 'INFO']);
    expect(bodyOf(alice.incoming.request)).toBe('hello');
    expect([alice.statuses, bob.statuses]).toEqual([[200, 200], [200]]);
  });

  it('RFC 3311: an UPDATE with an offer passes, one without only refreshes', () => {
    const { world, alice, bob } = answered();
    alice.within('UPDATE', 'new address');
    world.pass();
    bob.respond(200, 'noted');
    world.pass();
    alice.within('UPDATE');
    world.pass(100);
    expect(bob.requests.map(({ request }) => request.method)).toEqual(['INVITE', 'UPDATE']);
    expect(alice.responses.map(bodyOf)).toEqual(['answer of bob', 'noted', '']);
  });

  it('RFC 3262: early media and its PRACK pass to the phone they belong to', () => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    alice.dial(PIN, 'offer');
    world.pass();
    const invite = bob.incoming;
    const reliable = [
      { name: 'Require', value: '100rel' },
      { name: 'RSeq', value: '77' },
    ];
    bob.respond(183, 'early media', { headers: reliable });
    world.pass();
    const [progress] = alice.responses;
    expect(progress && [bodyOf(progress), header(progress, 'RSeq'), header(progress, 'Require')]).toEqual([
      'early media',
      '77',
      '100rel',
    ]);
    alice.within('PRACK', undefined, [{ name: 'RAck', value: '77 1 INVITE' }]);
    world.pass();
    expect(header(bob.incoming.request, 'RAck')).toBe('77 1 INVITE');
    bob.respond(200);
    world.pass();
    bob.respond(200, 'answer', { to: invite });
    world.pass(100);
    expect(alice.statuses).toEqual([183, 200, 200]);
    alice.hangUp();
    world.pass(60_000);
    expect(world.legs.size).toBe(0);
  });

  it('RFC 3261 §12.2.2: nobody else can speak in a dialog, nor in one that is over', () => {
    const { world, alice, bob } = answered();
    const mallory = world.phone('mallory');
    mallory.dialog = alice.dialog;
    mallory.hangUp();
    world.pass(100);
    expect(mallory.statuses).toEqual([481]);
    expect(bob.requests.length).toBe(1);
    alice.hangUp();
    world.pass(60_000);
    alice.hangUp();
    world.pass(100);
    expect(alice.statuses).toEqual([200, 200, 481]);
  });

  it('BYEs that cross are both answered', () => {
    const { world, alice, bob } = answered();
    alice.hangUp();
    bob.hangUp();
    world.pass(100);
    expect([alice.statuses, bob.statuses]).toEqual([[200, 200], [200]]);
    world.pass(60_000);
    expect(world.legs.size).toBe(0);
  });

  it('RFC 3261 §15: a caller may end a call that rings with BYE', () => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(180);
    world.pass();
    alice.hangUp();
    world.pass(100);
    expect(alice.statuses).toEqual([180, 200, 487]);
    expect(world.records()).toMatchObject([{ status: 'cancelled' }]);
  });
});

describe('RFC 4028: the session timer', () => {
  it('refreshes both phones while they live, and changes nothing of the call', () => {
    const { world, alice, bob } = answered({ intervalSeconds: 100 });
    for (let round = 0; round < 3; round += 1) {
      world.pass(50_000);
      for (const phone of [alice, bob]) if (phone.incoming.request.method === 'UPDATE') phone.respond(200);
      world.pass(100);
    }
    expect(world.records()).toMatchObject([{ phase: 'answered' }]);
    expect(bob.requests.filter(({ request }) => request.method === 'UPDATE').length).toBe(3);
  });

  it('finds a phone that lost its power, and ends the call for the other', () => {
    const { world, alice, bob } = answered({ intervalSeconds: 100 });
    world.network.remove(bob.flow.address, bob.flow.port);
    world.pass(50_000);
    alice.respond(200);
    world.pass(100_000);
    expect(alice.requests.map(({ request }) => request.method)).toContain('BYE');
    expect(world.records()).toMatchObject([{ phase: 'ended', status: 'completed', hungUpBy: 'callee' }]);
    expect(world.legs.size).toBe(0);
  });

  it('RFC 3261 §14.2: a refresh by INVITE that meets a change waits, and the call goes on', () => {
    const world = new CallWorld({ [PIN]: ['bob'] }, { intervalSeconds: 100 });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    for (const phone of [alice, bob]) phone.allow = 'INVITE, ACK, CANCEL, BYE';
    alice.dial(PIN, 'offer of alice');
    world.pass();
    bob.respond(200, 'answer of bob');
    world.pass(50_010);
    // Each phone has a refresh of ours before it when Alice asks for a change.
    expect([alice, bob].map((phone) => phone.incoming.request.method)).toEqual(['INVITE', 'INVITE']);
    const refreshes = [alice.incoming, bob.incoming];
    alice.within('INVITE', 'hold');
    world.pass();
    expect(alice.statuses.at(-1)).toBe(491);
    alice.respond(491, undefined, { to: refreshes[0] ?? alice.incoming });
    bob.respond(200, 'answer of bob', { to: refreshes[1] ?? bob.incoming });
    world.pass();
    alice.within('INVITE', 'hold');
    world.pass();
    bob.respond(200, 'held');
    world.pass();
    expect(alice.statuses.at(-1)).toBe(200);
    expect(world.records()).toMatchObject([{ phase: 'answered' }]);
    alice.hangUp();
    expectNothingLeft(world);
  });

  it('is refused with 422 where the phone asks for too short an interval', () => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const alice = world.phone('alice');
    alice.dial(PIN, 'offer', [
      { name: 'Supported', value: 'timer' },
      { name: 'Session-Expires', value: '30' },
    ]);
    world.pass(100);
    expect(alice.responses.map((response) => [response.status, header(response, 'Min-SE')])).toEqual([
      [422, '90'],
    ]);
  });

  it('is asked for again, longer, where the called phone wants that', () => {
    const world = new CallWorld({ [PIN]: ['bob'] }, { intervalSeconds: 100 });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(422, undefined, { headers: [{ name: 'Min-SE', value: '300' }] });
    world.pass();
    expect(header(bob.incoming.request, 'Session-Expires')).toBe('300');
    bob.respond(200, 'answer');
    world.pass(100);
    expect(alice.statuses).toEqual([200]);
  });
});
