import { describe, expect, it } from 'vitest';
import { CallWorld } from '../support/flows/call-world.ts';
import { NO_SOUND, SPEECH_MS } from '../support/flows/fake-voices.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import { bodyOf, header, methods, type TestPhone } from '../support/flows/test-phone.ts';

const PIN = '0262006200082';
const UNKNOWN = '0262009999999';

type World = { world: CallWorld; alice: TestPhone; bob: TestPhone };

function refusing(voice: 'always' | 'never' = 'always'): World {
  const world = new CallWorld({ [PIN]: ['bob'] }, { voice });
  return { world, alice: world.phone('alice'), bob: world.phone('bob') };
}

/** What the caller was told, without 100. */
function told({ alice }: World): string[] {
  return alice.responses
    .filter(({ status }) => status > 100)
    .map((response) => `${response.status} ${bodyOf(response)}${header(response, 'Reason')}`);
}

describe('RFC 3960 §4: a refusal that is spoken', () => {
  it('comes before the final response, which is the same as without it', async () => {
    const silent = refusing('never');
    silent.alice.dial(UNKNOWN, 'offer of alice');
    await silent.world.passWithVoices();
    const all = refusing();
    all.alice.dial(UNKNOWN, 'offer of alice');
    await all.world.passWithVoices();
    expect(told(all)).toEqual(['183 answer of voice']);
    expect(all.world.voices.newest.said).toEqual([['not-in-service']]);
    await all.world.passWithVoices(SPEECH_MS);
    expect(told(all)).toEqual(['183 answer of voice', ...told(silent)]);
    expect(told(silent)).toEqual(['404 Q.850;cause=1']);
    const [early, final] = all.alice.responses.filter(({ status }) => status > 100);
    expect(early && header(early, 'To')).toBe(final && header(final, 'To'));
    expectNothingLeft(all.world);
  });

  it('comes after a phone that rang has refused', async () => {
    const all = refusing();
    all.alice.dial(PIN, 'offer of alice');
    await all.world.passWithVoices();
    all.bob.respond(180);
    all.bob.respond(486);
    await all.world.passWithVoices();
    expect(all.world.voices.newest.said).toEqual([['busy']]);
    await all.world.passWithVoices(SPEECH_MS);
    expect(told(all)).toEqual(['180 ', '183 answer of voice', '486 Q.850;cause=17']);
    expect(all.world.records()).toMatchObject([{ status: 'busy' }]);
    expectNothingLeft(all.world);
  });

  it('ends where the caller hangs up', async () => {
    const all = refusing();
    all.alice.dial(UNKNOWN, 'offer of alice');
    await all.world.passWithVoices(300);
    all.alice.giveUp();
    await all.world.passWithVoices();
    expect([all.alice.statuses.at(-1), all.world.voices.left]).toEqual([487, 0]);
    expectNothingLeft(all.world);
  });

  it('is left out where the caller hangs up before the voice is there', async () => {
    const all = refusing();
    all.alice.dial(PIN, 'offer of alice');
    await all.world.passWithVoices();
    all.bob.respond(180);
    all.world.pass();
    all.bob.respond(486);
    all.alice.giveUp();
    await all.world.passWithVoices();
    expect(all.world.voices.left).toBe(0);
    expect(all.alice.statuses.filter((status) => status >= 200)).toHaveLength(1);
    await all.world.passWithVoices(SPEECH_MS);
    expectNothingLeft(all.world);
  });

  it.each([
    ['all voices speak', (all: World) => all.alice.dial(UNKNOWN, 'offer of alice'), true],
    ['no sound is offered', (all: World) => all.alice.dial(UNKNOWN, NO_SOUND), false],
    ['nothing is offered', (all: World) => all.alice.dial(UNKNOWN), false],
  ])('is left out where %s', async (_, dial, isFull) => {
    const all = refusing();
    all.world.voices.isFull = isFull;
    dial(all);
    await all.world.passWithVoices();
    expect(told(all)).toEqual(['404 Q.850;cause=1']);
    expectNothingLeft(all.world);
  });

  it('is not spoken to a caller who gave up', async () => {
    const all = refusing();
    all.alice.dial(PIN, 'offer of alice');
    await all.world.passWithVoices();
    all.bob.respond(180);
    await all.world.passWithVoices();
    all.alice.giveUp();
    await all.world.passWithVoices();
    expect([all.alice.statuses.at(-1), all.world.voices.opened.length, methods(all.alice)]).toEqual([
      487,
      0,
      [],
    ]);
    expectNothingLeft(all.world);
  });
});
