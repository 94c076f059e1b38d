import { expect, it, onTestFinished } from 'vitest';
import { RtpengineRelays } from '../../src/adapters/media/rtpengine/index.ts';
import { describeWith } from '../support/phones/index.ts';
import { Rtpengine, soundAt } from '../support/relays/index.ts';

const LOOPBACK = '127.0.0.1';
const PORTS = { from: 29_300, to: 29_399 };
const CALL = {
  callId: 'a call',
  signalledFrom: { caller: LOOPBACK, callee: LOOPBACK },
  onSilence: () => {},
};

describeWith(['rtpengine'], 'rtpengine that goes and comes back', () => {
  it('R1: calls are refused while it is away, and taken again when it is back', async () => {
    const daemon = await Rtpengine.start(PORTS);
    const relays = await RtpengineRelays.connect({ address: LOOPBACK, port: daemon.port });
    onTestFinished(() => relays.close());
    const before = relays.open(CALL);
    expect(await before?.offer('caller', soundAt(5000))).toMatchObject({ ok: true });
    await daemon.stop();
    const startedMs = performance.now();
    expect(await before?.offer('caller', soundAt(5002))).toMatchObject({
      ok: false,
      refusal: { code: 'media-not-relayed' },
    });
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(relays.open(CALL)).toBeUndefined();
    const again = await Rtpengine.start(PORTS, daemon.port);
    onTestFinished(() => again.stop());
    await expect.poll(() => relays.isAway, { timeout: 5_000 }).toBe(false);
    expect(await relays.open(CALL)?.offer('caller', soundAt(5000))).toMatchObject({ ok: true });
  });
});
