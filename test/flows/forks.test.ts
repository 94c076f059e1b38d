import { describe, expect, it } from 'vitest';
import { type Dialog, dialogOfUac } from '../../src/protocols/sip/dialog/index.ts';
import { responseTo } from '../../src/protocols/sip/message/index.ts';
import { CallWorld } from '../support/flows/call-world.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import { bodyOf, header, methods, type TestPhone } from '../support/flows/test-phone.ts';

const PIN = '0262006200082';

type World = { world: CallWorld; alice: TestPhone; desk: TestPhone; mobile: TestPhone };

/** Alice dials a number that rings two phones. @param offer absent where the phones are to make it */
function dialling(offer?: string, headers: { name: string; value: string }[] = []): World {
  const world = new CallWorld({ [PIN]: ['desk', 'mobile'] });
  const all = {
    world,
    alice: world.phone('alice'),
    desk: world.phone('desk'),
    mobile: world.phone('mobile'),
  };
  all.alice.dial(PIN, offer, headers);
  world.pass();
  return all;
}

function reliably(rseq: number): { headers: { name: string; value: string }[] } {
  return {
    headers: [
      { name: 'Require', value: '100rel' },
      { name: 'RSeq', value: String(rseq) },
    ],
  };
}

/** The early dialogs that Alice sees, in the order in which they came. */
function earlyDialogs({ alice }: World): Dialog[] {
  return alice.responses.flatMap((response) => {
    const dialog = dialogOfUac(alice.invited, response);
    return dialog.ok ? [dialog.value] : [];
  });
}

describe('RFC 3261 §12.1: phones that ring at the same time', () => {
  it('each have an early dialog of their own with the caller', () => {
    const all = dialling('offer');
    all.desk.respond(180);
    all.mobile.respond(183, 'early media');
    all.desk.respond(180);
    all.world.pass();
    const tags = earlyDialogs(all).map(({ remoteTag }) => remoteTag);
    expect([tags.length, new Set(tags).size]).toEqual([3, 2]);
    all.alice.giveUp();
    expectNothingLeft(all.world);
  });

  it.each([
    ['offers in the INVITE', 'offer of alice'],
    ['lets them offer', undefined],
  ])('RFC 3262: a caller that %s acknowledges each of them for itself', (_, offer) => {
    const all = dialling(offer);
    const { world, alice, desk, mobile } = all;
    const invite = mobile.incoming;
    desk.respond(183, 'session of desk', reliably(5));
    world.pass();
    mobile.respond(183, 'session of mobile', reliably(9));
    world.pass();
    const [atDesk, atMobile] = earlyDialogs(all);
    const answer = offer === undefined ? 'answer of alice' : undefined;
    alice.dialog = atMobile;
    alice.within('PRACK', answer && `${answer} to mobile`, [{ name: 'RAck', value: '9 1 INVITE' }]);
    alice.dialog = atDesk;
    alice.within('PRACK', answer && `${answer} to desk`, [{ name: 'RAck', value: '5 1 INVITE' }]);
    world.pass();
    for (const [phone, rack] of [
      [desk, '5 1 INVITE'],
      [mobile, '9 1 INVITE'],
    ] as const) {
      expect([phone.incoming.request.method, header(phone.incoming.request, 'RAck')]).toEqual([
        'PRACK',
        rack,
      ]);
      expect(bodyOf(phone.incoming.request)).toBe(answer ? `${answer} to ${phone.name}` : '');
      phone.respond(200);
    }
    world.pass();
    mobile.respond(200, undefined, { to: invite });
    world.pass();
    if (offer === undefined) {
      alice.dialog = atMobile;
      alice.acknowledge(alice.invited);
    }
    world.pass();
    expect(mobile.acks.length).toBe(1);
    expect(methods(desk)).toEqual(['INVITE', 'PRACK']);
    alice.dialog = atDesk;
    alice.within('UPDATE', 'too late');
    world.pass();
    expect(alice.statuses.at(-1)).toBe(481);
    mobile.hangUp();
    expectNothingLeft(world);
  });

  it('RFC 3261 §13.2.2.4: both answer with offers of their own; the second is acknowledged and hung up', () => {
    const { world, alice, desk, mobile } = dialling();
    desk.respond(200, 'offer of desk');
    mobile.respond(200, 'offer of mobile');
    world.pass();
    alice.acknowledge(alice.invited, 'answer of alice');
    world.pass();
    expect([desk.acks.map(bodyOf), mobile.acks.map(bodyOf)]).toEqual([['answer of alice'], ['']]);
    expect([methods(desk), methods(mobile)]).toEqual([['INVITE'], ['INVITE', 'BYE']]);
    alice.hangUp();
    expectNothingLeft(world);
  });

  it('a phone that is a fork itself and answers twice is hung up once', () => {
    const { world, alice, desk } = dialling('offer');
    const { request } = desk.incoming;
    const contact = { name: 'Contact', value: `<${desk.contact}>` };
    for (const tag of ['one', 'two', 'two', 'one']) {
      const ok = responseTo(request, 200, undefined, tag);
      desk.incoming.respond({ ...ok, headers: [...ok.headers, contact] });
    }
    world.pass(100);
    expect(alice.statuses).toEqual([200]);
    expect(methods(desk)).toEqual(['INVITE', 'BYE']);
    expect(header(desk.incoming.request, 'To')).toContain('tag=two');
    // Each 2xx has its ACK, and so has one that came again after it.
    expect(desk.acks.length).toBe(3);
    alice.hangUp();
    expectNothingLeft(world);
  });

  it('a phone opens ten early dialogs at most', () => {
    const { world, alice, desk } = dialling('offer');
    for (let tag = 0; tag < 50; tag += 1) {
      desk.incoming.respond(responseTo(desk.incoming.request, 180, undefined, `t${tag}`));
    }
    world.pass();
    expect([alice.statuses.length, world.legs.size]).toEqual([10, 20]);
    alice.giveUp();
    expectNothingLeft(world);
  });
});

describe('what phones refuse that is not the caller’s', () => {
  it.each([
    [422, 480],
    [491, 480],
    [302, 480],
    [503, 500],
  ])('%i becomes %i', (said, heard) => {
    const { world, alice, desk, mobile } = dialling('offer');
    for (const phone of [desk, mobile]) phone.respond(said);
    world.pass();
    expect(alice.statuses).toEqual([heard]);
    expectNothingLeft(world);
  });

  it('RFC 3261 §8.2.2.3: an extension the phones do not know is named to the caller that demands it', () => {
    const { world, alice, desk, mobile } = dialling('offer', [{ name: 'Require', value: '100rel' }]);
    expect(header(desk.incoming.request, 'Require')).toBe('100rel');
    for (const phone of [desk, mobile]) {
      phone.respond(420, undefined, { headers: [{ name: 'Unsupported', value: '100rel' }] });
    }
    world.pass();
    expect(alice.responses.map((response) => [response.status, header(response, 'Unsupported')])).toEqual([
      [420, '100rel'],
    ]);
    expectNothingLeft(world);
  });
});
