import { describe, expect, it } from 'vitest';
import { CallWorld, type CallWorldOptions } from '../support/flows/call-world.ts';
import { NOT_RELAYABLE } from '../support/flows/fake-relays.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import { bodyOf, header, methods, type TestPhone } from '../support/flows/test-phone.ts';

const PIN = '0262006200082';
const OTHER = '0262006200083';
const BOTH = '0262006200084';
const PSTN = '+82212345678';

/** Longer than a slow relay takes, and shorter than any timer of SIP. */
const A_WHILE_MS = 100;
const SLOW_MS = 20;

class RelayedWorld extends CallWorld {
  constructor(relay: 'at-once' | number, options: CallWorldOptions = {}) {
    super(
      { [PIN]: ['bob'], [OTHER]: ['carol'], [BOTH]: ['bob', 'carol'] },
      { relay, carriers: { [PSTN]: ['kt', 'sk'] }, ...options },
    );
  }

  get alice(): TestPhone {
    return this.phone('alice');
  }

  get bob(): TestPhone {
    return this.phone('bob');
  }

  get carol(): TestPhone {
    return this.phone('carol');
  }

  /** What was passed since this was asked last. */
  passedNow(): string[] {
    return this.relays.passed.splice(0);
  }

  later(): void {
    this.pass(A_WHILE_MS);
  }
}

/** Alice talks to Bob. */
function talking(relay: 'at-once' | number): RelayedWorld {
  const world = new RelayedWorld(relay);
  world.alice.dial(PIN, 'offer of alice');
  world.later();
  world.bob.respond(200, 'answer of bob');
  world.later();
  world.passedNow();
  return world;
}

function lastBody({ responses }: TestPhone): string {
  return bodyOf(responses.at(-1) ?? { body: new Uint8Array(0) });
}

/** Everything is hung up by Alice. */
function end(world: RelayedWorld): void {
  world.alice.hangUp();
  world.later();
  expectNothingLeft(world);
}

describe.each([
  ['that answers at once', 'at-once' as const],
  ['in another process', SLOW_MS],
])('a relay %s passes each description once, in its role', (_, relay) => {
  it('RFC 3264: of an INVITE with an offer, with the answer in the 200', () => {
    const world = new RelayedWorld(relay);
    world.alice.dial(PIN, 'offer of alice');
    world.later();
    expect(bodyOf(world.bob.incoming.request)).toBe('offer of alice via 1 caller');
    world.bob.respond(180);
    world.bob.respond(200, 'answer of bob');
    world.later();
    expect(world.alice.statuses.filter((status) => status > 100)).toEqual([180, 200]);
    expect(lastBody(world.alice)).toBe('answer of bob via 1 callee');
    expect(world.passedNow()).toEqual(['1 caller offer: offer of alice', '1 callee answer: answer of bob']);
    end(world);
  });

  it('of an INVITE without an offer, with the answer in the ACK', () => {
    const world = new RelayedWorld(relay);
    world.alice.dial(PIN);
    world.later();
    world.bob.respond(200, 'offer of bob');
    world.later();
    expect(lastBody(world.alice)).toBe('offer of bob via 1 callee');
    world.alice.acknowledge(world.alice.invited, 'answer of alice');
    world.later();
    expect(world.bob.acks.map(bodyOf)).toEqual(['answer of alice via 1 caller']);
    expect(world.passedNow()).toEqual(['1 callee offer: offer of bob', '1 caller answer: answer of alice']);
    end(world);
  });

  it('of early media, before what comes after it', () => {
    const world = new RelayedWorld(relay);
    world.alice.dial(PIN, 'offer of alice');
    world.later();
    world.bob.respond(183, 'early bob');
    world.bob.respond(180);
    world.bob.respond(200, 'answer of bob');
    world.later();
    const told = world.alice.responses.map((response) => `${response.status} ${bodyOf(response)}`);
    expect(told.filter((line) => !line.startsWith('100'))).toEqual([
      '183 early bob via 1 callee',
      '180 ',
      '200 answer of bob via 1 callee',
    ]);
    end(world);
  });

  it('of phones that ring together, each by a relay of its own, of which the one that answered is kept', () => {
    const world = new RelayedWorld(relay);
    world.alice.dial(BOTH, 'offer of alice');
    world.later();
    world.bob.respond(183, 'early bob');
    world.carol.respond(183, 'early carol');
    world.later();
    expect(world.relays.left).toEqual([1, 2]);
    world.carol.respond(200, 'answer of carol');
    world.later();
    expect(lastBody(world.alice)).toBe('answer of carol via 2 callee');
    expect(world.relays.left).toEqual([2]);
    end(world);
  });

  it('RFC 3262 §5: of a reliable 183 that offers, with the answer in the PRACK', () => {
    const world = new RelayedWorld(relay);
    world.alice.dial(PIN);
    world.later();
    world.bob.respond(183, 'offer of bob', {
      headers: [
        { name: 'Require', value: '100rel' },
        { name: 'RSeq', value: '1' },
      ],
    });
    world.later();
    expect(lastBody(world.alice)).toBe('offer of bob via 1 callee');
    world.alice.within('PRACK', 'answer of alice', [{ name: 'RAck', value: '1 1 INVITE' }]);
    world.later();
    expect(bodyOf(world.bob.incoming.request)).toBe('answer of alice via 1 caller');
    world.bob.respond(200);
    world.later();
    const invite = world.bob.requests.find(({ request }) => request.method === 'INVITE');
    if (invite !== undefined) world.bob.respond(200, undefined, { to: invite });
    world.later();
    world.alice.acknowledge(world.alice.invited);
    world.later();
    expect(world.passedNow()).toEqual(['1 callee offer: offer of bob', '1 caller answer: answer of alice']);
    end(world);
  });

  it('of a PRACK that offers, with the answer in its 200', () => {
    const world = new RelayedWorld(relay);
    world.alice.dial(PIN, 'offer of alice');
    world.later();
    world.bob.respond(183, 'answer of bob', {
      headers: [
        { name: 'Require', value: '100rel' },
        { name: 'RSeq', value: '1' },
      ],
    });
    world.later();
    world.passedNow();
    world.alice.within('PRACK', 'new offer of alice', [{ name: 'RAck', value: '1 1 INVITE' }]);
    world.later();
    world.bob.respond(200, 'new answer of bob');
    world.later();
    expect(lastBody(world.alice)).toBe('new answer of bob via 1 callee');
    expect(world.passedNow()).toEqual([
      '1 caller offer: new offer of alice',
      '1 callee answer: new answer of bob',
    ]);
    world.alice.giveUp();
    expectNothingLeft(world);
  });

  it.each(['INVITE', 'UPDATE'])('of an %s within the call, from either side', (method) => {
    const world = talking(relay);
    world.alice.within(method, 'hold of alice');
    world.later();
    expect(bodyOf(world.bob.incoming.request)).toBe('hold of alice via 1 caller');
    world.bob.respond(200, 'held by bob');
    world.later();
    expect(lastBody(world.alice)).toBe('held by bob via 1 callee');
    world.bob.within(method, 'hold of bob');
    world.later();
    world.alice.respond(200, 'held by alice');
    world.later();
    expect(lastBody(world.bob)).toBe('held by alice via 1 caller');
    expect(world.passedNow()).toEqual([
      '1 caller offer: hold of alice',
      '1 callee answer: held by bob',
      '1 callee offer: hold of bob',
      '1 caller answer: held by alice',
    ]);
    end(world);
  });

  it('of a re-INVITE that is refused, no answer, and the next one again', () => {
    const world = talking(relay);
    world.alice.within('INVITE', 'video of alice');
    world.later();
    world.bob.respond(488);
    world.later();
    expect(world.alice.statuses.at(-1)).toBe(488);
    world.alice.within('INVITE', 'hold of alice');
    world.later();
    world.bob.respond(200, 'held by bob');
    world.later();
    expect(world.passedNow()).toEqual([
      '1 caller offer: video of alice',
      '1 caller offer: hold of alice',
      '1 callee answer: held by bob',
    ]);
    end(world);
  });

  it('RFC 3515: of a transfer, by a new relay, and the old one is closed', () => {
    const world = talking(relay);
    world.alice.within('REFER', undefined, [{ name: 'Refer-To', value: `<sip:${OTHER}@omnidial.example>` }]);
    world.later();
    world.carol.respond(200, 'offer of carol');
    world.later();
    expect(bodyOf(world.bob.incoming.request)).toBe('offer of carol via 2 callee');
    world.bob.respond(200, 'answer of bob to carol');
    world.later();
    expect(world.carol.acks.map(bodyOf)).toEqual(['answer of bob to carol via 2 caller']);
    expect(world.relays.left).toEqual([2]);
    world.bob.within('INVITE', 'hold of bob');
    world.later();
    expect(bodyOf(world.carol.incoming.request)).toBe('hold of bob via 2 caller');
    world.carol.respond(200, 'held by carol');
    world.later();
    world.bob.hangUp();
    world.later();
    world.alice.hangUp();
    expectNothingLeft(world);
  });

  it('of a transfer that nobody takes, by none, and the old one goes on', () => {
    const world = talking(relay);
    world.alice.within('REFER', undefined, [{ name: 'Refer-To', value: `<sip:${OTHER}@omnidial.example>` }]);
    world.later();
    world.carol.respond(200, 'offer of carol');
    world.later();
    world.bob.respond(488);
    world.later();
    expect(world.relays.left).toEqual([1]);
    world.bob.within('INVITE', 'hold of bob');
    world.later();
    expect(bodyOf(world.alice.incoming.request)).toBe('hold of bob via 1 callee');
    world.alice.respond(200, 'held by alice');
    world.later();
    end(world);
  });

  it('RFC 3891: of a conversation that another phone takes over, by a new relay', () => {
    const world = talking(relay);
    const mobile = world.phone('bob-2');
    const { callId, remoteTag, localTag } = world.bob.dialog ?? {};
    const replaces = `${callId};to-tag=${remoteTag};from-tag=${localTag}`;
    mobile.dial(PIN, 'offer of mobile', [{ name: 'Replaces', value: replaces }]);
    world.later();
    expect(bodyOf(world.alice.incoming.request)).toBe('offer of mobile via 2 caller');
    world.alice.respond(200, 'answer of alice');
    world.later();
    expect(lastBody(mobile)).toBe('answer of alice via 2 callee');
    expect(methods(world.bob).at(-1)).toBe('BYE');
    expect(world.relays.left).toEqual([2]);
    end(world);
  });

  it('R14: of each carrier that is asked, by a relay of its own, and those that failed are closed', () => {
    const world = new RelayedWorld(relay);
    const [kt, sk] = [world.phone('kt'), world.phone('sk')];
    world.alice.dial(PSTN, 'offer of alice');
    world.later();
    kt.respond(503);
    world.later();
    expect(bodyOf(sk.incoming.request)).toBe('offer of alice via 2 caller');
    expect(world.relays.left).toEqual([2]);
    sk.respond(200, 'answer of sk');
    world.later();
    expect(lastBody(world.alice)).toBe('answer of sk via 2 callee');
    end(world);
  });

  it('none where it is full: the call is refused with 503, and takes no channel', () => {
    const world = new RelayedWorld(relay);
    world.relays.isFull = true;
    for (const number of [PIN, PSTN]) {
      world.alice.dial(number, 'offer of alice');
      world.later();
      const last = world.alice.responses.at(-1);
      expect([last?.status, last && header(last, 'Reason')]).toEqual([503, 'Q.850;cause=47']);
    }
    expect([methods(world.bob), methods(world.phone('kt'))]).toEqual([[], []]);
    expectNothingLeft(world);
  });

  it('none that it cannot read: an offer is refused with 488, an answer ends the call', () => {
    const world = new RelayedWorld(relay);
    world.alice.dial(PIN, NOT_RELAYABLE);
    world.later();
    expect([world.alice.statuses.at(-1), methods(world.bob)]).toEqual([488, []]);
    world.alice.dial(PIN, 'offer of alice');
    world.later();
    world.bob.respond(200, NOT_RELAYABLE);
    world.later();
    expect([world.alice.statuses.at(-1), methods(world.bob).at(-1)]).toEqual([488, 'BYE']);
    expectNothingLeft(world);
  });

  it('none that it cannot read within the call, which goes on', () => {
    const world = talking(relay);
    world.alice.within('INVITE', NOT_RELAYABLE);
    world.later();
    expect([world.alice.statuses.at(-1), methods(world.bob)]).toEqual([488, ['INVITE']]);
    end(world);
  });

  it('design.md §4: silence ends a conversation on both sides, and nothing before', () => {
    const world = new RelayedWorld(relay);
    world.alice.dial(PIN, 'offer of alice');
    world.later();
    world.bob.respond(183, 'early bob');
    world.later();
    world.relays.opened[0]?.silence();
    world.later();
    expect(methods(world.bob)).toEqual(['INVITE']);
    world.bob.respond(200, 'answer of bob');
    world.later();
    world.relays.opened[0]?.silence();
    world.later();
    expect([methods(world.alice), methods(world.bob)]).toEqual([['BYE'], ['INVITE', 'BYE']]);
    expect(world.records()).toMatchObject([{ phase: 'ended' }]);
    expectNothingLeft(world);
  });

  it('silence ends a conversation that was transferred, too', () => {
    const world = talking(relay);
    world.alice.within('REFER', undefined, [{ name: 'Refer-To', value: `<sip:${OTHER}@omnidial.example>` }]);
    world.later();
    world.carol.respond(200, 'offer of carol');
    world.later();
    world.bob.respond(200, 'answer of bob to carol');
    world.later();
    world.relays.opened[1]?.silence();
    world.later();
    expect([methods(world.bob).at(-1), methods(world.carol).at(-1)]).toEqual(['BYE', 'BYE']);
    world.alice.hangUp();
    expectNothingLeft(world);
  });
});

describe('while a relay in another process has not answered', () => {
  /** Longer than a phone waits before it gives up. */
  const VERY_SLOW_MS = 400;

  it('a caller who gives up rings nobody, and takes no channel', () => {
    for (const number of [PIN, PSTN]) {
      const world = new RelayedWorld(VERY_SLOW_MS);
      world.alice.dial(number, 'offer of alice');
      world.pass(300);
      world.alice.giveUp();
      world.pass(500);
      expect([world.alice.statuses.at(-1), methods(world.bob), methods(world.phone('kt'))]).toEqual([
        487,
        [],
        [],
      ]);
      expect([...world.taken.values()].every((taken) => taken === 0)).toBe(true);
      expectNothingLeft(world);
    }
  });

  it('the ring timer of another branch that answered leaves none ringing', () => {
    const world = new RelayedWorld(VERY_SLOW_MS);
    world.alice.dial(BOTH, 'offer of alice');
    world.pass(450);
    world.bob.respond(200, 'answer of bob');
    world.carol.respond(200, 'answer of carol');
    world.pass(800);
    expect(lastBody(world.alice)).toContain('answer of bob via');
    expect(methods(world.carol).at(-1)).toBe('BYE');
    end(world);
  });

  it('a callee who hangs up again has not answered: the record does not say that the caller gave up', () => {
    const world = new RelayedWorld(VERY_SLOW_MS);
    world.alice.dial(PIN, 'offer of alice');
    world.pass(450);
    world.bob.respond(200, 'answer of bob');
    world.pass();
    world.bob.hangUp();
    world.pass(800);
    expect(world.alice.statuses.at(-1)).toBe(480);
    expectNothingLeft(world);
  });

  it('a caller who gives up when the callee has answered hangs up on it', () => {
    const world = new RelayedWorld(VERY_SLOW_MS);
    world.alice.dial(PIN, 'offer of alice');
    world.pass(450);
    world.bob.respond(200, 'answer of bob');
    world.pass();
    world.alice.giveUp();
    world.pass(800);
    expect([world.alice.statuses.at(-1), methods(world.bob).at(-1)]).toEqual([487, 'BYE']);
    expectNothingLeft(world);
  });

  it('early media of a phone that has refused meanwhile is not told', () => {
    const world = new RelayedWorld(VERY_SLOW_MS);
    world.alice.dial(BOTH, 'offer of alice');
    world.pass(450);
    world.bob.respond(183, 'early bob');
    world.bob.respond(486);
    world.pass(800);
    expect(world.alice.statuses).not.toContain(183);
    world.alice.giveUp();
    expectNothingLeft(world);
  });

  it.each(['alice', 'bob'])('%s, who hangs up during a change of the session, ends the call', (name) => {
    const world = talking(SLOW_MS);
    world.relays.answersAfterMs = VERY_SLOW_MS;
    world.alice.within('INVITE', 'hold of alice');
    world.pass();
    world.phone(name).hangUp();
    world.pass(1_000);
    expect(methods(world.phone(name === 'alice' ? 'bob' : 'alice')).at(-1)).toBe('BYE');
    expectNothingLeft(world);
  });

  it('a phone that gives up a take-over leaves the conversation as it was', () => {
    const world = talking(SLOW_MS);
    const mobile = world.phone('bob-2');
    const { callId, remoteTag, localTag } = world.bob.dialog ?? {};
    const replaces = `${callId};to-tag=${remoteTag};from-tag=${localTag}`;
    world.relays.answersAfterMs = VERY_SLOW_MS;
    mobile.dial(PIN, 'offer of mobile', [{ name: 'Replaces', value: replaces }]);
    world.pass(300);
    mobile.giveUp();
    world.pass(1_000);
    expect([methods(world.alice), methods(world.bob)]).toEqual([[], ['INVITE']]);
    end(world);
  });
});

describe('whatever fails', () => {
  it('a record that is never kept, and a caller who never acknowledges, leave no relay and no channel', () => {
    for (const relay of ['at-once', SLOW_MS] as const) {
      const world = new RelayedWorld(relay);
      world.whenKept = () => {};
      world.alice.dial(PSTN);
      world.later();
      world.phone('kt').respond(200, 'offer of kt');
      world.pass(60_000);
      expect(methods(world.phone('kt')).at(-1)).toBe('BYE');
      expectNothingLeft(world);
    }
  });

  it('phones that are gone leave no relay and no channel, wherever they vanish', () => {
    for (const vanishing of ['ringing', 'answered', 'changing']) {
      const world = new RelayedWorld(SLOW_MS);
      const kt = world.phone('kt');
      world.alice.dial(PSTN, 'offer of alice');
      world.later();
      kt.respond(180);
      world.later();
      if (vanishing !== 'ringing') kt.respond(200, 'answer of kt');
      world.later();
      if (vanishing === 'changing') world.alice.within('INVITE', 'hold of alice');
      world.network.remove(kt.flow.address, kt.flow.port);
      if (vanishing === 'answered') world.alice.hangUp();
      world.pass(200_000);
      if (vanishing === 'ringing') world.alice.giveUp();
      expectNothingLeft(world);
    }
  });

  it('a partner that hangs up while the relay reads its answer ends a take-over', () => {
    const world = talking(SLOW_MS);
    const mobile = world.phone('bob-2');
    const { callId, remoteTag, localTag } = world.bob.dialog ?? {};
    const replaces = `${callId};to-tag=${remoteTag};from-tag=${localTag}`;
    mobile.dial(PIN, 'offer of mobile', [{ name: 'Replaces', value: replaces }]);
    world.later();
    world.relays.answersAfterMs = 400;
    world.alice.respond(200, 'answer of alice');
    world.pass(20);
    world.alice.hangUp();
    world.pass(1_000);
    expect(mobile.statuses.at(-1)).toBe(480);
    expect([methods(world.bob).at(-1), methods(mobile)]).toEqual(['BYE', []]);
    expectNothingLeft(world);
  });
});
