import { describe, expect, it } from 'vitest';
import { responseTo, type SipResponse, withHeader } from '../../src/protocols/sip/message/index.ts';
import { CallWorld } from '../support/flows/call-world.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import { bodyOf, header, methods, type TestPhone } from '../support/flows/test-phone.ts';

const NUMBER = '+82212345678';

type World = { world: CallWorld; alice: TestPhone; kt: TestPhone; sk: TestPhone };

/** Alice dials a number to which two carriers lead. */
function dialling(options: { readonly channels?: number } = {}): World {
  const world = new CallWorld({}, { carriers: { [NUMBER]: ['kt', 'sk'] }, ...options });
  const all = { world, alice: world.phone('alice'), kt: world.phone('kt'), sk: world.phone('sk') };
  all.alice.dial(NUMBER, 'offer of alice');
  world.pass();
  return all;
}

function statuses({ alice }: World): number[] {
  return alice.responses.map(({ status }) => status).filter((status) => status > 100);
}

/** What the record says of the ways that were tried. */
function tried({ world }: World): unknown {
  const record = world.records().at(-1);
  if (record === undefined || record.phase === 'offering') return [];
  return record.tried.map(({ attempt, outcome, ringingAtMs }) => [
    attempt.party.kind === 'trunk' && attempt.party.trunk,
    outcome?.sipStatus,
    ringingAtMs !== undefined,
  ]);
}

function last({ responses }: TestPhone): SipResponse {
  const response = responses.at(-1);
  if (response === undefined) throw new Error('nothing was answered');
  return response;
}

describe('R14: a call that goes out to a carrier', () => {
  it('reaches it with the number and the caller in its form, and takes one channel until it ends', () => {
    const all = dialling();
    const { world, alice, kt } = all;
    const { request } = kt.incoming;
    expect(request.uri).toBe(`sip:${NUMBER}@kt`);
    expect(header(request, 'From')).toContain('<sip:+82262006200@omnidial.example>');
    expect(header(request, 'P-Asserted-Identity')).toBe('<sip:+82262006200@omnidial.example>');
    kt.respond(180);
    kt.respond(200, 'answer of kt');
    world.pass();
    alice.acknowledge(alice.invited);
    world.pass();
    expect(bodyOf(last(alice))).toBe('answer of kt');
    expect(world.taken.get('kt')).toBe(1);
    alice.hangUp();
    world.pass();
    expect(world.taken.get('kt')).toBe(0);
    expect(tried(all)).toEqual([['kt', undefined, true]]);
    expectNothingLeft(world);
  });

  it('domain.md §4: asks the next carrier where the first answers 503', () => {
    const all = dialling();
    all.kt.respond(503);
    all.world.pass();
    all.sk.respond(180);
    all.sk.respond(200, 'answer of sk');
    all.world.pass();
    all.alice.acknowledge(all.alice.invited);
    all.alice.hangUp();
    all.world.pass();
    expect(statuses(all)).toEqual([180, 200, 200]);
    expect(tried(all)).toEqual([
      ['kt', 500, false],
      ['sk', undefined, true],
    ]);
    expectNothingLeft(all.world);
  });

  it('domain.md §4: asks the next carrier where the first says nothing for its time, and lets the first go', () => {
    const all = dialling();
    all.world.network.loses = ({ from }) => from.address === all.kt.flow.address;
    all.world.pass(4_050);
    expect(methods(all.sk)).toEqual(['INVITE']);
    expect(all.world.heard).toEqual(['kt silent']);
    expect(all.world.taken.get('kt')).toBe(0);
    all.world.network.loses = () => false;
    // The first wakes up after all: its answer is acknowledged and hung up.
    all.kt.respond(200, 'too late');
    all.world.pass();
    expect(methods(all.kt)).toContain('BYE');
    all.sk.respond(486);
    all.world.pass();
    expect(statuses(all)).toEqual([486]);
    all.world.pass(40_000);
    expectNothingLeft(all.world);
  });

  it('asks the next carrier where the first says that it tries, and nothing more', () => {
    const all = dialling();
    all.world.pass(12_300);
    expect(all.world.heard).toEqual(['kt heard']);
    expect(all.world.ladder()).toContain('exchange > kt CANCEL');
    expect(methods(all.sk)).toEqual(['INVITE']);
    all.alice.giveUp();
    all.world.pass(40_000);
    expectNothingLeft(all.world);
  });

  it.each([
    ['is busy', (all: World) => all.kt.respond(486), 486],
    ['declines', (all: World) => all.kt.respond(603), 603],
    [
      'rang and was not answered',
      (all: World) => {
        all.kt.respond(180);
        all.kt.respond(480);
      },
      480,
    ],
  ])('domain.md §4: asks nobody else where the callee %s', (_, act, status) => {
    const all = dialling();
    act(all);
    all.world.pass();
    expect(statuses(all).at(-1)).toBe(status);
    expect(methods(all.sk)).toEqual([]);
    expectNothingLeft(all.world);
  });

  it('hears the reason that a carrier gives, and tells it to the caller', () => {
    const all = dialling();
    const refusal = responseTo(all.kt.incoming.request, 403, undefined, 'x');
    all.kt.incoming.respond(withHeader(refusal, 'Reason', 'Q.850;cause=21;text="Call rejected"'));
    all.world.pass();
    expect(header(last(all.alice), 'Reason')).toBe('Q.850;cause=21');
  });

  it('ends what rings there for too long with 480, and asks nobody else', () => {
    const all = dialling();
    all.kt.respond(183, 'early media');
    all.world.pass(30_050);
    expect(statuses(all)).toEqual([183, 480]);
    expect(all.world.ladder()).toContain('exchange > kt CANCEL');
    expect(methods(all.sk)).toEqual([]);
    all.world.pass(40_000);
    expectNothingLeft(all.world);
  });

  it('RFC 3261 §22.3: tells a carrier that asks who we are, once', () => {
    const all = dialling();
    all.kt.respond(407);
    all.world.pass();
    const again = all.kt.incoming.request;
    expect([header(again, 'CSeq'), header(again, 'Proxy-Authorization')]).toEqual(['2 INVITE', 'Digest us']);
    all.kt.respond(407);
    all.world.pass();
    all.kt.respond(407);
    all.world.pass();
    expect(methods(all.kt).filter((method) => method === 'INVITE')).toHaveLength(3);
    expect(statuses(all).at(-1)).toBe(480);
    expectNothingLeft(all.world);
  });

  it('asks the next where all channels of the first are taken, and is refused where those of all are', () => {
    const all = dialling({ channels: 1 });
    all.kt.respond(180);
    const ben = all.world.phone('ben');
    ben.dial(NUMBER, 'offer of ben');
    all.world.pass();
    expect(methods(all.sk)).toEqual(['INVITE']);
    all.sk.respond(180);
    const carol = all.world.phone('carol');
    carol.dial(NUMBER, 'offer of carol');
    all.world.pass();
    expect(carol.responses.at(-1)?.status).toBe(503);
    for (const phone of [all.alice, ben]) phone.giveUp();
    all.world.pass();
    expect([all.world.taken.get('kt'), all.world.taken.get('sk')]).toEqual([0, 0]);
  });

  it('gives the channel back where the caller gives up', () => {
    const all = dialling();
    all.kt.respond(180);
    all.world.pass();
    all.alice.giveUp();
    all.world.pass();
    expect(all.world.taken.get('kt')).toBe(0);
    expectNothingLeft(all.world);
  });

  it('RFC 3261 §22.3: tells a carrier that asks within the call who we are', () => {
    const all = dialling();
    all.kt.respond(200, 'answer of kt');
    all.world.pass();
    all.alice.acknowledge(all.alice.invited);
    all.world.pass();
    all.alice.within('INVITE', 'hold of alice');
    all.world.pass();
    all.kt.respond(407);
    all.world.pass();
    const again = all.kt.incoming.request;
    expect([again.method, header(again, 'Proxy-Authorization'), bodyOf(again)]).toEqual([
      'INVITE',
      'Digest us',
      'hold of alice',
    ]);
    all.kt.respond(200, 'held by kt');
    all.world.pass();
    expect(bodyOf(last(all.alice))).toBe('held by kt');
    all.alice.hangUp();
    all.world.pass();
    expectNothingLeft(all.world);
  });
});
