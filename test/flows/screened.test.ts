import { describe, expect, it } from 'vitest';
import { CallWorld } from '../support/flows/call-world.ts';
import { NO_SOUND } from '../support/flows/fake-voices.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import { bodyOf, methods, type TestPhone } from '../support/flows/test-phone.ts';

const PIN = '0262006200082';
/** Longer than two questions and the time for two answers. */
const UNANSWERED_MS = 20_000;

type Ringing = { world: CallWorld; alice: TestPhone; bob: TestPhone; kt: TestPhone; sk: TestPhone };
type Options = { readonly relay?: 'at-once' | number };

/** Bob has a phone of ours and a telephone of the PSTN, to which two carriers lead. */
async function ringing({ relay }: Options = {}, withOffer = true): Promise<Ringing> {
  const world = new CallWorld(
    { [PIN]: ['bob'] },
    { voice: 'never', telephones: { [PIN]: ['kt', 'sk'] }, ...(relay === undefined ? {} : { relay }) },
  );
  const [alice, bob, kt, sk] = [
    world.phone('alice'),
    world.phone('bob'),
    world.phone('kt'),
    world.phone('sk'),
  ];
  alice.dial(PIN, withOffer ? 'offer of alice' : undefined);
  await world.passWithVoices();
  return { world, alice, bob, kt, sk };
}

/** The telephone has been answered, by somebody or something. */
async function asked(options?: Options, withOffer = true): Promise<Ringing> {
  const all = await ringing(options, withOffer);
  all.bob.respond(180);
  all.kt.respond(180);
  all.kt.respond(200, 'answer of kt');
  await all.world.passWithVoices();
  return all;
}

describe('R18: a telephone of the PSTN that rings for a member', () => {
  it('is offered the voice, and the caller hears that it rings and nothing of what is played there', async () => {
    const { world, alice, kt } = await ringing();
    expect(bodyOf(kt.incoming.request)).toBe('offer of voice');
    kt.respond(183, 'advertisements');
    await world.passWithVoices();
    expect(alice.responses.map((response) => [response.status, bodyOf(response)]).at(-1)).toEqual([180, '']);
    alice.giveUp();
    await world.passWithVoices();
    expectNothingLeft(world);
  });

  it.each([['directly', {}] as const, ['by a relay', { relay: 'at-once' }] as const])(
    'is joined to the caller when somebody presses 1: %s',
    async (_, options) => {
      const { world, alice, bob, kt } = await asked(options);
      expect(alice.statuses).not.toContain(200);
      expect(world.voices.newest.said.length).toBe(1);
      world.voices.newest.press('1');
      await world.passWithVoices();
      expect(bodyOf(kt.incoming.request)).toMatch(/^offer of alice( via 2 caller)?$/);
      kt.respond(200, 'answer of kt to alice');
      await world.passWithVoices();
      expect(bodyOf(alice.responses.at(-1) ?? kt.incoming.request)).toMatch(
        /^answer of kt to alice( via 2 callee)?$/,
      );
      expect([alice.statuses.at(-1), methods(bob).at(-1), world.voices.left]).toEqual([200, 'INVITE', 0]);
      expect(world.ladder()).toContain('exchange > bob CANCEL');
      expect(world.taken.get('kt')).toBe(1);
      kt.hangUp();
      await world.passWithVoices();
      expect(methods(alice)).toEqual(['BYE']);
      expect(world.records()).toMatchObject([{ status: 'completed', hungUpBy: 'callee' }]);
      expectNothingLeft(world);
    },
  );

  it('is joined by its own offer where the caller made none', async () => {
    const { world, alice, kt } = await asked({}, false);
    world.voices.newest.press('1');
    await world.passWithVoices();
    expect(bodyOf(kt.incoming.request)).toBe('');
    kt.respond(200, 'offer of kt');
    await world.passWithVoices();
    expect(bodyOf(alice.responses.at(-1) ?? kt.incoming.request)).toBe('offer of kt');
    alice.acknowledge(alice.invited, 'answer of alice');
    await world.passWithVoices();
    expect(kt.acks.map(bodyOf).at(-1)).toBe('answer of alice');
    alice.hangUp();
    await world.passWithVoices();
    expectNothingLeft(world);
  });

  it('is hung up where nothing is pressed, and the other phones ring on; no other carrier is asked', async () => {
    const { world, alice, bob, kt, sk } = await asked();
    await world.passWithVoices(UNANSWERED_MS);
    expect([methods(kt).at(-1), methods(sk)]).toEqual(['BYE', []]);
    expect(world.taken.get('kt')).toBe(0);
    bob.respond(200, 'answer of bob');
    await world.passWithVoices();
    expect(alice.statuses.at(-1)).toBe(200);
    alice.hangUp();
    await world.passWithVoices();
    expectNothingLeft(world);
  });

  it('that answers at once and presses nothing is asked by no other carrier either', async () => {
    const { world, alice, kt, sk } = await ringing();
    kt.respond(200, 'answer of kt');
    await world.passWithVoices(UNANSWERED_MS);
    expect([methods(kt).at(-1), methods(sk)]).toEqual(['BYE', []]);
    alice.giveUp();
    await world.passWithVoices();
    expectNothingLeft(world);
  });

  it('is hung up where the caller gives up while it is asked, and also while it joins', async () => {
    for (const keys of ['', '1']) {
      const { world, alice, kt } = await asked({ relay: 20 });
      world.voices.newest.press(keys);
      world.pass(5);
      alice.giveUp();
      await world.passWithVoices(400);
      expect([alice.statuses.at(-1), methods(kt).at(-1), world.voices.left]).toEqual([487, 'BYE', 0]);
      expectNothingLeft(world);
    }
  });

  it('is hung up where the caller gives up when it was sent the session of the caller', async () => {
    const { world, alice, kt } = await asked({ relay: 'at-once' });
    world.voices.newest.press('1');
    await world.passWithVoices();
    alice.giveUp();
    await world.passWithVoices(300);
    if (kt.incoming.request.method === 'INVITE') kt.respond(200, 'too late');
    await world.passWithVoices(1_000);
    expect(methods(kt)).toContain('BYE');
    expectNothingLeft(world);
  });

  it('is hung up where another phone answers first', async () => {
    const { world, alice, bob, kt } = await asked();
    bob.respond(200, 'answer of bob');
    await world.passWithVoices();
    expect([methods(kt).at(-1), world.voices.left]).toEqual(['BYE', 0]);
    expect(bodyOf(alice.responses.at(-1) ?? kt.incoming.request)).toBe('answer of bob');
    alice.hangUp();
    await world.passWithVoices();
    expectNothingLeft(world);
  });

  it('does not answer where it hangs up while it is asked', async () => {
    const { world, alice, bob, kt } = await asked();
    kt.hangUp();
    await world.passWithVoices();
    expect([world.voices.left, world.taken.get('kt')]).toEqual([0, 0]);
    bob.respond(486);
    await world.passWithVoices();
    expect(alice.statuses.at(-1)).toBe(486);
    expectNothingLeft(world);
  });

  it('is reached by the next carrier where the first fails', async () => {
    const { world, alice, kt, sk } = await ringing();
    kt.respond(503);
    await world.passWithVoices();
    sk.respond(200, 'answer of sk');
    await world.passWithVoices();
    world.voices.newest.press('1');
    await world.passWithVoices();
    sk.respond(200, 'answer of sk to alice');
    await world.passWithVoices();
    expect([alice.statuses.at(-1), world.taken.get('kt'), world.taken.get('sk')]).toEqual([200, 0, 1]);
    alice.hangUp();
    await world.passWithVoices();
    expectNothingLeft(world);
  });

  it.each([
    ['takes no sound', 'no voice'],
    ['refuses the session of the caller', '488'],
    ['hangs up while it joins', 'bye'],
  ])('does not answer where it %s', async (_, how) => {
    const { world, alice, bob, kt } = how === 'no voice' ? await ringing() : await asked();
    if (how === 'no voice') kt.respond(200, NO_SOUND);
    else {
      world.voices.newest.press('1');
      await world.passWithVoices();
      if (how === '488') kt.respond(488);
      else kt.hangUp();
    }
    await world.passWithVoices(300);
    expect(methods(kt)).toContain(how === 'bye' ? 'INVITE' : 'BYE');
    bob.respond(200, 'answer of bob');
    await world.passWithVoices();
    expect(alice.statuses.at(-1)).toBe(200);
    alice.hangUp();
    await world.passWithVoices();
    expectNothingLeft(world);
  });

  it('does not ring where all voices speak', async () => {
    const world = new CallWorld({}, { voice: 'never', telephones: { [PIN]: ['kt'] } });
    const alice = world.phone('alice');
    world.voices.isFull = true;
    alice.dial(PIN, 'offer of alice');
    await world.passWithVoices();
    expect([alice.statuses.at(-1), methods(world.phone('kt'))]).toEqual([480, []]);
    expectNothingLeft(world);
  });

  it('is hung up where the relay is full when somebody takes the call', async () => {
    const { world, alice, kt } = await asked({ relay: 'at-once' });
    world.relays.isFull = true;
    world.voices.newest.press('1');
    await world.passWithVoices();
    expect(methods(kt).at(-1)).toBe('BYE');
    alice.giveUp();
    await world.passWithVoices();
    expectNothingLeft(world);
  });
});
