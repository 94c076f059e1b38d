import { afterEach, expect, it, vi } from 'vitest';
import { type Kamailio, startKamailio } from '../support/kamailio/index.ts';
import { describeWith } from '../support/phones/index.ts';
import { callFromPstn } from '../support/sipp/index.ts';
import { gatewayAt, openDesk, type StandingDesk, trunkNamed } from '../support/trunks/index.ts';

const SOON = { timeout: 20_000, interval: 50 };

describeWith(['sipp', 'kamailio'], 'registered with a carrier', () => {
  let carrier: Kamailio;
  let standing: StandingDesk;

  afterEach(async () => {
    await standing?.close();
    await carrier?.close();
  });

  const trunk = (password: string) =>
    trunkNamed('carrier-r', {
      gateways: [gatewayAt('127.0.0.3', carrier.port)],
      credentials: { user: 'omnidial', password },
      registration: { expiresSeconds: 600 },
    });
  const begin = async (port: number, password: string) => {
    carrier = await startKamailio({
      role: 'carrier',
      address: '127.0.0.3',
      port: port + 10,
      users: { omnidial: 'right', caller: 'pw' },
      mostExpiresSeconds: 4,
    });
    standing = await openDesk(port, trunk(password));
  };
  const state = () => standing.desk.state()[0];
  const registered = () =>
    vi.waitFor(() => expect(state()).toMatchObject({ registration: 'registered' }), SOON);

  it('RFC 3261 §10.2.4: Kamailio grants four seconds, and is asked again before they are over', async () => {
    await begin(25_200, 'right');
    await registered();
    const first = state()?.registeredUntilMs ?? 0;
    expect(first - Date.now()).toBeLessThanOrEqual(4_000);
    await vi.waitFor(() => expect(carrier.registrations().length).toBeGreaterThanOrEqual(2), SOON);
    expect(Date.now()).toBeLessThan(first);
    expect(carrier.registrations()[0]).toMatchObject({ user: 'omnidial', source: '127.0.0.1' });
  });

  it('RFC 3261 §10.2.2: a clean end takes the registration back, with the password that is asked for', async () => {
    await begin(25_230, 'right');
    await registered();
    await standing.close();
    await vi.waitFor(() => expect(carrier.registrations().at(-1)?.expires).toBe('0'), SOON);
  });

  it('a trunk that is set up again as it was stays registered, and one that is removed leaves', async () => {
    await begin(25_260, 'right');
    await registered();
    standing.setUp({ ...trunk('right'), channels: 3 });
    expect(state()).toMatchObject({ registration: 'registered' });
    expect(carrier.registrations().map(({ expires }) => expires)).toEqual(['600']);
    standing.setUp();
    await vi.waitFor(() => expect(carrier.registrations().at(-1)?.expires).toBe('0'), SOON);
  });

  it('a wrong password is refused, and not tried over and over', async () => {
    await begin(25_290, 'wrong');
    await vi.waitFor(() => expect(state()).toMatchObject({ registration: 'refused' }), SOON);
    expect(carrier.registrations()).toEqual([]);
  });

  it('R14: a call to our Contact is the trunk’s from the registrar alone', async () => {
    await begin(25_320, 'right');
    await registered();
    const byCarrier = await callFromPstn({
      remote: `127.0.0.3:${carrier.port}`,
      address: '127.0.0.4',
      port: 25_345,
      from: 'caller',
      dialled: 'omnidial',
      account: { user: 'caller', password: 'pw' },
    });
    expect(byCarrier.statuses, byCarrier.complaints).toContain(603);
    const forged = await callFromPstn({
      remote: '127.0.0.1:25320',
      address: '127.0.0.4',
      port: 25_365,
      from: 'caller',
      dialled: 'omnidial',
    });
    expect(forged.final?.status).toBe(401);
    expect(standing.callers).toEqual(['carrier-r']);
  });
});
