import { describe, expect, it } from 'vitest';
import { CallWorld } from '../support/flows/call-world.ts';
import { bodyOf, header, type TestPhone } from '../support/flows/test-phone.ts';

const [BOB, CAROL] = ['0262006200082', '0262006201082'];

type World = { world: CallWorld; alice: TestPhone; bob: TestPhone; carol: TestPhone };

/** Alice talks to Bob. */
function talking(): World {
  const world = new CallWorld({ [BOB]: ['bob'], [CAROL]: ['carol'] });
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

/** What a phone was told of the transfer it asked for. */
function told(phone: TestPhone): string[] {
  return phone.requests
    .filter(({ request }) => request.method === 'NOTIFY')
    .map(({ request }) => bodyOf(request).trim());
}

function methods(phone: TestPhone): string[] {
  return phone.requests.map(({ request }) => request.method);
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

  it('with a Refer-To that names nobody is refused', () => {
    const { world, alice } = talking();
    for (const target of ['<sip:omnidial.example>', 'nonsense', '<tel:+82262006200>']) refer(alice, target);
    alice.within('REFER');
    world.pass(100);
    expect(alice.statuses.slice(1)).toEqual([400, 400, 416, 400]);
  });
});

describe('an attended transfer (RFC 3891)', () => {
  /** Alice talks to Bob, and has called Carol as well. */
  function consulting(): World & { replaces: string } {
    const all = talking();
    const { world, alice, carol } = all;
    const first = alice.dialog;
    alice.dial(CAROL, 'second offer of alice');
    world.pass();
    carol.respond(200, 'answer of carol');
    world.pass();
    const second = alice.dialog;
    alice.dialog = first;
    const replaces = `${second?.callId};to-tag=${second?.remoteTag};from-tag=${second?.localTag}`;
    return { ...all, replaces };
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
});
