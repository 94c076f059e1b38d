import { describe, expect, it } from 'vitest';
import { CallWorld } from '../support/flows/call-world.ts';
import { NO_SOUND, SPEECH_MS } from '../support/flows/fake-voices.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import { bodyOf, methods, type TestPhone } from '../support/flows/test-phone.ts';

const ACCESS = '0221000000';
const PIN = '0262006200082';
const PSTN = '+82212345678';
const UNKNOWN = '0262009999999';

type World = { world: CallWorld; kt: TestPhone; bob: TestPhone };
type Options = { readonly relay?: 'at-once' | number; readonly withOffer?: boolean };

/** A caller of the PSTN has dialled an access number, and the voice asks for the number wanted. */
async function asked({ relay, withOffer = true }: Options = {}): Promise<World> {
  const world = new CallWorld(
    { [PIN]: ['bob'] },
    {
      voice: 'where-needed',
      accessNumbers: [ACCESS],
      carriers: { [PSTN]: ['kt'] },
      ...(relay === undefined ? {} : { relay }),
    },
  );
  const [kt, bob] = [world.phone('kt'), world.phone('bob')];
  kt.dial(ACCESS, withOffer ? 'offer of kt' : undefined);
  await world.passWithVoices();
  if (!withOffer) kt.acknowledge(kt.invited, 'answer of kt');
  await world.passWithVoices();
  return { world, kt, bob };
}

/** The number was dialled, and the phone rings. */
async function connecting(options?: Options): Promise<World> {
  const all = await asked(options);
  all.world.voices.newest.press(`${PIN}##`);
  await all.world.passWithVoices();
  all.bob.respond(180);
  await all.world.passWithVoices();
  return all;
}

/** The phone has answered, and the caller has taken its session. */
async function joined(options?: Options): Promise<World> {
  const all = await connecting(options);
  all.bob.respond(200, 'offer of bob');
  await all.world.passWithVoices();
  all.kt.respond(200, 'answer of kt to bob');
  await all.world.passWithVoices();
  return all;
}

function outcomes({ world }: World): unknown {
  return world.records().map((record) => [record.facts.dialled, record.phase === 'ended' && record.status]);
}

describe('R18: a call to an access number', () => {
  it.each([[true], [false]])(
    'is answered by a voice that asks for the number (offer: %s)',
    async (withOffer) => {
      const all = await asked({ withOffer });
      const answered = all.kt.responses.at(-1);
      expect([answered?.status, answered && bodyOf(answered)]).toEqual([
        200,
        withOffer ? 'answer of voice' : 'offer of voice',
      ]);
      expect(all.world.voices.newest.hears).toBe(withOffer ? 'offer of kt' : 'answer of kt');
      expect(all.world.voices.newest.said).toHaveLength(1);
      all.kt.hangUp();
      await all.world.passWithVoices();
      expect(outcomes(all)).toEqual([[ACCESS, 'completed']]);
      expectNothingLeft(all.world);
    },
  );

  it.each([['kt'], ['bob']])('joins the caller with whom was dialled, until %s hangs up', async (name) => {
    const all = await joined();
    const { world, kt, bob } = all;
    expect(bodyOf(kt.incoming.request)).toBe('offer of bob');
    expect(bob.acks.map(bodyOf)).toEqual(['answer of kt to bob']);
    expect([world.voices.left, world.begun]).toEqual([0, 1]);
    world.phone(name).hangUp();
    await world.passWithVoices();
    expect(methods(name === 'kt' ? bob : kt).at(-1)).toBe('BYE');
    expect(world.begun).toBe(0);
    expect(outcomes(all)).toEqual([
      [ACCESS, 'completed'],
      [PIN, 'completed'],
    ]);
    expectNothingLeft(world);
  });

  it.each([['at-once' as const], [20]])('joins them by a relay, which answers %s', async (relay) => {
    const { world, kt, bob } = await joined({ relay });
    expect(bodyOf(kt.incoming.request)).toBe('offer of bob via 1 callee');
    expect(bob.acks.map(bodyOf)).toEqual(['answer of kt to bob via 1 caller']);
    kt.within('INVITE', 'hold of kt');
    await world.passWithVoices();
    expect(bodyOf(bob.incoming.request)).toBe('hold of kt via 1 caller');
    bob.respond(200, 'held by bob');
    await world.passWithVoices();
    world.relays.opened[0]?.silence();
    await world.passWithVoices();
    expect([methods(kt).at(-1), methods(bob).at(-1), world.begun]).toEqual(['BYE', 'BYE', 0]);
    expectNothingLeft(world);
  });

  it('takes keys of SIP INFO', async () => {
    const { world, kt, bob } = await asked();
    for (const key of `${PIN}##`) {
      kt.within('INFO', `Signal=${key}\r\nDuration=100\r\n`, [
        { name: 'Content-Type', value: 'application/dtmf-relay' },
      ]);
      await world.passWithVoices(40);
    }
    expect(methods(bob)).toEqual(['INVITE']);
    kt.hangUp();
    await world.passWithVoices();
    expectNothingLeft(world);
  });

  it('asks again for a number that is refused, three times at most', async () => {
    const all = await asked();
    const { world, kt } = all;
    const { said } = world.voices.newest;
    for (let time = 1; time <= 3; time += 1) {
      world.voices.newest.press(`${UNKNOWN}##`);
      await world.passWithVoices(SPEECH_MS - 500);
    }
    expect(said.slice(1).map((speech) => [speech[0], speech.at(-1) === 'dial-now'])).toEqual([
      ['not-in-service', true],
      ['not-in-service', true],
      ['not-in-service', false],
    ]);
    expect(methods(kt)).toEqual([]);
    await world.passWithVoices(2 * SPEECH_MS);
    expect([methods(kt), world.begun]).toEqual([['BYE'], 0]);
    expect(outcomes(all)).toEqual([
      [ACCESS, 'completed'],
      ...Array.from({ length: 3 }, () => [UNKNOWN, 'failed']),
    ]);
    expectNothingLeft(world);
  });

  it('tells that whom was dialled is busy, and connects another number', async () => {
    const { world, kt, bob } = await connecting();
    bob.respond(486);
    await world.passWithVoices();
    expect(world.voices.newest.said.at(-1)?.[0]).toBe('busy');
    world.voices.newest.press(`${PIN}##`);
    await world.passWithVoices();
    expect(methods(bob)).toEqual(['INVITE', 'INVITE']);
    kt.hangUp();
    await world.passWithVoices();
    expectNothingLeft(world);
  });

  it('ends where no number is dialled', async () => {
    const { world, kt } = await asked();
    await world.passWithVoices(60_000);
    expect(methods(kt)).toEqual(['BYE']);
    expectNothingLeft(world);
  });

  it('ends where the caller hangs up: while it is asked, while it rings, and while the two are joined', async () => {
    const ringing = await connecting();
    ringing.kt.hangUp();
    await ringing.world.passWithVoices();
    expect(ringing.world.ladder()).toContain('exchange > bob CANCEL');
    expect(outcomes(ringing)).toEqual([
      [ACCESS, 'completed'],
      [PIN, 'cancelled'],
    ]);
    expectNothingLeft(ringing.world);
    for (const relay of ['at-once', 400] as const) {
      const joining = await connecting({ relay });
      joining.bob.respond(200, 'offer of bob');
      await joining.world.passWithVoices();
      joining.kt.hangUp();
      await joining.world.passWithVoices(1_000);
      expect([methods(joining.bob).at(-1), joining.world.begun]).toEqual(['BYE', 0]);
      expectNothingLeft(joining.world);
    }
    const refused = await asked();
    refused.world.voices.newest.press(`${UNKNOWN}##`);
    refused.kt.hangUp();
    await refused.world.passWithVoices();
    expectNothingLeft(refused.world);
  });

  it('ends for the caller where the callee is gone before the two are joined', async () => {
    const { world, kt, bob } = await connecting();
    bob.respond(200, 'offer of bob');
    await world.passWithVoices();
    bob.hangUp();
    await world.passWithVoices(300);
    expect([methods(kt).at(-1), world.begun, world.voices.left]).toEqual(['BYE', 0, 0]);
    expectNothingLeft(world);
  });

  it('ends where the caller does not take the session of the callee', async () => {
    const { world, kt, bob } = await connecting();
    bob.respond(200, 'offer of bob');
    await world.passWithVoices();
    kt.respond(488);
    await world.passWithVoices();
    expect([methods(kt).at(-1), methods(bob).at(-1), world.begun]).toEqual(['BYE', 'BYE', 0]);
    expectNothingLeft(world);
  });

  it('is refused where all voices speak, or none can be understood', async () => {
    for (const [isFull, offer, status] of [
      [true, 'offer of kt', 503],
      [false, NO_SOUND, 488],
    ] as const) {
      const world = new CallWorld({}, { voice: 'where-needed', accessNumbers: [ACCESS] });
      world.voices.isFull = isFull;
      world.phone('alice').dial(ACCESS, offer);
      await world.passWithVoices();
      expect(world.phone('alice').statuses.at(-1)).toBe(status);
      expectNothingLeft(world);
    }
  });

  it('goes on where the phone of the caller refreshes its session with the voice', async () => {
    const { world, kt } = await asked();
    kt.within('INVITE', 'new offer of kt');
    await world.passWithVoices();
    const answered = kt.responses.at(-1);
    expect([answered?.status, answered && bodyOf(answered)]).toEqual([200, 'answer of voice']);
    expect(world.voices.newest.hears).toBe('new offer of kt');
    kt.hangUp();
    await world.passWithVoices();
    expectNothingLeft(world);
  });
});
