import { describe, expect, it } from 'vitest';
import { spokenCode } from '../../src/domain/voice/index.ts';
import { CallWorld } from '../support/flows/call-world.ts';
import { NO_SOUND, SPEECH_MS } from '../support/flows/fake-voices.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import { bodyOf, methods, type TestPhone } from '../support/flows/test-phone.ts';

const PSTN = '+82212345678';

type World = { world: CallWorld; kt: TestPhone; sk: TestPhone };

/** A telephone to which two carriers lead is called to hear a code. */
async function calling(): Promise<World> {
  const world = new CallWorld({}, { voice: 'never', carriers: { [PSTN]: ['kt', 'sk'] } });
  const all = { world, kt: world.phone('kt'), sk: world.phone('sk') };
  const spoken = await world.codeCaller?.speak({ kind: 'pstn', value: PSTN }, '135790', 'ko');
  expect(spoken?.ok).toBe(true);
  await world.passWithVoices();
  return all;
}

describe('R17, R19: a call that speaks a code', () => {
  it('speaks when somebody answers, and hangs up', async () => {
    const { world, kt } = await calling();
    expect(bodyOf(kt.incoming.request)).toBe('offer of voice');
    kt.respond(180);
    await world.passWithVoices();
    expect(world.voices.newest.said).toEqual([]);
    kt.respond(200, 'answer of kt');
    await world.passWithVoices();
    expect(world.voices.newest.said).toEqual([spokenCode('135790')]);
    expect(world.taken.get('kt')).toBe(1);
    await world.passWithVoices(SPEECH_MS);
    expect(methods(kt)).toEqual(['INVITE', 'BYE']);
    expect(world.records()).toMatchObject([{ status: 'completed', hungUpBy: 'exchange' }]);
    expectNothingLeft(world);
  });

  it('ends where the telephone hangs up meanwhile', async () => {
    const { world, kt } = await calling();
    kt.respond(200, 'answer of kt');
    await world.passWithVoices();
    kt.hangUp();
    await world.passWithVoices();
    expect(world.voices.left).toBe(0);
    expect(world.records()).toMatchObject([{ status: 'completed', hungUpBy: 'callee' }]);
    expectNothingLeft(world);
  });

  it('ends where the telephone is busy, and asks the next carrier where one fails', async () => {
    const { world, kt, sk } = await calling();
    kt.respond(503);
    await world.passWithVoices();
    sk.respond(486);
    await world.passWithVoices();
    expect(world.voices.left).toBe(0);
    expect(world.records()).toMatchObject([{ status: 'busy' }]);
    expectNothingLeft(world);
  });

  it('ends where nobody answers, or no sound is taken', async () => {
    const unanswered = await calling();
    unanswered.kt.respond(180);
    await unanswered.world.passWithVoices(100_000);
    expect(unanswered.world.voices.left).toBe(0);
    expectNothingLeft(unanswered.world);
    const { world, kt } = await calling();
    kt.respond(200, NO_SOUND);
    await world.passWithVoices();
    expect([methods(kt).at(-1), world.voices.newest.said]).toEqual(['BYE', []]);
    expectNothingLeft(world);
  });

  it('is refused where no way leads there, or all voices speak', async () => {
    const world = new CallWorld({}, { voice: 'never', carriers: { [PSTN]: ['kt'] } });
    expect(await world.codeCaller?.speak({ kind: 'pstn', value: '+1' }, '1', 'en')).toMatchObject({
      ok: false,
    });
    world.voices.isFull = true;
    expect(await world.codeCaller?.speak({ kind: 'pstn', value: PSTN }, '1', 'en')).toMatchObject({
      ok: false,
      refusal: { code: 'verification-call-unavailable' },
    });
    expect(methods(world.phone('kt'))).toEqual([]);
    expectNothingLeft(world);
  });
});
