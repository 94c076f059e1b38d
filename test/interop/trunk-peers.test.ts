import { afterEach, expect, it } from 'vitest';
import { startKamailio } from '../support/kamailio/index.ts';
import { describeWith } from '../support/phones/index.ts';
import { callFromPstn, startCarrier } from '../support/sipp/index.ts';
import { openDesk, trunkNamed } from '../support/trunks/index.ts';

/** Kamailio's calls reach us through a trunk that is known by its address. */
describeWith(['sipp', 'kamailio'], 'networks of others', () => {
  const closing: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  const deskFor = async (port: number, address: string) => {
    const standing = await openDesk(
      port,
      trunkNamed('theirs', { inbound: { addresses: [address], transit: false } }),
    );
    closing.push(() => standing.close());
    return standing;
  };

  it('an operator asks its own subscriber for a password, and brings the call to us', async () => {
    const standing = await deskFor(25_900, '127.0.0.5');
    const operator = await startKamailio({
      role: 'operator',
      address: '127.0.0.5',
      port: 25_910,
      users: { alice: 'pw' },
      exchange: '127.0.0.1:25900',
    });
    closing.push(() => operator.close());
    const call = (port: number, password: string) =>
      callFromPstn({
        remote: '127.0.0.5:25910',
        address: '127.0.0.6',
        port,
        from: 'alice',
        dialled: '0262001000082',
        account: { user: 'alice', password },
      });
    const refused = await call(25_920, 'wrong');
    expect(refused.statuses, refused.complaints).toEqual([407]);
    expect(standing.callers).toEqual([]);
    const brought = await call(25_940, 'pw');
    expect(brought.final?.status, brought.complaints).toBe(603);
    expect(standing.callers).toEqual(['theirs']);
  });

  it('a partner’s centre that is set up to do so sends every call back to us', async () => {
    const standing = await deskFor(26_000, '127.0.0.5');
    const loop = await startKamailio({
      role: 'loop',
      address: '127.0.0.5',
      port: 26_010,
      exchange: '127.0.0.1:26000',
    });
    closing.push(() => loop.close());
    const call = { address: '127.0.0.6', port: 26_020, from: '+82262001000', dialled: '16506204567001' };
    const returned = await callFromPstn({ remote: '127.0.0.5:26010', ...call });
    expect(returned.final?.status, returned.complaints).toBe(603);
    expect(loop.calls().map(({ called }) => called)).toEqual(['16506204567001']);
    expect(standing.callers).toEqual(['theirs']);
  });

  it('a carrier hangs up when it is told to, and what it was asked for can be read', async () => {
    const carrier = await startCarrier({
      answer: 'hangs-up',
      waitMs: 300,
      address: '127.0.0.5',
      port: 26_100,
    });
    closing.push(() => carrier.close());
    const call = await callFromPstn({
      remote: '127.0.0.5:26100',
      address: '127.0.0.6',
      port: 26_120,
      from: '+82262001000',
      assertedIdentity: '+82262001000',
      dialled: '0016502530000',
      talkMs: 5_000,
    });
    expect([call.final?.status, call.wasHungUpOn], call.complaints).toEqual([200, true]);
    expect(carrier.calls()).toMatchObject([{ called: '0016502530000', calling: '+82262001000' }]);
    expect(carrier.calls()[0]?.header('P-Asserted-Identity')).toContain('+82262001000');
  });
});
