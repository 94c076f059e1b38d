import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { Baresip, describeWith, heardSpeech, speechOf } from '../support/phones/index.ts';
import {
  buildWorld,
  CentreProcess,
  createOperator,
  type ShownCall,
  setUpNetwork,
  type TerminalAccess,
  type World,
} from '../support/service/index.ts';
import { type Carrier, startCarrier } from '../support/sipp/index.ts';

const SIP_PORT = 27_300;
const PEER_PORT = 27_310;
const [BROKEN, HUDSON] = ['127.0.0.15', '127.0.0.16'] as const;
const TALK_MS = 3_000;
const STRETCH = { fromSeconds: 1, seconds: 1.2 };

const carrier = (host: string) => ({
  kind: 'carrier',
  centre: 'US',
  gateways: [{ host, port: PEER_PORT }],
  channels: 30,
  numbers: { country: 'US' },
});

const WORLD = {
  centres: { KR: { name: 'Seoul', countries: ['KR'] }, US: { name: 'New York', countries: ['US'] } },
  trunks: { broken: carrier(BROKEN), hudson: carrier(HUDSON) },
};
const ROUTES = { broken: ['1,0.01,USD,1,1'], hudson: ['1,0.02,USD,2,1'] };

describeWith(['baresip', 'sipp', 'espeak-ng', 'sox'], 'R1, R14: the network of several processes', () => {
  for (const server of DATABASES.slice(0, 1))
    describeDatabase(server, 'over one database', (fresh) => {
      let kr: CentreProcess;
      let us: CentreProcess;
      let world: World;
      let korean: Baresip;
      let american: Baresip;
      const carriers: Carrier[] = [];

      const phoneAt = (
        centre: CentreProcess,
        terminal: TerminalAccess | undefined,
        port: number,
        speaker: 0 | 1,
      ) =>
        Baresip.start({
          user: terminal?.user ?? '',
          server: { address: centre.sipAddress, password: terminal?.password ?? '', transport: 'tcp' },
          port,
          answers: 'by-itself',
          speech: speechOf(speaker),
        });

      beforeAll(async () => {
        const { url } = await fresh();
        const key = await createOperator(url);
        const start = (centre: string, address: string) =>
          CentreProcess.start({ databaseUrl: url, centre, address, sipPort: SIP_PORT }, key);
        [kr, us] = await Promise.all([start('KR', '127.0.0.17'), start('US', '127.0.0.18')]);
        world = await buildWorld(kr.api);
        carriers.push(await startCarrier({ answer: 'unavailable', address: BROKEN, port: PEER_PORT }));
        carriers.push(await startCarrier({ answer: 'answers', address: HUDSON, port: PEER_PORT }));
        korean = await phoneAt(kr, world.korean.terminals[0], PEER_PORT + 30, 0);
        american = await phoneAt(us, world.american.terminals[0], PEER_PORT + 50, 1);
      }, 90_000);

      afterAll(async () => {
        await korean?.stop();
        await american?.stop();
        for (const each of carriers) await each.close();
        await kr?.end('SIGTERM');
        await us?.end('SIGTERM');
      });

      it('what is set up at one is known at the other within a second', async () => {
        await setUpNetwork(kr.api, WORLD, ROUTES);
        const setUpAt = performance.now();
        const explained = () => us.api.post('/v1/route-explanations', { text: '+12125550100', from: '001' });
        await expect
          .poll(async () => JSON.stringify(await explained()), { timeout: 5_000, interval: 10 })
          .toMatch(/"trunk":"broken".*"trunk":"hudson"/);
        const tookMs = performance.now() - setUpAt;
        console.log(`what was set up was known at the other process ${Math.round(tookMs)} ms later`);
        expect(tookMs).toBeLessThan(1_000);
      });

      it('a trunk of one centre carries the call of a phone at another, and the next one where it is broken', async () => {
        await korean.dial(`sip:00112125550100@${kr.sipAddress}`);
        await korean.event('CALL_ESTABLISHED');
        await sleep(TALK_MS);
        await korean.hangUp();
        await korean.event('CALL_CLOSED');
        await sleep(200);
        expect(heardSpeech(korean.heard(), speechOf(0), STRETCH)).toBeGreaterThan(0.95);
        const shown = async () =>
          (await us.api.list<ShownCall>('/v1/calls')).filter(({ dialled }) => dialled === '00112125550100');
        await expect
          .poll(shown, { timeout: 5_000 })
          .toMatchObject([{ status: 'completed', calleeTrunk: 'hudson' }]);
        const [{ attempts = [] } = {} as ShownCall] = await shown();
        expect(attempts).toMatchObject([
          { trunk: 'broken', centre: 'US', sipStatus: 503 },
          { trunk: 'hudson', centre: 'US' },
        ]);
      });

      it('phones at two processes hear each other, and the keys', async () => {
        await korean.dial(`sip:6506204567001@${kr.sipAddress}`);
        await Promise.all([korean.event('CALL_ESTABLISHED'), american.event('CALL_ESTABLISHED')]);
        await sleep(TALK_MS);
        await korean.press('7');
        expect(await american.event('CALL_DTMF_START')).toMatchObject({ param: '7' });
        await american.hangUp();
        await Promise.all([korean.event('CALL_CLOSED'), american.event('CALL_CLOSED')]);
        await sleep(200);
        expect(heardSpeech(american.heard(), speechOf(0), STRETCH)).toBeGreaterThan(0.95);
        expect(heardSpeech(korean.heard(), speechOf(1), STRETCH)).toBeGreaterThan(0.95);
      });
    });
});
