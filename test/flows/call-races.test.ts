import { describe, expect, it } from 'vitest';
import { CallWorld } from '../support/flows/call-world.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import { bodyOf, header, methods, type TestPhone } from '../support/flows/test-phone.ts';

const PIN = '0262006200082';

function between(callees = ['bob']): { world: CallWorld; alice: TestPhone; bob: TestPhone } {
  const world = new CallWorld({ [PIN]: callees });
  return { world, alice: world.phone('alice'), bob: world.phone(callees[0] ?? 'bob') };
}

function answered(): { world: CallWorld; alice: TestPhone; bob: TestPhone } {
  const all = between();
  all.alice.dial(PIN, 'offer of alice');
  all.world.pass();
  all.bob.respond(200, 'answer of bob');
  all.world.pass();
  return all;
}

describe('an answer that crosses something', () => {
  it('RFC 3261 §9.1: an answer that crosses the CANCEL is acknowledged and hung up, also after ringing', () => {
    const { world, alice, bob } = between();
    alice.dial(PIN, 'offer');
    world.pass();
    const invite = bob.incoming;
    bob.respond(180);
    world.pass();
    alice.giveUp();
    invite.onCancel = () => {};
    bob.respond(200, 'answer', { to: invite });
    world.pass(100);
    expect(alice.statuses).toEqual([180, 487]);
    expect([bob.acks.length, methods(bob)]).toEqual([1, ['INVITE', 'BYE']]);
    expectNothingLeft(world);
  });

  it('RFC 3261 §16.7: two phones that answer when the caller gave up are both hung up', () => {
    const { world, alice, bob } = between(['bob', 'mobile']);
    const mobile = world.phone('mobile');
    alice.dial(PIN, 'offer');
    world.pass();
    const invites = [bob.incoming, mobile.incoming];
    bob.respond(180);
    mobile.respond(183, 'early media');
    world.pass();
    alice.giveUp();
    for (const invite of invites) invite.onCancel = () => {};
    bob.respond(200, 'answer', { to: invites[0] ?? bob.incoming });
    mobile.respond(200, 'answer', { to: invites[1] ?? mobile.incoming });
    world.pass(100);
    expect([methods(bob), methods(mobile)]).toEqual([
      ['INVITE', 'BYE'],
      ['INVITE', 'BYE'],
    ]);
    expectNothingLeft(world);
  });

  it('RFC 3261 §15: the BYE of a callee who hangs up at once waits for the ACK of the caller', () => {
    const { world, alice, bob } = between();
    world.network.loses = ({ to, bytes }) =>
      world.clock.nowMs() < 100 && to.address === alice.flow.address && bytes.toString().includes(' 200 ');
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(200, 'answer');
    world.pass();
    bob.hangUp();
    world.pass(300);
    expect([bob.statuses, methods(alice)]).toEqual([[200], []]);
    expect(world.records()).toMatchObject([{ phase: 'ended', hungUpBy: 'callee' }]);
    world.pass(1_000);
    expect([alice.statuses, methods(alice)]).toEqual([[200], ['BYE']]);
    expectNothingLeft(world);
  });

  it('RFC 3261 §15: a caller may hang up before its ACK; the callee gets its ACK before the BYE', () => {
    const { world, alice, bob } = between();
    world.network.loses = ({ from, bytes }) =>
      from.address === alice.flow.address && bytes.toString().startsWith('ACK');
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(200, 'answer');
    world.pass();
    alice.hangUp();
    world.pass(100);
    expect([bob.acks.length, methods(bob)]).toEqual([1, ['INVITE', 'BYE']]);
    expectNothingLeft(world);
  });

  it('RFC 4028 §7.3: a phone that wants a longer interval when it was given up does not ring again', () => {
    const { world, alice, bob } = between();
    alice.dial(PIN, 'offer');
    world.pass();
    const invite = bob.incoming;
    bob.respond(180);
    world.pass();
    alice.giveUp();
    invite.onCancel = () => {};
    bob.respond(422, undefined, { headers: [{ name: 'Min-SE', value: '3600' }], to: invite });
    world.pass(100);
    expect(methods(bob)).toEqual(['INVITE']);
    expectNothingLeft(world);
  });

  it('RFC 4028 §7.3: a phone that always wants a longer interval is asked four times', () => {
    const { world, alice, bob } = between();
    alice.dial(PIN, 'offer');
    for (let minSe = 2_000; minSe < 8_000; minSe += 1_000) {
      world.pass();
      bob.respond(422, undefined, { headers: [{ name: 'Min-SE', value: String(minSe) }] });
    }
    world.pass(100);
    expect([methods(bob).length, alice.statuses]).toEqual([4, [480]]);
    expectNothingLeft(world);
  });
});

describe('an early dialog', () => {
  it('RFC 3261 §15: a phone that says BYE instead of an answer counts as one that is not there', () => {
    const { world, alice, bob } = between(['bob', 'mobile']);
    const mobile = world.phone('mobile');
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(180);
    world.pass();
    bob.hangUp();
    world.pass();
    expect(alice.statuses).toEqual([180]);
    mobile.respond(200, 'answer of mobile');
    world.pass();
    alice.hangUp();
    world.pass(100);
    expect(alice.statuses).toEqual([180, 200, 200]);
    expectNothingLeft(world);
  });

  it('RFC 3311: an UPDATE passes in both directions before the answer', () => {
    const { world, alice, bob } = between();
    alice.dial(PIN, 'offer');
    world.pass();
    const invite = bob.incoming;
    const reliable = [
      { name: 'Require', value: '100rel' },
      { name: 'RSeq', value: '1' },
    ];
    bob.respond(183, 'early media', { headers: reliable });
    world.pass();
    alice.within('PRACK', undefined, [{ name: 'RAck', value: '1 1 INVITE' }]);
    world.pass();
    bob.respond(200);
    world.pass();
    alice.within('UPDATE', 'changed by alice');
    world.pass();
    expect(bodyOf(bob.incoming.request)).toBe('changed by alice');
    bob.respond(200, 'taken by bob');
    world.pass();
    bob.within('UPDATE', 'changed by bob');
    world.pass();
    expect(bodyOf(alice.incoming.request)).toBe('changed by bob');
    alice.respond(200, 'taken by alice');
    world.pass();
    expect([alice.responses.map(bodyOf).at(-1), bob.responses.map(bodyOf)]).toEqual([
      'taken by bob',
      ['taken by alice'],
    ]);
    bob.respond(200, undefined, { to: invite });
    world.pass();
    bob.hangUp();
    expectNothingLeft(world);
  });

  it('RFC 3262 §3: a PRACK that the phone does not know ends nothing', () => {
    const { world, alice, bob } = between();
    alice.dial(PIN, 'offer');
    world.pass();
    const invite = bob.incoming;
    bob.respond(180);
    world.pass();
    alice.within('PRACK', undefined, [{ name: 'RAck', value: '9 1 INVITE' }]);
    world.pass();
    bob.respond(481);
    world.pass();
    bob.respond(200, 'answer', { to: invite });
    world.pass();
    expect(alice.statuses).toEqual([180, 481, 200]);
    alice.hangUp();
    expectNothingLeft(world);
  });

  it('a caller that does not answer within its early dialog is sent no BYE there', () => {
    const { world, alice, bob } = between();
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(180);
    world.pass();
    bob.within('INFO', 'hello?');
    world.pass(40_000);
    expect([methods(alice), alice.statuses]).toEqual([['INFO'], [180, 487]]);
    expectNothingLeft(world);
  });
});

describe('a change of the session that crosses the end', () => {
  it('RFC 3261 §15.1.2: is answered with 487 where the other phone hangs up', () => {
    const { world, alice, bob } = answered();
    alice.within('INVITE', 'hold');
    world.pass();
    bob.respond(100);
    bob.hangUp();
    world.pass(100);
    expect([alice.statuses, methods(alice)]).toEqual([[200, 487], ['BYE']]);
    expectNothingLeft(world);
  });

  it.each(['INVITE', 'UPDATE', 'INFO'])(
    '%s of a phone that hangs up itself is answered with 487',
    (method) => {
      const { world, alice, bob } = answered();
      alice.within(method, 'something');
      world.pass();
      alice.hangUp();
      world.pass(100);
      expect(alice.statuses.toSorted()).toEqual([200, 200, 487]);
      expect(methods(bob).at(-1)).toBe('BYE');
      expectNothingLeft(world);
    },
  );

  it('is acknowledged where its answer crosses our BYE', () => {
    const { world, alice, bob } = answered();
    alice.within('INVITE', 'hold');
    world.pass();
    const invite = bob.incoming;
    alice.hangUp();
    world.pass(1);
    bob.respond(200, 'held', { to: invite });
    world.pass(100);
    expect(bob.acks.length).toBe(2);
    expectNothingLeft(world);
  });

  it('RFC 3261 §9: is cancelled by who asked for it, and the call goes on', () => {
    const { world, alice, bob } = answered();
    alice.within('INVITE', 'video');
    world.pass();
    bob.respond(180);
    world.pass();
    alice.giveUp();
    world.pass(100);
    expect([methods(bob), alice.statuses]).toEqual([
      ['INVITE', 'INVITE'],
      [200, 180, 487],
    ]);
    alice.within('INVITE', 'hold');
    world.pass();
    bob.respond(200, 'held');
    world.pass(100);
    expect(alice.statuses.at(-1)).toBe(200);
    alice.hangUp();
    expectNothingLeft(world);
  });

  it('RFC 5407 §3.1.4: is served where the ACK before it was lost, and the call goes on', () => {
    const { world, alice, bob } = between();
    world.network.loses = ({ from, bytes }) =>
      world.clock.nowMs() < 200 && from.address === alice.flow.address && bytes.toString().startsWith('ACK');
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(200, 'answer');
    world.pass(150);
    alice.within('INVITE', 'hold');
    world.pass();
    bob.respond(200, 'held');
    world.pass(100_000);
    expect([alice.statuses.at(-1), bob.acks.length]).toEqual([200, 2]);
    expect(world.records()).toMatchObject([{ phase: 'answered' }]);
    alice.hangUp();
    expectNothingLeft(world);
  });

  it('RFC 3261 §13.3.1.4: a late ACK of an earlier INVITE does not stand for that of a later one', () => {
    const { world, alice, bob } = answered();
    const first = alice.acks.length;
    world.network.loses = ({ from, bytes }) =>
      from.address === alice.flow.address && /^ACK.*CSeq: 2 ACK/s.test(bytes.toString());
    alice.within('INVITE', 'hold');
    world.pass();
    bob.respond(200, 'held');
    world.pass();
    alice.acknowledge(alice.invited);
    world.pass(100);
    expect([first, bob.acks.length]).toEqual([0, 1]);
    world.network.loses = () => false;
    world.pass(1_000);
    expect(bob.acks.length).toBe(2);
    alice.hangUp();
    expectNothingLeft(world);
  });
});

describe('what a phone hears of the other one', () => {
  it('RFC 4028 §7.3: nothing of the interval the other one wants', () => {
    const { world, alice, bob } = answered();
    alice.within('INVITE', 'hold');
    world.pass();
    bob.respond(422, undefined, { headers: [{ name: 'Min-SE', value: '3600' }] });
    world.pass();
    expect([header(bob.incoming.request, 'Session-Expires'), bodyOf(bob.incoming.request)]).toEqual([
      '3600;refresher=uac',
      'hold',
    ]);
    bob.respond(200, 'held');
    world.pass(100);
    expect(alice.statuses).toEqual([200, 200]);
    alice.hangUp();
    expectNothingLeft(world);
  });

  it.each([
    [503, 500],
    [401, 403],
    [302, 403],
    [488, 488],
  ])('%i of a change becomes %i', (said, heard) => {
    const { world, alice, bob } = answered();
    alice.within('INVITE', 'hold');
    world.pass();
    bob.respond(said);
    world.pass(100);
    expect(alice.statuses).toEqual([200, heard]);
    alice.hangUp();
    expectNothingLeft(world);
  });

  it('RFC 5057 §5.1: silence to a MESSAGE ends no call', () => {
    const { world, alice, bob } = answered();
    alice.within('MESSAGE', 'hello?');
    world.pass(40_000);
    expect([world.records(), methods(bob)]).toMatchObject([[{ phase: 'answered' }], ['INVITE', 'MESSAGE']]);
    alice.within('MESSAGE', 'hello again?');
    world.pass();
    bob.respond(408);
    world.pass();
    expect(alice.statuses).toEqual([200, 504]);
    alice.hangUp();
    expectNothingLeft(world);
  });

  it('RFC 3261 §16.3: a BYE without hops left has arrived, a change of the session has not', () => {
    const { world, alice, bob } = answered();
    alice.within('INVITE', 'hold', [], 0);
    world.pass(100);
    expect([alice.statuses, methods(bob)]).toEqual([[200, 483], ['INVITE']]);
    alice.within('BYE', undefined, [], 0);
    world.pass(100);
    expect([alice.statuses, methods(bob)]).toEqual([
      [200, 483, 200],
      ['INVITE', 'BYE'],
    ]);
    expectNothingLeft(world);
  });
});

describe('the session timer in a live call', () => {
  it('RFC 4028 §9: an UPDATE that passes keeps the session of the other phone timed', () => {
    const { world, alice, bob } = answered();
    alice.within('UPDATE', 'new address');
    world.pass();
    expect(header(bob.incoming.request, 'Session-Expires')).toBe('1800;refresher=uac');
    bob.respond(200, 'noted');
    world.pass();
    alice.hangUp();
    expectNothingLeft(world);
  });

  it('RFC 4028 §10: an offer that was refused is never sent again as a refresh', () => {
    const { world, alice, bob } = answered();
    for (const phone of [alice, bob]) phone.allow = 'INVITE, ACK, CANCEL, BYE';
    alice.within('INVITE', 'hold');
    world.pass();
    bob.respond(200, 'held');
    world.pass();
    alice.within('INVITE', 'video');
    world.pass();
    bob.respond(488);
    world.pass(100);
    const before = bob.requests.length;
    world.pass(950_000);
    expect(bob.requests.slice(before).map(({ request }) => bodyOf(request))).toEqual(['hold']);
    bob.respond(200, 'held');
    world.pass();
    bob.hangUp();
    expectNothingLeft(world);
  });

  it('RFC 4028 §10: a refresh that the phone finds too short is asked for again, longer', () => {
    const { world, alice, bob } = answered();
    world.pass(900_000);
    for (const phone of [alice, bob]) {
      if (phone === alice) phone.respond(200);
      else phone.respond(422, undefined, { headers: [{ name: 'Min-SE', value: '3600' }] });
    }
    world.pass(230_000);
    expect(header(bob.incoming.request, 'Session-Expires')).toBe('3600;refresher=uac');
    bob.respond(200);
    world.pass(100);
    expect(world.records()).toMatchObject([{ phase: 'answered' }]);
    alice.hangUp();
    expectNothingLeft(world);
  });
});
