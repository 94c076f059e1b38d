import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { type Api, ApiRefusal, CentreProcess, createOperator } from '../support/service/index.ts';

const SIP_PORT = 24_910;
const ROWS = 200_000;

type Import = {
  readonly id: string;
  readonly state: string;
  readonly rowsStored: number;
  readonly version?: number;
};
type Rate = { readonly version: string; readonly terms: string };

const running: CentreProcess[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((process) => process.end('SIGKILL')));
});

/** Each prefix of it at one price. */
function deckOf(rows: number, price: string): string {
  return `code,rate\n${Array.from({ length: rows }, (_, at) => `${1_000_000 + at},${price}`).join('\n')}\n`;
}

async function begin(api: Api, deck: string): Promise<Import> {
  return api.postText<Import>('/v1/tariffs/kt-usd/imports', deck, 'text/csv');
}

async function imported(api: Api, deck: string): Promise<Import> {
  let job = await begin(api, deck);
  while (job.state === 'reading' || job.state === 'storing') {
    await sleep(20);
    job = await api.get<Import>(`/v1/tariffs/kt-usd/imports/${job.id}`);
  }
  return job;
}

function rateAt(api: Api, number: string): Promise<Rate | string> {
  return api.get<Rate>(`/v1/tariffs/kt-usd/rate?number=${number}`).catch((error: unknown) => {
    if (error instanceof ApiRefusal) return error.code;
    throw error;
  });
}

for (const server of DATABASES) {
  describeDatabase(server, 'a tariff of two processes', (fresh) => {
    it('R23: a version published at one is in force at the other within a second, and a taken back one is not', async () => {
      const { kr, us } = await twoProcesses((await fresh()).url);
      expect(await imported(kr.api, deckOf(100, '0.5'))).toMatchObject({ state: 'published', version: 1 });
      expect(await rateAt(kr.api, '10000501234')).toMatchObject({ version: 'kt-usd@1' });
      const soon = { timeout: 1_000, interval: 10 };
      await expect.poll(() => rateAt(us.api, '10000501234'), soon).toMatchObject({ terms: '0.5 1/1' });
      await imported(us.api, deckOf(100, '0.6'));
      await expect.poll(() => rateAt(kr.api, '10000501234'), soon).toMatchObject({ terms: '0.6 1/1' });
      await us.api.post('/v1/tariffs/kt-usd/versions/2/take-back');
      expect(await rateAt(us.api, '10000501234')).toMatchObject({ version: 'kt-usd@1' });
      await expect.poll(() => rateAt(kr.api, '10000501234'), soon).toMatchObject({ version: 'kt-usd@1' });
    });

    it('R23: one that is killed while it stores publishes nothing, and the other imports the same deck', async () => {
      const { kr, us } = await twoProcesses((await fresh()).url);
      await imported(us.api, deckOf(100, '0.5'));
      const deck = deckOf(ROWS, '0.7');
      const { id } = await begin(kr.api, deck);
      await expect
        .poll(async () => (await kr.api.get<Import>(`/v1/tariffs/kt-usd/imports/${id}`)).rowsStored, {
          timeout: 20_000,
          interval: 5,
        })
        .toBeGreaterThan(0);
      await kr.end('SIGKILL');
      const { versions } = await us.api.get<{ versions: unknown[] }>('/v1/tariffs/kt-usd');
      expect(versions).toHaveLength(1);
      expect(await rateAt(us.api, '10000501234')).toMatchObject({ version: 'kt-usd@1' });
      expect(await rateAt(us.api, '10005001234')).toBe('destination-not-served');
      // The database needs a moment to see that the killed one is gone.
      await expect
        .poll(async () => (await imported(us.api, deck)).state, { timeout: 20_000, interval: 100 })
        .toBe('published');
      expect(await rateAt(us.api, '10005001234')).toMatchObject({ version: 'kt-usd@2', terms: '0.7 1/1' });
      await kr.launch();
      expect(await rateAt(kr.api, '10005001234')).toMatchObject({ version: 'kt-usd@2' });
    });
  });
}

async function twoProcesses(databaseUrl: string): Promise<{ kr: CentreProcess; us: CentreProcess }> {
  const key = await createOperator(databaseUrl);
  const start = (centre: string, address: string) =>
    CentreProcess.start({ databaseUrl, centre, address, sipPort: SIP_PORT }, key);
  const [kr, us] = await Promise.all([start('KR', '127.0.0.21'), start('US', '127.0.0.22')]);
  running.push(kr, us);
  const tariff = { name: 'kt-usd', kind: 'carrier', currency: 'USD', timeZone: 'Asia/Seoul' };
  await kr.api.post('/v1/tariffs', tariff);
  return { kr, us };
}
