import { describe, expect, it } from 'vitest';
import type { Dialog } from '../../src/protocols/sip/dialog/index.ts';
import { CallWorld } from '../support/flows/call-world.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import { bodyOf, header, methods, type TestPhone } from '../support/flows/test-phone.ts';

const PIN = '0262006200082';

type World = { world: CallWorld; alice: TestPhone; bob: TestPhone; mobile: TestPhone };

/** Alice talks to Bob, whose second phone lies beside him. */
function talking(status = 200): World {
  const world = new CallWorld({ [PIN]: ['bob'] });
  const [alice, bob, mobile] = [world.phone('alice'), world.phone('bob'), world.phone('bob-2')];
  alice.dial(PIN, 'offer of alice');
  world.pass();
  bob.respond(status, status === 200 ? 'answer of bob' : undefined);
  world.pass();
  return { world, alice, bob, mobile };
}

function replacing(dialog: Dialog | undefined, more = ''): { name: string; value: string }[] {
  const value = `${dialog?.callId};to-tag=${dialog?.remoteTag};from-tag=${dialog?.localTag}${more}`;
  return [{ name: 'Replaces', value }];
}

describe('RFC 3891: an INVITE that takes a conversation over', () => {
  it('the partner agrees to the new session, and the replaced phone is hung up', () => {
    const { world, alice, bob, mobile } = talking();
    mobile.dial(PIN, 'offer of mobile', replacing(bob.dialog));
    world.pass();
    expect([alice.incoming.request.method, bodyOf(alice.incoming.request)]).toEqual([
      'INVITE',
      'offer of mobile',
    ]);
    expect(methods(bob)).toEqual(['INVITE']);
    alice.respond(200, 'answer of alice to mobile');
    world.pass();
    expect(mobile.responses.map(bodyOf)).toEqual(['answer of alice to mobile']);
    expect([methods(bob).at(-1), alice.acks.length]).toEqual(['BYE', 1]);
    mobile.within('INFO', 'Signal=1');
    world.pass();
    expect(alice.incoming.request.method).toBe('INFO');
    alice.respond(200);
    world.pass();
    expect(world.records()).toMatchObject([{ phase: 'answered' }]);
    mobile.hangUp();
    world.pass();
    expect(methods(alice).at(-1)).toBe('BYE');
    expect(world.records()).toMatchObject([{ status: 'completed', hungUpBy: 'callee' }]);
    expectNothingLeft(world);
  });

  it('the caller may move to another phone as well, and let the partner make the offer', () => {
    const { world, alice, bob } = talking();
    const tablet = world.phone('alice-2');
    tablet.dial(PIN, undefined, replacing(alice.dialog));
    world.pass();
    bob.respond(200, 'offer of bob');
    world.pass();
    tablet.acknowledge(tablet.invited, 'answer of tablet');
    world.pass();
    expect(bob.acks.map(bodyOf).at(-1)).toBe('answer of tablet');
    expect(methods(alice)).toEqual(['BYE']);
    bob.hangUp();
    world.pass();
    expect(methods(tablet)).toEqual(['BYE']);
    expect(world.records()).toMatchObject([{ status: 'completed', hungUpBy: 'callee' }]);
    expectNothingLeft(world);
  });

  it('a partner that does not agree goes on with the phone it has', () => {
    const { world, alice, bob, mobile } = talking();
    mobile.dial(PIN, 'offer of mobile', replacing(bob.dialog));
    world.pass();
    alice.respond(488);
    world.pass();
    expect([mobile.statuses, methods(bob)]).toEqual([[488], ['INVITE']]);
    bob.hangUp();
    world.pass();
    expect(methods(alice).at(-1)).toBe('BYE');
    expectNothingLeft(world);
  });

  it('one who gives it up leaves the conversation as it was', () => {
    const { world, alice, bob, mobile } = talking();
    mobile.dial(PIN, 'offer of mobile', replacing(bob.dialog));
    world.pass();
    alice.respond(180);
    world.pass(300);
    mobile.giveUp();
    world.pass();
    expect([mobile.statuses, methods(bob)]).toEqual([[100, 487], ['INVITE']]);
    alice.hangUp();
    expectNothingLeft(world);
  });

  it.each(['alice', 'bob'])('%s, who hangs up meanwhile, ends the call for everyone', (name) => {
    const { world, bob, mobile } = talking();
    mobile.dial(PIN, 'offer of mobile', replacing(bob.dialog));
    world.pass();
    world.phone(name).hangUp();
    world.pass(100);
    expect([mobile.statuses, methods(mobile)]).toEqual([[487], []]);
    expectNothingLeft(world);
  });

  it('§3: is refused where it names nothing, something that rings, has ended, or is answered already', () => {
    const { world, alice, bob, mobile } = talking();
    mobile.dial(PIN, 'offer', [{ name: 'Replaces', value: 'x;to-tag=1;from-tag=2' }]);
    mobile.dial(PIN, 'offer', [{ name: 'Replaces', value: 'x;to-tag=1' }]);
    mobile.dial(PIN, 'offer', replacing(bob.dialog, ';early-only'));
    world.pass();
    expect(mobile.statuses.toSorted()).toEqual([400, 481, 486]);
    alice.hangUp();
    world.pass();
    mobile.dial(PIN, 'offer', replacing(bob.dialog));
    world.pass(100);
    expect(mobile.statuses.at(-1)).toBe(481);
    expectNothingLeft(world);
    const ringing = talking(180);
    ringing.mobile.dial(PIN, 'offer', replacing(ringing.bob.dialog));
    ringing.world.pass();
    expect(ringing.mobile.statuses).toEqual([481]);
    ringing.alice.giveUp();
    expectNothingLeft(ringing.world);
  });

  it('is refused to the phones of others, though they know the dialog', () => {
    const { world, alice, bob } = talking();
    const mallory = world.phone('mallory');
    mallory.dial(PIN, 'offer', replacing(bob.dialog));
    world.pass();
    expect([mallory.statuses, methods(alice)]).toEqual([[403], []]);
    alice.hangUp();
    expectNothingLeft(world);
  });

  it('is refused while the conversation is being transferred', () => {
    const { world, alice, bob, mobile } = talking();
    alice.within('REFER', undefined, [{ name: 'Refer-To', value: `<sip:${PIN}@omnidial.example>` }]);
    world.pass();
    mobile.dial(PIN, 'offer', replacing(bob.dialog));
    world.pass();
    expect(mobile.statuses).toEqual([491]);
    alice.hangUp();
    expectNothingLeft(world);
  });

  it('RFC 4028 §6: is refused with 422 where it asks for too short an interval', () => {
    const { world, alice, bob } = talking();
    const [mobile] = [world.phone('bob-2')];
    mobile.dial(PIN, 'offer', [
      ...replacing(bob.dialog),
      { name: 'Session-Expires', value: '30' },
      SUPPORTED,
    ]);
    world.pass();
    expect(mobile.responses.map((response) => [response.status, header(response, 'Min-SE')])).toEqual([
      [422, '90'],
    ]);
    alice.hangUp();
    expectNothingLeft(world);
  });
});

const SUPPORTED = { name: 'Supported', value: 'timer' };
