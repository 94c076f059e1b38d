import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/phones/index.ts';
import { callFromPstn, type PstnCallOptions } from '../support/sipp/index.ts';
import { inboundSecrets, openDesk, type StandingDesk, trunkNamed } from '../support/trunks/index.ts';

const PORT = 25_400;

describeWith(['sipp'], 'calls that say they come from a trunk', () => {
  let standing: StandingDesk;

  beforeAll(async () => {
    const digest = { user: 'partner', secrets: inboundSecrets('partner', 'right') };
    standing = await openDesk(
      PORT,
      trunkNamed('by-address', { inbound: { addresses: ['127.0.1.0/28'], transit: false } }),
      trunkNamed('by-password', { inbound: { addresses: [], digest, transit: false } }),
      trunkNamed('by-both', {
        inbound: {
          addresses: ['127.0.3.1'],
          digest: { user: 'both', secrets: inboundSecrets('both', 'right') },
          transit: false,
        },
      }),
      trunkNamed('closed', { state: 'closed', inbound: { addresses: ['127.0.4.1'], transit: false } }),
      trunkNamed('draining', { state: 'draining', inbound: { addresses: ['127.0.4.2'], transit: false } }),
      trunkNamed('full', { channels: 0, inbound: { addresses: ['127.0.4.3'], transit: false } }),
    );
  });

  afterAll(async () => {
    await standing?.close();
  });

  let calls = 0;
  const call = async (address: string, special: Partial<PstnCallOptions> = {}) => {
    calls += 1;
    const port = PORT + 20 * calls;
    const { final, complaints } = await callFromPstn({
      remote: `127.0.0.1:${PORT}`,
      address,
      port,
      from: '+82262006200',
      assertedIdentity: '+82262006200',
      dialled: '0262001000',
      ...special,
    });
    expect(final, complaints).toBeDefined();
    return final?.status;
  };
  const as = (user: string, password: string) => ({ account: { user, password } });

  it('R14: inbound is default-deny: a forged identity of a stranger opens nothing', async () => {
    expect(await call('127.0.2.1')).toBe(401);
    expect(await call('127.0.1.16')).toBe(401);
    expect(standing.callers).toEqual([]);
  });

  it('R14: an address of the trunk is enough where no password is set up', async () => {
    expect(await call('127.0.1.15')).toBe(603);
    expect(standing.callers.at(-1)).toBe('by-address');
  });

  it('R14: SIPp proves itself by digest, from anywhere; a wrong password does not do', async () => {
    expect(await call('127.0.2.2', as('partner', 'right'))).toBe(603);
    expect(standing.callers.at(-1)).toBe('by-password');
    expect(await call('127.0.2.3', as('partner', 'wrong'))).toBe(401);
  });

  it('R14: where address and password are set up, neither is enough alone', async () => {
    expect(await call('127.0.3.1')).toBe(401);
    expect(await call('127.0.2.4', as('both', 'right'))).toBe(403);
    expect(await call('127.0.3.1', as('both', 'right'))).toBe(603);
    expect(standing.callers.at(-1)).toBe('by-both');
  });

  it('R14: a closed trunk is refused, a draining or full one is told to come later, and no channel is left taken', async () => {
    expect(await call('127.0.4.1')).toBe(403);
    expect(await call('127.0.4.2')).toBe(503);
    expect(await call('127.0.4.3')).toBe(503);
    expect(standing.desk.state().map(({ channelsInUse }) => channelsInUse)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
