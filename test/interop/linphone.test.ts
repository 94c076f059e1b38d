import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Baresip, describeWith, heardSpeech, Linphone, speechOf } from '../support/phones/index.ts';

/* No service here either: the second kind of phone is known to hear before it is used to judge a service. */
describeWith(['linphonec', 'baresip', 'espeak-ng', 'sox'], 'linphonec and baresip without a service', () => {
  let alice: Linphone;
  let bob: Baresip;

  beforeAll(async () => {
    [alice, bob] = await Promise.all([
      Linphone.start({ user: 'alice', port: 24_010, speech: speechOf(0) }),
      Baresip.start({ user: 'bob', port: 24_030, answers: 'when-told', speech: speechOf(1) }),
    ]);
  });

  afterAll(() => Promise.all([alice?.stop(), bob?.stop()]));

  it('hear the speech and the keys of each other', async () => {
    await alice.dial(bob.uri);
    await bob.event('CALL_INCOMING');
    await alice.event('CALL_RINGING');
    await bob.answer();
    await Promise.all([alice.event('CALL_ESTABLISHED'), bob.event('CALL_ESTABLISHED')]);
    await sleep(5000);
    await alice.press('7');
    expect(await bob.event('CALL_DTMF_START')).toMatchObject({ param: '7' });
    await bob.press('9');
    expect(await alice.event('CALL_DTMF_START')).toMatchObject({ param: '9' });
    await bob.hangUp();
    await alice.event('CALL_CLOSED');
    await sleep(200);
    expect(heardSpeech(bob.heard(), speechOf(0))).toBeGreaterThan(0.99);
    expect(heardSpeech(alice.heard(), speechOf(1))).toBeGreaterThan(0.99);
  });

  it('put each other on hold, and go on', async () => {
    await alice.event('CALL_MEDIA');
    await bob.dial(alice.uri);
    await alice.event('CALL_INCOMING');
    await alice.answer();
    await alice.event('CALL_MEDIA');
    await bob.event('CALL_ESTABLISHED');
    await alice.hold();
    await alice.resume();
    await alice.event('CALL_MEDIA');
    await bob.hold();
    await alice.event('CALL_HELD_BY_OTHER');
    await bob.resume();
    await alice.event('CALL_MEDIA');
    await alice.hangUp();
    await bob.event('CALL_CLOSED');
  });
});
