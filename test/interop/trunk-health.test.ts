import { afterEach, expect, it, vi } from 'vitest';
import { startKamailio } from '../support/kamailio/index.ts';
import { describeWith } from '../support/phones/index.ts';
import { startCarrier } from '../support/sipp/index.ts';
import { gatewayAt, openDesk, type StandingDesk, trunkNamed } from '../support/trunks/index.ts';

const HEALTH = { intervalMs: 200, downAfter: 2, upAfter: 2 };
const SOON = { timeout: 45_000, interval: 50 };

describeWith(['sipp', 'kamailio'], 'whether gateways live', () => {
  let standing: StandingDesk;
  const closing: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  const watch = async (port: number, gatewayPort: number) => {
    const gateways = [gatewayAt('127.0.0.2', gatewayPort)];
    standing = await openDesk(port, trunkNamed('carrier-a', { gateways, health: HEALTH }));
    closing.push(() => standing.close());
  };
  const gateway = () => standing.desk.state()[0]?.gateways[0];
  const isIn = (state: 'up' | 'down') => vi.waitFor(() => expect(gateway()).toMatchObject({ state }), SOON);

  it('R14: a SIPp carrier that answers 503 to OPTIONS goes down after two of them, and comes back after two answers', async () => {
    const ill = await startCarrier({
      answer: 'answers',
      probe: 'unavailable',
      address: '127.0.0.2',
      port: 25_120,
    });
    await watch(25_100, ill.port);
    await isIn('down');
    expect(ill.requests('OPTIONS').length).toBeGreaterThanOrEqual(HEALTH.downAfter);
    expect(gateway()).toMatchObject({ reason: 'it answers 503' });
    expect(gateway()).not.toHaveProperty('answeredAtMs');
    await ill.close();
    const well = await startCarrier({ answer: 'answers', address: '127.0.0.2', port: 25_120 });
    closing.push(() => well.close());
    await isIn('up');
    expect(well.requests('OPTIONS').length).toBeGreaterThanOrEqual(HEALTH.upAfter);
    expect(gateway()?.answeredAtMs).toBeGreaterThan(0);
  });

  it('R14: a Kamailio that is killed goes down, and is up again once it has been started again', async () => {
    const first = await startKamailio({ role: 'carrier', address: '127.0.0.2', port: 25_160 });
    await watch(25_150, first.port);
    await vi.waitFor(() => expect(gateway()?.answeredAtMs).toBeGreaterThan(0), SOON);
    await first.close();
    await isIn('down');
    const second = await startKamailio({ role: 'carrier', address: '127.0.0.2', port: 25_160 });
    closing.push(() => second.close());
    await isIn('up');
  });
});
