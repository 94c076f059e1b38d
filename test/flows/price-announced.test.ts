import { describe, expect, it } from 'vitest';
import { memberAccount } from '../../src/domain/billing/ledger/index.ts';
import { CallWorld, type CallWorldOptions, type Numbers } from '../support/flows/call-world.ts';
import { NO_SOUND, SPEECH_MS } from '../support/flows/fake-voices.ts';
import { afterPromises, FlowCharging } from '../support/flows/flow-charging.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import { bodyOf, header, methods, type TestPhone } from '../support/flows/test-phone.ts';

const NUMBER = '+82212345678';
const ALICE = memberAccount('m-t-alice');
const PRICE = ['price-call-costs', 'number-60', 'currency-krw', 'price-a-minute'];
const RING_MS = 60_000;
/** A phone that rings beside the carriers. */
const BESIDE: Numbers = { [NUMBER]: ['bob'] };

/** A world in which Alice, who has a thousand won, is told what her calls cost: a won a second. */
async function announcing(options: CallWorldOptions = {}, numbers: Numbers = {}) {
  const charging = new FlowCharging();
  await charging.topUp('m-t-alice', 1_000);
  charging.announcesPriceTo.add('m-t-alice');
  const world = new CallWorld(numbers, {
    carriers: { [NUMBER]: ['kt', 'sk'] },
    charging,
    voice: 'never',
    ...options,
  });
  /** Time in which the ledger answers and voices are opened as well, which takes none. */
  const pass = async (ms = 10) => {
    const untilMs = world.clock.nowMs() + ms;
    while (world.clock.nowMs() < untilMs) {
      world.pass(Math.min(Math.max(5, ms / 100), untilMs - world.clock.nowMs()));
      await afterPromises();
    }
  };
  return { world, charging, pass, alice: world.phone('alice'), kt: world.phone('kt'), sk: world.phone('sk') };
}

/** What the caller was told, without 100. */
function told({ responses }: TestPhone): string[] {
  return responses
    .filter(({ status }) => status > 100)
    .map((response) => `${response.status} ${bodyOf(response)}`);
}

function tagsOf({ responses }: TestPhone): string[] {
  const tags = responses
    .filter(({ status }) => status > 100)
    .map((response) => /;tag=(.*)$/.exec(header(response, 'To'))?.[1] ?? '');
  return [...new Set(tags)];
}

describe('R23: a caller who wants to know what a call costs', () => {
  it('is told so as early media when there is credit, and before any carrier is asked', async () => {
    const { world, charging, pass, alice, kt } = await announcing();
    alice.dial(NUMBER, 'offer of alice');
    await pass(200);
    expect(told(alice)).toEqual(['183 answer of voice']);
    expect(world.voices.newest).toMatchObject({ said: [PRICE], hears: 'offer of alice' });
    expect(methods(kt)).toEqual([]);
    expect(await charging.standing(ALICE)).toEqual({ won: 1_000, pending: 60 });
    await pass(SPEECH_MS);
    expect(world.voices.left).toBe(0);
    expect(methods(kt)).toEqual(['INVITE']);
    expect(bodyOf(kt.incoming.request)).toBe('offer of alice');
    alice.giveUp();
    await pass();
    expectNothingLeft(world);
  });

  it('RFC 3261 §12.1: talks in another dialog then than that of the voice, and pays for talking alone', async () => {
    const { world, charging, pass, alice, kt } = await announcing();
    alice.dial(NUMBER, 'offer of alice');
    await pass(SPEECH_MS + 200);
    kt.respond(183, 'ringback of kt');
    await pass();
    kt.respond(200, 'answer of kt');
    await pass();
    expect(told(alice)).toEqual(['183 answer of voice', '183 ringback of kt', '200 answer of kt']);
    expect(tagsOf(alice)).toHaveLength(2);
    alice.acknowledge(alice.invited);
    await pass(9_500);
    alice.hangUp();
    await pass();
    expect(methods(kt)).toEqual(['INVITE', 'BYE']);
    expect(await charging.standing(ALICE)).toEqual({ won: 990, pending: 0 });
    expectNothingLeft(world);
  });

  it('may hang up while it is told, and pays nothing', async () => {
    const { world, charging, pass, alice, kt } = await announcing();
    alice.dial(NUMBER, 'offer of alice');
    await pass(500);
    alice.giveUp();
    await pass();
    expect([alice.statuses.at(-1), world.voices.left, methods(kt)]).toEqual([487, 0, []]);
    expect(await charging.standing(ALICE)).toEqual({ won: 1_000, pending: 0 });
    expect(world.records()).toMatchObject([{ status: 'cancelled', tried: [] }]);
    await pass(SPEECH_MS);
    expect(methods(kt)).toEqual([]);
    expectNothingLeft(world);
  });

  it('may hang up before the voice is there', async () => {
    const { world, charging, pass, alice, kt } = await announcing();
    alice.dial(NUMBER, 'offer of alice');
    world.pass(5);
    alice.giveUp();
    await pass(SPEECH_MS + 200);
    expect([alice.statuses.at(-1), world.voices.left, methods(kt)]).toEqual([487, 0, []]);
    expect(await charging.standing(ALICE)).toEqual({ won: 1_000, pending: 0 });
    expectNothingLeft(world);
  });

  it('is not told again where the next carrier is asked', async () => {
    const { world, pass, alice, kt, sk } = await announcing();
    alice.dial(NUMBER, 'offer of alice');
    await pass(SPEECH_MS + 200);
    kt.respond(503);
    await pass(SPEECH_MS);
    expect(methods(sk)).toEqual(['INVITE']);
    expect(world.voices.opened).toHaveLength(1);
    sk.respond(486);
    await pass();
    expect(told(alice).at(-1)).toBe('486 ');
    expectNothingLeft(world);
  });

  it('has all the time for ringing after it was told', async () => {
    const { world, pass, alice, kt } = await announcing({}, BESIDE);
    alice.dial(NUMBER, 'offer of alice');
    await pass(50);
    world.phone('bob').respond(180);
    await pass(SPEECH_MS);
    kt.respond(486);
    await pass(RING_MS - 1_000);
    expect(alice.statuses).not.toContain(480);
    await pass(1_000);
    expect(alice.statuses.at(-1)).toBe(480);
    expectNothingLeft(world);
  });

  it('hears it where it does not fit to hear why a call is refused', async () => {
    const { world, pass, alice, kt } = await announcing({ voice: 'always' });
    alice.dial(NUMBER, 'offer of alice');
    await pass(SPEECH_MS + 200);
    kt.respond(486);
    await pass(SPEECH_MS + 200);
    expect(world.voices.opened.map(({ said }) => said)).toEqual([[PRICE], [['busy']]]);
    expect(told(alice)).toEqual(['183 answer of voice', '183 answer of voice', '486 ']);
    expectNothingLeft(world);
  });

  it.each([
    ['all voices speak', 'offer of alice', [], true],
    ['no sound is offered', NO_SOUND, [], false],
    ['nothing is offered', undefined, [], false],
    [
      'provisional responses have to be acknowledged',
      'an offer',
      [{ name: 'Require', value: '100rel' }],
      false,
    ],
  ] as const)('is held up by nothing where %s', async (_, offer, headers, isFull) => {
    const { world, pass, alice, kt } = await announcing();
    world.voices.isFull = isFull;
    alice.dial(NUMBER, offer, headers);
    await pass(50);
    expect(methods(kt)).toEqual(['INVITE']);
    expect(told(alice)).toEqual([]);
    expect(world.voices.left).toBe(0);
    alice.giveUp();
    await pass();
    expectNothingLeft(world);
  });

  it('is held up by nothing where the exchange has no voice', async () => {
    const charging = new FlowCharging();
    await charging.topUp('m-t-alice', 1_000);
    charging.announcesPriceTo.add('m-t-alice');
    const world = new CallWorld({}, { carriers: { [NUMBER]: ['kt'] }, charging });
    const alice = world.phone('alice');
    alice.dial(NUMBER, 'offer of alice');
    for (let part = 0; part < 5; part += 1) {
      world.pass();
      await afterPromises();
    }
    expect(methods(world.phone('kt'))).toEqual(['INVITE']);
    alice.giveUp();
    world.pass();
    expectNothingLeft(world);
  });

  it('hears nothing where there is no credit', async () => {
    const { world, charging, pass, alice, kt } = await announcing();
    await charging.ledger.write([
      {
        kind: 'posted',
        id: 'all of it',
        debit: ALICE,
        credit: 'bank',
        currency: 'KRW',
        micros: 1_000_000_000n,
        purpose: 'adjustment',
        subject: 'bill/1',
        atMs: 0,
      },
    ]);
    alice.dial(NUMBER, 'offer of alice');
    await pass(200);
    expect(told(alice)).toEqual(['402 ']);
    expect([world.voices.opened, methods(kt)]).toEqual([[], []]);
    expectNothingLeft(world);
  });

  it('hears it in a call that the voice has answered to ask for the number (R18)', async () => {
    const { world, pass, alice, kt } = await announcing({
      accessNumbers: ['access'],
      carriers: { '0212345678': ['kt'] },
    });
    alice.dial('access', 'offer of alice');
    await pass(200);
    alice.acknowledge(alice.invited);
    await pass();
    const voice = world.voices.newest;
    voice.press('0212345678##');
    await pass(SPEECH_MS);
    expect(voice.said.at(-1)).toEqual(PRICE);
    await pass(SPEECH_MS);
    expect(methods(kt)).toEqual(['INVITE']);
    expectNothingLeft(world);
  });
});

describe('R23: a call whose caller was told the price', () => {
  it.each([180, 183])('is answered by another phone meanwhile, and the voice is silent', async (status) => {
    const { world, charging, pass, alice, kt } = await announcing({}, BESIDE);
    alice.dial(NUMBER, 'offer of alice');
    await pass(200);
    expect(world.voices.newest.said).toEqual([PRICE]);
    world.phone('bob').respond(status, status === 183 ? 'ringback of bob' : undefined);
    await pass();
    world.phone('bob').respond(200, 'answer of bob');
    await pass();
    expect(world.voices.left).toBe(0);
    expect(await charging.standing(ALICE)).toEqual({ won: 1_000, pending: 0 });
    alice.acknowledge(alice.invited);
    await pass(SPEECH_MS);
    expect(methods(kt)).toEqual([]);
    alice.hangUp();
    await pass();
    expectNothingLeft(world);
  });
});
