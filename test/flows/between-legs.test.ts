import { describe, expect, it } from 'vitest';
import type { SipRequest } from '../../src/protocols/sip/message/index.ts';
import { CallWorld, type CallWorldOptions } from '../support/flows/call-world.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import { bodyOf, header, methods, type TestPhone } from '../support/flows/test-phone.ts';

const PIN = '0262006200082';

type World = { readonly world: CallWorld; readonly alice: TestPhone; readonly bob: TestPhone };

function ready(options: CallWorldOptions = {}): World {
  const world = new CallWorld({ [PIN]: ['bob'] }, options);
  return { world, alice: world.phone('alice'), bob: world.phone('bob') };
}

/** The INVITE that rings Bob when Alice dials with these headers. */
function invitedBy(headers: readonly { name: string; value: string }[], displayName = ''): SipRequest {
  const { world, alice, bob } = ready();
  alice.displayName = displayName;
  alice.dial(PIN, 'offer', headers);
  world.pass();
  return bob.incoming.request;
}

describe('what the callee sees of the caller', () => {
  it.each([
    ['Alice ', '"Alice" '],
    ['"Alice \\"Al\\" \\\\ Smith" ', '"Alice \\"Al\\" \\\\ Smith" '],
    ['"홍길동" ', '"홍길동" '],
    ['', ''],
  ])('R18: the display name %j is passed on as %j, with the number the exchange knows', (from, shown) => {
    expect(header(invitedBy([], from), 'From')).toMatch(
      new RegExp(`^${shown.replaceAll(/[\\"]/g, '\\$&')}<sip:alice@omnidial\\.example>;tag=x`),
    );
  });

  it.each(['id', 'user;id', 'critical, header', 'ID'])(
    'RFC 3323 §4: with Privacy: %s nothing of the caller is shown, and the record keeps the truth',
    (privacy) => {
      const { world, alice, bob } = ready();
      alice.displayName = '"Alice" ';
      alice.dial(PIN, 'offer', [{ name: 'Privacy', value: privacy }]);
      world.pass();
      const invite = bob.incoming.request;
      expect(header(invite, 'From')).toMatch(/^"Anonymous" <sip:anonymous@anonymous\.invalid>;tag=/);
      expect(invite.headers.map(({ value }) => value).join(' ')).not.toMatch(/alice/i);
      bob.respond(486);
      expectNothingLeft(world);
      expect(world.records()).toMatchObject([{ facts: { callerTerminalId: 't-alice' } }]);
    },
  );

  it('RFC 3323 §4.2: other kinds of privacy, and none, hide nobody', () => {
    for (const value of ['none', 'history', 'session']) {
      expect(header(invitedBy([{ name: 'Privacy', value }]), 'From')).toContain('sip:alice@');
    }
  });
});

describe('what passes from one leg to the other', () => {
  const PASSING = [
    { name: 'Subject', value: 'Lunch' },
    { name: 'Alert-Info', value: '<http://ring.example/1>' },
    { name: 'Accept-Language', value: 'ko' },
    { name: 'Priority', value: 'urgent' },
  ];
  const STAYING = [
    { name: 'Authorization', value: 'Digest username="alice", realm="r", nonce="n", uri="u", response="r"' },
    { name: 'Proxy-Authorization', value: 'Digest username="alice", realm="r"' },
    { name: 'User-Agent', value: 'Secret/1.0' },
    { name: 'Record-Route', value: '<sip:192.0.2.77;lr>' },
    { name: 'P-Asserted-Identity', value: '<sip:mallory@omnidial.example>' },
    { name: 'X-Private', value: 'of alice' },
    { name: 'Date', value: 'Sat, 13 Nov 2027 23:29:00 GMT' },
    { name: 'Organization', value: 'Secret' },
  ];

  it('belongs to the people; what belongs to a phone or its way stays behind', () => {
    const { world, alice, bob } = ready();
    alice.dial(PIN, 'offer', [...PASSING, ...STAYING]);
    world.pass();
    const invite = bob.incoming.request;
    for (const { name, value } of PASSING) expect(header(invite, name)).toBe(value);
    for (const { name } of STAYING) expect(header(invite, name)).toBe('');
    const text = invite.headers.map(({ name, value }) => `${name}: ${value}`).join('\n');
    const own = [
      alice.flow.address,
      header(alice.invited, 'Call-ID'),
      /tag=(\S+)/.exec(header(alice.invited, 'From'))?.[1],
    ];
    for (const secret of own) expect(text.split(/[\s;@<>=:,]/)).not.toContain(secret);
    expect(invite.headers.filter(({ name }) => name === 'Via').length).toBe(1);
    bob.respond(200, 'answer', { headers: [{ name: 'Server', value: 'Secret/2.0' }, ...PASSING] });
    world.pass();
    const [ok] = alice.responses;
    const told = ok?.headers.map(({ name, value }) => `${name}: ${value}`).join('\n') ?? '';
    expect(told).toContain('Subject: Lunch');
    expect(told).not.toMatch(/Secret|bob|192\.0\.2\.2\b/);
    alice.hangUp();
    expectNothingLeft(world);
  });
});

describe('the way to a phone', () => {
  it('RFC 3261 §19.1.1: over IPv6, addresses are in brackets in URIs and without them in received', () => {
    const { world, alice, bob } = ready({ family: 'ipv6' });
    alice.dial(PIN, 'offer');
    world.pass();
    const invite = bob.incoming.request;
    expect(invite.uri).toBe('sip:bob@[2001:db8::2]:5060');
    expect(header(invite, 'Contact')).toBe('<sip:alice@[2001:db8::100]:5060>');
    expect(header(invite, 'Via')).toContain('[2001:db8::100]:5060;rport=5060;received=2001:db8::100');
    bob.respond(200, 'answer');
    world.pass();
    alice.within('INVITE', 'hold');
    world.pass();
    bob.respond(200, 'held');
    world.pass();
    bob.hangUp();
    world.pass();
    expect([alice.statuses, methods(alice)]).toEqual([[200, 200], ['BYE']]);
    expectNothingLeft(world);
  });

  it('RFC 5626 §5.3: a phone that opened its connection anew is heard, and reached there', () => {
    const world = new CallWorld({ [PIN]: ['bob'] });
    const [alice, old] = [world.phone('alice'), world.place('bob', { transport: 'tcp', port: 40_001 })];
    alice.dial(PIN, 'offer');
    world.pass();
    old.respond(200, 'answer');
    world.pass();
    const bob = world.place('bob', { transport: 'tcp', port: 40_002 });
    world.network.remove(old.flow.address, old.flow.port, 'tcp');
    bob.dialog = old.dialog;
    bob.within('INFO', 'Signal=1');
    world.pass();
    alice.respond(200);
    world.pass();
    expect(bob.statuses).toEqual([200]);
    alice.within('INFO', 'Signal=2');
    world.pass();
    expect(bodyOf(bob.incoming.request)).toBe('Signal=2');
    bob.respond(200);
    alice.hangUp();
    world.pass();
    expect(methods(bob)).toEqual(['INFO', 'BYE']);
    expectNothingLeft(world);
  });

  it('RFC 3261 §12.2: a phone that names another Contact is reached there from then on', () => {
    const { world, alice, bob } = ready();
    alice.dial(PIN, 'offer');
    world.pass();
    bob.respond(200, 'answer');
    world.pass();
    const moved = world.place('bob', { port: 5070 });
    moved.dialog = bob.dialog && { ...bob.dialog, localContact: `<${moved.contact}>` };
    moved.within('INVITE', 'here I am');
    world.pass();
    alice.respond(200, 'there you are');
    world.pass();
    alice.hangUp();
    world.pass();
    expect([methods(moved), methods(bob)]).toEqual([['BYE'], ['INVITE']]);
    expectNothingLeft(world);
  });
});

describe('after a thousand calls', () => {
  it('of each kind, nothing of them is kept', () => {
    const { world, alice, bob } = ready();
    const ends: readonly (() => void)[] = [
      () => alice.hangUp(),
      () => bob.hangUp(),
      () => {
        alice.hangUp();
        bob.hangUp();
      },
    ];
    for (let call = 0; call < 1_000; call += 1) {
      alice.dialog = undefined;
      bob.dialog = undefined;
      alice.dial(PIN, call % 5 === 0 ? undefined : 'offer');
      world.pass(5);
      bob.respond(180);
      world.pass(5);
      if (call % 7 === 0) alice.giveUp();
      else if (call % 7 === 1) bob.respond(486);
      else {
        bob.respond(200, 'answer');
        world.pass(5);
        if (call % 5 === 0) alice.acknowledge(alice.invited, 'answer');
        world.pass(5);
        ends[call % 3]?.();
      }
      world.pass(40_000);
      world.network.packets.length = 0;
    }
    expectNothingLeft(world);
    expect(world.records().length).toBe(1_000);
  });
});
