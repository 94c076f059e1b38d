import { describe, expect, it } from 'vitest';
import type { Dialog } from '../../src/protocols/sip/dialog/index.ts';
import { CallWorld } from '../support/flows/call-world.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import { bodyOf, header, methods, type TestPhone } from '../support/flows/test-phone.ts';

const [BOB, CAROL] = ['0262006200082', '0262006201082'];

type World = { world: CallWorld; alice: TestPhone; bob: TestPhone; carol: TestPhone };

/** Alice talks to Bob. */
function talking(): World {
  const world = new CallWorld({ [BOB]: ['bob'], [CAROL]: ['carol'], '0262006202082': ['dave'] });
  const [alice, bob, carol] = [world.phone('alice'), world.phone('bob'), world.phone('carol')];
  alice.dial(BOB, 'offer of alice');
  world.pass();
  bob.respond(200, 'answer of bob');
  world.pass();
  return { world, alice, bob, carol };
}

function refer(phone: TestPhone, target: string): void {
  phone.within('REFER', undefined, [{ name: 'Refer-To', value: target }]);
}

/** A Replaces value as the phone writes it: the tags as the exchange sees them. */
function replacesOf(dialog: Dialog | undefined): string {
  return `${dialog?.callId};to-tag=${dialog?.remoteTag};from-tag=${dialog?.localTag}`;
}

/** What a phone was told of the transfer it asked for. */
function told(phone: TestPhone): string[] {
  return phone.requests
    .filter(({ request }) => request.method === 'NOTIFY')
    .map(({ request }) => bodyOf(request).trim());
}

describe('a blind transfer (RFC 3515)', () => {
  it('by the caller: the partner is connected to the new number, and the caller is let go', () => {
    const { world, alice, bob, carol } = talking();
    refer(alice, `<sip:${CAROL}@omnidial.example>`);
    world.pass();
    expect(alice.statuses).toEqual([200, 202]);
    expect(header(carol.incoming.request, 'From')).toContain('sip:alice@');
    carol.respond(180);
    world.pass();
    carol.respond(200, 'offer of carol');
    world.pass();
    expect(bodyOf(bob.incoming.request)).toBe('offer of carol');
    bob.respond(200, 'answer of bob to carol');
    world.pass(100);
    expect(carol.acks.map(bodyOf)).toEqual(['answer of bob to carol']);
    expect(told(alice)).toEqual(['SIP/2.0 100 Trying', 'SIP/2.0 180 Ringing', 'SIP/2.0 200 OK']);
    expect(methods(alice).at(-1)).toBe('BYE');
    expect(world.records()).toMatchObject([
      { phase: 'ended', status: 'completed', hungUpBy: 'caller' },
      { phase: 'answered', facts: { callerTerminalId: 't-alice', dialled: CAROL } },
    ]);
    carol.hangUp();
    world.pass(60_000);
    expect(methods(bob).at(-1)).toBe('BYE');
    expect(world.records().map(({ phase }) => phase)).toEqual(['ended', 'ended']);
    expect(world.legs.size).toBe(0);
  });

  it('by the callee, who hangs up at once: the caller is kept for the new call', () => {
    const { world, alice, bob, carol } = talking();
    refer(bob, `<sip:${CAROL}@omnidial.example>`);
    world.pass();
    bob.hangUp();
    world.pass(100);
    expect(methods(alice)).toEqual([]);
    carol.respond(200, 'offer of carol');
    world.pass();
    alice.respond(200, 'answer of alice to carol');
    world.pass();
    expect(carol.acks.map(bodyOf)).toEqual(['answer of alice to carol']);
    alice.hangUp();
    world.pass(60_000);
    expect(methods(carol)).toEqual(['INVITE', 'BYE']);
    expect(world.legs.size).toBe(0);
  });

  it('that nobody takes: the partners go on talking', () => {
    const { world, alice, bob, carol } = talking();
    refer(alice, `<sip:${CAROL}@omnidial.example>`);
    world.pass();
    carol.respond(486);
    world.pass(100);
    expect(told(alice).at(-1)).toBe('SIP/2.0 486 Busy Here');
    expect(methods(bob)).toEqual(['INVITE']);
    bob.hangUp();
    world.pass(100);
    expect(methods(alice).at(-1)).toBe('BYE');
  });

  it('that nobody takes, after the one who asked for it has left: the partner is hung up', () => {
    const { world, alice, bob, carol } = talking();
    refer(alice, `<sip:${CAROL}@omnidial.example>`);
    world.pass();
    alice.hangUp();
    world.pass();
    carol.respond(486);
    world.pass(60_000);
    expect(methods(bob)).toEqual(['INVITE', 'BYE']);
    expect(world.legs.size).toBe(0);
  });

  it('to a number that is not in service is told so', () => {
    const { world, alice } = talking();
    refer(alice, '<sip:12345@omnidial.example>');
    world.pass(100);
    expect(told(alice)).toEqual(['SIP/2.0 100 Trying', 'SIP/2.0 404 Not Found']);
    expect(world.records()).toMatchObject([{ phase: 'answered' }, { phase: 'ended', status: 'failed' }]);
  });

  it('whose partner hangs up meanwhile: the new phone stops ringing', () => {
    const { world, alice, bob, carol } = talking();
    refer(alice, `<sip:${CAROL}@omnidial.example>`);
    world.pass();
    carol.respond(180);
    world.pass();
    bob.hangUp();
    world.pass(60_000);
    expect(world.ladder()).toContain('exchange > carol CANCEL');
    expect(methods(alice).at(-1)).toBe('BYE');
    expect(world.legs.size).toBe(0);
  });

  it('whose new phone hangs up while the partner is invited: the partners agree on a session again', () => {
    const { world, alice, bob, carol } = talking();
    refer(alice, `<sip:${CAROL}@omnidial.example>`);
    world.pass();
    carol.respond(200, 'offer of carol');
    world.pass();
    const invite = bob.incoming;
    carol.hangUp();
    world.pass(1);
    invite.onCancel = () => {};
    bob.respond(200, 'answer of bob to carol', { to: invite });
    world.pass();
    expect(told(alice).at(-1)).toBe('SIP/2.0 481 Call/Transaction Does Not Exist');
    alice.respond(200, 'new offer of alice');
    world.pass();
    expect(bodyOf(bob.incoming.request)).toBe('new offer of alice');
    bob.respond(200, 'new answer of bob');
    world.pass();
    expect(alice.acks.map(bodyOf).at(-1)).toBe('new answer of bob');
    expect(world.records()[0]).toMatchObject({ phase: 'answered' });
    bob.hangUp();
    world.pass();
    expect(methods(alice).at(-1)).toBe('BYE');
    expectNothingLeft(world);
  });

  it('whose new phone hangs up after the one who transferred has left: the partner is hung up', () => {
    const { world, alice, bob, carol } = talking();
    refer(alice, `<sip:${CAROL}@omnidial.example>`);
    world.pass();
    alice.hangUp();
    world.pass();
    carol.respond(200, 'offer of carol');
    world.pass();
    const invite = bob.incoming;
    carol.hangUp();
    world.pass(1);
    invite.onCancel = () => {};
    bob.respond(200, 'answer of bob to carol', { to: invite });
    world.pass(100);
    expect(methods(bob).at(-1)).toBe('BYE');
    expectNothingLeft(world);
  });

  it('whose partner does not take the new session: the new phone is hung up, the partners go on', () => {
    const { world, alice, bob, carol } = talking();
    refer(alice, `<sip:${CAROL}@omnidial.example>`);
    world.pass();
    carol.respond(200, 'offer of carol');
    world.pass();
    bob.respond(488);
    world.pass(100);
    expect([methods(carol), carol.acks.length]).toEqual([['INVITE', 'BYE'], 1]);
    expect([told(alice).at(-1), methods(alice).includes('BYE')]).toEqual([
      'SIP/2.0 488 Not Acceptable Here',
      false,
    ]);
    alice.hangUp();
    expectNothingLeft(world);
  });

  it('whose partner hangs up while it is invited: the new phone gets its ACK and is hung up', () => {
    const { world, alice, bob, carol } = talking();
    refer(alice, `<sip:${CAROL}@omnidial.example>`);
    world.pass();
    carol.respond(200, 'offer of carol');
    world.pass();
    bob.hangUp();
    world.pass(100);
    expect([methods(carol), carol.acks.length, methods(alice).at(-1)]).toEqual([['INVITE', 'BYE'], 1, 'BYE']);
    expectNothingLeft(world);
  });

  it('RFC 4488: is not told to a phone that does not want to hear of it', () => {
    const { world, alice, bob, carol } = talking();
    alice.within('REFER', undefined, [
      { name: 'Refer-To', value: `<sip:${CAROL}@omnidial.example>` },
      { name: 'Refer-Sub', value: 'false' },
      { name: 'Require', value: 'norefersub' },
    ]);
    world.pass();
    carol.respond(200, 'offer of carol');
    world.pass();
    bob.respond(200, 'answer of bob');
    world.pass(100);
    expect([alice.statuses, methods(alice)]).toEqual([[200, 202], ['BYE']]);
    expect(alice.responses.map((response) => header(response, 'Refer-Sub')).at(-1)).toBe('false');
    bob.hangUp();
    expectNothingLeft(world);
  });

  it('RFC 5057 §5.1: goes on, and so does the call, where the phone refuses to be told', () => {
    const { world, alice, bob, carol } = talking();
    alice.answersNotify = 481;
    refer(alice, `<sip:${CAROL}@omnidial.example>`);
    world.pass();
    carol.respond(180);
    world.pass();
    expect(told(alice)).toEqual(['SIP/2.0 100 Trying']);
    carol.respond(486);
    world.pass(100);
    expect(world.records()[0]).toMatchObject({ phase: 'answered' });
    expect([methods(alice).includes('BYE'), methods(bob)]).toEqual([false, ['INVITE']]);
    alice.hangUp();
    expectNothingLeft(world);
  });

  it('is one at a time, from either side, and not before the answer', () => {
    const world = new CallWorld({ [BOB]: ['bob'], [CAROL]: ['carol'] });
    const [alice, bob] = [world.phone('alice'), world.phone('bob')];
    alice.dial(BOB, 'offer of alice');
    world.pass();
    const invite = bob.incoming;
    bob.respond(180);
    world.pass();
    refer(alice, `<sip:${CAROL}@omnidial.example>`);
    world.pass();
    bob.respond(200, 'answer of bob', { to: invite });
    world.pass();
    refer(alice, `<sip:${CAROL}@omnidial.example>`);
    world.pass();
    refer(alice, `<sip:${CAROL}@omnidial.example>`);
    refer(bob, `<sip:${CAROL}@omnidial.example>`);
    world.pass();
    expect([alice.statuses, bob.statuses]).toEqual([[180, 491, 200, 202, 491], [491]]);
    bob.hangUp();
    expectNothingLeft(world);
  });

  it('leaves the partner without anyone to talk to for a while: its changes wait, its timer runs', () => {
    const { world, alice, bob, carol } = talking();
    refer(alice, `<sip:${CAROL}@omnidial.example>`);
    world.pass();
    alice.hangUp();
    world.pass();
    bob.within('INVITE', 'hold');
    bob.within('UPDATE');
    bob.within('INFO', 'Signal=1');
    world.pass();
    expect(bob.statuses.toSorted()).toEqual([200, 491, 500]);
    carol.respond(486);
    expectNothingLeft(world);
  });

  it('of one who was transferred before', () => {
    const { world, alice, bob, carol } = talking();
    refer(alice, `<sip:${CAROL}@omnidial.example>`);
    world.pass();
    carol.respond(200, 'offer of carol');
    world.pass();
    bob.respond(200, 'answer of bob');
    world.pass();
    refer(carol, '<sip:0262006202082@omnidial.example>');
    world.pass();
    const dave = world.phone('dave');
    dave.respond(200, 'offer of dave');
    world.pass();
    expect(bodyOf(bob.incoming.request)).toBe('offer of dave');
    bob.respond(200, 'answer of bob to dave');
    world.pass();
    expect([methods(carol).at(-1), methods(alice).at(-1)]).toEqual(['BYE', 'BYE']);
    dave.hangUp();
    world.pass();
    expect(methods(bob).at(-1)).toBe('BYE');
    expectNothingLeft(world);
  });

  it('with a Refer-To that names nobody is refused', () => {
    const { world, alice } = talking();
    for (const target of ['<sip:omnidial.example>', 'nonsense', '<tel:+82262006200>']) refer(alice, target);
    alice.within('REFER');
    world.pass(100);
    expect(alice.statuses.slice(1)).toEqual([400, 400, 416, 400]);
    for (const response of alice.responses.slice(1)) {
      expect(header(response, 'Warning')).toMatch(/^399 omnidial "[^"]+"$/);
    }
  });
});

describe('an attended transfer (RFC 3891)', () => {
  /** Alice talks to Bob, and has called Carol as well. */
  function consulting(): World & { replaces: string; second: Dialog | undefined } {
    const all = talking();
    const { world, alice, carol } = all;
    const first = alice.dialog;
    alice.dial(CAROL, 'second offer of alice');
    world.pass();
    carol.respond(200, 'answer of carol');
    world.pass();
    const second = alice.dialog;
    alice.dialog = first;
    return { ...all, replaces: replacesOf(second), second };
  }

  it('connects the two partners, and lets the one who asked go from both', () => {
    const { world, alice, bob, carol, replaces } = consulting();
    refer(alice, `<sip:${CAROL}@omnidial.example?Replaces=${encodeURIComponent(replaces)}>`);
    world.pass();
    expect([methods(carol).at(-1), bodyOf(carol.incoming.request)]).toEqual(['INVITE', '']);
    carol.respond(200, 'offer of carol');
    world.pass();
    expect(bodyOf(bob.incoming.request)).toBe('offer of carol');
    bob.respond(200, 'answer of bob');
    world.pass(100);
    expect(carol.acks.map(bodyOf).at(-1)).toBe('answer of bob');
    expect(told(alice)).toEqual(['SIP/2.0 100 Trying', 'SIP/2.0 200 OK']);
    expect(methods(alice).filter((method) => method === 'BYE').length).toBe(2);
    bob.hangUp();
    world.pass(60_000);
    expect(methods(carol).at(-1)).toBe('BYE');
    expect(world.records()).toMatchObject([
      { phase: 'ended', status: 'completed' },
      { phase: 'ended', status: 'completed', hungUpBy: 'caller' },
    ]);
    expect(world.legs.size).toBe(0);
  });

  it('that a partner refuses leaves both conversations as they were', () => {
    const { world, alice, bob, carol, replaces } = consulting();
    refer(alice, `<sip:${CAROL}@omnidial.example?Replaces=${encodeURIComponent(replaces)}>`);
    world.pass();
    carol.respond(488);
    world.pass(100);
    expect(told(alice).at(-1)).toBe('SIP/2.0 488 Not Acceptable Here');
    expect([methods(bob), methods(alice).includes('BYE')]).toEqual([['INVITE'], false]);
  });

  it('cannot take over a conversation of somebody else', () => {
    const { world, bob, replaces } = consulting();
    refer(bob, `<sip:${CAROL}@omnidial.example?Replaces=${encodeURIComponent(replaces)}>`);
    world.pass(100);
    expect(bob.statuses).toEqual([403]);
  });

  it('before the other conversation is answered is refused, and says why', () => {
    const { world, alice, carol } = talking();
    const first = alice.dialog;
    alice.dialog = undefined;
    alice.dial(CAROL, 'second offer of alice');
    world.pass();
    carol.respond(180);
    world.pass();
    const second = alice.dialog as Dialog | undefined;
    alice.dialog = first;
    refer(alice, `<sip:${CAROL}@omnidial.example?Replaces=${encodeURIComponent(replacesOf(second))}>`);
    world.pass();
    const [refusal] = alice.responses.slice(-1);
    expect(refusal && [refusal.status, header(refusal, 'Warning')]).toEqual([
      403,
      '399 omnidial "The other conversation is not answered yet."',
    ]);
    alice.hangUp();
    alice.giveUp();
    expectNothingLeft(world);
  });

  /** The moments at which somebody may hang up: asked for, third phone invited, partner invited. */
  const MOMENTS = ['before the third phone agrees', 'before the partner agrees'] as const;

  it.each(MOMENTS)('of one who leaves both conversations at once, %s', (moment) => {
    const { world, alice, bob, carol, replaces, second } = consulting();
    refer(alice, `<sip:${CAROL}@omnidial.example?Replaces=${encodeURIComponent(replaces)}>`);
    world.pass();
    if (moment === 'before the partner agrees') {
      carol.respond(200, 'offer of carol');
      world.pass();
    }
    alice.hangUp();
    alice.dialog = second;
    alice.hangUp();
    world.pass();
    expect([methods(bob).includes('BYE'), methods(carol).includes('BYE')]).toEqual([false, false]);
    if (moment === 'before the third phone agrees') {
      carol.respond(200, 'offer of carol');
      world.pass();
    }
    bob.respond(200, 'answer of bob');
    world.pass();
    expect(carol.acks.map(bodyOf).at(-1)).toBe('answer of bob');
    bob.hangUp();
    world.pass();
    expect(methods(carol).at(-1)).toBe('BYE');
    expectNothingLeft(world);
  });

  it('of one who leaves both conversations, and that comes to nothing: both partners are hung up', () => {
    const { world, alice, bob, carol, replaces, second } = consulting();
    refer(alice, `<sip:${CAROL}@omnidial.example?Replaces=${encodeURIComponent(replaces)}>`);
    world.pass();
    alice.hangUp();
    alice.dialog = second;
    alice.hangUp();
    world.pass();
    carol.respond(488);
    world.pass(100);
    expect([methods(bob).at(-1), methods(carol).at(-1)]).toEqual(['BYE', 'BYE']);
    expectNothingLeft(world);
  });

  it.each(MOMENTS)('whose third phone hangs up %s: the first conversation goes on', (moment) => {
    const { world, alice, bob, carol, replaces } = consulting();
    refer(alice, `<sip:${CAROL}@omnidial.example?Replaces=${encodeURIComponent(replaces)}>`);
    world.pass();
    if (moment === 'before the partner agrees') {
      carol.respond(200, 'offer of carol');
      world.pass();
    }
    carol.hangUp();
    world.pass(100);
    expect([
      methods(alice).filter((method) => method === 'BYE').length,
      methods(bob).includes('BYE'),
    ]).toEqual([1, false]);
    bob.hangUp();
    world.pass();
    expect(methods(alice).filter((method) => method === 'BYE').length).toBe(2);
    expectNothingLeft(world);
  });

  it.each(MOMENTS)('whose partner hangs up %s: the second conversation goes on as it was', (moment) => {
    const { world, alice, bob, carol, replaces, second } = consulting();
    refer(alice, `<sip:${CAROL}@omnidial.example?Replaces=${encodeURIComponent(replaces)}>`);
    world.pass();
    if (moment === 'before the partner agrees') {
      carol.respond(200, 'offer of carol');
      world.pass();
    }
    bob.hangUp();
    world.pass();
    if (moment === 'before the third phone agrees') carol.respond(200, 'offer of carol');
    world.pass(100);
    expect(carol.acks.map(bodyOf).at(-1)).toBe('second offer of alice');
    expect([
      methods(alice).filter((method) => method === 'BYE').length,
      methods(carol).includes('BYE'),
    ]).toEqual([1, false]);
    alice.dialog = second;
    alice.hangUp();
    world.pass();
    expect(methods(carol).at(-1)).toBe('BYE');
    expectNothingLeft(world);
  });
});
