import { afterAll, beforeAll, expect, it } from 'vitest';
import { Baresip, describeWith, speechOf } from '../support/phones/index.ts';
import { OutgoingCall, RawPhone } from '../support/raw-phone/index.ts';

/* The phone that shows exact codes is shown to speak SIP, by a phone of somebody else's making. */
describeWith(['baresip', 'espeak-ng', 'sox'], 'a raw phone and baresip without a service', () => {
  let bob: Baresip;

  beforeAll(async () => {
    bob = await Baresip.start({ user: 'bob', port: 24_050, answers: 'when-told', speech: speechOf(1) });
  });

  afterAll(() => bob?.stop());

  it.each(['udp', 'tcp'] as const)('hears it ring, is answered and hangs up over %s', async (transport) => {
    const raw = await RawPhone.open({ user: 'raw', password: '', server: '127.0.0.1:24050', transport });
    const call = new OutgoingCall(raw, 'bob');
    expect(await call.answer()).toMatchObject({ status: 180 });
    await bob.event('CALL_INCOMING');
    await bob.answer();
    expect(await call.final()).toMatchObject({ status: 200 });
    await bob.event('CALL_ESTABLISHED');
    expect(await call.bye()).toMatchObject({ status: 200 });
    await bob.event('CALL_CLOSED');
    raw.close();
  });

  it('hears 486 where it is turned away, and 487 where it gives up', async () => {
    const raw = await RawPhone.open({ user: 'raw', password: '', server: '127.0.0.1:24050' });
    const turnedAway = new OutgoingCall(raw, 'bob');
    await bob.event('CALL_INCOMING');
    await bob.hangUp();
    expect(await turnedAway.final()).toMatchObject({ status: 486 });
    const givenUp = new OutgoingCall(raw, 'bob');
    await givenUp.answer();
    givenUp.cancel();
    expect(await givenUp.final()).toMatchObject({ status: 487 });
    raw.close();
  });
});
