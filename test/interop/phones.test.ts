import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Baresip, describeWith, heardSpeech, speechOf } from '../support/phones/index.ts';

/*
 * No service here: two phones call each other directly, so that the ears of the other tests are known to
 * hear what is said, and nothing else.
 */
describeWith(['baresip', 'espeak-ng', 'sox'], 'two baresip phones without a service', () => {
  let alice: Baresip;
  let bob: Baresip;

  beforeAll(async () => {
    alice = await Baresip.start({ user: 'alice', port: 22_010, answers: 'when-told', speech: speechOf(0) });
    bob = await Baresip.start({ user: 'bob', port: 22_030, answers: 'when-told', speech: speechOf(1) });
  });

  afterAll(() => Promise.all([alice?.stop(), bob?.stop()]));

  it('hear the speech of each other, and of nobody else', async () => {
    await alice.dial(bob.uri);
    await bob.event('CALL_INCOMING');
    await bob.answer();
    await Promise.all([alice.event('CALL_ESTABLISHED'), bob.event('CALL_ESTABLISHED')]);
    await sleep(5000);
    await alice.hangUp();
    await bob.event('CALL_CLOSED');
    await sleep(200);
    expect(heardSpeech(bob.heard(), speechOf(0))).toBeGreaterThan(0.99);
    expect(heardSpeech(alice.heard(), speechOf(1))).toBeGreaterThan(0.99);
    expect(heardSpeech(bob.heard(), speechOf(2))).toBeLessThan(0.5);
  });

  it('hear the keys that the other presses', async () => {
    await bob.dial(alice.uri);
    await alice.event('CALL_INCOMING');
    await alice.answer();
    await bob.event('CALL_ESTABLISHED');
    await sleep(300);
    await bob.press('7');
    expect(await alice.event('CALL_DTMF_START')).toMatchObject({ param: '7' });
    await bob.hangUp();
    await alice.event('CALL_CLOSED');
  });
});
