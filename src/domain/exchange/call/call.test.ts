import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saleTerms } from '../../../../test/support/charging-terms.ts';
import type { Attempt, Branch } from './attempt.ts';
import { type Call, type CallEffect, type CallEvent, refuseCall, startCall, stepCall } from './call.ts';
import { bestRefusal, outcomeOfPhone } from './outcome.ts';

const FACTS = {
  id: 'call-1',
  callerMemberId: 'alice',
  callerTerminalId: 't-alice',
  dialled: '0262006200082',
  startedAtMs: 1_000,
};
const DESK = terminal('desk');
const MOBILE = terminal('mobile');
const [KT, SK, LG] = [trunk('kt'), trunk('sk'), trunk('lg')];

function terminal(id: string): Attempt {
  return { id, party: { kind: 'terminal', terminalId: `t-${id}`, memberId: 'bob' } };
}

function trunk(id: string): Attempt {
  return {
    id,
    party: { kind: 'trunk', trunk: id, gateway: '192.0.2.1', centre: 'KR', number: '0212345678' },
    asksNextAfter404: true,
  };
}

const BY_MINA = saleTerms();

/** A branch that begins at once and tries these one after the other. */
function chain(...attempts: Attempt[]): Branch {
  return { attempts, delayMs: 0 };
}

/** Runs events a second apart and returns the call and what was done, in words. */
function run(asked: readonly (Attempt | Branch)[], ...events: CallEvent[]): { call: Call; done: string[][] } {
  let [call, effects] = startCall(
    FACTS,
    asked.map((each) => ('attempts' in each ? each : chain(each))),
  );
  const done = [effects.map(spell)];
  for (const [index, event] of events.entries()) {
    [call, effects] = stepCall(call, event, 2_000 + 1_000 * index);
    done.push(effects.map(spell));
  }
  return { call, done };
}

function spell(effect: CallEffect): string {
  switch (effect.kind) {
    case 'offer':
      return `offer ${effect.attempt.id}`;
    case 'cancel':
      return `cancel ${effect.attemptId} ${effect.reason}`;
    case 'release':
    case 'answer-caller':
      return `${effect.kind} ${effect.attemptId}`;
    case 'refuse-caller':
      return `refuse ${effect.outcome.sipStatus}/${effect.outcome.q850Cause}`;
    case 'hang-up':
      return `hang up ${effect.side}`;
    case 'start-branch-timer':
      return `branch ${effect.branchId} in ${effect.delayMs}`;
    case 'reserve':
    case 'start-meter':
    case 'announce':
    case 'free-credit':
      return `${effect.kind} ${effect.branchId}`;
    default:
      return effect.kind;
  }
}

const ringing = (attemptId: string): CallEvent => ({ kind: 'ringing', attemptId });
const answered = (attemptId: string): CallEvent => ({ kind: 'answered', attemptId });
const refused = (attemptId: string, status: number): CallEvent => ({
  kind: 'refused',
  attemptId,
  outcome: outcomeOfPhone(status),
});

describe('R13: a call that rings several phones', () => {
  it('is answered by the first, and the others are told why they stop ringing', () => {
    const { call, done } = run([DESK, MOBILE], ringing('desk'), answered('mobile'), {
      kind: 'hung-up',
      by: 'callee',
    });
    expect(done).toEqual([
      ['start-ring-timer', 'offer desk', 'offer mobile'],
      [],
      ['stop-ring-timer', 'answer-caller mobile', 'cancel desk answered-elsewhere'],
      ['hang up caller', 'keep-record'],
    ]);
    expect(call).toMatchObject({
      phase: 'ended',
      status: 'completed',
      attempt: MOBILE,
      ringingAtMs: 2_000,
      answeredAtMs: 3_000,
      endedAtMs: 4_000,
      hungUpBy: 'callee',
    });
  });

  it('RFC 3261 §16.7: answered by two at once, it releases the second, also after its end', () => {
    const { done } = run(
      [DESK, MOBILE],
      answered('desk'),
      answered('mobile'),
      answered('desk'),
      { kind: 'hung-up', by: 'caller' },
      answered('mobile'),
    );
    expect(done.slice(2)).toEqual([
      ['release mobile'],
      [],
      ['hang up callee', 'keep-record'],
      ['release mobile'],
    ]);
  });

  it('goes on while one is busy and another rings, and ends when all have refused', () => {
    const { call, done } = run([DESK, MOBILE], refused('desk', 486), refused('mobile', 480));
    expect(done.slice(1)).toEqual([[], ['stop-ring-timer', 'refuse 486/17', 'keep-record']]);
    expect(call).toMatchObject({ status: 'busy', hungUpBy: 'callee' });
  });

  it('RFC 3261 §16.7: ends at once when one declines for the person (6xx)', () => {
    const { done } = run([DESK, MOBILE], refused('desk', 603));
    expect(done[1]).toEqual([
      'stop-ring-timer',
      'cancel mobile refused-elsewhere',
      'refuse 603/21',
      'keep-record',
    ]);
  });
});

describe('a call with several ways to one number', () => {
  const silent: CallEvent = {
    kind: 'refused',
    attemptId: 'kt',
    outcome: { sipStatus: 503, q850Cause: 38, silent: true },
  };

  it.each<[string, CallEvent]>([
    ['is overloaded (503)', refused('kt', 503)],
    ['is broken (500)', refused('kt', 500)],
    ['says nothing', silent],
    ['says that nobody has the number (404), which may be a lie', refused('kt', 404)],
  ])('asks the next where the first %s', (_, event) => {
    const { call, done } = run([chain(KT, SK)], event, ringing('sk'), answered('sk'));
    expect(done[1]).toEqual(['offer sk']);
    expect(call).toMatchObject({
      attempt: SK,
      tried: [
        { attempt: KT, startedAtMs: 1_000, endedAtMs: 2_000, outcome: { sipStatus: expect.any(Number) } },
        { attempt: SK, startedAtMs: 2_000, ringingAtMs: 3_000 },
      ],
    });
  });

  it.each<[string, CallEvent[], string]>([
    ['the callee is busy', [refused('kt', 486)], 'refuse 486/17'],
    ['the callee declines', [refused('kt', 603)], 'refuse 603/21'],
    ['it rang without answer', [ringing('kt'), refused('kt', 480)], 'refuse 480/19'],
    ['no codec is shared', [refused('kt', 488)], 'refuse 488/65'],
  ])('asks nobody else where %s', (_, events, refusal) => {
    const { call, done } = run([chain(KT, SK)], ...events);
    expect(done.at(-1)).toContain(refusal);
    expect(call).toMatchObject({ phase: 'ended', tried: [{ attempt: KT }] });
  });

  it('believes the second 404', () => {
    const { call } = run([chain(KT, SK, LG)], refused('kt', 404), refused('sk', 404));
    expect(call).toMatchObject({ phase: 'ended', outcome: { sipStatus: 404 } });
  });

  it('R18: rings the telephone of the member after the terminals, and at once where they have refused', () => {
    const asked = [DESK, { attempts: [KT], delayMs: 10_000 }];
    const later = run(asked, { kind: 'branch-due', branchId: '1' }, answered('kt')).done;
    expect(later[0]).toEqual(['start-ring-timer', 'branch 1 in 10000', 'offer desk']);
    expect(later.slice(1)).toEqual([
      ['offer kt'],
      ['stop-ring-timer', 'answer-caller kt', 'cancel desk answered-elsewhere'],
    ]);
    expect(run(asked, refused('desk', 480)).done[1]).toEqual(['offer kt']);
    expect(run([{ attempts: [KT], delayMs: 10_000 }]).done[0]).toContain('offer kt');
  });
});

describe('a call that is not answered', () => {
  it.each<[string, CallEvent[], object, string]>([
    [
      'the caller gives up',
      [{ kind: 'caller-gave-up' }],
      { status: 'cancelled', hungUpBy: 'caller' },
      'refuse 487/16',
    ],
    [
      'it rings too long',
      [ringing('desk'), { kind: 'ring-timer' }],
      { status: 'no-answer', hungUpBy: 'exchange' },
      'refuse 480/19',
    ],
    [
      'it rang, and then nobody was there',
      [ringing('desk'), refused('desk', 480)],
      { status: 'no-answer', hungUpBy: 'callee' },
      'refuse 480/19',
    ],
    ['the phone is busy', [refused('desk', 486)], { status: 'busy', hungUpBy: 'callee' }, 'refuse 486/17'],
    ['the person declines', [refused('desk', 603)], { status: 'busy', hungUpBy: 'callee' }, 'refuse 603/21'],
    ['the phone wants a password of us', [refused('desk', 401)], { status: 'failed' }, 'refuse 480/31'],
    ['the phone is overloaded', [refused('desk', 503)], { status: 'failed' }, 'refuse 500/41'],
  ])('because %s', (_, events, ended, refusal) => {
    const { call, done } = run([DESK], ...events);
    expect(call).toMatchObject({ phase: 'ended', ...ended });
    expect(done.at(-1)).toContain(refusal);
  });

  it('R14: and what a carrier said is kept as it was, whatever the caller is told', () => {
    const { call } = run([KT], refused('kt', 503));
    expect(call).toMatchObject({
      outcome: { sipStatus: 500 },
      tried: [{ outcome: { received: 503, q850Cause: 41 } }],
    });
  });

  it('because no phone is there', () => {
    const { call, done } = run([]);
    expect(done).toEqual([['refuse 480/20', 'keep-record']]);
    expect(call).toMatchObject({ status: 'failed', endedAtMs: 1_000 });
  });

  it('because the number is not in service', () => {
    const [call, effects] = refuseCall(FACTS, {
      sipStatus: 404,
      q850Cause: 1,
      refusal: 'number-not-in-service',
    });
    expect(effects.map(spell)).toEqual(['refuse 404/1', 'keep-record']);
    expect(call).toMatchObject({ status: 'failed', outcome: { refusal: 'number-not-in-service' } });
  });

  it('names what says most to the caller', () => {
    const best = (...statuses: number[]) => bestRefusal(statuses.map(outcomeOfPhone)).sipStatus;
    expect([best(488, 486, 480), best(500, 480), best(500, 488), best(404)]).toEqual([486, 480, 488, 404]);
  });
});

describe('R23: a call that costs something', () => {
  const charged = (attempt: Attempt): Attempt => ({ ...attempt, charges: [BY_MINA] });
  const toCarriers: Branch = { attempts: [charged(KT), charged(SK)], delayMs: 0, credit: BY_MINA };
  const reserved: CallEvent = { kind: 'credit-reserved', branchId: '0' };
  const NO_CREDIT = { sipStatus: 402, q850Cause: 21, refusal: 'credit-exceeded' };
  const noCredit: CallEvent = { kind: 'credit-refused', branchId: '0', outcome: NO_CREDIT };

  it('rings nobody before there is credit, and asks for it once for all carriers', () => {
    const { done } = run([toCarriers], reserved, refused('kt', 503), answered('sk'));
    expect(done.slice(0, 3)).toEqual([['start-ring-timer', 'reserve 0'], ['offer kt'], ['offer sk']]);
    expect(done[3]).toEqual(['stop-ring-timer', 'answer-caller sk', 'start-meter 0']);
  });

  it('is refused with 402 where there is none, and nothing was tried', () => {
    const { call, done } = run([toCarriers], noCredit);
    expect(done[1]).toEqual(['stop-ring-timer', 'refuse 402/21', 'keep-record']);
    expect(call).toMatchObject({ phase: 'ended', status: 'failed', tried: [], hungUpBy: 'exchange' });
  });

  it('rings the phones that cost nothing, whatever credit there is for the others', () => {
    const { done } = run([toCarriers, DESK], noCredit, answered('desk'));
    expect(done[0]).toEqual(['start-ring-timer', 'reserve 0', 'offer desk']);
    expect(done.slice(1)).toEqual([[], ['stop-ring-timer', 'answer-caller desk']]);
  });

  it('frees the credit where another phone answers, nobody does, or the caller gives up', () => {
    const elsewhere = run([toCarriers, DESK], reserved, answered('desk')).done.at(-1);
    expect(elsewhere).toEqual([
      'stop-ring-timer',
      'answer-caller desk',
      'cancel kt answered-elsewhere',
      'free-credit 0',
    ]);
    expect(run([toCarriers], reserved, refused('kt', 486)).done.at(-1)).toEqual([
      'free-credit 0',
      'stop-ring-timer',
      'refuse 486/17',
      'keep-record',
    ]);
    const givenUp = run([toCarriers], { kind: 'caller-gave-up' }, reserved).done;
    expect(givenUp.slice(1)).toEqual([
      ['stop-ring-timer', 'free-credit 0', 'refuse 487/16', 'keep-record'],
      [],
    ]);
  });

  it('costs nothing by a way that costs nothing', () => {
    const direct: Branch = { ...toCarriers, attempts: [LG, charged(KT)] };
    const { done } = run([direct], reserved, answered('lg'));
    expect(done.at(-1)).toEqual(['stop-ring-timer', 'answer-caller lg', 'free-credit 0']);
  });

  it('asks for the credit of a telephone that rings later when it begins to ring', () => {
    const later: Branch = { ...toCarriers, delayMs: 10_000 };
    const { done } = run(
      [DESK, later],
      { kind: 'branch-due', branchId: '1' },
      {
        kind: 'credit-reserved',
        branchId: '1',
      },
    );
    expect(done).toEqual([
      ['start-ring-timer', 'branch 1 in 10000', 'offer desk'],
      ['reserve 1'],
      ['offer kt'],
    ]);
  });
});

describe('R23: a call whose price is announced', () => {
  const toCarriers: Branch = {
    attempts: [{ ...KT, charges: [BY_MINA] }, SK],
    delayMs: 0,
    credit: BY_MINA,
    announcesPrice: true,
  };
  const reserved: CallEvent = { kind: 'credit-reserved', branchId: '0' };
  const announced: CallEvent = { kind: 'price-announced', branchId: '0' };

  it('rings when the caller was told, and not when there is credit, in all the time that there is for it', () => {
    const { call, done } = run([toCarriers], reserved, announced, refused('kt', 503));
    expect(done).toEqual([
      ['start-ring-timer', 'reserve 0'],
      ['hold-ring-timer', 'announce 0'],
      ['start-ring-timer', 'offer kt'],
      ['offer sk'],
    ]);
    expect(call).toMatchObject({ asked: { tried: [{ startedAtMs: 3_000 }, {}] } });
  });

  it('is announced once, and not before there is credit', () => {
    const { done } = run([toCarriers], announced, reserved, reserved, announced, announced);
    expect(done.slice(1).map((effects) => effects.at(-1))).toEqual([
      undefined,
      'announce 0',
      undefined,
      'offer kt',
      undefined,
    ]);
  });

  it('costs nothing where the caller gives up while it is told', () => {
    const { call, done } = run([toCarriers], reserved, { kind: 'caller-gave-up' }, announced);
    expect(done.slice(2)).toEqual([['stop-ring-timer', 'free-credit 0', 'refuse 487/16', 'keep-record'], []]);
    expect(call).toMatchObject({ status: 'cancelled', tried: [] });
  });

  it('does not hinder a phone that rings beside', () => {
    const { done } = run([toCarriers, DESK], reserved, answered('desk'), announced);
    expect(done.slice(2)).toEqual([['stop-ring-timer', 'answer-caller desk', 'free-credit 0'], []]);
  });

  it('is not announced where nothing is paid', () => {
    const { credit: _, ...free } = toCarriers;
    expect(run([free]).done).toEqual([['start-ring-timer', 'offer kt']]);
  });
});

describe('an answered call', () => {
  it('RFC 3261 §9.2: is not ended by a CANCEL that crossed the answer', () => {
    expect(run([DESK], answered('desk'), { kind: 'caller-gave-up' }).call).toMatchObject({
      phase: 'answered',
    });
  });

  it('keeps the other side when the one who transfers it leaves first', () => {
    const { call, done } = run(
      [DESK],
      answered('desk'),
      { kind: 'transfer-begun', by: 'caller' },
      { kind: 'hung-up', by: 'caller' },
    );
    expect(done.at(-1)).toEqual(['keep-record']);
    expect(call).toMatchObject({ phase: 'ended', status: 'completed' });
  });

  it('hangs up the one who transferred when it is done, and both where the transferred one hangs up', () => {
    const begun: CallEvent = { kind: 'transfer-begun', by: 'callee' };
    const done = run([DESK], answered('desk'), begun, { kind: 'transfer-done', by: 'callee' }).done;
    expect(done.at(-1)).toEqual(['hang up callee', 'keep-record']);
    const other = run([DESK], answered('desk'), begun, { kind: 'hung-up', by: 'caller' }).done;
    expect(other.at(-1)).toEqual(['hang up callee', 'keep-record']);
  });

  it('goes on after a transfer that failed', () => {
    const { done } = run(
      [DESK],
      answered('desk'),
      { kind: 'transfer-begun', by: 'caller' },
      { kind: 'transfer-failed' },
      { kind: 'hung-up', by: 'caller' },
    );
    expect(done.at(-1)).toEqual(['hang up callee', 'keep-record']);
  });
});

describe('any events in any order', () => {
  const attemptId = fc.constantFrom('desk', 'mobile', 'kt', 'sk', 'stranger');
  const side = fc.constantFrom('caller' as const, 'callee' as const);
  const event: fc.Arbitrary<CallEvent> = fc.oneof(
    fc.record({ kind: fc.constant('ringing' as const), attemptId }),
    fc.record({ kind: fc.constant('answered' as const), attemptId }),
    fc.record({
      kind: fc.constant('refused' as const),
      attemptId,
      outcome: fc.constantFrom(301, 401, 404, 480, 486, 488, 503, 600, 603).map(outcomeOfPhone),
    }),
    fc.constant({ kind: 'caller-gave-up' as const }),
    fc.constant({ kind: 'ring-timer' as const }),
    fc.constant({ kind: 'branch-due' as const, branchId: '2' }),
    fc.constant({ kind: 'credit-reserved' as const, branchId: '2' }),
    fc.constant({ kind: 'credit-refused' as const, branchId: '2', outcome: outcomeOfPhone(503) }),
    fc.constant({ kind: 'price-announced' as const, branchId: '2' }),
    fc.record({ kind: fc.constant('hung-up' as const), by: side }),
    fc.record({ kind: fc.constantFrom('transfer-begun' as const, 'transfer-done' as const), by: side }),
    fc.constant({ kind: 'transfer-failed' as const }),
  );

  it('answer or refuse the caller once, end once, and leave no phone ringing', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), fc.boolean(), (events, announcesPrice) => {
        const asked = [DESK, MOBILE, { attempts: [KT, SK], delayMs: 5_000, credit: BY_MINA, announcesPrice }];
        const { call, done } = run(asked, ...events);
        const all = done.flat();
        const credits = all.filter((each) => /^(reserve|start-meter|free-credit) 2/.test(each));
        const refusals = events.filter(({ kind }) => kind === 'credit-refused').length;
        expect(credits.filter((each) => each === 'reserve 2').length).toBeLessThanOrEqual(1);
        // What was kept back is used or freed, once, unless it was refused.
        const ends = credits.filter((each) => each !== 'reserve 2').length;
        expect(ends).toBeLessThanOrEqual(1);
        if (call.phase !== 'offering' && credits.length > 0 && refusals === 0) expect(ends).toBe(1);
        const settled = all.filter((each) => each.startsWith('answer-caller') || each.startsWith('refuse'));
        expect(settled.length).toBe(call.phase === 'offering' ? 0 : 1);
        expect(all.filter((each) => each === 'stop-ring-timer').length).toBe(settled.length);
        expect(all.filter((each) => each === 'keep-record').length).toBeLessThanOrEqual(2);
        if (call.phase === 'offering') return;
        const silenced = new Set(
          all.flatMap((each) => /^(?:cancel|answer-caller) (\w+)/.exec(each)?.[1] ?? []),
        );
        for (const each of events) if (each.kind === 'refused') silenced.add(each.attemptId);
        const offered = all.flatMap((each) => /^offer (\w+)/.exec(each)?.[1] ?? []);
        expect(offered.filter((id) => !silenced.has(id))).toEqual([]);
        expect(new Set(offered).size).toBe(offered.length);
      }),
    );
  });
});
